import { bitmapOf } from '../../shared/domain/bitmap.ts';
import type { EventType, TributaryEvent } from '../../shared/domain/event.ts';
import { allowsIntegration } from '../../shared/domain/integrations-object.ts';
import type { Counts, PlannedDestination, PlanRow } from '../../shared/domain/ledger-rows.ts';
import type { FilteredReason } from '../../shared/domain/outcomes.ts';
import type { Destination, Mapping, WorkspaceConfig } from '../../shared/domain/workspace.ts';
import { cutSends } from '../../shared/pipeline/parts.ts';
import type { IntakeReading, ReadEvent } from '../../shared/pipeline/read-intake.ts';
import { triggerVerdict } from './triggers.ts';

/** What route must know of a type of destination. */
export type DestinationKind = {
  supportedTypes: readonly EventType[];
  /** Its names in an event's `integrations` object. */
  integrationNames: readonly string[];
};
export type Catalog = (type: string) => DestinationKind | undefined;

/** An enabled destination of the source, with its enabled mappings. */
export type Target = { destination: Destination; mappings: readonly Mapping[]; kind: DestinationKind | undefined };

/** The part of a plan row that is decided; who decided and when is added where it is put. */
export type Plan = Pick<
  PlanRow,
  'received' | 'invalid' | 'duplicate' | 'suppressed' | 'blocked' | 'routed' | 'types' | 'routedBitmap' | 'destinations'
>;

/** The destinations that the events of a source may go to. */
export const targetsOf = (config: WorkspaceConfig, sourceId: string, catalog: Catalog): Target[] =>
  config.destinations
    .filter(({ destination }) => destination.sourceId === sourceId && destination.enabled)
    .map(({ destination, mappings }) => ({
      destination,
      mappings: mappings.filter((mapping) => mapping.enabled),
      kind: catalog(destination.type),
    }));

/**
 * Decides what becomes of each event of an intake message: who gets it, by which mappings, in which parts, and why anyone else does not.
 * Pure and deterministic: no clock, no random, so that deciding again gives the same plan under the same configuration.
 * received = invalid + duplicate + suppressed + blocked + routed; of each destination routed = filtered + queued.
 */
export function planIntake(reading: IntakeReading, duplicates: ReadonlySet<string>, targets: readonly Target[]): Plan {
  const fresh = reading.events.filter(({ event }) => !duplicates.has(event.messageId));
  const isGone = reading.source === undefined;
  const routed = isGone ? [] : fresh;
  const types: Partial<Record<EventType, number>> = {};
  for (const { event } of routed) types[event.type] = (types[event.type] ?? 0) + 1;
  return {
    received: reading.received,
    invalid: reading.invalid,
    duplicate: reading.repeats + reading.events.length - fresh.length,
    suppressed: 0,
    blocked: isGone && fresh.length > 0 ? { source_deleted: fresh.length } : {},
    routed: routed.length,
    types,
    routedBitmap: bitmapOf(routed.map(({ index }) => index)),
    destinations: targets.map((target) => planDestination(reading, routed, target)),
  };
}

/** Rules before the mappings, in order: the first that objects gives the reason (C17: the type comes first). */
const RULES: readonly ((event: TributaryEvent, target: Target) => FilteredReason | undefined)[] = [
  (event, { kind }) => (kind?.supportedTypes.includes(event.type) === true ? undefined : 'UNSUPPORTED_EVENT_TYPE'),
  (event, { kind }) =>
    kind === undefined || allowsIntegration(event.integrations, kind.integrationNames)
      ? undefined
      : 'FILTERED_BY_INTEGRATIONS_OBJECT',
];

type Send = { from: ReadEvent; mapping: Mapping };

function planDestination(reading: IntakeReading, routed: readonly ReadEvent[], target: Target): PlannedDestination {
  const filtered: Counts = {};
  const sends: Send[] = [];
  let queued = 0;
  for (const from of routed) {
    const verdict = verdictOf(from.event, target);
    if ('reason' in verdict) {
      filtered[verdict.reason] = (filtered[verdict.reason] ?? 0) + 1;
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
  };
}

function verdictOf(event: TributaryEvent, target: Target): { reason: FilteredReason } | { mappings: Mapping[] } {
  for (const rule of RULES) {
    const reason = rule(event, target);
    if (reason !== undefined) return { reason };
  }
  const mappings: Mapping[] = [];
  let isUnreadable = false;
  for (const mapping of target.mappings) {
    const verdict = triggerVerdict(mapping.trigger, event);
    if (verdict === 'chosen') mappings.push(mapping);
    if (verdict === 'unreadable') isUnreadable = true;
  }
  if (mappings.length > 0) return { mappings };
  return { reason: isUnreadable ? 'INVALID_TRIGGER' : 'NO_MATCHING_MAPPING' };
}
