import { Button, Group, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconBell, IconDownload } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { type DataOf, useCall, useWorkspaceSlug } from '../../api/calls.ts';
import { TimeSeries } from '../../ui/charts/time-series.tsx';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import type { Column } from '../../ui/data-table/types.ts';
import { dollars, exact, percent } from '../../ui/format.ts';
import { Can } from '../../ui/locked.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { oneOf, text, useParam } from '../../ui/search-params.ts';
import { DocLink, Failed, Waiting } from '../../ui/states.tsx';
import { AsOf } from '../../ui/time.tsx';
import { AppLink } from '../../ui/link.tsx';
import { CostSection } from './cost-section.tsx';
import { csvOf } from '../../ui/csv.ts';
import { saveFile } from '../../ui/save-file.ts';
import { byDay, monthWords, periods } from './months.ts';
import { MonthTile } from './month-tile.tsx';
import classes from './usage.module.css';

const MEASURES = ['calls', 'users'] as const;
const POLL_MS = 60_000;

type Usage = DataOf<'getUsage'>;
type SourceUsage = Usage['sources'][number];

/** What a month used and cost (I08): calls, tracked users, dollars, by source and day, and where the month is heading. */
export function UsagePage() {
  return (
    <Can right="usage.read" what="usage and cost">
      <UsageOfMonth />
    </Can>
  );
}

function UsageOfMonth() {
  const workspace = useWorkspaceSlug() ?? '';
  const [all] = useState(() => periods(Date.now()));
  const [chosen, setMonth] = useParam('month', text);
  const present = all[0] ?? '';
  const period = all.find((one) => one === chosen) ?? present;
  const isPresent = period === present;
  const [measure = 'calls', setMeasure] = useParam('measure', oneOf(...MEASURES));
  const usage = useCall('getUsage', { query: { period } }, { keep: true, everyMs: POLL_MS });
  const cost = useCall('getUsageCost', { query: { period } }, { keep: true });
  const forecast = useCall('getUsageForecast', { query: {} }, { enabled: isPresent });
  // Before the first count of a month its numbers are none, not 0.
  const isCounted = usage.data?.asOf !== null;
  return (
    <Page
      title="Usage and cost"
      about={
        <>
          API calls, tracked users and dollars of a calendar month, in UTC. <DocLink page="usage">What counts</DocLink>
        </>
      }
      actions={
        <>
          <AsOf at={usage.data?.asOf ?? undefined} />
          <Select
            aria-label="Month"
            size="xs"
            w={170}
            value={period}
            data={all.map((value) => ({ value, label: monthWords(value) }))}
            onChange={(value) => setMonth(value === present || value === null ? undefined : value)}
            allowDeselect={false}
          />
          <Button
            size="xs"
            variant="default"
            leftSection={<IconBell size={14} aria-hidden="true" />}
            renderRoot={(props: object) => (
              <AppLink to={`/${workspace}/settings/alerts`} search={{ new: 'usage' }} {...props} />
            )}
          >
            Alert me
          </Button>
        </>
      }
    >
      {usage.isPending ? (
        <div data-face="loading">
          <Waiting what="usage" lines={4} height={90} />
        </div>
      ) : usage.isError ? (
        <Failed what="Usage" error={usage.error} onRetry={() => void usage.refetch()} />
      ) : (
        <Stack gap="xl">
          {usage.data.asOf === null && (
            <Text size="sm" className={classes.notice} role="status">
              Nothing is counted for {monthWords(period)} yet.{' '}
              {isPresent
                ? 'Usage is counted a few minutes after each full hour; what came since then is on the overview.'
                : ''}
            </Text>
          )}
          <SimpleGrid cols={{ base: 1, sm: 3 }}>
            <MonthTile
              label="API calls"
              value={isCounted ? exact(Number(usage.data.apiCalls)) : '–'}
              forecast={
                isPresent && forecast.data?.asOf != null
                  ? {
                      value: exact(Number(forecast.data.apiCalls.forecast)),
                      span: `${exact(Number(forecast.data.apiCalls.low))} to ${exact(Number(forecast.data.apiCalls.high))}`,
                      method: forecast.data.apiCalls.method,
                    }
                  : undefined
              }
              history={usage.data.months.map(({ apiCalls }) => Number(apiCalls))}
            />
            <MonthTile
              label="Tracked users"
              value={isCounted ? exact(Number(usage.data.trackedUsers.total)) : '–'}
              note={
                !isCounted
                  ? undefined
                  : usage.data.trackedUsers.isExact
                    ? `${exact(Number(usage.data.trackedUsers.identified))} identified, ${exact(Number(usage.data.trackedUsers.neverIdentified))} anonymous`
                    : `± ${percent(usage.data.trackedUsers.standardError)}: an estimate above 262,144 ids`
              }
              forecast={
                isPresent && forecast.data?.asOf != null
                  ? {
                      value: exact(Number(forecast.data.trackedUsers.forecast)),
                      span: `${exact(Number(forecast.data.trackedUsers.low))} to ${exact(Number(forecast.data.trackedUsers.high))}`,
                      method: forecast.data.trackedUsers.method,
                    }
                  : undefined
              }
              history={usage.data.months.map(({ trackedUsers }) => Number(trackedUsers))}
            />
            <MonthTile
              label="Cost"
              value={cost.data === undefined ? '…' : isCounted ? dollars(cost.data.dollars) : '–'}
              note={costNote(usage.data, cost.data)}
              forecast={
                isPresent && forecast.data?.asOf != null
                  ? {
                      value: dollars(forecast.data.dollars.forecast),
                      span: `${dollars(forecast.data.dollars.low)} to ${dollars(forecast.data.dollars.high)}`,
                      method: forecast.data.dollars.method,
                    }
                  : undefined
              }
            />
          </SimpleGrid>
          <Section
            title="By day and source"
            actions={
              <Select
                aria-label="Measure"
                size="xs"
                w={150}
                value={measure}
                data={[
                  { value: 'calls', label: 'API calls' },
                  { value: 'users', label: 'New tracked users' },
                ]}
                onChange={(value) => setMeasure(value === 'users' ? 'users' : undefined)}
                allowDeselect={false}
              />
            }
          >
            <DailyChart usage={usage.data} measure={measure} />
          </Section>
          <BySource usage={usage.data} period={period} workspace={workspace} />
          {cost.isError ? (
            <Failed what="Cost" error={cost.error} onRetry={() => void cost.refetch()} />
          ) : (
            cost.data !== undefined && <CostSection cost={cost.data} workspace={workspace} />
          )}
        </Stack>
      )}
    </Page>
  );
}

function costNote(usage: Usage, cost: DataOf<'getUsageCost'> | undefined): string {
  const calls = Number(usage.apiCalls);
  if (cost === undefined || calls === 0) return 'At list prices, without free tier';
  return `${dollars((cost.dollars / calls) * 1e6)} a million calls, at list prices`;
}

function DailyChart({ usage, measure }: { usage: Usage; measure: (typeof MEASURES)[number] }) {
  const series = useMemo(
    () =>
      usage.sources
        .filter(({ apiCalls }) => Number(apiCalls) > 0)
        .map(({ sourceId, sourceName, daily }) => ({
          id: sourceId,
          label: sourceName ?? 'Deleted source',
          points: byDay(daily, measure === 'calls' ? 'apiCalls' : 'trackedUsers'),
        })),
    [usage.sources, measure],
  );
  return (
    <TimeSeries
      label={measure === 'calls' ? 'API calls by day' : 'New tracked users by day'}
      kind="bars"
      stacked
      series={series}
      unit={measure === 'calls' ? 'API calls' : 'users'}
      timeZone="UTC"
      empty="Nothing was counted in this month"
    />
  );
}

function BySource({ usage, period, workspace }: { usage: Usage; period: string; workspace: string }) {
  const total = Number(usage.apiCalls);
  const columns: Column<SourceUsage>[] = [
    {
      id: 'source',
      title: 'Source',
      isMain: true,
      sort: ({ sourceName }) => sourceName ?? '',
      cell: ({ sourceId, sourceName }) =>
        sourceName === null ? (
          <Text size="sm" c="dimmed">
            Deleted source
          </Text>
        ) : (
          <Link to="/$workspace/sources/$sourceId/overview" params={{ workspace, sourceId }} className={classes.link}>
            {sourceName}
          </Link>
        ),
    },
    {
      id: 'calls',
      title: 'API calls',
      align: 'right',
      sort: ({ apiCalls }) => Number(apiCalls),
      cell: ({ apiCalls }) => exact(Number(apiCalls)),
    },
    {
      id: 'share',
      title: 'Share',
      align: 'right',
      sort: ({ apiCalls }) => Number(apiCalls),
      cell: ({ apiCalls }) => (total === 0 ? '–' : percent(Number(apiCalls) / total)),
    },
    {
      id: 'users',
      title: 'Tracked users',
      align: 'right',
      sort: ({ trackedUsers }) => Number(trackedUsers.total),
      cell: ({ trackedUsers }) => exact(Number(trackedUsers.total)),
    },
    {
      id: 'identified',
      title: 'Identified',
      align: 'right',
      sort: ({ trackedUsers }) => Number(trackedUsers.identified),
      cell: ({ trackedUsers }) => exact(Number(trackedUsers.identified)),
    },
  ];
  return (
    <Section
      title="By source"
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden="true" />}
          onClick={() =>
            saveFile(
              `usage-${period}.csv`,
              csvOf([
                ['source id', 'source', 'day', 'api calls', 'tracked users'],
                ...usage.sources.flatMap(({ sourceId, sourceName, daily }) =>
                  daily.map((day) => [
                    sourceId,
                    sourceName ?? '',
                    day.timestamp.slice(0, 10),
                    day.apiCalls,
                    day.trackedUsers,
                  ]),
                ),
              ]),
            )
          }
        >
          Download CSV
        </Button>
      }
    >
      <DataTable
        label="usage by source"
        rows={usage.sources}
        columns={columns}
        keyOf={({ sourceId }) => sourceId}
        sortedBy="-calls"
        nothing="No source was used in this month"
      />
      <Group mt="xs">
        <Text size="xs" c="dimmed">
          {usage.throughput.perTrackedUser > 0
            ? `${exact(Math.round(usage.throughput.perTrackedUser * 10) / 10)} API calls a tracked user.`
            : ''}{' '}
          A person who uses two sources counts in each, and once in the total.
        </Text>
      </Group>
    </Section>
  );
}
