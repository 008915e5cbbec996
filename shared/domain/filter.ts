import * as z from 'zod';
import { DestinationId, FilterId, WorkspaceId } from './ids.ts';
import { FILTER_NAME_CHARS_MAX, FQL_BYTES_MAX } from './rule-bounds.ts';
import { Timestamp } from './timestamp.ts';

/** Objects that one action names, and keys of each. */
const FIELD_PATHS_MAX = 200;

/** Keys by the dotted path of the object that holds them; the path `""` is the event itself (C14), and a path through a list means each of its objects (C13). */
const FieldsByPath = z
  .record(z.string().max(1_024), z.array(z.string().max(1_024)).max(FIELD_PATHS_MAX))
  .refine((fields) => Object.keys(fields).length <= FIELD_PATHS_MAX, `at most ${FIELD_PATHS_MAX} objects`);

/** The Public API's actions (DestinationFilterActionV1), C03. */
export const FilterAction = z.discriminatedUnion('type', [
  z.object({ type: z.literal('DROP') }),
  /** `percent`: the share that passes, 0 to 1. With `path`, the value there decides, so that a user is in or out as a whole. */
  z.object({ type: z.literal('SAMPLE'), percent: z.number().min(0).max(1), path: z.string().max(1_024).optional() }),
  z.object({ type: z.literal('DROP_PROPERTIES'), fields: FieldsByPath }),
  z.object({ type: z.literal('ALLOW_PROPERTIES'), fields: FieldsByPath }),
]);
export type FilterAction = z.infer<typeof FilterAction>;

/** What a destination does not get of its source's events, before its mappings are looked at. One that cannot be read or judged lets nothing through (C05). */
export const Filter = z.object({
  id: FilterId,
  workspaceId: WorkspaceId,
  destinationId: DestinationId,
  title: z.string().trim().min(1).max(FILTER_NAME_CHARS_MAX),
  description: z.string().max(1_024).optional(),
  /** FQL text that chooses the events that the actions apply to; `all` = every event. */
  if: z.string().min(1).max(FQL_BYTES_MAX),
  actions: z.array(FilterAction).min(1).max(4),
  enabled: z.boolean(),
  version: z.int().nonnegative(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Filter = z.infer<typeof Filter>;
