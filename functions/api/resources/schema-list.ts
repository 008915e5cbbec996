import { inParallel } from '../../../shared/aws/in-parallel.ts';
import type { DetailReader } from '../../../shared/ports/detail-reader.ts';
import type { SourceDetail, Step } from '../../../shared/domain/detail.ts';
import type { EventKind } from '../../../shared/domain/event-kind.ts';
import { total } from '../../../shared/domain/books.ts';
import {
  isOfTraits,
  SCHEMA_NAMES_MAX,
  SCHEMA_TRAITS_MAX,
  SchemaSum,
  seenCallOf,
  seenIn,
  SEEN_TYPES,
  type SeenSchema,
  type SeenType,
  traitPath,
} from '../../../shared/domain/schema-digest.ts';
import { learn, nothingKnown, type KnownSchema } from '../../../shared/domain/known-schema.ts';
import { displayOf, rowName, rowNamed, type SchemaRow, shownSince, tabOf } from '../../../shared/domain/schema-page.ts';
import type { SchemaTab, SourceSchema } from '../../../shared/domain/source-schema.ts';
import { dayOf, dayPlus, hourOf, hourPlus } from '../../../shared/domain/timestamp.ts';
import type { Source } from '../../../shared/domain/workspace.ts';
import type { SchemaShelf, SourceDigests } from '../../../shared/ports/schema-shelf.ts';

/** What the Schema page reads. */
export type SchemaWork = { details: Pick<DetailReader, 'source'>; shelf: SchemaShelf; digests: SourceDigests };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const READS_AT_ONCE = 12;
/** The hourly run folds hours up to the one before the last; where it was missed, the newest hours alone are read from digests. */
const UNFOLDED_HOURS_MAX = 3;
/** Digests of one hour that a page reads: the archive makes some 12, and under load some 60. The next hourly run counts the rest. */
const DIGESTS_PER_HOUR_MAX = 200;
/** Minutes can be cut for so long; before that, whole hours (rows live 15 days). */
const MINUTES_KEPT_MS = 14 * DAY_MS;

export type SeenTypeCount = { type: SeenType; count: number };
export type ListedProperty = { path: string; count: number; types: SeenTypeCount[]; lastSeenAt: string };
export type ListedRow = {
  row: SchemaRow;
  firstSeenAt: string | null;
  lastSeenAt: string | null;
  lastSeenPrecision: 'EXACT' | 'HOUR';
  allowedCount: number;
  blockedCount: number | null;
  properties: ListedProperty[];
  types: SeenTypeCount[];
};
export type SchemaList = { from: string; to: string; rows: ListedRow[]; notListed: number; propertiesTo: string };

/**
 * All rows of a tab: what was ever seen of it, as far as there is room, with counts of the last days. Names of events are counted from the books, exactly
 * for the moment of the read; properties and traits from what was archived. Reads the books of the source once, and at most 33 objects of the archive,
 * the digests of what is not folded aside.
 */
export async function listSchema(
  work: SchemaWork,
  source: Source,
  { tab, days, schema, now }: { tab: SchemaTab; days: number; schema: SourceSchema | undefined; now: Date },
): Promise<SchemaList> {
  const to = now.toISOString();
  const from = `${hourOf(new Date(now.getTime() - days * DAY_MS).toISOString())}:00:00.000Z`;
  const [seen, lines] = await Promise.all([
    readSeen(work, source, { from, to }),
    tab === 'track' ? readLines(work, source, { from, to, schema, now }) : new Map<string, Line>(),
  ]);
  const rows = tab === 'track' ? eventRows(schema, seen, lines) : traitRows(tab, schema, seen);
  return { from, to, ...rows, propertiesTo: seen.upTo };
}

type Seen = { sum: SeenSchema; known: KnownSchema; upTo: string };

async function readSeen(
  { shelf, digests }: SchemaWork,
  { workspaceId, id: sourceId }: Source,
  { from, to }: { from: string; to: string },
): Promise<Seen> {
  const subject = { workspaceId, sourceId };
  const days: string[] = [];
  for (let day = dayOf(from); day <= dayOf(to); day = dayPlus(day, 1)) days.push(day);
  const [foldedTo = '', known = nothingKnown(), folded] = await Promise.all([
    shelf.foldedTo(workspaceId),
    shelf.known(subject),
    inParallel(days, READS_AT_ONCE, (day) => shelf.day(subject, day)),
  ]);
  const sum = new SchemaSum();
  for (const day of folded) if (day !== undefined) sum.add(day);
  const news = new SchemaSum();
  const oldest = hourPlus(hourOf(to), 1 - UNFOLDED_HOURS_MAX);
  let upTo = '';
  for (let hour = foldedTo > oldest ? foldedTo : oldest; hour <= hourOf(to); hour = hourPlus(hour, 1)) {
    for await (const digest of digests.ofSourceHour(subject, hour, DIGESTS_PER_HOUR_MAX)) {
      news.add(seenIn(digest.schema));
      if (digest.to > upTo) upTo = digest.to;
    }
  }
  sum.add(news.seen());
  return {
    sum: sum.seen(),
    known: learn(known, news.seen()),
    upTo: upTo === '' ? `${foldedTo === '' ? hourOf(from) : foldedTo}:00:00.000Z` : upTo,
  };
}

type Line = { allowed: number; blocked: number; lastHour: string; firstHour: string };

/** Of the books, by row. What was cleared counts from the next minute on, or the next hour where the books tell minutes no more. */
async function readLines(
  { details }: SchemaWork,
  source: Source,
  { from, to, schema, now }: { from: string; to: string; schema: SourceSchema | undefined; now: Date },
): Promise<Map<string, Line>> {
  const cuts = Object.values(displayOf(schema).cleared.track ?? {})
    .map((at) => cutAt(at, now))
    .filter((at) => at > from && at < to);
  const ends = [from, ...new Set(cuts.toSorted()), to];
  const lines = new Map<string, Line>();
  for (const [index, begin] of ends.slice(0, -1).entries()) {
    const range = { from: begin, to: ends[index + 1] ?? to, step: 'hour' as const, since: source.createdAt };
    for (const step of await details.source(source.id, range)) addStep(lines, step, schema, now);
  }
  return lines;
}

/** The next whole minute, or hour where books tell hours alone: nothing of before is counted. */
function cutAt(at: string, now: Date): string {
  const stepMs = now.getTime() - Date.parse(at) < MINUTES_KEPT_MS ? MINUTE_MS : HOUR_MS;
  return iso(Math.ceil(Date.parse(at) / stepMs) * stepMs);
}

function addStep(
  lines: Map<string, Line>,
  { from, detail }: Step<SourceDetail>,
  schema: SourceSchema | undefined,
  now: Date,
): void {
  for (const { kind, routed, blocked } of detail.lines) {
    const row = rowOfKind(kind);
    const blockedHere = total(blocked);
    if (row === undefined || tabOf(row.call) !== 'track' || routed + blockedHere === 0) continue;
    const since = shownSince(schema, row);
    if (since !== '' && from < cutAt(since, now)) continue;
    const line = lines.get(rowName(row)) ?? { allowed: 0, blocked: 0, firstHour: from, lastHour: from };
    line.allowed += routed;
    line.blocked += blockedHere;
    line.lastHour = from;
    lines.set(rowName(row), line);
  }
}

function rowOfKind(kind: EventKind): SchemaRow | undefined {
  const call = seenCallOf(kind);
  if (call === undefined) return undefined;
  return { call, name: call === 'track' ? kind[1] : '' };
}

/** Names in the order in which there is room for them: those first seen, those with settings, then what the books alone know of, most frequent first. */
function eventRows(schema: SourceSchema | undefined, { sum, known }: Seen, lines: Map<string, Line>) {
  const times = new Map(known.names.map(([name, first, last]) => [name, { first, last }]));
  const byCount = [...lines].toSorted(([, a], [, b]) => b.allowed + b.blocked - a.allowed - a.blocked);
  const names = new Set([
    ...times.keys(),
    ...settingsOf(schema, 'track').map(rowName),
    ...byCount.map(([name]) => name),
  ]);
  const seenNames = new Map(sum.names.map((name) => [rowName({ call: name[0], name: name[1] }), name]));
  const all: ListedRow[] = [];
  for (const text of names) {
    const row = rowNamed(text);
    if (row === undefined || isOfTraits(row.call)) continue;
    const since = shownSince(schema, row);
    const line = lines.get(text);
    const at = times.get(text);
    const isCleared = since !== '' && line === undefined && (at === undefined || at.last <= Date.parse(since));
    if (isCleared) continue;
    const paths = seenNames.get(text)?.[5] ?? [];
    all.push({
      row,
      ...seenAt(at, line),
      allowedCount: line?.allowed ?? 0,
      blockedCount: line?.blocked ?? 0,
      properties: paths
        .filter(([, , , last]) => since === '' || last > Date.parse(since))
        .map(([path, count, , last, ...types]) => ({ path, count, types: typesOf(types), lastSeenAt: iso(last) })),
      types: [],
    });
  }
  return { rows: all.slice(0, SCHEMA_NAMES_MAX), notListed: Math.max(all.length - SCHEMA_NAMES_MAX, 0) };
}

/** What is not archived yet, or never is since it was blocked, is known by its hour. */
function seenAt(
  at: { first: number; last: number } | undefined,
  line: Line | undefined,
): Pick<ListedRow, 'firstSeenAt' | 'lastSeenAt' | 'lastSeenPrecision'> {
  const exact = at === undefined ? '' : iso(at.last);
  const first = at === undefined ? line?.firstHour : iso(at.first);
  const isNewer = line !== undefined && line.lastHour > exact;
  const last = isNewer ? line.lastHour : exact;
  return {
    firstSeenAt: first ?? null,
    lastSeenAt: last === '' ? null : last,
    lastSeenPrecision: isNewer ? 'HOUR' : 'EXACT',
  };
}

function traitRows(call: 'identify' | 'group', schema: SourceSchema | undefined, { sum, known }: Seen) {
  const times = new Map(known[call].map(([path, first, last]) => [path, { first, last }]));
  const paths = new Map(
    sum.names.flatMap(([of, , , , , each]) => (of === call ? each : [])).map((one) => [one[0], one]),
  );
  const names = new Set([...times.keys(), ...settingsOf(schema, call).map(({ name }) => name), ...paths.keys()]);
  const all: ListedRow[] = [];
  for (const name of names) {
    const row = { call, name };
    const since = shownSince(schema, row);
    const at = times.get(name);
    if (since !== '' && (at === undefined || at.last <= Date.parse(since))) continue;
    const [, count = 0, , , ...types] = paths.get(name) ?? [];
    all.push({
      row,
      ...seenAt(at, undefined),
      allowedCount: count,
      blockedCount: null,
      properties: [],
      types: typesOf(types as number[]),
    });
  }
  return { rows: all.slice(0, SCHEMA_TRAITS_MAX), notListed: Math.max(all.length - SCHEMA_TRAITS_MAX, 0) };
}

/** Rows that people set something for. */
function settingsOf(schema: SourceSchema | undefined, tab: SchemaTab): SchemaRow[] {
  if (schema === undefined) return [];
  const { archived, added } = displayOf(schema);
  const named = [...added, ...archived]
    .flatMap((text) => rowNamed(text) ?? [])
    .filter(({ call }) => tabOf(call) === tab);
  if (tab !== 'track') {
    return [...schema[tab].blockedTraits.map((trait) => ({ call: tab, name: traitPath(trait) })), ...named];
  }
  return [
    ...Object.keys(schema.track).map((name) => ({ call: 'track' as const, name })),
    ...(schema.everyPage === undefined ? [] : [{ call: 'page' as const, name: '' }]),
    ...(schema.everyScreen === undefined ? [] : [{ call: 'screen' as const, name: '' }]),
    ...named,
  ];
}

const typesOf = (counts: readonly number[]): SeenTypeCount[] =>
  SEEN_TYPES.flatMap((type, index) => {
    const count = counts[index] ?? 0;
    return count === 0 ? [] : [{ type, count }];
  });

const iso = (ms: number): string => new Date(ms).toISOString();
