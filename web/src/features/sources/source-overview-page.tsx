import { Button, Group, Skeleton } from '@mantine/core';
import { IconCode } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useCall, useWorkspaceSlug } from '../../api/calls.ts';
import { oneOf, useParam } from '../../ui/search-params.ts';
import { DocLink, Empty, Failed } from '../../ui/states.tsx';
import { AsOf } from '../../ui/time.tsx';
import { rangeForAge, rangeIn, TimeRange } from '../../ui/time-range.tsx';
import { FedList } from './overview/fed-list.tsx';
import { KeepAllButton } from './overview/keep-all-button.tsx';
import classes from './overview/overview.module.css';
import { StageCards } from './overview/stage-cards.tsx';
import { StageDetail } from './overview/stage-detail.tsx';
import { stagesOf } from './overview/stages.ts';
import { useSource, useSourceId } from './use-source.ts';

const POLL_MS = 15_000;
const stageIn = oneOf('received', 'failed', 'filtered', 'eligible');

/** What came in, what was lost on the way and why, and where the rest goes (A17). */
export function SourceOverviewPage() {
  const slug = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  const sourceId = useSourceId();
  const { source } = useSource();
  const [chosen, setRange] = useParam('range', rangeIn);
  const [stage = 'received', setStage] = useParam('stage', stageIn);
  const range = chosen ?? rangeForAge(source?.createdAt);
  const path = { sourceId };
  const delivery = useCall('getSourceDelivery', { path, query: { range } }, { everyMs: POLL_MS, keep: true });
  const previous = delivery.data?.previous;
  // The change of what came: shares say nothing of it.
  const before = useCall(
    'getSourceDelivery',
    { path, query: previous === undefined ? {} : { from: previous.from, to: previous.to } },
    { enabled: previous !== undefined && delivery.data !== undefined && delivery.data.received > 0, keep: true },
  );
  const overview = useCall('getOverview', { query: { range } }, { everyMs: POLL_MS, keep: true });
  const stats = useCall('listSourceStats', { query: { sourceIds: [sourceId] } });

  if (delivery.isError && delivery.data === undefined)
    return <Failed what="The numbers of this source" error={delivery.error} onRetry={() => void delivery.refetch()} />;
  const isUnheard =
    delivery.data?.received === 0 && stats.data !== undefined && (stats.data.stats[0]?.lastSeenAt ?? null) === null;
  if (isUnheard && source !== undefined) {
    return (
      <>
        <Empty
          title="It has not sent an event yet"
          icon={<IconCode size={26} aria-hidden />}
          action={
            <Button onClick={() => void navigate({ to: `/${slug}/sources/${sourceId}/install` })}>Install it</Button>
          }
        >
          The install page has the code with its key, and turns green when the first event is there.{' '}
          <DocLink page="architecture">How events travel</DocLink>
        </Empty>
        <div style={{ height: 24 }} />
        <FedList sourceId={sourceId} overview={overview.data} />
      </>
    );
  }
  const stages = delivery.data && stagesOf(delivery.data, before.data?.received);
  const open = stages?.find(({ id }) => id === stage);
  return (
    <>
      <Group justify="space-between" mb="md" gap="xs">
        <TimeRange value={range} onChange={setRange} />
        <Group gap="xs">
          <AsOf at={delivery.data?.asOf} />
          {source !== undefined && <KeepAllButton source={source} />}
        </Group>
      </Group>
      {stages === undefined || open === undefined || delivery.data === undefined ? (
        <div role="status" aria-label="Loading the numbers" data-face="loading">
          <div className={classes['stages']}>
            {[0, 1, 2, 3].map((at) => (
              <Skeleton key={at} height={92} radius="lg" />
            ))}
          </div>
          <Skeleton height={380} radius="lg" mb="xl" />
        </div>
      ) : (
        <>
          <StageCards stages={stages} open={stage} onOpen={setStage} />
          <StageDetail stage={open} delivery={delivery.data} sourceId={sourceId} range={range} />
        </>
      )}
      <FedList sourceId={sourceId} overview={overview.data} />
    </>
  );
}
