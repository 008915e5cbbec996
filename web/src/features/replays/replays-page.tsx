import { Text } from '@mantine/core';
import { IconRotateClockwise } from '@tabler/icons-react';
import { useAll, useApi, useCall, useWorkspaceSlug } from '../../api/calls.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { TextLink } from '../../ui/link.tsx';
import { Section } from '../../ui/page.tsx';
import { text, useParam } from '../../ui/search-params.ts';
import { DocLink, Empty, Failed } from '../../ui/states.tsx';
import { Chip } from '../../ui/status.tsx';
import { Ago } from '../../ui/time.tsx';
import { NameButton } from '../settings/name-button.tsx';
import { ReplayDrawer } from './replay-drawer.tsx';
import { filterText, isUnderWay, type Run, spanText, stateText } from './replay-words.ts';
import { RunBar } from './run-progress.tsx';

const PAGE = 20;
/** While something changes by itself, and while nothing does. */
const LIVE_MS = 2_000;
const IDLE_MS = 30_000;

/** What was sent again in the last 90 days, and what is being sent. */
export function ReplaysPage() {
  const slug = useWorkspaceSlug() ?? '';
  const api = useApi();
  const [opened, open] = useParam('replay', text);
  const destinations = useAll('listDestinations', 'destinations');
  const sources = useAll('listSources', 'sources');
  const found = useInfiniteQuery({
    queryKey: [slug, 'listReplays', 'pages'],
    queryFn: async ({ pageParam }) =>
      await api.call('listReplays', {
        query: { pagination: { count: PAGE, ...(pageParam !== '' && { cursor: pageParam }) } },
      }),
    initialPageParam: '',
    getNextPageParam: ({ pagination }) => pagination.next ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ replays }) => replays.some(isUnderWay)) === true ? LIVE_MS : IDLE_MS,
  });
  const rows = found.data?.pages.flatMap(({ replays }) => replays);
  const listed = rows?.find(({ id }) => id === opened);
  // An address may name one that is further down than what was loaded.
  const other = useCall(
    'getReplay',
    { path: { replayId: opened ?? '' } },
    { enabled: opened !== undefined && rows !== undefined && listed === undefined, everyMs: LIVE_MS },
  );
  const run = listed ?? (opened === undefined ? undefined : other.data?.replay);
  if (found.isError && found.data === undefined) {
    return <Failed what="The replays" error={found.error} onRetry={() => void found.refetch()} />;
  }
  const destinationOf = (id: string) => destinations.data?.find((one) => one.id === id);
  const nameOf = (id: string): string => {
    const destination = destinationOf(id);
    return destination?.name ?? destination?.metadata.name ?? id;
  };
  const about = (
    <>
      Each begins on a destination’s Delivery page and counts before it sends.{' '}
      <DocLink page="replay">How it works</DocLink>
    </>
  );
  if (rows?.length === 0) {
    return (
      <Empty title="Nothing was replayed yet" icon={<IconRotateClockwise size={26} aria-hidden="true" />}>
        What a destination did not take is kept for 30 days. Open a destination’s{' '}
        <TextLink underline="always" to={`/${slug}/destinations`}>
          Delivery page
        </TextLink>{' '}
        to send it again; its progress stands here.
      </Empty>
    );
  }
  return (
    <Section title="Replays" about={about}>
      {opened !== undefined && other.isError && run === undefined && (
        <Failed what="The replay that the address names" error={other.error} onRetry={() => void other.refetch()} />
      )}
      <DataTable<Run>
        label="replays"
        rows={rows}
        keyOf={({ id }) => id}
        onOpen={({ id }) => open(id)}
        more={
          found.hasNextPage
            ? { onMore: () => void found.fetchNextPage(), isLoading: found.isFetchingNextPage }
            : undefined
        }
        columns={[
          {
            id: 'what',
            title: 'Replay',
            isMain: true,
            cell: ({ id, filter }) => (
              <>
                <NameButton onClick={() => open(id)}>{filterText(filter)}</NameButton>
                <Text size="xs" c="dimmed">
                  {spanText(filter)}
                </Text>
              </>
            ),
          },
          {
            id: 'destination',
            title: 'Destination',
            cell: ({ destinationId }) => (
              <TextLink to={`/${slug}/destinations/${destinationId}/delivery`}>{nameOf(destinationId)}</TextLink>
            ),
          },
          {
            id: 'state',
            title: 'State',
            cell: (one) => {
              const { text: words, tone } = stateText(one);
              return <Chip tone={tone}>{words}</Chip>;
            },
          },
          { id: 'progress', title: 'Progress', width: 190, cell: (one) => <RunBar run={one} /> },
          {
            id: 'begun',
            title: 'Begun',
            cell: ({ createdAt, createdBy }) => (
              <>
                <Ago at={createdAt} />
                <Text size="xs" c="dimmed" truncate maw={180}>
                  {createdBy}
                </Text>
              </>
            ),
          },
        ]}
      />
      {run !== undefined && (
        <ReplayDrawer
          key={run.id}
          run={run}
          name={nameOf(run.destinationId)}
          source={sources.data?.find(({ id }) => id === destinationOf(run.destinationId)?.sourceId)}
          onClose={() => open(undefined)}
          onOpen={open}
        />
      )}
    </Section>
  );
}
