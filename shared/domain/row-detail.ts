import { membersOf } from './bitmap.ts';
import { total } from './books.ts';
import { type EventKind, NO_KIND, unpackHashes } from './event-kind.ts';
import type { MappingId } from './ids.ts';
import type { Counts, DoneRow, PlannedDestination, PlanRow } from './ledger-rows.ts';

/** What became of one event at its source. `untold`: the row is of before 0.3 and its counts leave more than one answer. */
export type EventVerdict =
  | { verdict: 'routed' | 'duplicate' | 'suppressed' | 'untold' }
  | { verdict: 'invalid' | 'blocked'; reason: string };

/** Where a send of an event lies: in which part, under which number. With it `sendOfDone` finds how it ended. */
export type PlannedSend = { mappingId: string; slice: number; send: number };
/** What a destination was meant to get of a routed event. A reason that is not told: as of a verdict. */
export type PlannedFor =
  | { destinationId: string; outcome: 'queued'; sends: PlannedSend[] }
  | { destinationId: string; outcome: 'filtered'; reason: string | undefined };

export type PlannedEvent = {
  /** NO_KIND in rows of before 0.3. */
  kind: EventKind;
  verdict: EventVerdict;
  /** Of a routed event: one for each destination that was connected and enabled. Else empty. */
  destinations: PlannedFor[];
};

/** What a plan row says of the event at this index of its intake message; `undefined`: it holds none. */
export function eventOfPlan(row: PlanRow, index: number): PlannedEvent | undefined {
  if (index < 0 || index >= row.received) return undefined;
  const verdict = verdictOfPlan(row, index);
  return {
    kind: kindInPlan(row, index),
    verdict,
    destinations: verdict.verdict === 'routed' ? row.destinations.map((planned) => plannedFor(planned, index)) : [],
  };
}

/**
 * Indexes of the events whose messageId may be the one of this hash: two of one intake message share a hash once in 4 billion. `undefined`: a row of
 * before 0.3, which says nothing of ids.
 */
export function eventsByHash({ idHashes }: PlanRow, hash: number): number[] | undefined {
  if (idHashes === undefined) return undefined;
  return unpackHashes(idHashes).flatMap((each, index) => (each === hash ? [index] : []));
}

export function kindInPlan({ kinds, kindOf }: PlanRow, index: number): EventKind {
  if (kinds === undefined) return NO_KIND;
  const number = kindOf === undefined ? 0 : kindOf[index];
  return (number === undefined ? undefined : kinds[number]) ?? NO_KIND;
}

/** The words of `unrouted`, by event; absent are those that are routed, and those that the row does not tell of. */
export function unroutedWords(row: PlanRow): Map<number, string> {
  const words = new Map<number, string>();
  if (row.unrouted !== undefined) {
    for (const [word, bitmap] of Object.entries(row.unrouted))
      for (const index of membersOf(bitmap)) words.set(index, word);
    return words;
  }
  const reasons = unroutedReasons(row);
  const [only] = reasons;
  if (only === undefined || reasons.length > 1) return words;
  const routed = new Set(membersOf(row.routedBitmap));
  for (let index = 0; index < row.received; index += 1) if (!routed.has(index)) words.set(index, only);
  return words;
}

/** The reasons that a row counts, in the words of `unrouted`. */
const unroutedReasons = ({ invalid, duplicate, suppressed, blocked }: PlanRow): string[] => [
  ...reasonsOf(invalid).map((reason) => `invalid.${reason}`),
  ...(duplicate > 0 ? ['duplicate'] : []),
  ...(suppressed > 0 ? ['suppressed'] : []),
  ...reasonsOf(blocked).map((reason) => `blocked.${reason}`),
];

const reasonsOf = (counts: Counts): string[] =>
  Object.entries(counts).flatMap(([reason, count]) => (count > 0 ? [reason] : []));

function verdictOfPlan(row: PlanRow, index: number): EventVerdict {
  if (has(row.routedBitmap, index)) return { verdict: 'routed' };
  const word = unroutedWords(row).get(index);
  if (word === undefined) return { verdict: 'untold' };
  if (word === 'duplicate' || word === 'suppressed') return { verdict: word };
  const dot = word.indexOf('.');
  const reason = word.slice(dot + 1);
  return word.startsWith('blocked.') ? { verdict: 'blocked', reason } : { verdict: 'invalid', reason };
}

function plannedFor(planned: PlannedDestination, index: number): PlannedFor {
  const { destinationId, mappings, cuts } = planned;
  const width = mappings.length;
  const sends: PlannedSend[] = [];
  let slice = 0;
  let begin = 0;
  for (const [number, bit] of (width === 0 ? [] : membersOf(planned.bitmap)).entries()) {
    if (number - begin === cuts[slice]) {
      begin = number;
      slice += 1;
    }
    const mappingId = mappings[bit % width];
    if (Math.floor(bit / width) === index && mappingId !== undefined) {
      sends.push({ mappingId, slice, send: number - begin });
    }
  }
  if (sends.length > 0) return { destinationId, outcome: 'queued', sends };
  return { destinationId, outcome: 'filtered', reason: filteredReason(planned, index) };
}

function filteredReason({ filtered, filteredEvents }: PlannedDestination, index: number): string | undefined {
  const reasons = reasonsOf(filtered);
  if (filteredEvents === undefined) return reasons.length === 1 ? reasons[0] : undefined;
  return Object.entries(filteredEvents).find(([, bitmap]) => has(bitmap, index))?.[0];
}

/** What a destination was meant to get of each routed event of a plan, by index: for who asks of many, since the bitmaps are read once. */
export function plannedByEvent(
  planned: PlannedDestination,
): (index: number) => { mappings: MappingId[] } | { reason: string | undefined } {
  const { mappings, filtered, filteredEvents } = planned;
  const width = mappings.length;
  const queued = new Map<number, MappingId[]>();
  for (const bit of width === 0 ? [] : membersOf(planned.bitmap)) {
    const mappingId = mappings[bit % width];
    const index = Math.floor(bit / width);
    if (mappingId !== undefined) queued.set(index, [...(queued.get(index) ?? []), mappingId]);
  }
  const [only, ...others] = reasonsOf(filtered);
  const reasons = new Map(
    Object.entries(filteredEvents ?? {}).flatMap(([reason, bitmap]) =>
      membersOf(bitmap).map((index) => [index, reason]),
    ),
  );
  return (index) => {
    const found = queued.get(index);
    if (found !== undefined) return { mappings: found };
    return { reason: filteredEvents === undefined && others.length === 0 ? only : reasons.get(index) };
  };
}

const has = (bitmap: string, member: number): boolean => membersOf(bitmap).includes(member);

/** How a hop of a part left one of its sends. */
export type SendOfDone =
  | { end: 'delivered' }
  | { end: 'discarded' | 'dead-lettered'; code: string }
  /** A later hop carries it. `code`: why, where the row tells. */
  | { end: 'waits'; isTried: boolean; code: string | undefined }
  /** The row is of before 0.3 and sends ended in several ways. */
  | { end: 'untold' };

/**
 * How the send of this number stands after the hop of a done row. Of a hop after the first, only numbers in the row before's `retryBitmap` mean
 * anything: those of other sends had ended earlier, and this row does not know them.
 */
export function sendOfDone(row: DoneRow, send: number): SendOfDone {
  if (row.retryBitmap !== undefined && has(row.retryBitmap, send)) {
    const isTried = row.triedBitmap !== undefined && has(row.triedBitmap, send);
    return { end: 'waits', isTried, code: retryCode(row, send, isTried) };
  }
  const word =
    row.ends === undefined ? onlyEnd(row) : Object.entries(row.ends).find(([, bitmap]) => has(bitmap, send))?.[0];
  if (word === undefined) return { end: 'untold' };
  if (word === 'delivered') return { end: 'delivered' };
  const code = word.slice(word.indexOf('.') + 1);
  return word.startsWith('dead.') ? { end: 'dead-lettered', code } : { end: 'discarded', code };
}

function retryCode({ retryCodes, errors }: DoneRow, send: number, isTried: boolean): string | undefined {
  if (retryCodes !== undefined) return Object.entries(retryCodes).find(([, bitmap]) => has(bitmap, send))?.[0];
  const [code, ...others] = new Set(errors.map((error) => error.code));
  return isTried && others.length === 0 ? code : undefined;
}

/** The one way in which sends of a row ended, in the words of `ends`; `undefined` where there are several, or none. */
export function onlyEnd({ delivered, discarded, deadLettered }: DoneRow): string | undefined {
  const words = [
    ...(delivered > 0 ? ['delivered'] : []),
    ...reasonsOf(discarded).map((code) => `discarded.${code}`),
    ...reasonsOf(deadLettered).map((code) => `dead.${code}`),
  ];
  return words.length === 1 ? words[0] : undefined;
}

/** Of the sends that go on, those that had no try in this hop. */
export const untriedOf = ({ retry, triedBitmap }: Pick<DoneRow, 'retry' | 'triedBitmap'>): number =>
  Math.max(0, retry - membersOf(triedBitmap ?? '').length);

/** `lines` of a done row, those that follow from its counts, too; `undefined`: the row is of before 0.3. */
export function linesOfDone(row: DoneRow): NonNullable<DoneRow['lines']> | undefined {
  if (row.lines !== undefined) return row.lines;
  if (row.mappings === undefined || row.kinds === undefined) return undefined;
  const ended = row.delivered + total(row.discarded) + total(row.deadLettered);
  const end = onlyEnd(row);
  if (end === undefined) {
    if (row.retry === 0 || ended > 0) return undefined;
    return [[0, 0, untriedOf(row) === 0 ? 'w' : 'u', row.retry]];
  }
  const word = end === 'delivered' ? (row.hop === 0 ? 'd' : 'r') : end;
  return [[0, 0, word, ended]];
}
