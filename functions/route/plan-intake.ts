import { bitmapOf, Groups } from '../../shared/domain/bitmap.ts';
import { chooseMappings } from '../../shared/domain/choose-mappings.ts';
import type { EventType, TributaryEvent } from '../../shared/domain/event.ts';
import { numberKinds, packHashes } from '../../shared/domain/event-kind.ts';
import type { Counts, PlannedDestination, PlanRow } from '../../shared/domain/ledger-rows.ts';
import type { BlockedReason } from '../../shared/domain/outcomes.ts';
import { isBlockedBySchema } from '../../shared/domain/schema-rules.ts';
import type { RuledTarget } from '../../shared/domain/target-verdict.ts';
import type { SourceSchema } from '../../shared/domain/source-schema.ts';
import { isOfSuppressed } from '../../shared/domain/suppression.ts';
import { type Destination, type Mapping, schemaOf, type WorkspaceConfig } from '../../shared/domain/workspace.ts';
import { cutSends } from '../../shared/pipeline/parts.ts';
import type { IntakeReading, ReadEvent } from '../../shared/pipeline/read-intake.ts';

/** What route must know of a type of destination. */
export type Catalog = (type: string) => RuledTarget['kind'];

/** An enabled destination of the source, with its enabled mappings. */
export type Target = RuledTarget & { destination: Destination; mappings: readonly Mapping[] };

/** The part of a plan row that is decided; who decided and when is added where it is put. */
export type Plan = Pick<
  PlanRow,
  | 'received'
  | 'invalid'
  | 'duplicate'
  | 'suppressed'
  | 'blocked'
  | 'routed'
  | 'types'
  | 'routedBitmap'
  | 'destinations'
  | 'bytes'
  | 'kinds'
  | 'kindOf'
  | 'unrouted'
  | 'idHashes'
>;

/** The destinations that the events of a source may go to. */
export const targetsOf = (config: WorkspaceConfig, sourceId: string, catalog: Catalog): Target[] =>
  config.destinations
    .filter(({ destination }) => destination.sourceId === sourceId && destination.enabled)
    .map(({ destination, mappings, filters = [] }) => ({
      destination,
      mappings: mappings.filter((mapping) => mapping.enabled),
      kind: catalog(destination.type),
      filters,
      schema: schemaOf(config, sourceId),
    }));

/**
 * Decides what becomes of each event of an intake message: who gets it, by which mappings, in which parts, and why anyone else does not.
 * Pure and deterministic: no clock, no random, so that deciding again gives the same plan under the same configuration.
 * received = invalid + duplicate + suppressed + blocked + routed; of each destination routed = filtered + queued.
 */
export function planIntake(
  reading: IntakeReading,
  duplicates: ReadonlySet<string>,
  targets: readonly Target[],
  { schema, suppressed }: { schema?: SourceSchema | undefined; suppressed?: WorkspaceConfig['suppressed'] } = {},
): Plan {
  const unrouted = new Groups();
  for (const [index, { fault }] of reading.items.entries()) if (fault !== undefined) unrouted.add(fault, index);
  const fresh = reading.events.filter(({ event, index }) => {
    if (duplicates.has(event.messageId)) unrouted.add('duplicate', index);
    return !duplicates.has(event.messageId);
  });
  const admitted = fresh.filter(({ event, index }) => {
    const isSuppressed = isOfSuppressed(event, suppressed);
    if (isSuppressed) unrouted.add('suppressed', index);
    return !isSuppressed;
  });
  const blocked: Partial<Record<BlockedReason, number>> = {};
  const routed = admitted.filter(({ event, index }) => {
    const reason = blockedBecause(reading, event, schema);
    if (reason === undefined) return true;
    blocked[reason] = (blocked[reason] ?? 0) + 1;
    unrouted.add(`blocked.${reason}`, index);
    return false;
  });
  const types: Partial<Record<EventType, number>> = {};
  for (const { event } of routed) types[event.type] = (types[event.type] ?? 0) + 1;
  return {
    received: reading.received,
    invalid: reading.invalid,
    duplicate: reading.repeats + reading.events.length - fresh.length,
    suppressed: fresh.length - admitted.length,
    blocked,
    routed: routed.length,
    types,
    routedBitmap: bitmapOf(routed.map(({ index }) => index)),
    destinations: targets.map((target) => planDestination(reading, routed, target)),
    ...tellApart(reading),
    ...unrouted.field('unrouted', reading.items.length < reading.received),
  };
}

/** Who was what: kinds and ids of the events, valid or not. */
function tellApart({ bytes, items, received }: IntakeReading): Pick<Plan, 'bytes' | 'kinds' | 'kindOf' | 'idHashes'> {
  const numbered = numberKinds(items.map(({ kind }) => kind));
  return {
    bytes,
    kinds: numbered.kinds,
    ...((numbered.kinds.length > 1 || items.length < received) && { kindOf: numbered.kindOf }),
    idHashes: packHashes(items.map(({ idHash }) => idHash)),
  };
}

/** Why a valid event that nobody has sent before goes nowhere. */
function blockedBecause(
  { source }: IntakeReading,
  event: TributaryEvent,
  schema: SourceSchema | undefined,
): BlockedReason | undefined {
  if (source === undefined) return 'source_deleted';
  return isBlockedBySchema(schema, event) ? 'event_setting' : undefined;
}

type Send = { from: ReadEvent; mapping: Mapping };

function planDestination(reading: IntakeReading, routed: readonly ReadEvent[], target: Target): PlannedDestination {
  const filtered: Counts = {};
  const filteredEvents = new Groups();
  const sends: Send[] = [];
  let queued = 0;
  for (const from of routed) {
    const verdict = chooseMappings(from.event, target);
    if ('reason' in verdict) {
      filtered[verdict.reason] = (filtered[verdict.reason] ?? 0) + 1;
      filteredEvents.add(verdict.reason, from.index);
    } else {
      queued += 1;
      for (const mapping of verdict.mappings) sends.push({ from, mapping });
    }
  }
  // Only mappings that are used: the bitmap has a bit for each event and mapping.
  const used = new Set(sends.map(({ mapping }) => mapping));
  const mappings = target.mappings.filter((mapping) => used.has(mapping));
  const numberOf = new Map(mappings.map((mapping, number) => [mapping, number]));
  const numbered = sends.map(({ from, mapping }) => ({ from, mapping: numberOf.get(mapping) ?? 0 }));
  const mappingIds = mappings.map(({ id }) => id);
  return {
    destinationId: target.destination.id,
    filtered,
    queued,
    sends: sends.length,
    mappings: mappingIds,
    bitmap: bitmapOf(numbered.map(({ from, mapping }) => from.index * mappings.length + mapping)),
    cuts: cutSends(reading.message, mappingIds, numbered),
    ...filteredEvents.field('filteredEvents'),
  };
}
