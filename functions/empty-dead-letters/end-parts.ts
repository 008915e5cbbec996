import { logError } from '../../shared/aws/log.ts';
import type { DeadLetter, DeadLetterStore, DeliverySample, SampleStore } from '../../shared/ports/delivery-stores.ts';
import type { DestinationId } from '../../shared/domain/ids.ts';
import { type DoneRow, LATENCY_BUCKETS_MS } from '../../shared/domain/ledger-rows.ts';
import { isOfSuppressed } from '../../shared/domain/suppression.ts';
import { laneOf } from '../../shared/domain/workspace.ts';
import { deadLetterOf } from '../../shared/pipeline/dead-letters.ts';
import { forLane, nextHop } from '../../shared/pipeline/next-hop.ts';
import { doneKeyOf, hopFields, hopName } from '../../shared/pipeline/done-key.ts';
import { partLines } from '../../shared/pipeline/part-lines.ts';
import type { SizedPart } from '../../shared/pipeline/parts.ts';
import { touchesOfDone } from '../../shared/pipeline/touch-of.ts';
import { sendToLanes } from '../../shared/pipeline/send-to-lanes.ts';
import type { ConfigReader } from '../../shared/ports/config-store.ts';
import type { Touches } from '../../shared/ports/digest-store.ts';
import type { DoneStore } from '../../shared/ports/ledger.ts';
import type { LaneQueues } from '../../shared/ports/queues.ts';

export type EndDeps = {
  configs: ConfigReader;
  /** With who is suppressed; asked only for samples. */
  suppressions: ConfigReader;
  dones: Pick<DoneStore, 'findDone' | 'putDone'>;
  touches: Touches;
  deadLetters: Pick<DeadLetterStore, 'put'>;
  samples: Pick<SampleStore, 'put'>;
  lanes: LaneQueues;
  now: () => Date;
  newWriteId: () => string;
};

type ToEnd = Pick<SizedPart, 'destinationId' | 'part'>;

/** Letters of one object: at 32 KB an event at most some 60 MB before compression. A part, which has 200 at most, is never torn. */
const LETTERS_MAX = 1_800;

/** Samples of one group: every code in the books has one. */
const SAMPLES_PER_GROUP_MAX = 2;

const CODE = 'crash_loop';
const MESSAGE = 'Its message was received 100 times and nobody came to an end with it';

/**
 * Ends parts whose message was given up by its queue (design 3). One that has no done row gets its payloads into the dead-letter store, and
 * after that the row; of one that has a row which asks for another hop, that hop is sent. Nothing is sent to a tool. Throws when a store
 * or a lane fails: what is done by then is met again and left as it is.
 */
export async function endParts(deps: EndDeps, parts: readonly ToEnd[]): Promise<void> {
  if (parts.length === 0) return;
  // A message may hold a part twice: a request that was queued twice and routed in one batch.
  const distinct = [...new Map(parts.map((end) => [hopName(doneKeyOf(end)), end])).values()];
  const rows = new Map((await deps.dones.findDone(distinct.map(doneKeyOf))).map((row) => [hopName(row), row]));
  const settled: { end: ToEnd; row: DoneRow }[] = [];
  const open: ToEnd[] = [];
  for (const end of distinct) {
    const row = rows.get(hopName(doneKeyOf(end)));
    if (row === undefined) open.push(end);
    else settled.push({ end, row });
  }
  await deps.touches.touch(open.flatMap(touchesOfDone));
  for (const group of groupsOf(open)) settled.push(...(await putAwayGroup(deps, group)));
  await sendNextHops(deps, settled);
}

/** Parts of one destination whose letters share an object. */
function groupsOf(parts: readonly ToEnd[]): ToEnd[][] {
  const groups: ToEnd[][] = [];
  const open = new Map<DestinationId, { group: ToEnd[]; letters: number }>();
  for (const end of parts) {
    const current = open.get(end.destinationId);
    const count = end.part.sends.length;
    if (current !== undefined && current.letters + count <= LETTERS_MAX) {
      current.group.push(end);
      current.letters += count;
    } else {
      const group = [end];
      groups.push(group);
      open.set(end.destinationId, { group, letters: count });
    }
  }
  return groups;
}

/** Writes the payloads of a group, then the row of each of its parts. Answers those that somebody else settled meanwhile: their row holds. */
async function putAwayGroup(deps: EndDeps, group: readonly ToEnd[]): Promise<{ end: ToEnd; row: DoneRow }[]> {
  const [first] = group;
  if (first === undefined) return [];
  const settledAt = deps.now().toISOString();
  const letters = group.flatMap(({ destinationId, part }) =>
    part.sends.map((send): DeadLetter => {
      const [, , , attempts] = send;
      const end = { outcome: 'dead-lettered', code: CODE, message: MESSAGE, attempts, settledAt } as const;
      return deadLetterOf(destinationId, part, send, end);
    }),
  );
  const deadLetterKey = await deps.deadLetters.put(first.destinationId, letters);
  const others: { end: ToEnd; row: DoneRow }[] = [];
  for (const end of group) {
    const put = await deps.dones.putDone(rowOf(end, { settledAt, deadLetterKey, writeId: deps.newWriteId() }));
    if (put.outcome === 'exists') others.push({ end, row: put.row });
  }
  await deps.samples.put(await samplesOf(deps, group, letters));
  return others;
}

/** Of the first letters that may be shown: of suppressed users nothing is (T25), and nothing at all where nobody can tell who they are. */
async function samplesOf(
  { suppressions }: EndDeps,
  group: readonly ToEnd[],
  letters: readonly DeadLetter[],
): Promise<DeliverySample[]> {
  // A destination is of one workspace.
  const workspaceId = group[0]?.part.workspaceId;
  if (workspaceId === undefined) return [];
  try {
    const suppressed = (await suppressions.workspaceConfig(workspaceId))?.suppressed;
    const shown = letters.filter(({ event }) => !isOfSuppressed(event, suppressed));
    return shown.slice(0, SAMPLES_PER_GROUP_MAX).map(sampleOf);
  } catch (error) {
    logError('Who is suppressed could not be read: what was given up has no samples', error);
    return [];
  }
}

/** An example of a code that no tool gave: there was no exchange to show. */
const sampleOf = ({ destinationId, mappingId, code, message, settledAt, event }: DeadLetter) => ({
  destinationId,
  mappingId,
  messageId: typeof event['messageId'] === 'string' ? event['messageId'] : '',
  at: settledAt,
  code,
  message,
  event,
  requests: [],
});

const rowOf = (
  { destinationId, part }: ToEnd,
  written: Pick<DoneRow, 'settledAt' | 'writeId'> & { deadLetterKey: string },
): DoneRow => ({
  ...hopFields(destinationId, part),
  delivered: 0,
  discarded: {},
  deadLettered: { [CODE]: part.sends.length },
  retry: 0,
  errors: [{ code: CODE, message: MESSAGE, count: part.sends.length }],
  latency: [...LATENCY_BUCKETS_MS.map(() => 0), 0],
  ...partLines(part, new Map(part.sends.map(([send]) => [send, `dead.${CODE}`]))),
  ...written,
});

/** To the lane that the destination holds now. A second copy of a hop meets the row of the first. */
async function sendNextHops(deps: EndDeps, settled: readonly { end: ToEnd; row: DoneRow }[]): Promise<void> {
  const nowMs = deps.now().getTime();
  const onward = await Promise.all(
    settled.map(async ({ end: { destinationId, part }, row }) => {
      const next = nextHop(part, row);
      if (next === undefined) return undefined;
      const lane = laneOf(await deps.configs.workspaceConfig(part.workspaceId), destinationId);
      return forLane(destinationId, next, { lane, nowMs });
    }),
  );
  const untaken = await sendToLanes(
    deps.lanes,
    onward.filter((part) => part !== undefined),
  );
  if (untaken.length > 0) throw new Error(`No lane took ${untaken.length} parts that go on`);
}
