import { inParallel } from '../../shared/aws/in-parallel.ts';
import { logError } from '../../shared/aws/log.ts';
import type { SourceId } from '../../shared/domain/ids.ts';
import { type IsGone, learn, nothingKnown } from '../../shared/domain/known-schema.ts';
import { SchemaSum, type SeenSchema, seenIn } from '../../shared/domain/schema-digest.ts';
import { isClearedAway } from '../../shared/domain/schema-page.ts';
import { dayOf, hourOf, hourPlus } from '../../shared/domain/timestamp.ts';
import { schemaOf, type WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { DigestShelf } from '../../shared/ports/archive-store.ts';
import type { SchemaShelf, SchemaSubject } from '../../shared/ports/schema-shelf.ts';
import { oldestOf, hoursToDo } from './aggregate-usage.ts';
import { lateReads } from './late-reads.ts';

const HOURS_PER_DAY = 24;
/** Objects read at once. */
const READS_AT_ONCE = 8;

export type FoldSchemaDeps = { digests: DigestShelf; schemas: SchemaShelf; now: () => Date };

/**
 * Folds what digests say of names, properties and traits: hours since the last run, at least the last 3, and those of late digests, each anew from all
 * its digests; then the days that they lie in, each from its hours. So a run that comes twice, late or with others leaves the same (E1). The hour
 * that has not ended, and the one before it, whose last digests may be on their way, are left to readers. One workspace that fails holds up no other; it is thrown at the end.
 */
export async function foldSchemas(deps: FoldSchemaDeps, configs: readonly WorkspaceConfig[]): Promise<void> {
  const present = hourOf(deps.now().toISOString());
  const end = hourPlus(present, -1);
  const standing = await Promise.all(
    configs.map(async (config) => ({
      config,
      hours: hoursToDo((await deps.schemas.foldedTo(config.workspaceId)) ?? oldestOf([config]), present).filter(
        (hour) => hour < end,
      ),
    })),
  );
  const lateOf = lateReads(standing, present, (hour, ids) => lateHours(deps.digests, hour, ids));
  const failures: unknown[] = [];
  for (const one of standing) {
    const { config, hours } = one;
    try {
      const all = new Set([...hours, ...((await lateOf(one)) ?? [])].filter((hour) => hour < end));
      await foldWorkspace(deps, config, [...all].toSorted());
      await deps.schemas.putFoldedTo(config.workspaceId, end);
    } catch (error) {
      logError('Schemas of a workspace were not brought up to now; the next run tries again', error, {
        workspaceId: config.workspaceId,
      });
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

async function lateHours(
  digests: DigestShelf,
  writtenHour: string,
  workspaceIds: ReadonlySet<string>,
): Promise<Map<string, Set<string>>> {
  const hours = new Map<string, Set<string>>();
  for await (const { workspaceId, from } of digests.lateSince(writtenHour, workspaceIds)) {
    hours.set(workspaceId, (hours.get(workspaceId) ?? new Set()).add(hourOf(from)));
  }
  return hours;
}

async function foldWorkspace(
  { digests, schemas }: FoldSchemaDeps,
  config: WorkspaceConfig,
  hours: readonly string[],
): Promise<void> {
  const { workspaceId } = config;
  /** Days that are to be summed again, by source, and what was seen there. */
  const touched = new Map<SourceId, { days: Set<string>; news: SchemaSum }>();
  for (const hour of hours) {
    const bySource = new Map<SourceId, SchemaSum>();
    for await (const { sourceId, schema } of digests.ofHour(workspaceId, hour)) {
      const sum = bySource.get(sourceId) ?? new SchemaSum();
      sum.add(seenIn(schema));
      bySource.set(sourceId, sum);
    }
    for (const [sourceId, sum] of bySource) {
      const subject = { workspaceId, sourceId };
      const seen = sum.seen();
      if (!isSame(await schemas.hour(subject, hour), seen)) await schemas.putHour(subject, hour, seen);
      const one = touched.get(sourceId) ?? { days: new Set<string>(), news: new SchemaSum() };
      one.days.add(dayOf(hour));
      one.news.add(seen);
      touched.set(sourceId, one);
    }
  }
  for (const [sourceId, { days, news }] of touched) {
    const subject = { workspaceId, sourceId };
    // Whatever a run before this one left undone between an hour and its day.
    for (const day of days) {
      const seen = await dayFrom(schemas, subject, day);
      if (!isSame(await schemas.day(subject, day), seen)) await schemas.putDay(subject, day, seen);
    }
    const known = await schemas.known(subject);
    const learnt = learn(known ?? nothingKnown(), news.seen(), goneOf(config, sourceId));
    if (!isSame(known, learnt)) await schemas.putKnown(subject, learnt);
  }
}

const isSame = (before: unknown, after: unknown): boolean =>
  before !== undefined && JSON.stringify(before) === JSON.stringify(after);

async function dayFrom(schemas: SchemaShelf, subject: SchemaSubject, day: string): Promise<SeenSchema> {
  const hours = Array.from({ length: HOURS_PER_DAY }, (_, index) => hourPlus(`${day}T00`, index));
  const sum = new SchemaSum();
  for (const seen of await inParallel(hours, READS_AT_ONCE, (hour) => schemas.hour(subject, hour))) {
    if (seen !== undefined) sum.add(seen);
  }
  return sum.seen();
}

/** What people cleared away makes room, until it is seen again. */
function goneOf(config: WorkspaceConfig, sourceId: SourceId): IsGone {
  const schema = schemaOf(config, sourceId);
  return (tab, [name, , last]) => isClearedAway(schema, tab, name, last);
}
