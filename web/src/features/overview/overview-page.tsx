import { ActionIcon, Button, Group, SegmentedControl, Title } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { lazy, Suspense, useId, useMemo } from 'react';
import { useEnvironment } from '../../app/environment-filter.tsx';
import { useMay, useMe, useWorkspace } from '../../api/me.ts';
import { appConfig } from '../../app/config.ts';
import { NotAllowed } from '../../ui/locked.tsx';
import { Page } from '../../ui/page.tsx';
import { oneOf, text, useParam } from '../../ui/search-params.ts';
import { Empty, Failed } from '../../ui/states.tsx';
import { AsOf } from '../../ui/time.tsx';
import { type Range, rangeText, TimeRange } from '../../ui/time-range.tsx';
import { NoSourcesYet, OverviewGhost, WithoutCounts } from './faces.tsx';
import { useFavourites } from './favourites.ts';
import { FavouritesBox } from './favourites-box.tsx';
import { problemsOf, SHOWN, type Shown } from './flow.ts';
import { KpiStrip } from './kpi-strip.tsx';
import { TILES, tilesOf } from './kpi.ts';
import { LiveGraph } from './live-graph.tsx';
import classes from './overview.module.css';
import type { Overview } from './overview.ts';
import { RecentChanges } from './recent-changes.tsx';
import { withRates } from './rates.ts';
import { StartChecklist } from './start-checklist.tsx';
import { useChecklist } from './use-checklist.ts';
import { OVERVIEW_RANGES, useNodes, useOverview, useOverviewRange } from './use-overview.ts';
import { Hint } from '../../ui/hint.tsx';

const KpiPanel = lazy(async () => ({ default: (await import('./kpi-panel.tsx')).KpiPanel }));
const ConnectionDrawer = lazy(async () => ({ default: (await import('./connection-drawer.tsx')).ConnectionDrawer }));

/** From so many destinations on there is a choice of what the graph shows. */
const CHOICE_FROM = 6;
/** The workspace that `npm start` plays a shop in. */
const DEMO_SLUG = 'demo';

/** What is connected, what flows, what fails: the first page of a workspace (A02, A05 to A09). */
export function OverviewPage() {
  const { range, setRange, createdAt } = useOverviewRange();
  const overview = useOverview(range);
  const may = useMay('source.read');
  const workspace = useWorkspace();
  const answer = overview.data;
  const data = useMemo(() => answer && withRates(answer, createdAt), [answer, createdAt]);
  if (workspace !== undefined && !may) {
    return (
      <Page title="Overview">
        <NotAllowed right="source.read" what="what is connected here" />
      </Page>
    );
  }
  const isEmpty = data?.sources.length === 0;
  return (
    <Page
      title="Overview"
      actions={
        !(isEmpty && data.destinations.length === 0) && (
          <>
            <Group gap={2} wrap="nowrap">
              <AsOf at={data?.asOf} />
              {data !== undefined && (
                <Hint label="Refresh">
                  <ActionIcon
                    size="sm"
                    aria-label="Refresh"
                    loading={overview.isFetching && overview.isPlaceholderData}
                    onClick={() => void overview.refetch()}
                  >
                    <IconRefresh size={14} />
                  </ActionIcon>
                </Hint>
              )}
            </Group>
            <TimeRange value={range ?? '24h'} onChange={(next) => setRange(next as '1h')} ranges={OVERVIEW_RANGES} />
          </>
        )
      }
    >
      {data === undefined || range === undefined ? (
        overview.isError ? (
          <>
            <Failed what="The overview" error={overview.error} onRetry={() => void overview.refetch()} />
            <WithoutCounts />
          </>
        ) : (
          <OverviewGhost />
        )
      ) : (
        <Loaded overview={data} range={range} createdAt={createdAt} />
      )}
    </Page>
  );
}

/** The demo's workspace, where there is one and it is another than the one that is open. */
function useDemo(): string | undefined {
  const open = useWorkspace()?.slug;
  const has = useMe().data?.workspaces.some(({ slug }) => slug === DEMO_SLUG) === true;
  return appConfig().edition === 'local' && has && open !== DEMO_SLUG ? DEMO_SLUG : undefined;
}

type LoadedProps = { overview: Overview; range: Range; createdAt: string | undefined };

function Loaded({ overview, range, createdAt }: LoadedProps) {
  const [environment, setEnvironment] = useEnvironment();
  const [tile, setTile] = useParam('tile', oneOf(...TILES));
  const [shown = 'all', setShown] = useParam<Shown>('show', oneOf(...SHOWN), { replace: true });
  const checklist = useChecklist(overview);
  const favourites = useFavourites();
  const mayReadTrail = useMay('audit.read');
  const demo = useDemo();
  const panelId = useId();
  const problems = problemsOf(overview);
  if (checklist === undefined) return <OverviewGhost />;
  const list = checklist !== 'none' && (
    <StartChecklist steps={checklist.steps} demo={demo} onDismiss={checklist.dismiss} />
  );
  if (overview.sources.length === 0) {
    if (environment !== undefined) {
      return (
        <Empty
          title={`No source is in the environment ${environment}`}
          action={<Button onClick={() => setEnvironment(undefined)}>Show all environments</Button>}
        />
      );
    }
    return (
      <>
        {list}
        <NoSourcesYet demo={demo} isTold={checklist !== 'none'} />
      </>
    );
  }
  return (
    <>
      {list}
      <KpiStrip
        tiles={tilesOf(overview, createdAt)}
        rangeText={rangeText(range)}
        open={tile}
        onOpen={setTile}
        panelId={panelId}
      />
      {tile !== undefined && (
        <Suspense fallback={<div className={classes['panel']} style={{ minHeight: 290 }} />}>
          <KpiPanel tile={tile} overview={overview} id={panelId} onClose={() => setTile(undefined)} />
        </Suspense>
      )}
      <div className={classes['toolbar']}>
        <Title order={2}>Connections</Title>
        {overview.destinations.length >= CHOICE_FROM && (
          <SegmentedControl
            size="xs"
            aria-label="Connections shown"
            value={shown}
            onChange={(next) => setShown(next === 'all' ? undefined : next)}
            data={[
              { value: 'all', label: 'All' },
              { value: 'active', label: 'Active' },
              { value: 'problems', label: problems === 0 ? 'Problems' : `Problems ${problems}` },
            ]}
            transitionDuration={0}
          />
        )}
      </div>
      <LiveGraph overview={overview} range={range} shown={shown} favourites={favourites} />
      <div className={classes['below']}>
        <FavouritesBox overview={overview} ids={favourites.ids} onToggle={favourites.toggle} />
        {mayReadTrail && <RecentChanges />}
      </div>
      <OpenConnection overview={overview} range={range} />
    </>
  );
}

/** The drawer of the connection that the address names. */
function OpenConnection({ overview, range }: { overview: Overview; range: Range }) {
  const [id, setId] = useParam('connection', text);
  const nodes = useNodes(overview);
  const connection = overview.connections.find(({ destinationId }) => destinationId === id);
  const source = nodes.sources.get(connection?.sourceId ?? '');
  const destination = nodes.destinations.get(id ?? '');
  if (connection === undefined || source === undefined || destination === undefined) return null;
  return (
    <Suspense fallback={null}>
      <ConnectionDrawer
        source={source}
        destination={destination}
        connection={connection}
        range={range}
        onClose={() => setId(undefined)}
      />
    </Suspense>
  );
}
