import * as z from 'zod';
import { freeMap, queryNumber, shape } from '../../shape.ts';
import { Series } from '../range-shapes.ts';

/** Shapes of calls that a later issue builds: agreed here, so that the app can be built against them. */

/** Red is highly, yellow moderately, green hardly restricted. */
export const Colour = shape('Colour', () => z.enum(['RED', 'YELLOW', 'GREEN']));
export const MatcherInput = shape('MatcherInput', () =>
  z.strictObject({
    name: z.string().min(1).max(128),
    colour: Colour(),
    on: z.enum(['KEY', 'VALUE']),
    precision: z.enum(['EXACT', 'SIMILAR']),
    synonyms: z.array(z.string().max(128)).max(100),
    /** For VALUE: a pattern of RE2. */
    pattern: z.string().max(1_024).optional(),
  }),
);
export const Matcher = shape('Matcher', () =>
  z.strictObject({
    id: z.string(),
    ...MatcherInput().shape,
    builtIn: z.boolean(),
    createdBy: z.string().nullable(),
  }),
);
export const InboxField = shape('InboxField', () =>
  z.strictObject({
    field: z.string(),
    recommended: Colour(),
    matcherId: z.string().nullable(),
    precision: z.enum(['EXACT', 'SIMILAR']).nullable(),
    sources: z.array(z.strictObject({ sourceId: z.string(), events: z.array(z.string()) })),
    snippet: z.string(),
    firstSeenAt: z.iso.datetime(),
  }),
);
export const InventoryField = shape('InventoryField', () =>
  z.strictObject({
    field: z.string(),
    colour: Colour(),
    classifiedBy: z.string(),
    classifiedAt: z.iso.datetime(),
    sources: z.array(z.strictObject({ sourceId: z.string(), count: z.int(), lastSeenAt: z.iso.datetime() })),
    destinations: z.array(z.string()),
    series: Series(),
  }),
);
export const PrivacyControl = shape('PrivacyControl', () =>
  z.strictObject({ sourceId: z.string(), colour: Colour(), action: z.enum(['ALLOW', 'BLOCK', 'MASK', 'HASH']) }),
);
export const ViolationGroup = shape('ViolationGroup', () =>
  z.strictObject({
    event: z.string(),
    type: z.enum(['COMMON', 'GROUP', 'IDENTIFY', 'PAGE', 'SCREEN', 'TRACK']),
    sourceId: z.string(),
    events: z.int(),
    percent: z.number(),
    unique: z.int(),
    lastSeenAt: z.iso.datetime(),
  }),
);
export const Violation = shape('Violation', () =>
  z.strictObject({
    field: z.string(),
    kind: z.enum(['MISSING_REQUIRED', 'INVALID_TYPE', 'INVALID_VALUE', 'UNPLANNED']),
    message: z.string(),
    count: z.int(),
    appVersions: z.array(z.string()),
    lastSeenAt: z.iso.datetime(),
    samples: z.array(freeMap()),
  }),
);
export const Profile = shape('Profile', () =>
  z.strictObject({
    id: z.string(),
    name: z.string().nullable(),
    externalIds: z.array(z.strictObject({ type: z.string(), id: z.string(), collection: z.string() })),
    firstSeenAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
  }),
);
/** Entries of one answer of the profile calls. */
export const limitQuery = () => queryNumber().pipe(z.int().min(1).max(100)).optional();
