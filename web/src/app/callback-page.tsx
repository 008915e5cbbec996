import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { apiOf } from '../api/calls.ts';
import { isEndedElsewhere, session, shareSession, signIn } from './session.ts';

/** Where the sign-in page sends people back to: exchanges the code, tells the API once who it is, and goes to the page that was wanted. */
export function CallbackPage() {
  const navigate = useNavigate();
  const [error, setError] = useState<Error>();
  const isUnderWay = useRef(false);
  const wanted = useRef('/');
  useEffect(() => {
    // A code is good for one exchange; development runs effects twice.
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    finish((path) => {
      wanted.current = path;
    }).then(
      (path) => void navigate({ href: path, replace: true }),
      (cause: unknown) => setError(cause instanceof Error ? cause : new Error(String(cause))),
    );
  }, [navigate]);
  if (error === undefined) return <p className="starting">Signing in</p>;
  const isEnded = isEndedElsewhere(error);
  return (
    <Center mih="70vh" px="md">
      <Stack maw={460} gap="sm">
        <Title order={1}>Signing in did not work</Title>
        <Text size="sm" c="dimmed" role="alert">
          {isEnded ? 'This sign-in was ended since, by you or by the owner of this deployment.' : error.message}
        </Text>
        <Button w="fit-content" onClick={() => void signIn(wanted.current, isEnded)}>
          Sign in again
        </Button>
      </Stack>
    </Center>
  );
}

/** `onWanted` is told the path even where the API does not take the sign-in; nothing of it is kept then. */
async function finish(onWanted: (path: string) => void): Promise<string> {
  const manager = await session();
  const user = await manager.signinCallback();
  if (user === undefined) throw new Error('The sign-in page sent no answer');
  const path = pathIn(user.state);
  onWanted(path);
  try {
    if (user.id_token !== undefined) await apiOf().call('signIn', { body: { idToken: user.id_token } });
  } catch (cause) {
    await manager.removeUser();
    throw cause;
  }
  shareSession(user);
  return path;
}

/** A path of this app, whatever the state holds: never another origin. */
function pathIn(state: unknown): string {
  const path = typeof state === 'object' && state !== null && 'path' in state ? state.path : undefined;
  return typeof path === 'string' && /^\/(?![/\\])/.test(path) ? path : '/';
}
