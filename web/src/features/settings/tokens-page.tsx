import { Button, Group, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { appConfig } from '../../app/config.ts';
import { type DataOf, useCall, useChange } from '../../api/calls.ts';
import { useMay } from '../../api/me.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Snippet } from '../../ui/copy.tsx';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { Action, Can } from '../../ui/locked.tsx';
import { Section } from '../../ui/page.tsx';
import { oneOf, useParam } from '../../ui/search-params.ts';
import { DocLink, Empty, Failed } from '../../ui/states.tsx';
import { Chip } from '../../ui/status.tsx';
import { Ago } from '../../ui/time.tsx';
import { toast } from '../../ui/toast.tsx';
import { RoleList } from './access-list.tsx';
import { curlFor } from './curl.ts';
import { NewToken } from './new-token.tsx';

type Token = DataOf<'listTokens'>['tokens'][number];

/** API tokens (M12): what each may do, who made it, when it was used last. */
export function TokensPage() {
  return (
    <Can right="token.read" what="the API tokens of this workspace">
      <Tokens />
    </Can>
  );
}

function Tokens() {
  const tokens = useCall('listTokens');
  const may = useMay('token.edit');
  const members = useCall('listMembers', undefined, { enabled: useMay('member.read') });
  const [dialog, setDialog] = useParam('new', oneOf('token'));
  const [revoked, setRevoked] = useState<Token>();
  const revoke = useChange('deleteToken', {
    stale: ['listTokens'],
    onDone: () => {
      toast(`${revoked?.name ?? 'The token'} is revoked`);
      setRevoked(undefined);
    },
  });
  if (tokens.isError) {
    return <Failed what="The API tokens" error={tokens.error} onRetry={() => void tokens.refetch()} />;
  }
  const rows = tokens.data?.tokens;
  const makerOf = ({ createdBy }: Token): string => {
    const maker = members.data?.members.find(({ id }) => id === createdBy);
    return maker === undefined ? (createdBy ?? 'An operator') : maker.name === '' ? maker.email : maker.name;
  };
  const create = (
    <Action right="token.edit" onClick={() => setDialog('token')}>
      Create token
    </Action>
  );
  return (
    <>
      {rows !== undefined && rows.length === 0 ? (
        <Empty title="No API tokens yet" icon={<IconKey size={26} aria-hidden="true" />} action={create}>
          <Text size="sm" mb="sm">
            Programs use the API with a token, such as Terraform, a CI job or a script:
          </Text>
          <Snippet code={curlFor(appConfig().apiUrl, '<token>')} what="the request" />
        </Empty>
      ) : (
        <Section
          title="API tokens"
          about={
            <>
              For programs that use the API. Their text is shown once. <DocLink page="api">How the API is used</DocLink>
            </>
          }
          actions={create}
        >
          <DataTable
            label="tokens"
            rows={rows}
            keyOf={({ id }) => id}
            searchText={({ name, permissions }) => [name, ...permissions.map(({ roleName }) => roleName)].join(' ')}
            sortedBy="name"
            columns={[
              {
                id: 'name',
                title: 'Token',
                isMain: true,
                sort: ({ name }) => name.toLowerCase(),
                cell: ({ name, expired }) => (
                  <Group gap={6} wrap="nowrap">
                    <Text size="sm" fw={550} truncate>
                      {name}
                    </Text>
                    {expired && <Chip tone="bad">Over</Chip>}
                  </Group>
                ),
              },
              {
                id: 'roles',
                title: 'May',
                cell: ({ permissions }) => <RoleList permissions={permissions} none="Nothing" />,
              },
              {
                id: 'maker',
                title: 'Created by',
                sort: makerOf,
                cell: (token) => (
                  <Group gap={6} wrap="nowrap">
                    <Text size="sm" truncate>
                      {makerOf(token)}
                    </Text>
                    {token.ownerless && <Chip tone="warn">Has left</Chip>}
                  </Group>
                ),
              },
              {
                id: 'created',
                title: 'Created',
                sort: ({ createdAt }) => createdAt,
                cell: ({ createdAt }) => <Ago at={createdAt} />,
              },
              {
                id: 'used',
                title: 'Last used',
                sort: ({ lastUsedDay = '' }) => lastUsedDay,
                cell: ({ lastUsedDay }) => (
                  <Text size="sm" c={lastUsedDay === undefined ? 'dimmed' : undefined}>
                    {lastUsedDay ?? 'Never'}
                  </Text>
                ),
              },
              {
                id: 'ends',
                title: 'Ends',
                sort: ({ expiresAt = '9999' }) => expiresAt,
                cell: ({ expiresAt }) => <Ago at={expiresAt} never="Never" />,
              },
            ]}
            {...(may && {
              menu: (token: Token) => (
                <Button variant="subtle" color="red" size="compact-sm" onClick={() => setRevoked(token)}>
                  Revoke
                </Button>
              ),
            })}
          />
        </Section>
      )}
      {dialog === 'token' && may && <NewToken onClose={() => setDialog(undefined)} />}
      <Confirm
        opened={revoked !== undefined}
        onClose={() => {
          revoke.reset();
          setRevoked(undefined);
        }}
        title={`Revoke ${revoked?.name ?? ''}`}
        button="Revoke token"
        isPending={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoke.mutate({ path: { tokenId: revoked?.id ?? '' } })}
      >
        Whatever uses it is refused with its next request.
        {revoked?.lastUsedDay !== undefined && ` It was last used on ${revoked.lastUsedDay}.`} It cannot be taken back.
      </Confirm>
    </>
  );
}
