import * as z from 'zod';
import { EVENT_TYPES } from './event.ts';

/** Longest name and version that books tell apart, in characters; longer ones are cut. */
export const KIND_NAME_CHARS_MAX = 200;
export const KIND_VERSION_CHARS_MAX = 64;

/**
 * What books tell events apart by (features 3.5): call, name (`event` of a track, `name` of a page or screen; empty where there is none), and
 * `context.app.version` (empty where there is none). The call is empty where what came is of none.
 */
export const EventKind = z.tuple([
  z.enum([...EVENT_TYPES, '']),
  z.string().max(KIND_NAME_CHARS_MAX),
  z.string().max(KIND_VERSION_CHARS_MAX),
]);
export type EventKind = z.infer<typeof EventKind>;
