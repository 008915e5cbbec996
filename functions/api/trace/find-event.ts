import { headOfEntry } from '../../../shared/domain/debug-entry.ts';
import { idHashOf } from '../../../shared/domain/event-kind.ts';
import { IntakeId, type SourceId } from '../../../shared/domain/ids.ts';
import { hourOf, hourPlus, minuteOf } from '../../../shared/domain/timestamp.ts';
import { dedupKeyOf, type Source } from '../../../shared/domain/workspace.ts';
import { searchKept } from '../../../shared/pipeline/search-debug.ts';
import type { DebugReader } from '../../../shared/ports/debug-store.ts';
import type { ClaimFinder, Origin, PlanFinder } from '../../../shared/ports/trace-stores.ts';

/** Without a source named, so many of those that the caller sees are searched where a search takes more than one read. */
const SOURCES_SEARCHED_MAX = 5;
/** Plan rows of one source that are looked at for an id; of a source with one request a second they are more than five hours. */
const ROWS_MAX = 20_000;
/** Hours of plan rows that are gone through, newest first, where nobody says when the event came. */
const HOURS_BACK = 24;
/** Hours that are read at once, eight partitions each. */
const RANGES_AT_ONCE = 4;
/** Minutes around the time that somebody names. */
const MINUTES_AROUND = 2;
const MINUTE_MS = 60_000;

export type TraceAsk = {
  messageId: string;
  sourceId?: string | undefined;
  at?: string | undefined;
  intakeId?: string | undefined;
  userId?: string | undefined;
  anonymousId?: string | undefined;
};
export type FoundBy = 'INTAKE_ID' | 'CLAIM' | 'DEBUGGER' | 'BOOKS';
/** `claim`: whose event of that id went on, where claims tell. */
export type FoundEvent = { origin: Origin; foundBy: FoundBy; claim: Origin | undefined; lookedBackTo: string | null };

export type FindDeps = { claims: ClaimFinder; plans: PlanFinder; debug: DebugReader };

/**
 * Where an event came in: by the request that is named, else by exact claims, by what the debugger keeps, by plan rows, newest first and within bounds.
 * `gaps`: what was not looked at.
 */
export async function findEvent(
  deps: FindDeps,
  sources: readonly Source[],
  ask: TraceAsk,
  now: Date,
): Promise<{ found: FoundEvent | undefined; gaps: { what: string; why: string }[]; lookedBackTo: string | null }> {
  const claims = await claimsOf(deps.claims, sources, ask);
  // The newest: an id may be claimed anew after its window.
  const claim = claims.toSorted((a, b) => (a.receivedAt < b.receivedAt ? 1 : -1))[0];
  const intakeId = IntakeId.safeParse(ask.intakeId);
  const [only] = sources;
  if (intakeId.success && ask.at !== undefined && sources.length === 1 && only !== undefined) {
    const origin = { sourceId: only.id, intakeId: intakeId.data, receivedAt: ask.at };
    return { found: { origin, foundBy: 'INTAKE_ID', claim, lookedBackTo: null }, gaps: [], lookedBackTo: null };
  }
  if (claim !== undefined) {
    return { found: { origin: claim, foundBy: 'CLAIM', claim, lookedBackTo: null }, gaps: [], lookedBackTo: null };
  }
  const searched = sources.slice(0, SOURCES_SEARCHED_MAX);
  const gaps =
    searched.length < sources.length
      ? [
          {
            what: 'sources',
            why: `Only ${SOURCES_SEARCHED_MAX} of ${sources.length} sources were searched: name the source.`,
          },
        ]
      : [];
  const shown = await firstOf(searched, (source) => inDebugger(deps.debug, source.id, ask, now));
  if (shown !== undefined) {
    return { found: { origin: shown, foundBy: 'DEBUGGER', claim, lookedBackTo: null }, gaps, lookedBackTo: null };
  }
  let lookedBackTo: string | null = null;
  for (const source of searched) {
    const read = await inBooks(deps.plans, source.id, ask, now);
    if (read.origin !== undefined) {
      const found = { origin: read.origin, foundBy: 'BOOKS' as const, claim, lookedBackTo: read.lookedBackTo };
      return { found, gaps, lookedBackTo: read.lookedBackTo };
    }
    if (lookedBackTo === null || read.lookedBackTo > lookedBackTo) lookedBackTo = read.lookedBackTo;
  }
  return { found: undefined, gaps, lookedBackTo };
}

/** Exact claims: of each messageId where sources remember so, of the device where the caller knows it. */
async function claimsOf(
  claims: ClaimFinder,
  sources: readonly Source[],
  { messageId, userId, anonymousId }: TraceAsk,
): Promise<Origin[]> {
  const byDevice = sources.filter((source) => dedupKeyOf(source) === 'device').slice(0, SOURCES_SEARCHED_MAX);
  const devices = [
    ...(anonymousId === undefined ? [] : [`a ${anonymousId}`]),
    ...(userId === undefined ? [] : [`u ${userId}`]),
  ];
  const [byEvent, ...ofDevices] = await Promise.all([
    claims.byEvent(
      sources.map(({ id }) => id),
      messageId,
    ),
    ...byDevice.flatMap(({ id }) => devices.map((device) => claims.byDevice(id, device, messageId))),
  ]);
  return [...byEvent, ...ofDevices.filter((one) => one !== undefined)];
}

async function inDebugger(
  debug: DebugReader,
  sourceId: SourceId,
  { messageId, at }: TraceAsk,
  now: Date,
): Promise<Origin | undefined> {
  const from = at === undefined ? undefined : new Date(Date.parse(at) - MINUTES_AROUND * MINUTE_MS).toISOString();
  const { entries } = await searchKept(debug, { sourceId, now, filter: { terms: [], messageId, from } });
  // Of several, the one that went on.
  const found = entries.find(({ verdict }) => verdict !== 'DUPLICATE') ?? entries.at(-1);
  if (found === undefined || headOfEntry(found).messageId !== messageId) return undefined;
  return { sourceId, intakeId: found.intakeId, receivedAt: found.receivedAt };
}

async function inBooks(
  plans: PlanFinder,
  sourceId: SourceId,
  { messageId, at }: TraceAsk,
  now: Date,
): Promise<{ origin: Origin | undefined; lookedBackTo: string }> {
  const hash = idHashOf(messageId);
  let rowsLeft = ROWS_MAX;
  let lookedBackTo = now.toISOString();
  const ranges = rangesOf(at, now);
  for (let first = 0; first < ranges.length && rowsLeft > 0; first += RANGES_AT_ONCE) {
    const together = ranges.slice(first, first + RANGES_AT_ONCE);
    const rowsMax = Math.ceil(rowsLeft / together.length);
    const reads = await Promise.all(together.map((minutes) => plans.byHash(sourceId, minutes, hash, rowsMax)));
    for (const [index, { found, isWhole }] of reads.entries()) {
      const [row] = found.toSorted((a, b) => (a.receivedAt < b.receivedAt ? 1 : -1));
      if (isWhole) lookedBackTo = `${together[index]?.from}:00.000Z`;
      if (row !== undefined) {
        return { origin: { sourceId, intakeId: row.intakeId, receivedAt: row.receivedAt }, lookedBackTo };
      }
      if (!isWhole) return { origin: undefined, lookedBackTo };
    }
    rowsLeft -= reads.reduce((sum, { rows }) => sum + rows, 0);
  }
  return { origin: undefined, lookedBackTo };
}

/** Minutes to look at, each range within one hour: around a time, or hour by hour backwards. */
function rangesOf(at: string | undefined, now: Date): { from: string; to: string }[] {
  if (at === undefined) {
    const newest = hourOf(now.toISOString());
    return Array.from({ length: HOURS_BACK + 1 }, (_, back) => {
      const hour = hourPlus(newest, -back);
      return { from: `${hour}:00`, to: `${hour}:59` };
    });
  }
  const first = minuteOf(new Date(Date.parse(at) - MINUTES_AROUND * MINUTE_MS).toISOString());
  const last = minuteOf(new Date(Date.parse(at) + MINUTES_AROUND * MINUTE_MS).toISOString());
  if (hourOf(first) === hourOf(last)) return [{ from: first, to: last }];
  return [
    { from: `${hourOf(last)}:00`, to: last },
    { from: first, to: `${hourOf(first)}:59` },
  ];
}

async function firstOf<T, U>(items: readonly T[], look: (item: T) => Promise<U | undefined>): Promise<U | undefined> {
  const found = await Promise.all(items.map(look));
  return found.find((one) => one !== undefined);
}
