import * as z from 'zod';
import { DestinationId, SourceId, WorkspaceId } from './ids.ts';
import { Timestamp } from './timestamp.ts';

/** Events that a source's rules may name; an item of DynamoDB holds 400 KB. */
export const SCHEMA_EVENTS_MAX = 2_000;
const NAME_CHARS_MAX = 512;

const EventRule = z.object({
  /** False: nothing gets it, no destination, no archive, no replay (C23). */
  enabled: z.boolean().default(true),
  /** False for a destination: it gets none of these, unless the event's own integrations object names it (C22). */
  destinations: z.record(DestinationId, z.boolean()).default({}),
});
export type EventRule = z.infer<typeof EventRule>;

const rulesByName = z
  .record(z.string().max(NAME_CHARS_MAX), EventRule)
  .refine((rules) => Object.keys(rules).length <= SCHEMA_EVENTS_MAX, `at most ${SCHEMA_EVENTS_MAX} events`)
  .default({});
const traitRules = z
  .object({
    /** Traits that are taken out before anything gets the event. */
    blockedTraits: z.array(z.string().max(NAME_CHARS_MAX)).max(SCHEMA_EVENTS_MAX).default([]),
    destinations: z.record(DestinationId, z.boolean()).default({}),
  })
  .default({ blockedTraits: [], destinations: {} });

/**
 * What people switched off on a source's Schema page: events by call and name (of Page and Screen by their name, `` for those without), and traits.
 * What is not named is on (gap 17).
 */
export const SourceSchema = z.object({
  workspaceId: WorkspaceId,
  sourceId: SourceId,
  track: rulesByName,
  page: rulesByName,
  screen: rulesByName,
  identify: traitRules,
  group: traitRules,
  version: z.int().nonnegative(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type SourceSchema = z.infer<typeof SourceSchema>;
