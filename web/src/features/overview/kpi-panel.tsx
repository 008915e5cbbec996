import { CloseButton, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useWorkspaceSlug } from '../../api/calls.ts';
import { toneColor } from '../../ui/charts/palette.ts';
import { TimeSeries } from '../../ui/charts/time-series.tsx';
import { compact, duration, percent } from '../../ui/format.ts';
import { AppLink, TextLink } from '../../ui/link.tsx';
import { Logo } from '../../ui/logo.tsx';
import { stateOf } from '../../ui/state.ts';
import { StatusBadge } from '../../ui/status.tsx';
import { byConnection, bySource, type Ranked } from './flow.ts';
import type { TileId } from './kpi.ts';
import own from './kpi.module.css';
import classes from './overview.module.css';
import type { Overview } from './overview.ts';

/** Lines of a list of the worst; the whole list is on the page that the link leads to. */
const WORST_MAX = 7;
const CHART_PX = 190;

type Behind = {
  title: string;
  list: string;
  none: string;
  more: { to: string; label: string };
  rows: (overview: Overview) => Ranked[];
  format: (value: number) => string;
  bar: string;
};

const BEHIND: Readonly<Record<Exclude<TileId, 'failing' | 'violations'>, Behind>> = {
  received: {
    title: 'Events received',
    list: 'By source',
    none: 'No source sent anything in this range.',
    more: { to: 'sources', label: 'All sources' },
    rows: bySource,
    format: compact,
    bar: toneColor('neutral'),
  },
  delivered: {
    title: 'Sends that ended',
    list: 'Failed tries by destination',
    none: 'No try failed in this range.',
    more: { to: 'destinations', label: 'All destinations' },
    rows: (overview) => byConnection(overview, ({ failedShare }) => failedShare),
    format: percent,
    bar: toneColor('bad'),
  },
  latency: {
    title: '95 of 100 sends take at most',
    list: 'Slowest destinations',
    none: 'Nothing was delivered in this range.',
    more: { to: 'destinations', label: 'All destinations' },
    rows: (overview) => byConnection(overview, ({ p95Ms }) => p95Ms),
    format: duration,
    bar: toneColor('warn'),
  },
};

/** What is behind a number of the head: its course, and the list of what weighs most in it. */
export function KpiPanel({
  tile,
  overview,
  id,
  onClose,
}: {
  tile: TileId;
  overview: Overview;
  id: string;
  onClose: () => void;
}) {
  const workspace = useWorkspaceSlug() ?? '';
  const behind = tile === 'failing' || tile === 'violations' ? undefined : BEHIND[tile];
  const title = behind?.title ?? 'Sends that were lost';
  const { series, from, asOf } = overview;
  const lines = useMemo(() => linesOf(tile, series, from), [tile, series, from]);
  return (
    <section id={id} className={classes['panel']} aria-label={title}>
      <div className={own['panelPart']}>
        <div className={own['panelHead']}>
          <Text size="sm" fw={600}>
            {title}
          </Text>
        </div>
        <TimeSeries
          label={title}
          series={lines}
          kind={tile === 'latency' ? 'line' : tile === 'received' ? 'area' : 'bars'}
          height={CHART_PX}
          {...(tile === 'latency' ? { format: duration } : { unit: tile === 'received' ? 'events' : 'sends' })}
          asOf={asOf}
          empty={behind === undefined ? 'No send was lost in this range' : 'Nothing in this range'}
        />
      </div>
      <div className={own['panelPart']}>
        <div className={own['panelHead']}>
          <Text size="sm" fw={600}>
            {behind?.list ?? 'What does not work'}
          </Text>
          <span style={{ display: 'flex', gap: 6, alignItems: 'center' }}>
            <TextLink to={`/${workspace}/${behind?.more.to ?? 'health'}`}>
              {behind?.more.label ?? 'Open Health'}
            </TextLink>
            <CloseButton size="sm" aria-label="Close" onClick={onClose} />
          </span>
        </div>
        {behind === undefined ? (
          <Problems overview={overview} workspace={workspace} />
        ) : (
          <Worst behind={behind} rows={behind.rows(overview).slice(0, WORST_MAX)} workspace={workspace} />
        )}
      </div>
    </section>
  );
}

function Worst({ behind, rows, workspace }: { behind: Behind; rows: readonly Ranked[]; workspace: string }) {
  const top = Math.max(0, ...rows.map(({ value }) => value));
  if (rows.length === 0) return <div className={classes['none']}>{behind.none}</div>;
  return (
    <ul className={own['worst']} aria-label={behind.list}>
      {rows.map(({ id, kind, name, type, value }) => (
        <li key={id}>
          <AppLink
            to={`/${workspace}/${kind === 'source' ? `sources/${id}/overview` : `destinations/${id}/delivery`}`}
            className={own['worstRow']}
          >
            <Logo slug={type} name={name} size={22} />
            <Text size="sm" truncate>
              {name}
            </Text>
            <span className="numbers">{behind.format(value)}</span>
            <span className={own['worstBar']}>
              <span style={{ width: `${top > 0 ? (value / top) * 100 : 0}%`, background: behind.bar }} />
            </span>
          </AppLink>
        </li>
      ))}
    </ul>
  );
}

/** What fails entirely before what fails at times, each by how much. */
function Problems({ overview, workspace }: { overview: Overview; workspace: string }) {
  const shares = new Map(overview.connections.map(({ destinationId, failedShare }) => [destinationId, failedShare]));
  const rows = [
    ...overview.destinations.map((one) => ({ ...one, kind: 'destination' as const })),
    ...overview.sources.map((one) => ({ ...one, kind: 'source' as const })),
  ]
    .filter(({ state }) => state === 'FAILING' || state === 'DEGRADED')
    .toSorted(
      (a, b) =>
        Number(b.state === 'FAILING') - Number(a.state === 'FAILING') ||
        (shares.get(b.id) ?? 0) - (shares.get(a.id) ?? 0),
    );
  if (rows.length === 0) return <div className={classes['none']}>Everything that is connected works.</div>;
  return (
    <ul className={own['worst']} aria-label="What does not work">
      {rows.slice(0, WORST_MAX).map(({ id, kind, name, type, state }) => (
        <li key={id}>
          <AppLink
            to={`/${workspace}/${kind === 'source' ? `sources/${id}/overview` : `destinations/${id}/delivery`}`}
            className={own['worstRow']}
          >
            <Logo slug={type.slug} name={name} size={22} />
            <Text size="sm" truncate>
              {name}
            </Text>
            <span style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
              {kind === 'destination' && <span className="numbers">{percent(shares.get(id) ?? 0)} failed</span>}
              <StatusBadge state={stateOf(state)} of={kind} size="sm" />
            </span>
          </AppLink>
        </li>
      ))}
    </ul>
  );
}

function linesOf(tile: TileId, series: Overview['series'], from: string) {
  const begin = Date.parse(from);
  // Nothing but zeros is no chart: the page says so in words.
  const points = (values: readonly (number | null)[]) =>
    (values.some((value) => (value ?? 0) > 0) ? values : []).flatMap((value, step) =>
      value === null ? [] : [{ at: begin + step * series.stepSeconds * 1_000, value }],
    );
  if (tile === 'received')
    return [{ id: 'received', label: 'Received', color: toneColor('neutral'), points: points(series.received) }];
  if (tile === 'latency') return [{ id: 'p95', label: 'P95', color: toneColor('warn'), points: points(series.p95Ms) }];
  const failed = { id: 'failed', label: 'Lost', color: toneColor('bad'), points: points(series.failed) };
  if (tile !== 'delivered') return [failed];
  return [{ id: 'delivered', label: 'Delivered', color: toneColor('good'), points: points(series.delivered) }, failed];
}
