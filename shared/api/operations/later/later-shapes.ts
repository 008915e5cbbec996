import * as z from 'zod';
import { freeMap, queryNumber, shape } from '../../shape.ts';
import { PaginationInput } from '../../shapes.ts';

/** Shapes of calls that a later issue builds: agreed here, so that the app can be built against them. */

/** A span of time that ends now, or from one time to another. */
export const rangeQuery = () => ({
  range: z.enum(['10m', '1h', '24h', '7d', '14d', '30d']).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
});
export const pageQuery = () => ({ pagination: PaginationInput().optional() });

/** Steps of a series in one answer. */
const SERIES_STEPS_MAX = 1_440;
export const Series = shape('Series', () =>
  z.strictObject({
    stepSeconds: z.int().positive(),
    from: z.iso.datetime(),
    values: z.array(z.number()).max(SERIES_STEPS_MAX),
  }),
);
export const HealthState = shape('HealthState', () => z.enum(['HEALTHY', 'DEGRADED', 'FAILING', 'DISABLED', 'IDLE']));

/** An event as it came, and what became of it at its source. Values are masked for who may not see personal data. */
export const SeenEvent = shape('SeenEvent', () =>
  z.strictObject({
    messageId: z.string(),
    type: z.enum(['track', 'identify', 'page', 'screen', 'group', 'alias']),
    name: z.string().nullable(),
    receivedAt: z.iso.datetime(),
    userId: z.string().nullable(),
    anonymousId: z.string().nullable(),
    verdict: z.enum(['ALLOWED', 'BLOCKED', 'INVALID', 'DUPLICATE', 'SUPPRESSED']),
    reason: z.string().nullable(),
    violations: z.array(z.strictObject({ field: z.string(), message: z.string() })),
    payload: freeMap(),
  }),
);
/** One call to a tool. Secrets are redacted. */
export const Exchange = shape('Exchange', () =>
  z.strictObject({
    method: z.string(),
    url: z.string(),
    requestHeaders: z.record(z.string(), z.string()),
    requestBody: z.string(),
    status: z.int().nullable(),
    responseHeaders: z.record(z.string(), z.string()),
    responseBody: z.string(),
    latencyMs: z.number(),
  }),
);
/** What a subscription made of an event. */
export const SubscriptionTry = shape('SubscriptionTry', () =>
  z.strictObject({
    subscriptionId: z.string(),
    name: z.string(),
    matched: z.boolean(),
    reason: z.string().nullable(),
    outcome: z.enum(['DELIVERED', 'DISCARDED', 'FAILED', 'FILTERED', 'NOT_TRIED']),
    code: z.string().nullable(),
    mapped: freeMap().nullable(),
    exchanges: z.array(Exchange()),
  }),
);
export const DeliveryIssue = shape('DeliveryIssue', () =>
  z.strictObject({
    id: z.string(),
    destinationId: z.string(),
    subscriptionId: z.string().nullable(),
    code: z.string(),
    message: z.string(),
    /** Whether it is tried again. */
    retried: z.boolean(),
    count: z.int(),
    firstSeenAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
    /** What people can do about it. */
    advice: z.string(),
  }),
);
export const ReplayFilter = shape('ReplayFilter', () =>
  z.strictObject({
    destinationId: z.string(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    /** Of what was not delivered, or of everything that was archived. */
    of: z.enum(['DEAD_LETTERS', 'ARCHIVE']),
    codes: z.array(z.string().max(128)).max(100).optional(),
    if: z.string().max(8_192).optional(),
  }),
);
export const ReplayRun = shape('ReplayRun', () =>
  z.strictObject({
    id: z.string(),
    filter: ReplayFilter(),
    status: z.enum(['COUNTING', 'RUNNING', 'FINISHED', 'CANCELLED', 'FAILED']),
    createdAt: z.iso.datetime(),
    createdBy: z.string(),
    finishedAt: z.iso.datetime().nullable(),
    events: z.int(),
    sent: z.int(),
    delivered: z.int(),
    failed: z.int(),
  }),
);
export const AlertChannel = shape('AlertChannel', () =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('EMAIL'), address: z.email().max(254) }),
    z.strictObject({
      type: z.literal('SLACK'),
      webhookUrl: z.url().max(2_048),
      channel: z.string().max(80).optional(),
    }),
    z.strictObject({ type: z.literal('IN_APP') }),
  ]),
);
/** Share of one hundred. */
const PERCENT_MAX = 100;
export const AlertInput = shape('AlertInput', () =>
  z.strictObject({
    name: z.string().min(1).max(256),
    kind: z.enum(['SOURCE_VOLUME', 'DELIVERY_RATE', 'SUBSCRIPTION_DELIVERY_RATE', 'NEW_FIELD', 'VIOLATIONS', 'EVENT']),
    sourceId: z.string().optional(),
    destinationId: z.string().optional(),
    subscriptionId: z.string().optional(),
    /** For EVENT: a type of audit event. */
    event: z.string().max(128).optional(),
    percent: z.number().min(0).max(PERCENT_MAX).optional(),
    channels: z.array(AlertChannel()).min(1).max(5),
    enabled: z.boolean(),
  }),
);
export const Alert = shape('Alert', () =>
  z.strictObject({
    id: z.string(),
    ...AlertInput().shape,
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    lastTriggeredAt: z.iso.datetime().nullable(),
  }),
);
export const Notification = shape('Notification', () =>
  z.strictObject({
    id: z.string(),
    at: z.iso.datetime(),
    kind: z.string(),
    text: z.string(),
    /** Where in the app it leads. */
    path: z.string().nullable(),
    read: z.boolean(),
  }),
);
export const ExportJob = shape('ExportJob', () =>
  z.strictObject({
    id: z.string(),
    what: z.enum(['SCHEMA', 'AUDIT_TRAIL', 'ISSUES', 'VIOLATIONS', 'INVENTORY']),
    status: z.enum(['RUNNING', 'FINISHED', 'FAILED']),
    createdAt: z.iso.datetime(),
    fileName: z.string(),
    /** Good for ten minutes. */
    url: z.string().nullable(),
  }),
);

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
