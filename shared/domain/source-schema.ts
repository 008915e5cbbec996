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

/** Events and traits that may be archived, and rows of events that were added before their first event. */
export const SCHEMA_ROWS_SET_MAX = 500;
/** One of the lists of a source's Schema page. */
export const SCHEMA_TABS = ['track', 'identify', 'group'] as const;
export type SchemaTab = (typeof SCHEMA_TABS)[number];
/** What a row is: the three that history is cleared by (F12). */
export const ROW_STATES = ['allowed', 'blocked', 'archived'] as const;
export type RowState = (typeof ROW_STATES)[number];

/** A row: its call, a line end, and the name of the event or the path of the trait; of pages and screens, which are one row each, the name is empty. */
const RowName = z.string().max(NAME_CHARS_MAX);
const Cleared = z.object({
  allowed: Timestamp.optional(),
  blocked: Timestamp.optional(),
  archived: Timestamp.optional(),
});
/** What the page shows; nothing that events are judged by. */
const SchemaDisplay = z.object({
  /** F11. */
  archived: z.array(RowName).max(SCHEMA_ROWS_SET_MAX).default([]),
  /** F14. */
  added: z.array(RowName).max(SCHEMA_ROWS_SET_MAX).default([]),
  /** F12: what is of that state and was seen then last is not shown, until it is seen again. */
  cleared: z.object({ track: Cleared.optional(), identify: Cleared.optional(), group: Cleared.optional() }).default({}),
});
export type SchemaDisplay = z.infer<typeof SchemaDisplay>;

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
  /** Of all pages and screens but those that have a rule of their own: the page lists them as one (F08). */
  everyPage: EventRule.optional(),
  everyScreen: EventRule.optional(),
  display: SchemaDisplay.optional(),
  version: z.int().nonnegative(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type SourceSchema = z.infer<typeof SourceSchema>;
