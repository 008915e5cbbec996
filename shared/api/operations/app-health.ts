import * as z from 'zod';
import { FAILURE_KINDS } from '../../domain/health/failures.ts';
import { operation } from '../operation.ts';
import { shape } from '../shape.ts';
import { HealthState } from './range-shapes.ts';

/** Lines of one thing in an answer. */
const LINES_MAX = 50;

export const HEALTH_GROUPS = ['SOURCES', 'DESTINATIONS', 'WAREHOUSES', 'PLATFORM'] as const;
/** Beside those of failing tries, in the order in which a thing's lines are. */
export const HEALTH_KINDS = [
  ...FAILURE_KINDS,
  'SILENT',
  'REVOKED_KEY',
  'UNKNOWN_KEY',
  'REFUSED',
  'GIVEN_UP',
  'LANE_AGE',
  'FUNCTION_ERRORS',
  'MISMATCH',
] as const;

const HealthLine = shape('HealthLine', () =>
  z.strictObject({
    /** The first is the gravest. */
    kinds: z.array(z.enum(HEALTH_KINDS)).min(1),
    code: z.string(),
    message: z.string().nullable(),
    /** In the last 24 hours. */
    count: z.int(),
    /** Of all tries, in per cent; `usualShare`: in the seven days before. */
    share: z.number().nullable(),
    usualShare: z.number().nullable(),
    /** Since when it has come without a day's pause. */
    firstSeenAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
    advice: z.string(),
    /** Where to look further, as a path of the app below the workspace. */
    link: z.string(),
    /** What was changed about the thing in the 30 minutes before it began; null for those who may not read the audit trail. */
    changes: z
      .array(
        z.strictObject({
          id: z.string(),
          at: z.iso.datetime(),
          event: z.string(),
          actor: z.string(),
          resource: z.strictObject({ type: z.string(), id: z.string(), name: z.string().nullable() }),
        }),
      )
      .nullable(),
  }),
);
const HealthThing = shape('HealthThing', () =>
  z.strictObject({
    id: z.string(),
    name: z.string(),
    /** Kind of source, type of destination, `platform`. */
    type: z.string(),
    sourceId: z.string().nullable(),
    state: HealthState(),
    /** What the caller may do about it here and now. */
    actions: z.array(z.enum(['DISABLE', 'DELETE'])),
    lines: z.array(HealthLine()).max(LINES_MAX),
  }),
);

/** What is failing. */
export const appHealthOperations = {
  getHealth: operation({
    method: 'GET',
    path: '/app-api/health',
    tag: 'Alerts and health',
    stability: 'own',
    effect: 'works',
    access: { right: 'source.read', of: 'visible' },
    summary: 'Everything that fails, repeats, gets worse or is silent, since when, and what was changed just before.',
    answer: () =>
      z.strictObject({
        asOf: z.iso.datetime(),
        /** Until when events are counted in it; null before the first minute. */
        countedTo: z.iso.datetime().nullable(),
        /** How many things were looked at: with no groups filled, all of them are well. */
        looked: z.strictObject({ sources: z.int(), destinations: z.int() }),
        groups: z.array(z.strictObject({ group: z.enum(HEALTH_GROUPS), things: z.array(HealthThing()) })),
      }),
  }),
};
