import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';
import { type DoneRow, LATENCY_BUCKETS_MS, type PlannedDestination, type PlanRow } from '../domain/ledger-rows.ts';

/**
 * How rows lie in the table: as JSON of what their key does not say, what is not nothing, and what does not follow from the rest. DynamoDB
 * bills a write by started KB, and a plan for up to four destinations is below one then. Rows that were written whole read the same.
 */
type Key = { pk: string; sk: string };

const NO_PLAN = { invalid: {}, duplicate: 0, suppressed: 0, blocked: {}, types: {} };
const NO_DONE = { delivered: 0, discarded: {}, deadLettered: {}, retry: 0, errors: [] };

export function planText({ intakeId: _inKey, sourceId: _inPartition, destinations, ...row }: PlanRow): string {
  return JSON.stringify({ ...without(row, NO_PLAN), destinations: destinations.map(leanDestination) });
}

/** The plan row's JSON, whole again. What is no plan comes back as no plan: it is parsed by its schema next. */
export function planOfText(text: string, { pk, sk }: Key): unknown {
  const row: unknown = JSON.parse(text);
  if (!isJsonObject(row)) return row;
  const { destinations } = row;
  return {
    ...NO_PLAN,
    sourceId: pk.split('#')[1],
    intakeId: sk.split('#')[2],
    ...row,
    destinations: Array.isArray(destinations) ? destinations.map(wholeDestination) : destinations,
  };
}

export const destinationsText = (destinations: readonly PlannedDestination[]): string =>
  JSON.stringify(destinations.map(leanDestination));

export function destinationsOfText(text: string): unknown {
  const destinations: unknown = JSON.parse(text);
  return Array.isArray(destinations) ? destinations.map(wholeDestination) : destinations;
}

/** Nearly always each event makes one send, and all of them are one part. */
function leanDestination({ filtered, queued, cuts, ...planned }: PlannedDestination): JsonObject {
  const [cut] = cuts;
  const isOnePart = cuts.length === 1 && cut === planned.sends;
  return {
    ...planned,
    ...(Object.keys(filtered).length > 0 && { filtered }),
    ...(queued !== planned.sends && { queued }),
    ...(!isOnePart && { cuts }),
  };
}

function wholeDestination(planned: Json): Json {
  if (!isJsonObject(planned)) return planned;
  const { sends = 0 } = planned;
  return { filtered: {}, queued: sends, cuts: [sends], ...planned };
}

export function doneText(row: DoneRow): string {
  const { latency, ...rest } = row;
  const counts = Object.fromEntries([...latency.entries()].filter(([, count]) => count > 0));
  const lean = { ...without(rest, NO_DONE), latency: counts };
  if (row.replay !== undefined) return JSON.stringify(lean);
  const { destinationId: _inPartition, intakeId: _inKey, slice: _slice, hop: _hop, ...own } = lean;
  return JSON.stringify(own);
}

/** As planOfText. A row of a replay run lies under the run and names its destination itself. */
export function doneOfText(text: string, { pk, sk }: Key): unknown {
  const row: unknown = JSON.parse(text);
  if (!isJsonObject(row)) return row;
  const [, destinationId] = pk.split('#');
  const [, , intakeId, slice, hop] = sk.split('#');
  const { latency } = row;
  return {
    ...NO_DONE,
    destinationId,
    intakeId,
    slice: Number(slice),
    hop: Number(hop),
    ...row,
    latency: isJsonObject(latency) ? wholeLatency(latency) : latency,
  };
}

const wholeLatency = (counts: JsonObject): Json[] =>
  Array.from({ length: LATENCY_BUCKETS_MS.length + 1 }, (_, bucket) => counts[bucket] ?? 0);

/** A row without the fields that hold nothing. */
function without<T extends object>(row: T, nothing: Readonly<Record<string, unknown>>): T {
  const fields = Object.entries(row).filter(
    ([name, value]) => !(Object.hasOwn(nothing, name) && JSON.stringify(value) === JSON.stringify(nothing[name])),
  );
  return Object.fromEntries(fields) as T;
}
