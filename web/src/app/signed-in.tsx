import { Center } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useMe } from '../api/me.ts';
import { Failed } from '../ui/states.tsx';
import { isEndedElsewhere, isSessionEnd, isSignedIn, onSessionShared, signIn } from './session.ts';

const SessionEndedDialog = lazy(async () => ({ default: (await import('./session-ended.tsx')).SessionEndedDialog }));

const here = (): string => `${location.pathname}${location.search}`;

/**
 * Lets in who is signed in, and sends all others to the sign-in page. Whose session ends later keeps the page and what was typed: signing in happens in
 * another tab.
 */
export function SignedIn() {
  const [isKnown] = useState(isSignedIn);
  useEffect(() => {
    if (!isKnown) void signIn(here());
  }, [isKnown]);
  if (!isKnown) return <p className="starting">Loading Tributary</p>;
  return <WithMe />;
}

function WithMe() {
  const me = useMe();
  const queries = useQueryClient();
  const [ended, setEnded] = useState<'here' | 'elsewhere'>();
  useEffect(() => {
    const endIf = (error: unknown): void => {
      if (isSessionEnd(error)) setEnded(isEndedElsewhere(error) ? 'elsewhere' : 'here');
    };
    // By the failure itself: its error stands in the cache for a while after somebody has signed in again.
    const unsubscribe = queries.getQueryCache().subscribe((event) => {
      if (event.type === 'updated' && event.action.type === 'error') endIf(event.action.error);
    });
    const unsubscribeChanges = queries.getMutationCache().subscribe((event) => {
      if (event.type === 'updated' && event.action.type === 'error') endIf(event.action.error);
    });
    const unshare = onSessionShared(() => {
      setEnded(undefined);
      void queries.invalidateQueries();
    });
    return () => {
      unsubscribe();
      unsubscribeChanges();
      unshare();
    };
  }, [queries]);
  // Nothing was typed yet that could be lost.
  const goesAtOnce = me.data === undefined && ended !== undefined;
  useEffect(() => {
    if (goesAtOnce) void signIn(here(), ended === 'elsewhere');
  }, [goesAtOnce, ended]);
  if (me.isPending || goesAtOnce) return <p className="starting">Loading Tributary</p>;
  if (me.isError && !isSessionEnd(me.error)) {
    return (
      <Center mih="80vh" px="md">
        <Failed what="Your account" error={me.error} onRetry={() => void me.refetch()} />
      </Center>
    );
  }
  return (
    <>
      {me.data !== undefined && <Outlet />}
      <Suspense fallback={null}>
        {ended !== undefined && (
          <SessionEndedDialog isElsewhere={ended === 'elsewhere'} onClose={() => setEnded(undefined)} />
        )}
      </Suspense>
    </>
  );
}
