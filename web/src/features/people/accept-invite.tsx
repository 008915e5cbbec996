import { Alert, Button, Group, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ApiError } from '../../../../shared/api/api-error.ts';
import { useChange } from '../../api/calls.ts';
import { useMe } from '../../api/me.ts';
import { isSessionEnd, signIn } from '../../app/session.ts';
import { ErrorLine, Failed } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { forgetInvite } from './kept-invite.ts';

type AcceptProps = { token: string; invited: string; workspaceName: string };

/** For who is signed in: the last step. Says what to do where the invite is for another address. */
export function AcceptInvite({ token, invited, workspaceName }: AcceptProps) {
  const me = useMe();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const accept = useChange('acceptInvite', {
    stale: ['getMe'],
    onDone: ({ workspace }) => {
      forgetInvite();
      void queries.refetchQueries({ queryKey: ['', 'getMe'] }).then(async () => {
        toast(`Welcome to ${workspace.name}`);
        await navigate({ to: '/$workspace/overview', params: { workspace: workspace.slug }, replace: true });
      });
    },
  });
  if (me.isPending) return <Skeleton height={140} data-face="loading" />;
  if (me.isError) {
    return isSessionEnd(me.error) ? (
      <Button onClick={() => void signIn('/invite')}>Sign in and join</Button>
    ) : (
      <Failed what="Your account" error={me.error} onRetry={() => void me.refetch()} />
    );
  }
  const { email } = me.data.user;
  const type = accept.error instanceof ApiError ? accept.error.entries[0]?.type : undefined;
  return (
    <Paper withBorder p="lg">
      <Stack gap="md">
        <Text size="sm">
          You are signed in as <b>{email}</b>.
        </Text>
        {type === 'another-address' && (
          <Alert color="yellow" title="This invite is for another address">
            It is for {invited}. Sign in with that address, or ask for an invite to {email}.
          </Alert>
        )}
        {type === 'address-not-proved' && (
          <Alert color="yellow" title="Your address has to be confirmed first">
            {accept.error?.message}
          </Alert>
        )}
        {type !== 'another-address' && type !== 'address-not-proved' && <ErrorLine error={accept.error} />}
        <Group justify="space-between">
          <Button variant="subtle" color="gray" onClick={() => void signIn('/invite', true)}>
            Sign in as somebody else
          </Button>
          {type === 'another-address' ? (
            <Button
              variant="default"
              onClick={() => {
                forgetInvite();
                void navigate({ to: '/' });
              }}
            >
              Not now
            </Button>
          ) : (
            <Button loading={accept.isPending} onClick={() => accept.mutate({ body: { token } })}>
              {`Join ${workspaceName}`}
            </Button>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}
