import type { TributaryEvent } from '../domain/event.ts';
import { isOfSuppressed } from '../domain/suppression.ts';
import { hourOf, hourPlus } from '../domain/timestamp.ts';
import type { ArchivedEvents, ArchivedObject } from '../ports/archived-events.ts';
import { type EstimateTotals, type EventJudge, estimateTally } from './estimate.ts';

/** What one estimate looks at, of what comes first: somebody waits for it, the API has 15 s. */
export const ESTIMATE_EVENTS_MAX = 50_000;
export const ESTIMATE_TIME_MS = 9_000;
/** Compressed: fifty objects as large as the archive writes them. */
export const ESTIMATE_BYTES_MAX = 64_000_000;
/** Each is a request that S3 bills ($0.40 a million). */
const OBJECTS_MAX = 2_000;
/** Of the span; with its first and last, which it may hold in part. */
const HOURS_MAX = 26;
/** Each may have 64 MB of text, 192 MB of memory; the function has 1 GB, and other requests run beside this one. */
const READ_AT_ONCE = 2;
const LISTED_AT_ONCE = 8;
/** Events between two looks at the clock. */
const EVENTS_PER_LOOK = 250;

export type EstimateDeps = { archive: ArchivedEvents; monotonicMs: () => number };
export type EstimateWork = {
  sourceId: string;
  /** ISO; `to` is not in it. */
  from: string;
  to: string;
  now: EventJudge | undefined;
  after: EventJudge;
  suppressed: ReadonlySet<string>;
};

export type EstimateRun = EstimateTotals & {
  suppressed: number;
  /** Not all of the span was looked at. */
  sampled: boolean;
  /** Of the span's compressed bytes, 0 to 1; 1 where there is nothing. */
  share: number;
  newestEventAt: string | null;
};

/**
 * Judges the events of a source and a span, the newest objects first, until all are judged or a bound is met. Each messageId counts once. What cannot be
 * read as an event is passed over. Throws where the archive does not answer.
 */
export async function runEstimate({ archive, monotonicMs }: EstimateDeps, work: EstimateWork): Promise<EstimateRun> {
  const endMs = monotonicMs() + ESTIMATE_TIME_MS;
  const { objects, isWhole } = await listNewestFirst(archive, work);
  const bytesOfAll = objects.reduce((sum, { bytes }) => sum + bytes, 0);
  const tally = estimateTally(work.now, work.after);
  const seen = new Set<string>();
  let [bytesRead, suppressed, newestEventAt] = [0, 0, ''];
  const isOver = () => seen.size >= ESTIMATE_EVENTS_MAX || monotonicMs() >= endMs;

  /** The share of the lines that was looked at. */
  const judge = (lines: readonly string[]): number => {
    for (const [index, line] of lines.entries()) {
      if (index % EVENTS_PER_LOOK === 0 ? isOver() : seen.size >= ESTIMATE_EVENTS_MAX) return index / lines.length;
      const event = parsed(archive, line);
      if (event === undefined || event.receivedAt < work.from || event.receivedAt >= work.to) continue;
      if (seen.has(event.messageId)) continue;
      seen.add(event.messageId);
      if (isOfSuppressed(event, work.suppressed)) {
        suppressed += 1;
        continue;
      }
      if (event.receivedAt > newestEventAt) newestEventAt = event.receivedAt;
      tally.add(event);
    }
    return 1;
  };

  const toRead = withinBytes(objects);
  for (let at = 0; at < toRead.length && !isOver(); at += READ_AT_ONCE) {
    const round = toRead.slice(at, at + READ_AT_ONCE);
    const read = await Promise.all(round.map(({ key }) => archive.lines(key)));
    for (const [index, { bytes }] of round.entries()) {
      if (isOver()) break;
      const lines = read[index];
      // What is too large to be read was not looked at.
      if (lines !== undefined) bytesRead += bytes * judge(lines);
      // Its text need not lie in memory while the next is judged.
      read[index] = undefined;
    }
  }
  const share = bytesOfAll === 0 ? 1 : Math.min(1, bytesRead / bytesOfAll);
  return {
    ...tally.totals(),
    suppressed,
    sampled: !isWhole || share < 1,
    share,
    newestEventAt: newestEventAt === '' ? null : newestEventAt,
  };
}

async function listNewestFirst(
  archive: ArchivedEvents,
  { sourceId, from, to }: EstimateWork,
): Promise<{ objects: ArchivedObject[]; isWhole: boolean }> {
  const hours: string[] = [];
  for (let hour = hourOf(to); hour >= hourOf(from) && hours.length < HOURS_MAX; hour = hourPlus(hour, -1))
    hours.push(hour);
  const objects: ArchivedObject[] = [];
  let isWhole = true;
  for (let at = 0; at < hours.length; at += LISTED_AT_ONCE) {
    const listed = await Promise.all(
      hours.slice(at, at + LISTED_AT_ONCE).map((hour) => archive.objects(sourceId, hour)),
    );
    for (const one of listed) {
      isWhole &&= one.isWhole;
      objects.push(...one.objects.toSorted((a, b) => b.writtenAtMs - a.writtenAtMs));
    }
  }
  return { objects, isWhole };
}

/** One at least, so that a single object beyond the bound is not passed over in silence. */
function withinBytes(objects: readonly ArchivedObject[]): ArchivedObject[] {
  let bytes = 0;
  const end = objects.findIndex((object, index) => {
    bytes += object.bytes;
    return index > 0 && (bytes > ESTIMATE_BYTES_MAX || index >= OBJECTS_MAX);
  });
  return end === -1 ? [...objects] : objects.slice(0, end);
}

/** Written by our own pipeline, so that only what every judge reads is looked at. */
function parsed(archive: ArchivedEvents, line: string): TributaryEvent | undefined {
  try {
    const event = archive.parse(line);
    const isOne = ['type', 'messageId', 'receivedAt'].every((key) => typeof event[key] === 'string');
    return isOne ? (event as TributaryEvent) : undefined;
  } catch {
    return undefined;
  }
}
