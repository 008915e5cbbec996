import { CloseButton, Drawer, Group, Skeleton, Stack, Text } from '@mantine/core';
import {
  IconFlask,
  IconPlayerPause,
  IconPlayerPlay,
  IconRoute,
  IconTruckDelivery,
  IconTransform,
} from '@tabler/icons-react';
import { useCall, useWorkspaceSlug } from '../../api/calls.ts';
import { duration, exact, percent } from '../../ui/format.ts';
import { rateText, stateOf as flowStateOf } from '../../ui/graph/flow.ts';
import { AppLink, TextLink } from '../../ui/link.tsx';
import { Action } from '../../ui/locked.tsx';
import { Logo } from '../../ui/logo.tsx';
import { Failed } from '../../ui/states.tsx';
import { stateOf } from '../../ui/state.ts';
import { Chip, StatusBadge } from '../../ui/status.tsx';
import { type Range, rangeText } from '../../ui/time-range.tsx';
import { usePause } from '../destinations/pause.ts';
import { ConnectionFilters, ConnectionIssues, ConnectionMappings } from './connection-parts.tsx';
import classes from './connection.module.css';
import type { Connection, DestinationNode, SourceNode } from './overview.ts';

const DRAWER_PX = 480;

/** One line of the graph: what goes through, what is sent, what is kept back, what fails and why, and the way to all of it. */
export function ConnectionDrawer({
  source,
  destination,
  connection,
  range,
  onClose,
}: {
  source: SourceNode;
  destination: DestinationNode;
  connection: Connection;
  range: Range;
  onClose: () => void;
}) {
  const slug = useWorkspaceSlug() ?? '';
  const base = `/${slug}/destinations/${destination.id}`;
  const title = `${source.name} to ${destination.name}`;
  const flow = flowStateOf({ ...connection, paused: destination.paused || destination.state === 'DISABLED' });
  return (
    <Drawer.Root opened onClose={onClose} position="right" size={DRAWER_PX}>
      <Drawer.Overlay />
      <Drawer.Content aria-label={title}>
        <Drawer.Body p="lg">
          <Group justify="space-between" mb="md" wrap="nowrap">
            <Text size="sm" c="dimmed" fw={550}>
              Connection · last {range === '1h' ? 'hour' : rangeText(range)}
            </Text>
            <CloseButton aria-label="Close" onClick={onClose} data-autofocus />
          </Group>
          <div className={classes['ends']}>
            <Logo slug={source.type.slug} name={source.name} size={30} />
            <AppLink to={`/${slug}/sources/${source.id}/overview`} className={classes['endName']}>
              {source.name}
            </AppLink>
            <span className={classes['wire']} data-state={flow} />
            <Text size="xs" c="dimmed" className="numbers">
              {flow === 'idle' || flow === 'paused' ? 'nothing flows' : `${rateText(connection.perMinute)} per minute`}
            </Text>
            <Logo slug={destination.type.slug} name={destination.name} size={30} />
            <AppLink to={base} className={classes['endName']}>
              {destination.name}
            </AppLink>
          </div>
          <StateRow source={source} destination={destination} />
          <Facts connection={connection} />
          <Stack gap="lg" mt="lg">
            <ConnectionIssues destinationId={destination.id} range={range} base={base} connection={connection} />
            <ConnectionMappings destinationId={destination.id} base={base} />
            <ConnectionFilters destinationId={destination.id} base={base} />
            <nav className={classes['ways']} aria-label="More of this connection">
              <AppLink to={`${base}/delivery`} search={{ range }} className={classes['way']}>
                <IconTruckDelivery size={16} aria-hidden="true" /> Delivery
              </AppLink>
              <AppLink to={`${base}/way`} className={classes['way']}>
                <IconRoute size={16} aria-hidden="true" /> On the way
              </AppLink>
              <AppLink to={`${base}/mappings`} className={classes['way']}>
                <IconTransform size={16} aria-hidden="true" /> Mappings
              </AppLink>
              <AppLink to={`${base}/tester`} className={classes['way']}>
                <IconFlask size={16} aria-hidden="true" /> Event tester
              </AppLink>
            </nav>
          </Stack>
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function Facts({ connection: { delivered, failed, failedShare, p95Ms } }: { connection: Connection }) {
  const ended = delivered + failed;
  const facts = [
    { label: 'Delivered', value: exact(delivered), about: ended === 0 ? 'nothing ended' : percent(delivered / ended) },
    { label: 'Lost', value: exact(failed), about: failed === 0 ? 'none' : 'discarded or given up', isBad: failed > 0 },
    {
      label: 'Failed tries',
      value: percent(failedShare),
      about: failedShare > 0 && failed === 0 ? 'got through on a retry' : 'of all requests',
    },
    { label: 'P95 to delivery', value: p95Ms === null ? '–' : duration(p95Ms), about: 'from receipt to answer' },
  ];
  return (
    <div className={classes['facts']}>
      {facts.map(({ label, value, about, isBad }) => (
        <div key={label} className={classes['fact']}>
          <Text size="xs" c="dimmed">
            {label}
          </Text>
          <div className={`${classes['factValue']} numbers`} style={isBad === true ? BAD : undefined}>
            {value}
          </div>
          <Text size="xs" c="dimmed" className="numbers">
            {about}
          </Text>
        </div>
      ))}
    </div>
  );
}

const BAD = { color: 'var(--mantine-color-error)' } as const;

/** How the destination does, and the button that pauses it or lets it go on. */
function StateRow({ source, destination }: { source: SourceNode; destination: DestinationNode }) {
  const asked = useCall('getAppDestination', { path: { destinationId: destination.id } });
  const labelled = useCall('getAppSource', { path: { sourceId: source.id } }, { freshMs: 30_000 });
  const pause = usePause();
  const isPaused = asked.data === undefined ? destination.paused : asked.data.destination.paused !== undefined;
  const slug = useWorkspaceSlug() ?? '';
  const isDisabled = asked.data?.destination.enabled === false;
  return (
    <Group justify="space-between" my="md" gap="xs">
      <Group gap={6}>
        <StatusBadge state={stateOf(isPaused ? 'DISABLED' : destination.state)} of="destination" />
        {isPaused && <Chip tone="warn">Paused</Chip>}
      </Group>
      {asked.isError ? (
        <Failed what="The destination" error={asked.error} onRetry={() => void asked.refetch()} />
      ) : labelled.data === undefined ? (
        <Skeleton height={30} width={120} radius="md" />
      ) : isDisabled ? (
        <TextLink to={`/${slug}/destinations/${destination.id}/settings`}>Enable in settings</TextLink>
      ) : (
        <Action
          right="destination.edit"
          source={{ id: source.id, labels: labelled.data.source.labels }}
          size="xs"
          variant={isPaused ? 'filled' : 'default'}
          leftSection={isPaused ? <IconPlayerPlay size={14} aria-hidden /> : <IconPlayerPause size={14} aria-hidden />}
          loading={pause.isPending}
          onClick={() => pause.set(destination, !isPaused)}
        >
          {isPaused ? 'Resume' : 'Pause'}
        </Action>
      )}
    </Group>
  );
}
