import { Button, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { ApiError } from '../../../../shared/api/api-error.ts';
import { isSignedIn as hasSession } from '../../app/session.ts';
import { Failed } from '../../ui/states.tsx';
import { localTime } from '../../ui/format.ts';
import { AcceptInvite } from './accept-invite.tsx';
import { Bare, Lead } from './bare.tsx';
import { InvitedAccount } from './invited-account.tsx';
import { forgetInvite, inviteText } from './kept-invite.ts';
import { publicApi } from './public-api.ts';

/** The page behind an invite's link: what it invites to, an account for who has none, and the step in. */
export function InvitePage() {
  const [text] = useState(() => inviteText(location.hash));
  const invite = useQuery({
    queryKey: ['invite', text],
    queryFn: async () => await publicApi().call('lookUpInvite', { body: { token: text ?? '' } }),
    enabled: text !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (text === undefined) {
    return (
      <Bare>
        <Lead title="This link is not whole">
          The part behind the # is missing. Copy the whole link from the message that you got.
        </Lead>
      </Bare>
    );
  }
  if (invite.isPending) {
    return (
      <Bare>
        <Stack gap="sm" role="status" aria-label="Loading the invite" data-face="loading">
          <Skeleton height={26} width="70%" />
          <Skeleton height={14} width="50%" />
          <Skeleton height={160} mt="md" />
        </Stack>
      </Bare>
    );
  }
  if (invite.isError) {
    const isOver = invite.error instanceof ApiError && invite.error.status === 404;
    return (
      <Bare>
        {isOver ? <Over /> : <Failed what="The invite" error={invite.error} onRetry={() => void invite.refetch()} />}
      </Bare>
    );
  }
  const { workspace, email, expiresAt } = invite.data;
  return (
    <Bare>
      <Lead title={`Join ${workspace.name}`}>
        You are invited as <b>{email}</b>. The invite holds until {localTime(expiresAt)}.
      </Lead>
      {hasSession() ? (
        <AcceptInvite token={text} invited={email} workspaceName={workspace.name} />
      ) : (
        <InvitedAccount token={text} invited={email} />
      )}
    </Bare>
  );
}

function Over() {
  // Else every way to the workspaces would lead back here.
  useEffect(forgetInvite, []);
  return (
    <>
      <Lead title="This invite is over" />
      <Paper withBorder p="lg" data-face="error">
        <Stack gap="sm">
          <Text size="sm">
            It was used, replaced by a newer one, or its 7 days have passed. Ask the person who invited you for another
            link.
          </Text>
          <Button component="a" href="/" variant="default" w="fit-content">
            Go to your workspaces
          </Button>
        </Stack>
      </Paper>
    </>
  );
}
