import { Alert, Group, SegmentedControl, Select, Skeleton, Stack, Text } from '@mantine/core';
import { IconDeviceDesktop, IconPlayerPause, IconPower } from '@tabler/icons-react';
import { useCall } from '../../api/calls.ts';
import { shortTime } from '../../ui/format.ts';
import { TextLink } from '../../ui/link.tsx';
import { Empty, Failed } from '../../ui/states.tsx';
import { oneOf, text, useParam } from '../../ui/search-params.ts';
import { AsOf } from '../../ui/time.tsx';
import { DeliveryChart } from './delivery-chart.tsx';
import classes from './delivery.module.css';
import { IssuesTable } from './issues-table.tsx';
import { type Period, PeriodControl, usePeriod } from './period.tsx';
import { StageCards } from './stage-cards.tsx';
import { StageDetail } from './stage-detail.tsx';
import { STAGES, stagesOf } from './stages.ts';
import { type Destination, type Mapping, type Source, useDestination } from './use-destination.ts';

/** What came from the source, what was kept back, what the tool took and what it refused: with reasons, samples and the way to send again. */
export function DeliveryPage() {
  const { asked, destination, source, mappings, base, workspace } = useDestination();
  if (asked.isError) return <Failed what="The destination" error={asked.error} onRetry={() => void asked.refetch()} />;
  if (destination === undefined) return <Ghost />;
  return (
    <Delivery destination={destination} source={source} mappings={mappings ?? []} base={base} workspace={workspace} />
  );
}

function Delivery({
  destination,
  source,
  mappings,
  base,
  workspace,
}: {
  destination: Destination;
  source: Source | undefined;
  mappings: readonly Mapping[];
  base: string;
  workspace: string;
}) {
  const period = usePeriod(destination.createdAt);
  const [mapping, setMapping] = useParam('mapping', text);
  const [chosen, setChosen] = useParam('stage', oneOf(...STAGES));
  const [show = 'counts', setShow] = useParam('show', oneOf('counts', 'shares'), { replace: true });
  const asked = useCall(
    'getDestinationDelivery',
    {
      path: { destinationId: destination.id },
      query: { ...period.query, ...(mapping !== undefined && { subscriptionId: mapping }) },
    },
    { everyMs: period.everyMs, keep: true },
  );
  const data = asked.data;
  const stages = data === undefined ? [] : stagesOf(data);
  const stage = stages.find(({ id }) => id === chosen);
  const shown = stage ?? stages.find(({ id }) => id === 'delivered');
  const nothingCame = data !== undefined && data.received === 0 && stages.every(({ count }) => count === 0);

  return (
    <Stack gap={0}>
      <Group justify="space-between" mb="md" gap="sm">
        <Group gap="sm">
          <PeriodControl period={period} />
          {mappings.length > 0 && (
            <Select
              aria-label="Mapping"
              size="xs"
              w={200}
              value={mapping ?? ''}
              data={[
                { value: '', label: 'All mappings' },
                ...mappings.map(({ id, name }) => ({ value: id, label: name })),
              ]}
              onChange={(value) => setMapping(value === null || value === '' ? undefined : value)}
              allowDeselect={false}
            />
          )}
          <SegmentedControl
            size="xs"
            aria-label="Numbers"
            value={show}
            onChange={(next) => setShow(next === 'counts' ? undefined : next)}
            data={[
              { value: 'counts', label: 'Counts' },
              { value: 'shares', label: '%' },
            ]}
            transitionDuration={0}
          />
        </Group>
        <AsOf at={data?.asOf} />
      </Group>
      <Notes destination={destination} base={base} workspace={workspace} />
      {asked.isError && data === undefined && (
        <Failed what="Delivery" error={asked.error} onRetry={() => void asked.refetch()} />
      )}
      {data === undefined && asked.isPending && <GhostCards />}
      {data !== undefined && nothingCame && <NothingCame period={period} workspace={workspace} source={source} />}
      {data !== undefined && !nothingCame && (
        <>
          <StageCards stages={stages} chosen={stage?.id} onChoose={setChosen} show={show} periodText={period.text} />
          {mapping !== undefined && (
            <Text size="xs" c="dimmed" mt={-10} mb="md">
              Delivered and failed are of this mapping alone. What is kept back before has none, so those cards are of
              the destination.
            </Text>
          )}
          <DeliveryChart data={data} stage={stage} onSelectSpan={period.setSpan} />
        </>
      )}
      {data !== undefined && (
        <div className={classes['parts']} data-first={stage === undefined ? 'issues' : 'detail'}>
          <IssuesTable destination={destination} source={source} period={period} mapping={mapping} />
          {!nothingCame && shown !== undefined && (
            <StageDetail data={data} stage={shown} destination={destination} mappings={mappings} period={period} />
          )}
        </div>
      )}
      {data !== undefined && (
        <Text size="xs" c="dimmed">
          Compared with {shortTime(data.previous.from)} – {shortTime(data.previous.to)}. An event counts at the minute
          in which it was accepted; nothing is held back, so the last minute is still being counted.
        </Text>
      )}
    </Stack>
  );
}

/** What of the destination itself explains the numbers. */
function Notes({
  destination: { enabled, paused, connectionMode, rehearsal },
  base,
  workspace,
}: {
  destination: Destination;
  base: string;
  workspace: string;
}) {
  return (
    <Stack gap="xs" mb={!enabled || paused !== undefined || connectionMode === 'device' ? 'md' : 0}>
      {connectionMode === 'device' && (
        <Alert
          variant="light"
          color="blue"
          icon={<IconDeviceDesktop size={18} />}
          title="Browsers send to this tool themselves"
        >
          In device mode the page loads the tool’s own code and sends there directly, so Tributary sees no request and
          no answer. Here stand the events that browsers reported as sent, and those that came from elsewhere. To send
          from the server, change the mode in <TextLink to={`${base}/settings`}>its settings</TextLink>; what a page
          sends shows its browser’s network panel and <TextLink to={`/${workspace}/health`}>Health</TextLink>.
        </Alert>
      )}
      {!enabled && (
        <Alert variant="light" color="gray" icon={<IconPower size={18} />} title="This destination is switched off">
          Nothing is sent to it. Enable it when <TextLink to={`${base}/settings`}>its settings</TextLink> are ready;
          what it did not take before can be replayed.
        </Alert>
      )}
      {paused !== undefined && (
        <Alert
          variant="light"
          color="yellow"
          icon={<IconPlayerPause size={18} />}
          title={`Paused since ${shortTime(paused.since)}`}
        >
          {paused.by === 'failing' ? 'It failed for five days without one success, so it paused itself. ' : ''}
          What comes is kept and can be sent once it is resumed, in{' '}
          <TextLink to={`${base}/settings`}>its settings</TextLink>.
        </Alert>
      )}
      {rehearsal !== undefined && (
        <Alert variant="light" color="yellow" title={`An outage is rehearsed until ${shortTime(rehearsal.until)}`}>
          Tributary answers {rehearsal.status} in the tool’s place, and nothing is sent to it.
        </Alert>
      )}
    </Stack>
  );
}

function NothingCame({ period, workspace, source }: { period: Period; workspace: string; source: Source | undefined }) {
  return (
    <Empty
      title={`No events in the ${period.range === undefined ? 'range that is shown' : period.text}`}
      action={
        <TextLink to={`/${workspace}/sources/${source?.id ?? ''}/debugger`}>
          See what {source?.name ?? 'its source'} sends
        </TextLink>
      }
    >
      {period.range !== '14d' && (
        <>
          Nothing came from {source?.name ?? 'its source'} for it in that time. Look at{' '}
          <TextLink to="." search={{ range: '14d' }}>
            the last 14 days
          </TextLink>{' '}
          instead.
        </>
      )}
    </Empty>
  );
}

function GhostCards() {
  return (
    <div role="status" aria-label="Loading delivery" data-face="loading">
      <div className={classes['stages']}>
        {Array.from({ length: 7 }, (_, index) => (
          <Skeleton key={index} height={118} radius="lg" />
        ))}
      </div>
      <Skeleton height={300} radius="lg" mb="md" />
      <Skeleton height={180} radius="lg" />
    </div>
  );
}

function Ghost() {
  return (
    <div>
      <Skeleton height={30} width={420} mb="md" />
      <GhostCards />
    </div>
  );
}
