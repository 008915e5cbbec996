import { inParallel } from '../../shared/aws/in-parallel.ts';
import type { Destination } from '../../shared/domain/workspace.ts';
import type { BreakerStore, OpenBreaker } from '../../shared/ports/breaker-store.ts';
import type { ControlStore, HeldLane } from '../../shared/ports/control-store.ts';
import type { FiringAlarm } from './firing-alarms.ts';
import { messagesIn, type QueueCounts, type Queues } from './queues.ts';

/** Calls under way at once. */
const READS_IN_FLIGHT_MAX = 10;

export type DiagnoseDeps = {
  control: Pick<ControlStore, 'listWorkspaces' | 'readConfig' | 'listHeldLanes'>;
  breakers: Pick<BreakerStore, 'get'>;
  countsOf: (queueUrl: string) => Promise<QueueCounts>;
  firing: () => Promise<FiringAlarm[]>;
};

export type Lane = { lane: number; counts: QueueCounts; holder?: HeldLane & { name?: string } };
export type Diagnosis = {
  queues: { name: string; counts: QueueCounts }[];
  lanes: Lane[];
  /** The least number of lanes that loses nothing: the first that is neither held nor filled, and all after it. */
  lanesMin: number;
  /** Enabled destinations that hold none of these lanes. */
  shared: Destination[];
  breakers: (OpenBreaker & { name: string })[];
  deadLetters: { name: string; counts: QueueCounts }[];
  firing: FiringAlarm[];
};

/** Reads how a deployment is: what waits where, who holds which lane, which breakers are open. Changes nothing. */
export async function diagnose(deps: DiagnoseDeps, queues: Queues): Promise<Diagnosis> {
  const held = await deps.control.listHeldLanes();
  const destinations = await allDestinations(deps.control);
  const names = new Map(destinations.map(({ id, name }) => [id, name]));
  const counted = async <T extends { url: string }>(items: readonly T[]) =>
    await inParallel(items, READS_IN_FLIGHT_MAX, async ({ url, ...rest }) => ({
      ...rest,
      counts: await deps.countsOf(url),
    }));

  const lanes = (await counted(queues.lanes.map((url, lane) => ({ url, lane })))).map(({ lane, counts }): Lane => {
    const holder = held.find((one) => one.lane === lane);
    const name = holder && names.get(holder.destinationId);
    return { lane, counts, ...(holder && { holder: { ...holder, ...(name !== undefined && { name }) } }) };
  });
  const needed = lanes.filter(({ holder, counts }) => holder !== undefined || messagesIn(counts) > 0);
  const open = await inParallel(destinations, READS_IN_FLIGHT_MAX, async ({ id, name }) => {
    const breaker = await deps.breakers.get(id);
    return breaker && { ...breaker, name };
  });
  return {
    queues: await counted([
      { name: 'intake', url: queues.intake },
      { name: 'shared lane', url: queues.sharedLane },
      { name: 'archive', url: queues.archive },
    ]),
    lanes,
    lanesMin: (needed.at(-1)?.lane ?? -1) + 1,
    shared: destinations.filter(
      ({ id, enabled }) => enabled && !lanes.some(({ holder }) => holder?.destinationId === id),
    ),
    breakers: open.filter((breaker) => breaker !== undefined),
    deadLetters: await counted(Object.entries(queues.deadLetters).map(([name, url]) => ({ name, url }))),
    firing: await deps.firing(),
  };
}

async function allDestinations(control: DiagnoseDeps['control']): Promise<Destination[]> {
  const workspaces = await control.listWorkspaces();
  const configs = await inParallel(workspaces, READS_IN_FLIGHT_MAX, ({ id }) => control.readConfig(id));
  return configs.flatMap((config) => config?.destinations.map(({ destination }) => destination) ?? []);
}

/** What a person reads, line by line. */
export function diagnosisLines(diagnosis: Diagnosis): string[] {
  const { queues, lanes, lanesMin, shared, breakers, deadLetters, firing } = diagnosis;
  const heldCount = lanes.filter(({ holder }) => holder !== undefined).length;
  return [
    ...listed('Alarms that are on', firing, firingText),
    '',
    ...table(
      ['queue', 'waiting', 'in flight', 'delayed'],
      queues.map(({ name, counts }) => [name, ...numbers(counts)]),
    ),
    '',
    `Lanes: ${lanes.length}, ${heldCount} held. The pool may shrink to ${lanesMin}${lanesMin < lanes.length ? ' (docs/deploy.md, "Fewer lanes")' : ''}.`,
    ...table(
      ['lane', 'waiting', 'in flight', 'delayed', 'holder'],
      lanes
        .filter(({ holder, counts }) => holder !== undefined || messagesIn(counts) > 0)
        .map(({ lane, counts, holder }) => [String(lane).padStart(2, '0'), ...numbers(counts), holderText(holder)]),
    ),
    ...listed(
      'On the shared lane, because no lane was free when they were last saved, or theirs is gone',
      shared,
      ({ id, name }) => `${name} (${id})`,
    ),
    '',
    ...listed('Open breakers', breakers, breakerText),
    // Its quota is behind an API that no SDK client of ours speaks to.
    'Concurrency: compare "accountConcurrency" of your settings with "Concurrent executions" of Lambda in Service Quotas.',
    `Dead-letter queues: ${deadLetters.map(({ name, counts }) => `${name} ${messagesIn(counts)}`).join(', ')}`,
  ];
}

const numbers = ({ waiting, inFlight, delayed }: QueueCounts): string[] => [waiting, inFlight, delayed].map(String);

function holderText(holder: Lane['holder']): string {
  if (holder === undefined) return 'nobody';
  return holder.name === undefined
    ? `${holder.destinationId}, which is not there`
    : `${holder.name} (${holder.destinationId})`;
}

const breakerText = ({
  name,
  destinationId,
  openedAt,
  cause,
  code,
  message,
  probeAt,
  probes,
}: Diagnosis['breakers'][number]): string =>
  `${name} (${destinationId}): ${cause} since ${openedAt}, ${code} ${message}; next probe ${probeAt}, ${probes} failed so far`;

const firingText = ({ name, since, description, reason }: FiringAlarm): string =>
  `${name} since ${since}: ${description} (${reason})`;

function listed<T>(title: string, items: readonly T[], text: (item: T) => string): string[] {
  return items.length === 0 ? [`${title}: none`] : [`${title}:`, ...items.map((item) => `  ${text(item)}`)];
}

/** Numbers to the right, the last column as it is. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row) =>
    row
      .map((cell, column) =>
        /^\d+$/.test(rows[0]?.[column] ?? '') && column > 0
          ? cell.padStart(widths[column] ?? 0)
          : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
