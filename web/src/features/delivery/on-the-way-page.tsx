import { Group, Skeleton, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconChevronRight, IconMinus, IconPower } from '@tabler/icons-react';
import { useAll, useCall } from '../../api/calls.ts';
import { Count } from '../../ui/count.tsx';
import { counted } from '../../ui/format.ts';
import { AppLink } from '../../ui/link.tsx';
import { Failed } from '../../ui/states.tsx';
import { AsOf } from '../../ui/time.tsx';
import { PeriodControl, usePeriod } from './period.tsx';
import { type Destination, useDestination } from './use-destination.ts';
import { FILTER_REASONS, keptBy, type WayStep, wayOf } from './way.ts';
import classes from './way.module.css';

const ICONS = { active: IconCheck, idle: IconMinus, off: IconPower, alert: IconAlertTriangle } as const;
const WORDS = { active: 'Active', idle: 'Nothing set', off: 'Switched off', alert: 'Look here' } as const;

/** Everything between a source and a destination, in the order in which an event meets it, with what each kept back and where it is changed. */
export function OnTheWayPage() {
  const { asked, destination } = useDestination();
  if (asked.isError) return <Failed what="The destination" error={asked.error} onRetry={() => void asked.refetch()} />;
  if (destination === undefined) return <Ghost />;
  return <Way destination={destination} />;
}

function Way({ destination }: { destination: Destination }) {
  const { source, mappings, workspace } = useDestination();
  const period = usePeriod(destination.createdAt);
  const path = { destinationId: destination.id };
  const filters = useAll('listFiltersFromDestination', 'filters', { path });
  const delivery = useCall(
    'getDestinationDelivery',
    { path, query: period.query },
    { everyMs: period.everyMs, keep: true },
  );
  const schema = { path: { sourceId: destination.sourceId } };
  const blocked = useCall('getSourceSchema', { ...schema, query: { type: 'TRACK', show: 'BLOCKED' } });
  const withheld = useCall('getSourceSchema', { ...schema, query: { type: 'TRACK', show: 'WITHHELD' } });
  const failed = [filters, delivery].find(({ isError }) => isError);
  if (failed !== undefined) {
    return <Failed what="The way of events" error={failed.error} onRetry={() => void failed.refetch()} />;
  }
  if (source === undefined || mappings === undefined || filters.data === undefined) return <Ghost />;
  const steps = wayOf({
    source,
    destination,
    filters: filters.data,
    mappings,
    delivery: delivery.data,
    blockedNames: blocked.data?.keys.length,
    withheldNames: withheld.data?.keys.filter(({ withheldFrom }) => withheldFrom.includes(destination.id)).length,
  });
  const together = steps.some(({ group, kept }) => group === 'Filters' && kept === undefined)
    ? keptBy(delivery.data, 'FILTERED_AT_DESTINATION', FILTER_REASONS)
    : undefined;
  const delivered = delivery.data?.steps.find(({ step }) => step === 'SUCCESSFUL_DELIVERY')?.count;
  return (
    <div>
      <Group justify="space-between" mb="md" gap="sm">
        <PeriodControl period={period} />
        <AsOf at={delivery.data?.asOf} />
      </Group>
      <p className={classes['end']}>
        <b>{source.name}</b>
        {delivery.data !== undefined && <> sent {counted(delivery.data.received, 'event')}</>}
      </p>
      {[...Map.groupBy(steps, ({ group }) => group)].map(([group, entries]) => (
        <section key={group} aria-label={group} className={classes['group']}>
          <Title order={2} className={classes['groupTitle']}>
            {group}
            {group === 'Filters' && together !== undefined && `: ${counted(together, 'event')} kept back together`}
          </Title>
          <ol className={classes['steps']}>
            {entries.map((step) => (
              <Step key={step.id} step={step} workspace={workspace} isLoading={delivery.data === undefined} />
            ))}
          </ol>
        </section>
      ))}
      <p className={classes['end']}>
        <b>{destination.name}</b>
        {delivered !== undefined && <> took {counted(delivered, 'send')}, each an event for one mapping</>}
      </p>
    </div>
  );
}

function Step({ step, workspace, isLoading }: { step: WayStep; workspace: string; isLoading: boolean }) {
  const { title, text, state, kept, keptUnit, to, search } = step;
  const Icon = ICONS[state];
  const content = (
    <>
      <span className={classes['icon']} data-state={state} title={WORDS[state]}>
        <Icon size={14} aria-hidden="true" />
      </span>
      <span className={classes['words']}>
        <span className={classes['title']}>
          {title}
          {state === 'off' && <span className={classes['off']}>Switched off</span>}
        </span>
        <span className={classes['text']}>{text}</span>
      </span>
      <span className={classes['kept']} data-some={kept !== undefined && kept > 0}>
        {isLoading && kept === undefined ? (
          ''
        ) : kept === undefined ? (
          <span title="Counted together with others">–</span>
        ) : (
          <>
            <Count value={kept} /> {keptUnit === 'sends' ? 'given up' : 'kept back'}
          </>
        )}
      </span>
      <span className={classes['arrow']}>{to !== undefined && <IconChevronRight size={16} aria-hidden="true" />}</span>
    </>
  );
  return (
    <li className={classes['step']} data-state={state}>
      {to === undefined ? (
        <div className={classes['row']}>{content}</div>
      ) : (
        <AppLink
          to={`/${workspace}${to}`}
          {...(search !== undefined && { search })}
          className={`${classes['row']} ${classes['link']}`}
        >
          {content}
        </AppLink>
      )}
    </li>
  );
}

function Ghost() {
  return (
    <div role="status" aria-label="Loading the way of events" data-face="loading">
      <Skeleton height={30} width={420} mb="lg" />
      {Array.from({ length: 3 }, (_, index) => (
        <div key={index}>
          <Skeleton height={16} width={120} mb="xs" />
          <Skeleton height={180} radius="lg" mb="lg" />
        </div>
      ))}
      <Text size="xs" c="dimmed">
        Loading
      </Text>
    </div>
  );
}
