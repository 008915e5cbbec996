import { Button, Center, Modal, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useMe } from '../api/me.ts';
import { Failed } from '../ui/states.tsx';
import { onSessionShared, session, SessionEnded, signIn } from './session.ts';

const here = (): string => `${location.pathname}${location.search}`;

/**
 * Lets in who is signed in, and sends all others to the sign-in page. Whose session ends later keeps the page and what was typed: signing in happens in
 * another tab.
 */
export function SignedIn() {
  const [isKnown, setKnown] = useState<boolean>();
  useEffect(() => {
    void session()
      .getUser()
      .then((user) => {
        if (user === null || (user.expired === true && user.refresh_token === undefined)) void signIn(here());
        else setKnown(true);
      });
  }, []);
  if (isKnown !== true) return <p className="starting">Loading Tributary</p>;
  return <WithMe />;
}

function WithMe() {
  const me = useMe();
  const queries = useQueryClient();
  const [hasEnded, setEnded] = useState(false);
  useEffect(() => {
    const unsubscribe = queries.getQueryCache().subscribe(({ query }) => {
      if (query.state.error instanceof SessionEnded) setEnded(true);
    });
    const unsubscribeChanges = queries.getMutationCache().subscribe(({ mutation }) => {
      if (mutation?.state.error instanceof SessionEnded) setEnded(true);
    });
    const unshare = onSessionShared(() => {
      setEnded(false);
      void queries.invalidateQueries();
    });
    return () => {
      unsubscribe();
      unsubscribeChanges();
      unshare();
    };
  }, [queries]);
  if (me.isPending) return <p className="starting">Loading Tributary</p>;
  if (me.isError && !(me.error instanceof SessionEnded)) {
    return (
      <Center mih="80vh" px="md">
        <Failed what="Your account" error={me.error} onRetry={() => void me.refetch()} />
      </Center>
    );
  }
  return (
    <>
      {me.data !== undefined && <Outlet />}
      <Modal opened={hasEnded} onClose={() => setEnded(false)} title="Your session has ended">
        <Stack gap="sm">
          <Text size="sm">Sign in again in another tab; this page then goes on with what you typed.</Text>
          <Button component="a" href="/" target="_blank" rel="noopener">
            Sign in in another tab
          </Button>
          <Button variant="default" onClick={() => void signIn(here())}>
            Sign in here and lose what was not saved
          </Button>
        </Stack>
      </Modal>
    </>
  );
}
