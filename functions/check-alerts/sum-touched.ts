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
import { hourOf, hourPlus } from '../../shared/domain/timestamp.ts';
import type { DigestStore, KeptParts, Touched } from '../../shared/ports/digest-store.ts';
import type { SpanRead, SpanRows } from '../../shared/ports/ledger.ts';

export type SumDeps = {
  digests: Pick<DigestStore, 'minuteParts' | 'hourParts' | 'put'>;
  rows: SpanRows;
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
/** What is to be summed again, by its span. */
type ToSum = Map<string, Map<string, { subject: Subject; shards: number }>>;

/**
 * Sums the touched rows again, minute by minute, and puts what they say in place of what was kept; then the hours of these minutes, from their minutes.
 * Whatever ran before, twice, late or at the same time: what is kept afterwards is what the rows say. Rows that come so late that the minutes of
 * their hour are gone have their subject's whole hour summed instead. Answers how many minutes it summed.
 */
export async function sumTouched(
  deps: SumDeps,
  workspaceId: WorkspaceId,
  touched: readonly Touched[],
  how: SpanRead,
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
    else add(oldHours, hour, { ...each, shards: ALL_SHARDS });
  }
  await inParallel([...minutes], MINUTES_AT_ONCE, ([minute, subjects]) =>
    replace(deps, workspaceId, { minute }, (kept) => withSubjects(deps, kept, minute, [...subjects.values()], how)),
  );
  for (const hour of new Set([...minutes.keys()].map(hourOf))) {
    await replace(deps, workspaceId, { hour }, () => ofMinutes(deps, workspaceId, hour));
  }
  for (const [hour, subjects] of oldHours) {
    await replace(deps, workspaceId, { hour }, (kept) =>
      withSubjects(deps, kept, hour, [...subjects.values()], 'strongly'),
    );
  }
  return minutes.size;
}

function add(toSum: ToSum, span: string, { subject, shards }: Pick<Touched, 'subject' | 'shards'>): void {
  const subjects = toSum.get(span) ?? new Map<string, { subject: Subject; shards: number }>();
  toSum.set(span, subjects);
  const id = idOf(subject);
  subjects.set(id, { subject, shards: (subjects.get(id)?.shards ?? 0) | shards });
}

const idOf = (subject: Subject): string => ('sourceId' in subject ? subject.sourceId : subject.destinationId);

/**
 * The version is read before what the new sum is made from, and the put holds only for that version: what is put is never older than what it replaces.
 */
async function replace(
  { digests }: SumDeps,
  workspaceId: WorkspaceId,
  span: { minute: string } | { hour: string },
  make: (kept: DigestParts) => Promise<DigestParts>,
): Promise<void> {
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const { parts, version } = (await keptOf(digests, workspaceId, span)) ?? { parts: noParts(), version: 0 };
    if ((await digests.put(workspaceId, span, await make(parts), version)) === 'saved') return;
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
  subjects: readonly { subject: Subject; shards: number }[],
  how: SpanRead,
): Promise<DigestParts> {
  const sources = { ...kept.sources };
  const destinations = { ...kept.destinations };
  await inParallel(subjects, SUBJECTS_AT_ONCE, async ({ subject, shards: touched }) => {
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

async function ofMinutes({ digests }: SumDeps, workspaceId: WorkspaceId, hour: string): Promise<DigestParts> {
  const minutes = await digests.minuteParts(workspaceId, `${hour}:00`, `${hour}:59`);
  return sumParts([...minutes.values()].map(({ parts }) => parts));
}
