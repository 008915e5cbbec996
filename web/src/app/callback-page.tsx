import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { apiOf } from '../api/calls.ts';
import { isSessionEnd, session, shareSession, signIn, signOut } from './session.ts';

/** Where the sign-in page sends people back to: exchanges the code, tells the API once who it is, and goes to the page that was wanted. */
export function CallbackPage() {
  const navigate = useNavigate();
  const [error, setError] = useState<Error>();
  const isUnderWay = useRef(false);
  useEffect(() => {
    // A code is good for one exchange; development runs effects twice.
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    finish().then(
      (path) => void navigate({ href: path, replace: true }),
      (cause: unknown) => setError(cause instanceof Error ? cause : new Error(String(cause))),
    );
  }, [navigate]);
  if (error === undefined) return <p className="starting">Signing in</p>;
  return (
    <Center mih="70vh" px="md">
      <Stack maw={460} gap="sm">
        <Title order={1}>Signing in did not work</Title>
        <Text size="sm" c="dimmed" role="alert">
          {isSessionEnd(error) ? 'You have signed out everywhere since this sign-in.' : error.message}
        </Text>
        {/* Who is still signed in at the issuer from before all sessions were ended would only come back with that sign-in. */}
        <Button w="fit-content" onClick={() => void (isSessionEnd(error) ? signOut() : signIn('/'))}>
          Sign in again
        </Button>
      </Stack>
    </Center>
  );
}

async function finish(): Promise<string> {
  const user = await (await session()).signinCallback();
  if (user === undefined) throw new Error('The sign-in page sent no answer');
  if (user.id_token !== undefined) await apiOf().call('signIn', { body: { idToken: user.id_token } });
  shareSession(user);
  return pathIn(user.state);
}

/** A path of this app, whatever the state holds: never another origin. */
function pathIn(state: unknown): string {
  const path = typeof state === 'object' && state !== null && 'path' in state ? state.path : undefined;
  return typeof path === 'string' && /^\/(?![/\\])/.test(path) ? path : '/';
}
