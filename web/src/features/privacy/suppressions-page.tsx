import { Button, Group, Text } from '@mantine/core';
import { IconDownload, IconUserOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useApi, useChange, useWorkspaceSlug } from '../../api/calls.ts';
import { useMay } from '../../api/me.ts';
import { useWork } from '../../api/use-work.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { counted, exact } from '../../ui/format.ts';
import { Action, Can } from '../../ui/locked.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { oneOf, useParam } from '../../ui/search-params.ts';
import { DocLink, Empty, Failed } from '../../ui/states.tsx';
import { toast, toastError } from '../../ui/toast.tsx';
import { csvOf } from '../../ui/csv.ts';
import { saveFile } from '../../ui/save-file.ts';
import { Regulations } from './regulations.tsx';
import { SuppressDrawer } from './suppress-drawer.tsx';
import { USERS_PER_REGULATION_MAX } from './user-ids.ts';

/** As many as a page of the API holds. */
const PAGE = 200;

/** Users whose events are taken no more. */
export function SuppressionsPage() {
  const [dialog, setDialog] = useParam('new', oneOf('suppression'));
  const may = useMay('suppression.edit');
  return (
    <Page
      title="Suppressed users"
      about={
        <>
          Events of these users are accepted and go nowhere. It deletes nothing: deleting what tools and archive already
          hold is not built yet. <DocLink page="suppression">How suppression works</DocLink>
        </>
      }
      actions={
        <Action right="suppression.edit" onClick={() => setDialog('suppression')}>
          Suppress users
        </Action>
      }
    >
      <Can right="suppression.read" what="suppressed users">
        <Suppressed />
        <Regulations />
      </Can>
      {dialog === 'suppression' && may && <SuppressDrawer onClose={() => setDialog(undefined)} />}
    </Page>
  );
}

function Suppressed() {
  const slug = useWorkspaceSlug() ?? '';
  const may = useMay('suppression.edit');
  const api = useApi();
  const found = useInfiniteQuery({
    queryKey: [slug, 'listSuppressions', 'pages'],
    queryFn: async ({ pageParam }) =>
      await api.call('listSuppressions', {
        query: { pagination: { count: PAGE, ...(pageParam !== '' && { cursor: pageParam }) } },
      }),
    initialPageParam: '',
    getNextPageParam: ({ pagination }) => pagination.next ?? undefined,
  });
  const download = useWork({
    mutationFn: async () => (await api.all('listSuppressions', 'suppressed')).flatMap(({ subjectIds }) => subjectIds),
    onSuccess: (all) => saveFile(`${slug}-suppressed.csv`, csvOf([['userId'], ...all.map((id) => [id])])),
    onError: (error) => toastError('The file was not made', error),
  });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isAsked, setAsked] = useState(false);
  const remove = useChange('createWorkspaceRegulation', {
    stale: ['listSuppressions', 'listWorkspaceRegulations'],
    onDone: (_, { body }) => {
      setAsked(false);
      setChosen(new Set());
      toast(`Events of ${counted(body.subjectIds.length, 'user')} are taken again`);
    },
  });
  if (found.isError && found.data === undefined) {
    return <Failed what="The suppressed users" error={found.error} onRetry={() => void found.refetch()} />;
  }
  const ids = found.data?.pages.flatMap(({ suppressed }) => suppressed.flatMap(({ subjectIds }) => subjectIds));
  const total = found.data?.pages[0]?.pagination.totalEntries ?? ids?.length;
  if (ids?.length === 0) {
    return (
      <Empty title="Nobody is suppressed" icon={<IconUserOff size={26} aria-hidden="true" />}>
        When somebody asks you to stop collecting, add their user id: within 4 seconds their events go nowhere,
        whichever source they come from.
      </Empty>
    );
  }
  const removed = [...chosen].slice(0, USERS_PER_REGULATION_MAX);
  return (
    <Section
      title={total === undefined ? 'Users' : counted(total, 'user')}
      about={
        found.hasNextPage
          ? `The search looks through the ${exact(ids?.length ?? 0)} that are shown; load more, or download all.`
          : undefined
      }
      actions={
        <Group gap="xs">
          {chosen.size > 0 && (
            <Button variant="default" onClick={() => setAsked(true)}>
              {`Take events of ${counted(chosen.size, 'user')} again`}
            </Button>
          )}
          <Button
            variant="default"
            leftSection={<IconDownload size={15} aria-hidden="true" />}
            loading={download.isPending}
            onClick={() => download.mutate()}
          >
            Download CSV
          </Button>
        </Group>
      }
    >
      <DataTable<string>
        label="suppressed users"
        rows={ids}
        keyOf={(id) => id}
        searchText={(id) => id}
        more={
          found.hasNextPage
            ? { onMore: () => void found.fetchNextPage(), isLoading: found.isFetchingNextPage }
            : undefined
        }
        {...(may && { chosen, onChoose: setChosen })}
        columns={[
          {
            id: 'id',
            title: 'User id',
            isMain: true,
            sort: (id) => id,
            cell: (id) => (
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                {id}
              </Text>
            ),
          },
        ]}
      />
      <Confirm
        opened={isAsked}
        onClose={() => setAsked(false)}
        title={`Take events of ${counted(removed.length, 'user')} again`}
        button="Take events again"
        colour="indigo"
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() =>
          remove.mutate({ body: { regulationType: 'UNSUPPRESS', subjectType: 'USER_ID', subjectIds: removed } })
        }
      >
        Events that come from now on pass again. What was suppressed is gone: it is in no archive.
      </Confirm>
    </Section>
  );
}
