import { inGroups } from './in-groups.ts';
import { bitmapOf } from '../domain/bitmap.ts';
import { chooseMappings } from '../domain/choose-mappings.ts';
import type { TributaryEvent } from '../domain/event.ts';
import type { MappingId, SourceId, WorkspaceId } from '../domain/ids.ts';
import { type JsonObject, own } from '../domain/json.ts';
import type { ReplayFilter, ReplayManifest } from '../domain/replay.ts';
import { eventFits, eventNameOf, messageIdOf } from '../domain/replay-filter.ts';
import { addCount } from '../domain/replay-order.ts';
import { isKeptFromBySchema, withoutBlockedTraits } from '../domain/schema-rules.ts';
import type { SourceSchema } from '../domain/source-schema.ts';
import { isOfSuppressed } from '../domain/suppression.ts';
import type { RuledTarget } from '../domain/target-verdict.ts';
import { hourOf } from '../domain/timestamp.ts';
import type { Mapping } from '../domain/workspace.ts';
import type { ArchiveReader } from '../ports/archive-reader.ts';
import type { LetterLines, SentLetter } from './replay-slices.ts';

/** Objects that are read at once, each line by line. */
const OBJECTS_AT_ONCE = 8;
/** What one run takes: objects, and events whose ids are held in memory (some 100 bytes each). */
const OBJECTS_MAX = 100_000;
export const ARCHIVE_EVENTS_MAX = 1_000_000;

export type ArchiveTarget = RuledTarget & { mappings: readonly Mapping[] };

export type ArchiveSurvey = {
  sourceId: SourceId;
  /** With `from` and `to`. */
  filter: ReplayFilter & { from: string; to: string };
  target: ArchiveTarget;
  /** The name under which the destination is let through (N22). */
  integration: string;
  suppressed: ReadonlySet<string> | undefined;
  eventsMax?: number;
  /** Asked between objects. */
  mayGoOn: () => Promise<boolean>;
};

/** What a run of archived events would send. `leftOut`: events, by reason. */
export type ArchivePlan = {
  objects: ReplayManifest['objects'];
  sends: number;
  byEvent: Map<string, number>;
  leftOut: Map<string, number>;
  /** `too large`: more than one run takes. `broken off`: `mayGoOn` said no. The plan is void. */
  outcome: 'whole' | 'too large' | 'broken off';
};

type Judged = { line: number; messageId: string; event: string } & ({ reason: string } | { mappings: number[] });

/**
 * Looks through a source's archive for events that fit, and judges each for one destination by route's own rules and the configuration of now, as
 * if it came at this moment; of those with one messageId the first counts. Changes nothing. Events are read one at a time: of those that fit, the id stays.
 */
export async function planArchive(archive: ArchiveReader, survey: ArchiveSurvey): Promise<ArchivePlan> {
  const { sourceId, filter, target, eventsMax = ARCHIVE_EVENTS_MAX } = survey;
  const plan: ArchivePlan = { objects: [], sends: 0, byEvent: new Map(), leftOut: new Map(), outcome: 'whole' };
  const seen = new Set<string>();
  const hours = { from: hourOf(filter.from), to: hourOf(filter.to) };
  for await (const keys of inGroups(archive.objects(sourceId, hours), OBJECTS_AT_ONCE)) {
    if (!(await survey.mayGoOn())) return { ...plan, outcome: 'broken off' };
    const objects = await Promise.all(
      keys.map(async (key) => ({ key, events: await judgeObject(archive, key, survey) })),
    );
    for (const { key, events } of objects) {
      const lines = linesToSend(plan, events, seen, target.mappings.length);
      if (lines.length === 0) continue;
      plan.objects.push({ key, lines: bitmapOf(lines), count: lines.length });
      plan.sends += lines.length;
    }
    if (seen.size > eventsMax || plan.objects.length > OBJECTS_MAX) return { ...plan, outcome: 'too large' };
  }
  return plan;
}

/** Of an object, the numbers of its sends: a line has as many as there are mappings. */
function linesToSend(plan: ArchivePlan, events: readonly Judged[], seen: Set<string>, mappings: number): number[] {
  const lines: number[] = [];
  for (const judged of events) {
    if (seen.has(judged.messageId)) {
      addCount(plan.leftOut, 'repeat');
      continue;
    }
    seen.add(judged.messageId);
    if ('reason' in judged) {
      addCount(plan.leftOut, judged.reason);
      continue;
    }
    for (const mapping of judged.mappings) {
      lines.push(judged.line * mappings + mapping);
      addCount(plan.byEvent, judged.event);
    }
  }
  return lines;
}

async function judgeObject(archive: ArchiveReader, key: string, survey: ArchiveSurvey): Promise<Judged[]> {
  const { filter, target, integration, suppressed } = survey;
  const numberOf = new Map(target.mappings.map((mapping, number) => [mapping, number]));
  const judged: Judged[] = [];
  let line = -1;
  for await (const archived of archive.events(key)) {
    line += 1;
    if (!isIn(filter, archived) || !eventFits(filter, archived)) continue;
    const head = { line, messageId: messageIdOf(archived), event: eventNameOf(archived) };
    if (isOfSuppressed(archived, suppressed)) {
      judged.push({ ...head, reason: 'suppressed' });
      continue;
    }
    const chosen = chooseFor(asReplayed(archived, integration, target.schema), target);
    if ('reason' in chosen) judged.push({ ...head, reason: chosen.reason });
    else judged.push({ ...head, mappings: chosen.mappings.map((mapping) => numberOf.get(mapping) ?? 0) });
  }
  return judged;
}

/** An event that asks for a destination by name passes the schema's filter (C22). Here the asking is ours, so it does not. */
function chooseFor(event: TributaryEvent, target: ArchiveTarget): ReturnType<typeof chooseMappings> {
  if (isKeptFromBySchema(target.schema, event, target.destination.id)) return { reason: 'FILTERED_BY_SCHEMA' };
  return chooseMappings(event, target);
}

function isIn({ from, to }: ArchiveSurvey['filter'], event: JsonObject): boolean {
  const receivedAt = own(event, 'receivedAt');
  return typeof receivedAt === 'string' && receivedAt >= from && receivedAt < to;
}

/** An archived event as it goes to one destination alone, whatever it said of others (N22); times and ids are its own. */
function asReplayed(event: JsonObject, integration: string, schema: SourceSchema | undefined): TributaryEvent {
  // What was archived had been through `readIntake`.
  const bare = withoutBlockedTraits(schema, event as TributaryEvent);
  return { ...bare, integrations: { All: false, [integration]: true } };
}

/** The archive read as letters by the manifest of a run: each line once for each of its mappings. */
export const archiveLetters = (
  archive: Pick<ArchiveReader, 'events'>,
  { mappings, integration }: NonNullable<ReplayManifest['archive']>,
  of: { workspaceId: WorkspaceId; sourceId: SourceId; schema: SourceSchema | undefined },
): LetterLines => ({
  letters: async function* (key) {
    const { workspaceId, sourceId, schema } = of;
    const letterOf = (event: JsonObject, mappingId: MappingId): SentLetter => ({
      workspaceId,
      sourceId,
      mappingId,
      event,
    });
    for await (const archived of archive.events(key)) {
      const event = asReplayed(archived, integration, schema);
      for (const mappingId of mappings) yield letterOf(event, mappingId);
    }
  },
});
