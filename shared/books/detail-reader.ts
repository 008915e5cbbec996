import { LEDGER_HOUR_DAYS } from '../config/limits.ts';
import { AppError } from '../domain/app-error.ts';
import { type DestinationTotals, type SourceTotals, total } from '../domain/books.ts';
import { DestinationSum } from '../domain/destination-sum.ts';
import type { DestinationDetail, SourceDetail, Step } from '../domain/detail.ts';
import type { DoneRow, PlanRow } from '../domain/ledger-rows.ts';
import { SourceSum } from '../domain/source-sum.ts';
import { dayPlus, hourOf, hourPlus, minuteOf } from '../domain/timestamp.ts';
import { DETAIL_LINES_MAX, DETAIL_ROWS_MAX, type DetailRange, type DetailReader } from '../ports/detail-reader.ts';
import type { DetailStore, DetailStores } from '../ports/detail-store.ts';
import type { LedgerReader, Minutes } from '../ports/ledger.ts';
import type { HourRollup, LateSubject, RollupStore } from '../ports/rollup-store.ts';
import { subjectName } from './book.ts';
import type { MinuteCache } from './minute-cache.ts';
import { HOURS_BEHIND_MAX, readStanding, type Standing } from './standing.ts';

export type DetailReaderDeps = {
  ledger: Pick<LedgerReader, 'plansOfHour' | 'donesOfHour'>;
  rollups: Pick<RollupStore, 'source' | 'destination' | 'getWatermark' | 'lateHours'>;
  details: DetailStores;
  now: () => Date;
  /** For pages: sums of past minutes are served again for a minute. */
  kept?: { sources: MinuteCache<SourceDetail>; destinations: MinuteCache<DestinationDetail> };
};

/** Hours read from rows at once: 8 queries each. */
const HOURS_AT_ONCE = 4;
/** Hours whose roll-ups are in memory at once. */
const HOURS_OF_DETAILS = 24;
/** The longest range in steps of a minute. */
const MINUTES_MAX = 24 * 60;
/** Rows of the next hour are looked for so long before it begins (as in read-books.ts). */
const AHEAD_MS = 2 * 60_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

type Sum<D, R, T> = { addRow(row: R): void; addTotals(totals: T): void; add(detail: D): void; detail(): D };

/** A kind of subject: where its rows and roll-ups are, and how they are summed. */
type Side<D extends { lines: readonly unknown[] }, R, T> = {
  subject: LateSubject;
  rows(hour: string, minutes?: Minutes): Promise<readonly R[]>;
  minuteOf(row: R): string;
  newSum(): Sum<D, R, T>;
  details: DetailStore<D>;
  totals(from: string, to: string): Promise<Map<string, HourRollup<T>>>;
  isNothing(totals: T): boolean;
  kept: MinuteCache<D> | undefined;
};

/**
 * Reads of a range: two for what is settled, one for its totals and one a day for its details, and eight queries for each hour that is read from rows, which are the last three
 * or four, marked ones and those that the range cuts.
 */
export const detailReader = (deps: DetailReaderDeps): DetailReader => ({
  source: (sourceId, range) =>
    readSteps<SourceDetail, PlanRow, SourceTotals>(deps, range, {
      subject: { sourceId },
      rows: (hour, minutes) => deps.ledger.plansOfHour(sourceId, hour, minutes),
      minuteOf: ({ receivedAt }) => minuteOf(receivedAt),
      newSum: () => new SourceSum(),
      details: deps.details.source(sourceId),
      totals: (from, to) => deps.rollups.source(sourceId).hours(from, to),
      isNothing: ({ received }) => received === 0,
      kept: deps.kept?.sources,
    }),
  destination: (destinationId, range) =>
    readSteps<DestinationDetail, DoneRow, DestinationTotals>(deps, range, {
      subject: { destinationId },
      rows: (hour, minutes) => deps.ledger.donesOfHour(destinationId, hour, minutes),
      minuteOf: ({ dueAt }) => minuteOf(dueAt),
      newSum: () => new DestinationSum(),
      details: deps.details.destination(destinationId),
      totals: (from, to) => deps.rollups.destination(destinationId).hours(from, to),
      isNothing: ({ delivered, discarded, deadLettered, retry }) =>
        delivered + total(discarded) + total(deadLettered) + retry === 0,
      kept: deps.kept?.destinations,
    }),
});

/** An hour of a range, or what the range takes of it. `isWhole`: neither an end nor a step of it lies within the hour. */
type Piece = { hour: string; fromMs: number; toMs: number; isWhole: boolean };

async function readSteps<D extends { lines: readonly unknown[] }, R, T>(
  deps: DetailReaderDeps,
  range: DetailRange,
  side: Side<D, R, T>,
): Promise<Step<D>[]> {
  const nowMs = deps.now().getTime();
  const present = hourOf(new Date(nowMs + AHEAD_MS).toISOString());
  const steps = stepsOf(range, present);
  const standing = await readStanding(deps.rollups, present);
  const marked = standing.marked.get(subjectName(side.subject)) ?? new Set<string>();
  const rowsSince = hourPlus(present, -HOURS_BEHIND_MAX);
  const begin = range.since === undefined ? '' : hourPlus(hourOf(range.since), -1);
  const pieces = piecesOf(steps, range.step).filter(
    ({ hour }) => (hour >= begin || marked.has(hour)) && (hour <= present || marked.has(hour)),
  );

  const sums = steps.map(() => side.newSum());
  const sumAt = (ms: number): Sum<D, R, T> | undefined => sums[stepAt(steps, ms)];
  const isSettled = settledBy(standing, marked);
  const rolled = pieces.filter(({ hour, isWhole }) => isWhole && (isSettled(hour) || hour < rowsSince));
  const first = rolled[0]?.hour;
  const last = rolled.at(-1)?.hour;
  const live = new Set(pieces);
  if (first !== undefined && last !== undefined) {
    const totals = await side.totals(first, last);
    let lines = 0;
    // Day by day, so that no more than a day of them is in memory besides the sums.
    for (let at = 0; at < rolled.length; at += HOURS_OF_DETAILS) {
      const some = rolled.slice(at, at + HOURS_OF_DETAILS);
      const details = await side.details.hours(some[0]?.hour ?? first, some.at(-1)?.hour ?? last);
      for (const piece of some) {
        const detail = details.get(piece.hour);
        const found = totals.get(piece.hour);
        lines += detail?.lines.length ?? 0;
        if (lines > DETAIL_LINES_MAX) {
          throw refused(
            `The range has more than ${DETAIL_LINES_MAX} lines by kind of event: ask for a shorter one, which ends at ${piece.hour}:00Z or before`,
          );
        }
        if (detail !== undefined) sumAt(piece.fromMs)?.add(detail);
        else if (found === undefined || side.isNothing(found.totals)) {
          // No roll-up of a settled hour: the subject was not there yet.
        } else if (piece.hour >= rowsSince) continue;
        else sumAt(piece.fromMs)?.addTotals(found.totals);
        live.delete(piece);
      }
    }
  }
  await addRows(side, [...live], { sumAt, rowsSince, nowMs });
  return steps.map(({ fromMs, toMs }, index) => ({
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    detail: (sums[index] ?? side.newSum()).detail(),
  }));
}

const settledBy =
  ({ settledBefore = '' }: Standing, marked: ReadonlySet<string>) =>
  (hour: string): boolean =>
    hour < settledBefore && !marked.has(hour);

async function addRows<D extends { lines: readonly unknown[] }, R, T>(
  side: Side<D, R, T>,
  pieces: readonly Piece[],
  { sumAt, rowsSince, nowMs }: { sumAt: (ms: number) => Sum<D, R, T> | undefined; rowsSince: string; nowMs: number },
): Promise<void> {
  const gone = pieces.find(({ hour }) => hour < rowsSince);
  if (gone !== undefined) {
    throw refused(
      `Minutes of ${gone.hour}:00 are not kept any more: ask for whole hours there, or from ${rowsSince}:00Z on`,
    );
  }
  let rows = 0;
  const count = (more: number): void => {
    rows += more;
    if (rows > DETAIL_ROWS_MAX) {
      throw refused(
        `The range has more than ${DETAIL_ROWS_MAX} rows that are not summed up yet: ask for a shorter one`,
      );
    }
  };
  for (let at = 0; at < pieces.length; at += HOURS_AT_ONCE) {
    const some = pieces.slice(at, at + HOURS_AT_ONCE);
    await Promise.all(some.map((piece) => addPiece(side, piece, { sumAt, count, nowMs })));
  }
}

async function addPiece<D extends { lines: readonly unknown[] }, R, T>(
  side: Side<D, R, T>,
  { hour, fromMs, toMs }: Piece,
  {
    sumAt,
    count,
    nowMs,
  }: { sumAt: (ms: number) => Sum<D, R, T> | undefined; count: (rows: number) => void; nowMs: number },
): Promise<void> {
  const name = subjectName(side.subject);
  const missing: string[] = [];
  for (let ms = fromMs; ms < toMs; ms += MINUTE_MS) {
    const minute = minuteOf(new Date(ms).toISOString());
    const kept = side.kept?.get(name, minute);
    if (kept === undefined) missing.push(minute);
    else sumAt(ms)?.add(kept);
  }
  const [from] = missing;
  const to = missing.at(-1);
  if (from === undefined || to === undefined) return;
  const isHour = missing.length === HOUR_MS / MINUTE_MS;
  const rows = await side.rows(hour, isHour ? undefined : { from, to });
  count(rows.length);
  const wanted = new Set(missing);
  const ofMinutes = new Map<string, Sum<D, R, T>>();
  for (const row of rows) {
    const minute = side.minuteOf(row);
    if (!wanted.has(minute)) continue;
    if (side.kept === undefined) sumAt(Date.parse(`${minute}:00.000Z`))?.addRow(row);
    else {
      const sum = ofMinutes.get(minute) ?? side.newSum();
      ofMinutes.set(minute, sum);
      sum.addRow(row);
    }
  }
  if (side.kept === undefined) return;
  for (const minute of missing) {
    const detail = (ofMinutes.get(minute) ?? side.newSum()).detail();
    side.kept.put(name, minute, detail, nowMs);
    sumAt(Date.parse(`${minute}:00.000Z`))?.add(detail);
  }
}

type Span = { fromMs: number; toMs: number };

/** The steps of a range, which begin with minutes, hours or days of UTC, but for the first, and end with them, but for the last. */
function stepsOf({ from, to, step }: DetailRange, present: string): Span[] {
  const fromMs = Math.floor(Date.parse(from) / MINUTE_MS) * MINUTE_MS;
  const toMs = Math.ceil(Date.parse(to) / MINUTE_MS) * MINUTE_MS;
  if (Number.isNaN(fromMs) || Number.isNaN(toMs) || fromMs >= toMs) throw refused('The range ends before it begins');
  const oldest = hourPlus(present, -LEDGER_HOUR_DAYS * 24);
  if (fromMs < Date.parse(`${oldest}:00:00.000Z`)) {
    throw refused(
      `Numbers by kind of event are kept for ${LEDGER_HOUR_DAYS} days: the range may begin at ${oldest}:00Z`,
    );
  }
  if (toMs - fromMs > (LEDGER_HOUR_DAYS + 1) * 24 * HOUR_MS) throw refused('The range ends too far in the future');
  if (step === 'minute' && toMs - fromMs > MINUTES_MAX * MINUTE_MS) {
    throw refused('In steps of a minute a range has 24 hours at most');
  }
  const steps: Span[] = [];
  for (let ms = fromMs; ms < toMs; ) {
    const end = Math.min(stepEnd(ms, step), toMs);
    steps.push({ fromMs: ms, toMs: end });
    ms = end;
  }
  return steps;
}

function stepEnd(ms: number, step: DetailRange['step']): number {
  if (step === 'minute') return ms + MINUTE_MS;
  if (step === 'hour') return (Math.floor(ms / HOUR_MS) + 1) * HOUR_MS;
  return Date.parse(`${dayPlus(new Date(ms).toISOString().slice(0, 10), 1)}T00:00:00.000Z`);
}

/** The hours that a range goes through. */
function piecesOf(steps: readonly Span[], step: DetailRange['step']): Piece[] {
  const [first] = steps;
  const last = steps.at(-1);
  const pieces: Piece[] = [];
  if (first === undefined || last === undefined) return pieces;
  for (let ms = first.fromMs; ms < last.toMs; ) {
    const toMs = Math.min(stepEnd(ms, 'hour'), last.toMs);
    const isWhole = step !== 'minute' && toMs - ms === HOUR_MS;
    pieces.push({ hour: hourOf(new Date(ms).toISOString()), fromMs: ms, toMs, isWhole });
    ms = toMs;
  }
  return pieces;
}

/** Steps are in order, without gaps. */
function stepAt(steps: readonly Span[], ms: number): number {
  let low = 0;
  let high = steps.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle]?.toMs ?? 0) <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

const refused = (message: string): AppError => new AppError('bad-request', message, { retry: false });
