import { allowsConsent } from './consent.ts';
import type { EventType, TributaryEvent } from './event.ts';
import type { Filter } from './filter.ts';
import { applyFilters } from './filter-verdict.ts';
import { allowsIntegration, namesIntegration } from './integrations-object.ts';
import type { FilteredReason } from './outcomes.ts';
import { objectIn } from './json.ts';
import { isBlockedBySchema, isKeptFromBySchema } from './schema-rules.ts';
import { isSentByDevice } from './sent-by-device.ts';
import type { SourceSchema } from './source-schema.ts';
import type { Destination } from './workspace.ts';

/** What the rules must know of a connected destination. */
export type RuledTarget = {
  destination: Pick<Destination, 'id' | 'connectionMode' | 'consentCategories'>;
  /** Of its type; `undefined`: there is no such type (any more), and nothing is sent. */
  kind:
    | { supportedTypes: readonly EventType[]; integrationNames: readonly string[]; isDeviceOnly?: boolean }
    | undefined;
  filters: readonly Filter[];
  /** Of its source. */
  schema: SourceSchema | undefined;
};

/** `event`: what the destination may see of it. */
export type TargetVerdict =
  | { verdict: 'passes'; event: TributaryEvent }
  | { verdict: 'filtered'; reason: FilteredReason };

/** Where an event stands on its way to a destination, in order. */
export const TARGET_STAGES = [
  'supported-type',
  'device-mode',
  'integrations-object',
  'source-schema',
  'schema-filter',
  'consent',
  'device-only',
  'filters',
] as const;
export type TargetStage = (typeof TARGET_STAGES)[number];

type Rule = (
  event: TributaryEvent,
  target: RuledTarget & { kind: NonNullable<RuledTarget['kind']> },
) => FilteredReason | undefined;

/** Rules before the filters, in the order of TARGET_STAGES: the first that objects gives the reason (C17: the type comes first). */
const RULES: readonly Rule[] = [
  (event, { kind }) => (kind.supportedTypes.includes(event.type) ? undefined : 'UNSUPPORTED_EVENT_TYPE'),
  (event, { destination, kind }) =>
    (destination.connectionMode === 'device' || kind.isDeviceOnly === true) &&
    isSentByDevice(event, kind.integrationNames)
      ? 'MESSAGE_SENT_CLIENT_SIDE'
      : undefined,
  (event, { kind }) =>
    allowsIntegration(objectIn(event, 'integrations'), kind.integrationNames)
      ? undefined
      : 'FILTERED_BY_INTEGRATIONS_OBJECT',
  // Route has blocked it for everything; here it is what was queued or kept before the rule was made.
  (event, { schema }) => (isBlockedBySchema(schema, event) ? 'FILTERED_BY_SCHEMA' : undefined),
  (event, { destination, kind, schema }) =>
    isKeptFromBySchema(schema, event, destination.id) &&
    !namesIntegration(objectIn(event, 'integrations'), kind.integrationNames)
      ? 'FILTERED_BY_SCHEMA'
      : undefined,
  (event, { destination }) =>
    allowsConsent(event, destination.consentCategories) ? undefined : 'FILTERED_BY_END_USER_CONSENT',
  (_event, { kind }) => (kind.isDeviceOnly === true ? 'NOT_SENT_CLIENT_SIDE' : undefined),
];

/**
 * Whether a destination may get an event, and what of it, by every rule before its mappings. Pure and the same each time: route decides by it, and
 * deliver asks again, so that what today's rules forbid does not go out although it was queued.
 */
export function judgeForTarget(event: TributaryEvent, target: RuledTarget): TargetVerdict {
  return judgeByStage(event, target).judged;
}

/** As `judgeForTarget`, with the stage that it ends at; that of an event that passes is the last. */
export function judgeByStage(
  event: TributaryEvent,
  target: RuledTarget,
): { stage: TargetStage; judged: TargetVerdict } {
  const { kind } = target;
  if (kind === undefined) {
    return { stage: TARGET_STAGES[0], judged: { verdict: 'filtered', reason: 'UNSUPPORTED_EVENT_TYPE' } };
  }
  const known = { ...target, kind };
  for (const [index, rule] of RULES.entries()) {
    const reason = rule(event, known);
    if (reason !== undefined) {
      return { stage: TARGET_STAGES[index] ?? 'filters', judged: { verdict: 'filtered', reason } };
    }
  }
  const judged: TargetVerdict =
    target.filters.length === 0 ? { verdict: 'passes', event } : applyFilters(event, target.filters);
  return { stage: 'filters', judged };
}
