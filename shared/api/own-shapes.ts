import * as z from 'zod';
import { HookRules, HookSignature, SIGNATURE_SCHEMES, SIGNATURE_SECRETS_MAX } from '../domain/source-hook.ts';
import { DEDUP_KEYS, RETRY_WINDOW_HOURS_MAX } from '../domain/workspace.ts';
import { nameText } from './bounds.ts';
import { freeMap, shape, wholeMap } from './shape.ts';
import { LabelV1 } from './shapes.ts';

/** Settings of a source, all ours; also `settings` of Segment's source. Null takes a setting back to its default. */
export const SourceSettings = shape('SourceSettings', () =>
  z.strictObject({
    dedupHours: z.int().min(1).max(168).describe('Hours that a messageId is remembered (E18).'),
    dedupBy: z.enum(DEDUP_KEYS).optional().describe('Left out: by kind and batching.'),
    requestsPerSecondMax: z.int().min(1).max(100_000),
    batching: z.boolean().describe('Whether Analytics.js sends several events in a request.'),
    requires: z.enum(['write-key', 'oauth']),
    allowedOrigins: z.array(z.string().min(1).max(255)).max(50).describe('Hosts of web pages; empty: all.'),
    allowedIps: z.array(z.string().min(1).max(64)).max(50).describe('Addresses or CIDR blocks; empty: all.'),
  }),
);
export const SourceSettingsInput = shape('SourceSettingsInput', () =>
  z
    .strictObject(
      Object.fromEntries(
        Object.entries(SourceSettings().shape).map(([key, member]) => [key, z.nullable(z.optional(member))]),
      ) as {
        [K in keyof ReturnType<typeof SourceSettings>['shape']]: z.ZodNullable<
          z.ZodOptional<ReturnType<typeof SourceSettings>['shape'][K]>
        >;
      },
    )
    .partial(),
);

export const AppSource = shape('AppSource', () =>
  z.strictObject({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    kind: z.enum(['website', 'mobile', 'server', 'webhook']),
    /** Absent: it was made from a file. */
    metadataId: z.string().optional(),
    enabled: z.boolean(),
    settings: SourceSettings(),
    labels: z.array(LabelV1()),
    /** Empty without the right source.keys. */
    writeKeys: z.array(z.strictObject({ writeKey: z.string(), createdAt: z.string() })),
    destinationIds: z.array(z.string()),
    trackingPlanId: z.string().nullable(),
    /** Since when it has had no enabled destination (A16). */
    unusedSince: z.string().optional(),
    /** Until then the debugger keeps every event of it. */
    keepAllUntil: z.string().optional(),
    createdBy: z.string().optional(),
    createdAt: z.string(),
    updatedAt: z.string(),
    version: z.int(),
  }),
);

/** What a webhook source makes of what is posted to it (docs/webhook-source.md). Of secrets there are dots. */
const hookRules = <Map extends z.ZodType>(map: () => Map) => ({
  mapping: map().describe('Expressions of the mapping language by field of the event.'),
  each: HookRules.shape.each,
  eventIdHeader: HookRules.shape.eventIdHeader,
});
const signatureRules = () => ({
  scheme: z.enum(SIGNATURE_SCHEMES),
  header: HookSignature.shape.header,
  secrets: z.array(z.string().min(1).max(512)).min(1).max(SIGNATURE_SECRETS_MAX),
});
export const SourceHook = shape('SourceHook', () =>
  z.strictObject({
    ...hookRules(freeMap),
    signature: z
      .strictObject({
        ...signatureRules(),
        encoding: z.enum(['hex', 'base64']),
        prefix: z.string(),
        toleranceSeconds: z.int(),
      })
      .optional(),
    /** Nothing is set: all of a request becomes a track event. */
    isDefault: z.boolean(),
  }),
);
export const SourceHookInput = shape('SourceHookInput', () =>
  z.strictObject({
    ...hookRules(wholeMap),
    signature: z
      .strictObject({
        ...signatureRules(),
        encoding: z.enum(['hex', 'base64']).optional(),
        prefix: z.string().max(32).optional(),
        toleranceSeconds: z.int().min(1).max(86_400).optional(),
      })
      .nullable()
      .optional()
      .describe('Null: unsigned requests are taken. May be left out only where there is no signature.'),
  }),
);
export const HookRulesInput = shape('HookRulesInput', () => z.strictObject(hookRules(wholeMap)));
export const HookRequest = shape('HookRequest', () =>
  z.strictObject({ headers: z.record(z.string().max(256), z.string().max(8_192)), body: z.unknown() }),
);

export const AppDestination = shape('AppDestination', () =>
  z.strictObject({
    id: z.string(),
    name: z.string(),
    type: z.string(),
    metadataId: z.string(),
    sourceId: z.string(),
    enabled: z.boolean(),
    /** Secrets masked. */
    settings: freeMap(),
    /** Keys of required settings that it lacks: until they are there it cannot be enabled (B06). */
    missingSettings: z.array(z.string()),
    connectionMode: z.enum(['cloud', 'device']),
    retryWindowHours: z.int(),
    consentCategories: z.array(z.string()),
    paused: z.strictObject({ since: z.string(), by: z.enum(['hand', 'failing']) }).optional(),
    /** An outage that is rehearsed: Tributary answers in the tool's place, and nothing is sent. */
    rehearsal: z.strictObject({ status: z.int(), until: z.string() }).optional(),
    /** The lane that it holds; absent: the shared one. */
    lane: z.int().optional(),
    createdAt: z.string(),
    updatedAt: z.string(),
    version: z.int(),
  }),
);

export const AppDestinationInput = shape('AppDestinationInput', () =>
  z.strictObject({
    name: nameText().nullable().optional(),
    enabled: z.boolean().optional(),
    settings: freeMap().optional(),
    connectionMode: z.enum(['cloud', 'device']).optional(),
    retryWindowHours: z.int().min(1).max(RETRY_WINDOW_HOURS_MAX).optional(),
    consentCategories: z.array(z.string().min(1).max(34)).max(50).optional(),
    paused: z.boolean().optional(),
  }),
);

export const Environment = shape('Environment', () =>
  z.strictObject({
    /** Of the label `environment`. */
    value: z.string(),
    description: z.string().optional(),
    /** `dev` and `prod`, which every workspace has. */
    isDefault: z.boolean(),
    sourceIds: z.array(z.string()),
  }),
);

/** What came of asking the tool itself whether it takes the credentials. */
export const CredentialsCheck = shape('CredentialsCheck', () =>
  z.strictObject({
    /**
     * `accepted`: the tool was asked and took them. `not-asked`: nothing stands against them, and the tool was not asked. `refused`: it did not take
     * them, or could not be reached; `status` and `message` say what it answered. `not-offered`: this type has no check.
     */
    outcome: z.enum(['accepted', 'not-asked', 'refused', 'not-offered']),
    message: z.string(),
    /** The tool's HTTP status, where it answered. */
    status: z.int().optional(),
    requests: z.int(),
    checkedAt: z.string(),
  }),
);
