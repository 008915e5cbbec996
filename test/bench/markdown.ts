import { CELL_NAMES, CELLS, type CellName } from './cost/cells.ts';
import { callsByService } from './cost/measure-cost.ts';
import type { Line } from './cost/price-run.ts';
import type { Figures } from './figures.ts';

/** Lines of the bill that are worth showing: the others are summed up. */
const LINES_SHOWN_FROM_USD = 0.01;

/** The figures as tables for README.md and docs/cost.md. Ratios, counts and dollars; no times of this machine. */
export const markdownOf = (figures: Figures): string =>
  [
    costTable(figures),
    dedupTable(figures),
    monthTable(figures),
    callTable(figures),
    billTable(figures),
    sizeTable(figures),
    ratioTable(figures),
  ]
    .filter((text) => text !== undefined)
    .join('\n\n');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, index) => (index === 0 ? '---' : '--:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

const usd = (value: number): string => `$${value.toFixed(2)}`;

function costTable({ cost, costTrickle, costBatching }: Figures): string | undefined {
  if (cost === undefined || costTrickle === undefined || costBatching === undefined) return undefined;
  const name = (cell: CellName) => {
    const { eventsPerRequest, destinations } = CELLS[cell];
    return `${eventsPerRequest} a request, ${destinations} destination${destinations === 1 ? '' : 's'}`;
  };
  const rows = CELL_NAMES.map((cell) => [name(cell), usd(cost[cell]), usd(costBatching[cell]), usd(costTrickle[cell])]);
  return table(['a million events', 'full batches', 'full, destinations take batches', '5 requests/s'], rows);
}

function dedupTable({ costByDedup }: Figures): string | undefined {
  if (costByDedup === undefined) return undefined;
  const row = (name: string, { full, batching, trickle }: { full: number; batching: number; trickle: number }) => [
    name,
    usd(full),
    usd(batching),
    usd(trickle),
  ];
  const { device, event } = costByDedup;
  return table(
    [
      '20 a request, 3 destinations, by what finds repeats',
      'full batches',
      'full, destinations take batches',
      '5 requests/s',
    ],
    [row('websites and mobile apps: by device', device), row('servers: an exact claim for each messageId', event)],
  );
}

function monthTable({ month }: Figures): string | undefined {
  if (month === undefined) return undefined;
  const whole = (events: string) => (events === 'idle' ? 'none' : Number(events).toLocaleString('en'));
  // Number-like keys come first in an object: idle is put before them here.
  const entries = Object.entries(month).toSorted(([a], [b]) => (Number(a) || 0) - (Number(b) || 0));
  const rows = entries.map(([events, { full, trickle }]) => [whole(events), usd(full), usd(trickle)]);
  return table(['events a month (20 a request, 3 destinations)', 'in full batches', 'evenly, 5 requests/s'], rows);
}

function callTable({ calls }: Figures): string | undefined {
  if (calls === undefined) return undefined;
  const full = callsByService(calls.full);
  const trickle = callsByService(calls.trickle);
  const rows = ['sqs', 'dynamodb', 'lambda'].map((name) => [
    name,
    (full[name] ?? 0).toFixed(0),
    (trickle[name] ?? 0).toFixed(0),
  ]);
  return table(['calls for 1,000 events (20 a request, 3 destinations)', 'full batches', '5 requests/s'], rows);
}

function billTable({ costLines }: Figures): string | undefined {
  if (costLines === undefined) return undefined;
  const of = (lines: readonly Line[], name: string) => lines.find(({ line }) => line === name)?.usd ?? 0;
  const { full, trickle } = costLines;
  const shown = [...full, ...trickle].filter(({ usd: dollars }) => dollars >= LINES_SHOWN_FROM_USD);
  const byName = new Map(shown.map(({ line, basis }) => [line, basis]));
  const rows = [...byName].map(([name, basis]) => [
    name,
    basis,
    of(full, name).toFixed(3),
    of(trickle, name).toFixed(3),
  ]);
  const rest = (lines: readonly Line[]) =>
    lines.filter(({ line }) => !byName.has(line)).reduce((sum, { usd: dollars }) => sum + dollars, 0);
  const total = (lines: readonly Line[]) => lines.reduce((sum, { usd: dollars }) => sum + dollars, 0);
  return table(
    ['dollars a million events (20 a request, 3 destinations)', 'basis', 'full batches', '5 requests/s'],
    [
      ...rows,
      ['all lines below a cent', '', rest(full).toFixed(3), rest(trickle).toFixed(3)],
      ['**sum**', '', `**${total(full).toFixed(3)}**`, `**${total(trickle).toFixed(3)}**`],
    ],
  );
}

function sizeTable({ sizes }: Figures): string | undefined {
  if (sizes === undefined) return undefined;
  const rows = sizes.map(({ requests, usdPerMillion, calls }) => [
    String(requests),
    ...['sqs', 'dynamodb', 'lambda'].map((name) => (calls[name] ?? 0).toFixed(0)),
    `$${usdPerMillion.toFixed(3)}`,
  ]);
  return table(
    ['requests in the backlog', 'SQS', 'DynamoDB', 'Lambda calls for 1,000 events', 'a million events'],
    rows,
  );
}

function ratioTable({ cpu, coldStart, e2e, api, memoryMb }: Figures): string | undefined {
  const rows: string[][] = [];
  const times = (value: number) => `${value.toFixed(1)}x`;
  if (cpu !== undefined) {
    for (const [events, { ratio }] of Object.entries(cpu.ingest)) {
      rows.push([`ingest, CPU an event at ${events} a request`, 'reading and writing its JSON', times(ratio)]);
    }
    rows.push([
      'route, CPU an event at 20 a request, 3 destinations',
      'reading and writing its JSON',
      times(cpu.route.ratio),
    ]);
    rows.push(['deliver, CPU a webhook request', "the same request by Node's HTTP client", times(cpu.deliver.ratio)]);
  }
  for (const [name, { ratio }] of Object.entries(coldStart ?? {})) {
    rows.push([`cold start of ${name} to its first answer, CPU`, 'an empty Node', times(ratio)]);
  }
  for (const name of ['reads', 'writes'] as const) {
    if (api === undefined) continue;
    rows.push([`API at 20 requests/s, ${name}, median`, 'a bare HTTP round trip', times(api[name].p50Ratio)]);
    rows.push([`API at 20 requests/s, ${name}, p99`, 'a bare HTTP round trip', times(api[name].p99Ratio)]);
  }
  if (e2e !== undefined) {
    rows.push([
      'local cloud, accepted to delivered, median',
      'a bare HTTP round trip',
      times(e2e.acceptToSinkP50Ratio),
    ]);
    rows.push(['local cloud, accepted to delivered, p99', 'a bare HTTP round trip', times(e2e.acceptToSinkP99Ratio)]);
    rows.push(['local cloud, events delivered at 20 a request', 'bare requests', times(e2e.batchedRateRatio)]);
  }
  if (memoryMb.localCloudAfterLoad !== undefined) {
    rows.push(['local cloud with all functions after load', 'MB', String(memoryMb.localCloudAfterLoad)]);
  }
  return rows.length === 0 ? undefined : table(['what', 'over', 'ratio'], rows);
}
