import { inParallel } from '../../shared/aws/in-parallel.ts';
import { log } from '../../shared/aws/log.ts';
import { DIGEST_HOUR_DAYS, DIGEST_MINUTE_HOURS, LEDGER_SHARDS } from '../../shared/config/limits.ts';
import { AppError } from '../../shared/domain/app-error.ts';
import {
  type DigestParts,
  destinationPartOf,
  noParts,
  sourcePartOf,
  sumParts,
} from '../../shared/domain/digest-sums.ts';
import type { WorkspaceId } from '../../shared/domain/ids.ts';
import { isSameJson } from '../../shared/domain/json-diff.ts';
import { hourOf, hourPlus } from '../../shared/domain/timestamp.ts';
import type { DigestStore, KeptParts, Touched } from '../../shared/ports/digest-store.ts';
import type { SpanRead, SpanRows } from '../../shared/ports/ledger.ts';
import type { MinutesOfHours } from './minutes-of-hours.ts';

export type SumDeps = {
  digests: Pick<DigestStore, 'minuteParts' | 'hourParts' | 'put'>;
  rows: SpanRows;
  made: MinutesOfHours;
  now: () => Date;
};

/** Minutes summed at once, and subjects of one minute. */
const MINUTES_AT_ONCE = 4;
const SUBJECTS_AT_ONCE = 8;
/** An overlapping run may have put the same minute meanwhile; then it is summed again. */
const TRIES_MAX = 5;
const ALL_SHARDS = (1 << LEDGER_SHARDS) - 1;
/** Minutes older than this go before long, and with them what an hour could be recomputed from. */
const FRESH_HOURS = DIGEST_MINUTE_HOURS - 3;

type Subject = Touched['subject'];
type Summed = { subject: Subject; shards: number; how: SpanRead };
/** What is to be summed again, by its span. */
type ToSum = Map<string, Map<string, Summed>>;

/**
 * Sums the touched rows again, minute by minute, and puts what they say in place of what was kept; then the hours of these minutes, from their minutes.
 * Whatever ran before, twice, late or at the same time: what is kept afterwards is what the rows say. A sum that is as it was is not put. Rows that come
 * so late that the minutes of their hour are gone have their subject's whole hour summed instead. Answers how many minutes it summed.
 */
export async function sumTouched(
  deps: SumDeps,
  workspaceId: WorkspaceId,
  touched: readonly (Touched & { how: SpanRead })[],
): Promise<number> {
  const present = hourOf(deps.now().toISOString());
  const freshSince = hourPlus(present, -FRESH_HOURS);
  const oldest = hourPlus(present, -DIGEST_HOUR_DAYS * 24);
  const minutes: ToSum = new Map();
  const oldHours: ToSum = new Map();
  for (const each of touched) {
    const hour = hourOf(each.minute);
    if (hour < oldest) log('WARN', 'Rows came too late for the live numbers of their hour', { hour, ...each.subject });
    else if (hour >= freshSince) add(minutes, each.minute, each);
    else add(oldHours, hour, { ...each, shards: ALL_SHARDS, how: 'strongly' });
  }
  const summed = new Map<string, Map<string, DigestParts>>();
  for (const hour of new Set([...minutes.keys()].map(hourOf))) summed.set(hour, new Map());
  await inParallel([...minutes], MINUTES_AT_ONCE, async ([minute, subjects]) => {
    const { parts } = await replace(deps, workspaceId, { minute }, (kept) =>
      withSubjects(deps, kept, minute, [...subjects.values()]),
    );
    summed.get(hourOf(minute))?.set(minute, parts);
  });
  for (const [hour, parts] of summed) await sumHour(deps, workspaceId, hour, parts);
  for (const [hour, subjects] of oldHours) {
    await replace(deps, workspaceId, { hour }, (kept) => withSubjects(deps, kept, hour, [...subjects.values()]));
  }
  return minutes.size;
}

function add(toSum: ToSum, span: string, { subject, shards, how }: Summed): void {
  const subjects = toSum.get(span) ?? new Map<string, Summed>();
  toSum.set(span, subjects);
  const id = idOf(subject);
  const sofar = subjects.get(id);
  // One strong read serves both.
  subjects.set(id, {
    subject,
    shards: (sofar?.shards ?? 0) | shards,
    how: sofar?.how === 'strongly' ? 'strongly' : how,
  });
}

const idOf = (subject: Subject): string => ('sourceId' in subject ? subject.sourceId : subject.destinationId);

/**
 * The version is read before what the new sum is made from, and the put holds only for that version: what is put is never older than what it replaces.
 */
async function replace(
  { digests }: SumDeps,
  workspaceId: WorkspaceId,
  span: { minute: string } | { hour: string },
  make: (kept: DigestParts, version: number) => Promise<DigestParts>,
): Promise<KeptParts> {
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const kept = (await keptOf(digests, workspaceId, span)) ?? { parts: noParts(), version: 0 };
    const parts = await make(kept.parts, kept.version);
    if (kept.version > 0 && isSameJson(parts, kept.parts)) return kept;
    if ((await digests.put(workspaceId, span, parts, kept.version)) === 'saved') {
      return { parts, version: kept.version + 1 };
    }
  }
  throw new AppError('upstream-unavailable', 'Others keep putting the same sums');
}

const keptOf = async (
  digests: SumDeps['digests'],
  workspaceId: WorkspaceId,
  span: { minute: string } | { hour: string },
): Promise<KeptParts | undefined> =>
  'minute' in span
    ? (await digests.minuteParts(workspaceId, span.minute, span.minute)).get(span.minute)
    : (await digests.hourParts(workspaceId, span.hour, span.hour)).get(span.hour);

/** A subject is summed over all shards that it was ever touched in, not only those of this touch. */
async function withSubjects(
  { rows }: SumDeps,
  kept: DigestParts,
  span: string,
  subjects: readonly Summed[],
): Promise<DigestParts> {
  const sources = { ...kept.sources };
  const destinations = { ...kept.destinations };
  await inParallel(subjects, SUBJECTS_AT_ONCE, async ({ subject, shards: touched, how }) => {
    if ('sourceId' in subject) {
      const { sourceId } = subject;
      const shards = touched | (sources[sourceId]?.shards ?? 0);
      const part = sourcePartOf(await rows.plansOfSpan(sourceId, span, shards, how), shards);
      if (part !== undefined) sources[sourceId] = part;
    } else {
      const { destinationId } = subject;
      const shards = touched | (destinations[destinationId]?.shards ?? 0);
      const part = destinationPartOf(await rows.donesOfSpan(destinationId, span, shards, how), shards);
      if (part !== undefined) destinations[destinationId] = part;
    }
  });
  return { sources, destinations };
}

/** From those of its minutes that were summed just now, and all others as they were when the hour was put; who does not know these reads all. */
async function sumHour(
  deps: SumDeps,
  workspaceId: WorkspaceId,
  hour: string,
  summed: ReadonlyMap<string, DigestParts>,
): Promise<void> {
  let minutes: ReadonlyMap<string, DigestParts> = summed;
  const { version } = await replace(deps, workspaceId, { hour }, async (_kept, read) => {
    const known = deps.made.get(workspaceId, hour, read);
    minutes = known === undefined ? await ofHour(deps, workspaceId, hour) : new Map([...known, ...summed]);
    return sumParts([...minutes.values()]);
  });
  deps.made.keep(workspaceId, hour, version, minutes);
}

async function ofHour({ digests }: SumDeps, workspaceId: WorkspaceId, hour: string): Promise<Map<string, DigestParts>> {
  const minutes = await digests.minuteParts(workspaceId, `${hour}:00`, `${hour}:59`);
  return new Map([...minutes].map(([minute, { parts }]) => [minute, parts]));
}
