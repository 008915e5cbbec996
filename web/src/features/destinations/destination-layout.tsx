import { Alert, Group, Skeleton, Text } from '@mantine/core';
import { Outlet } from '@tanstack/react-router';
import { IconInfoCircle } from '@tabler/icons-react';
import { useCall, useWorkspaceSlug } from '../../api/calls.ts';
import { environmentsOf, isProduction } from '../../api/me.ts';
import { TextLink } from '../../ui/link.tsx';
import { Logo } from '../../ui/logo.tsx';
import { Page } from '../../ui/page.tsx';
import { Failed, Waiting } from '../../ui/states.tsx';
import { stateOf } from '../../ui/state.ts';
import { Chip, StatusBadge } from '../../ui/status.tsx';
import { shortTime } from '../../ui/format.ts';
import { EnableButton } from './enable-button.tsx';
import { type LoadedDestination, useDestination, useDestinationId } from './use-destination.ts';

/** How often the state in the head is asked for, in ms. */
const STATE_EVERY_MS = 15_000;

const PARTS = [
  ['Delivery', 'delivery'],
  ['Mappings', 'mappings'],
  ['Filters', 'filters'],
  ['On the way', 'way'],
  ['Event tester', 'tester'],
  ['Alerts', 'alerts'],
  ['Settings', 'settings'],
] as const;

/** What every page of a destination stands under: its name, its state, its source, and the way to its other pages. */
export function DestinationLayout() {
  const id = useDestinationId();
  const workspace = useWorkspaceSlug() ?? '';
  const asked = useDestination(id);
  const base = `/${workspace}/destinations`;
  const crumbs = [{ label: 'Destinations', to: base }];
  if (asked.isPending) {
    return (
      <Page title="Destination" crumbs={crumbs} logo={<Skeleton height={30} width={30} radius="md" />}>
        <Waiting what="destination" />
      </Page>
    );
  }
  if (asked.data === undefined) {
    return (
      <Page title="Destination" crumbs={crumbs}>
        <Failed what="The destination" error={asked.error} onRetry={() => void asked.refetch()} />
      </Page>
    );
  }
  const { destination, type, source } = asked.data;
  return (
    <Page
      title={destination.name}
      crumbs={crumbs}
      logo={<Logo slug={destination.type} name={type?.name ?? destination.name} size={30} />}
      badges={<Badges {...asked.data} />}
      about={
        <Group gap={6}>
          <TextLink to={`/${workspace}/catalog/destinations/${destination.type}`}>
            {type?.name ?? destination.type}
          </TextLink>
          <span>gets events of</span>
          {source === undefined ? (
            <Skeleton height={12} width={90} />
          ) : (
            <TextLink to={`/${workspace}/sources/${source.id}/overview`}>{source.name}</TextLink>
          )}
          <Text span size="sm" c="dimmed">
            · {destination.connectionMode === 'device' ? 'device mode: browsers send' : 'cloud mode'}
          </Text>
        </Group>
      }
      actions={
        <EnableButton
          one={{ id, name: destination.name, enabled: destination.enabled, ...(source !== undefined && { source }) }}
        />
      }
      tabs={PARTS.map(([label, path]) => ({ label, to: `${base}/${id}/${path}` }))}
    >
      <Notes {...asked.data} base={`${base}/${id}`} />
      <Outlet />
    </Page>
  );
}

function Badges({ destination, source }: LoadedDestination) {
  const stats = useCall(
    'listDestinationStats',
    { query: { destinationIds: [destination.id] } },
    { everyMs: STATE_EVERY_MS, keep: true },
  );
  const health = stats.data?.stats.find(({ destinationId }) => destinationId === destination.id)?.state;
  const state = destination.enabled
    ? stateOf(health === 'DISABLED' || health === undefined ? 'IDLE' : health)
    : destination.missingSettings.length > 0
      ? 'setting-up'
      : 'disabled';
  return (
    <>
      {destination.enabled && stats.data === undefined ? (
        stats.isPending && <Skeleton height={20} width={84} radius="xl" />
      ) : (
        <StatusBadge state={state} of="destination" />
      )}
      {environmentsOf(source?.labels).map((value) => (
        <Chip key={value} tone={isProduction(source?.labels) ? 'info' : 'neutral'}>
          {value}
        </Chip>
      ))}
      {destination.paused !== undefined && <Chip tone="warn">Paused</Chip>}
      {destination.rehearsal !== undefined && <Chip tone="warn">Outage rehearsed</Chip>}
    </>
  );
}

/** What keeps events away, in a sentence each, on every page of the destination. */
function Notes({ destination, type, source, base }: LoadedDestination & { base: string }) {
  const labels = destination.missingSettings.map((key) => type?.settings.find((one) => one.key === key)?.label ?? key);
  const notes = [
    !destination.enabled && labels.length > 0 && (
      <>
        It cannot be enabled yet: {labels.join(', ')} {labels.length === 1 ? 'is' : 'are'} missing.{' '}
        <TextLink to={`${base}/settings`}>Open settings</TextLink>
      </>
    ),
    destination.paused !== undefined && (
      <>
        {destination.paused.by === 'failing' ? 'Paused because it kept failing' : 'Paused by hand'} since{' '}
        {shortTime(destination.paused.since)}. Events are kept, and can be replayed.{' '}
        <TextLink to={`${base}/settings`}>Resume in settings</TextLink>
      </>
    ),
    destination.rehearsal !== undefined && (
      <>
        An outage is rehearsed until {shortTime(destination.rehearsal.until)}: Tributary answers{' '}
        {destination.rehearsal.status} in the tool’s place, and nothing is sent.{' '}
        <TextLink to={`${base}/settings`}>End it in settings</TextLink>
      </>
    ),
    source?.enabled === false && <>Its source {source.name} is disabled: no events come.</>,
  ].filter((note) => note !== false);
  if (notes.length === 0) return null;
  return (
    <Alert mb="md" py="xs" color="yellow" icon={<IconInfoCircle size={18} />} role="note">
      {notes.map((note, index) => (
        <Text key={index} size="sm" component="div">
          {note}
        </Text>
      ))}
    </Alert>
  );
}
