import * as z from 'zod';
import { FilterAction } from '../../shared/domain/filter.ts';
import { WriteKey } from '../../shared/domain/ids.ts';
import { isPlainDescription, isPlainName, NOT_PLAIN } from '../../shared/domain/name-text.ts';
import { HookRules, HookSignature, SIGNATURE_SCHEMES } from '../../shared/domain/source-hook.ts';
import { SCHEMA_EVENTS_MAX } from '../../shared/domain/source-schema.ts';
import {
  DEDUP_KEYS,
  NAME_CHARS_MAX,
  RETRY_WINDOW_HOURS_MAX,
  DESTINATIONS_MAX,
  SOURCE_KINDS,
  SOURCES_MAX,
  WRITE_KEYS_PER_SOURCE_MAX,
} from '../../shared/domain/workspace.ts';
import {
  FILTER_NAME_CHARS_MAX,
  FILTERS_PER_DESTINATION_MAX,
  FQL_BYTES_MAX,
  MAPPINGS_PER_DESTINATION_MAX,
} from '../../shared/domain/rule-bounds.ts';
import { isAddressOrBlock } from '../../shared/http/address-block.ts';

/** Bounds of one file. A larger set-up is several files: what a file does not name is left alone. */
export const SEED_BYTES_MAX = 2_000_000;

const Name = z.string().trim().min(1).max(NAME_CHARS_MAX).refine(isPlainName, NOT_PLAIN);
const SourceSlug = z.string().regex(/^[a-z0-9_-]{1,64}$/, 'small letters, digits, _ and -, at most 64');

const SeedMapping = z
  .strictObject({
    name: Name.describe('Names the mapping within its destination: a second run finds it by this.'),
    action: z.string().min(1).max(128).describe("Key of an action of the destination's type, such as `send`."),
    trigger: z.string().min(1).max(5_120).describe('FQL text that chooses events, such as `type = "track"`.'),
    fields: z.record(z.string(), z.json()).default({}).describe('What goes into which field, with mapping directives.'),
    enabled: z.boolean().default(true).describe('Whether the mapping sends anything.'),
  })
  .describe('What a destination does with which events.');

const SeedFilter = z
  .strictObject({
    title: z
      .string()
      .trim()
      .min(1)
      .max(FILTER_NAME_CHARS_MAX)
      .refine(isPlainName, NOT_PLAIN)
      .describe('Names the filter within its destination: a second run finds it by this.'),
    description: z.string().max(1_024).refine(isPlainDescription, NOT_PLAIN).optional().describe('For people.'),
    if: z
      .string()
      .min(1)
      .max(FQL_BYTES_MAX)
      .describe('FQL text that chooses the events that the actions apply to; `all` = every event.'),
    actions: z.array(FilterAction).min(1).max(4).describe('What becomes of those events (docs/filters.md).'),
    enabled: z.boolean().default(true).describe('Whether the filter is in force.'),
  })
  .describe('What a destination does not get.');

const SeedDestination = z
  .strictObject({
    source: SourceSlug.describe('Slug of the source whose events it gets.'),
    name: Name.describe('Names the destination within its source: a second run finds it by this.'),
    type: z
      .string()
      .regex(/^[a-z0-9-]{1,64}$/, 'the slug of a destination, such as webhook')
      .describe('What it delivers to, such as `inbox`, `webhook`, `slack` or `amplitude`.'),
    enabled: z.boolean().default(true).describe('A destination that is not enabled is connected, and gets nothing.'),
    retryWindowHours: z
      .int()
      .min(1)
      .max(RETRY_WINDOW_HOURS_MAX)
      .optional()
      .describe('How long a send that fails is tried again, in hours. Left out: 24, or what was set by hand.'),
    settings: z
      .record(z.string(), z.json())
      .default({})
      .describe("Settings of the destination's type by key. Secret ones are sealed before they are stored."),
    mappings: z
      .array(SeedMapping)
      .max(MAPPINGS_PER_DESTINATION_MAX)
      .optional()
      .describe("Left out: the presets of the destination's type."),
    filters: z
      .array(SeedFilter)
      .max(FILTERS_PER_DESTINATION_MAX)
      .default([])
      .describe('What the destination does not get, before its mappings are looked at.'),
    connectionMode: z
      .enum(['cloud', 'device'])
      .optional()
      .describe('`device`: the browser sends to the tool itself, where the type can do that. Left out: cloud.'),
    consentCategories: z
      .array(z.string().min(1).max(34))
      .max(50)
      .optional()
      .describe('Ids of consent categories that a person must all have agreed to.'),
  })
  .describe('One tool that a source is connected to.');

const SeedEventRule = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe('False: nothing gets these events, neither a destination nor the archive.'),
  destinations: z
    .record(Name, z.boolean())
    .default({})
    .describe("By a destination's name: false keeps these events from it, unless an event names it itself."),
});
const SeedTraitRule = z.strictObject({
  blockedTraits: z.array(z.string().max(512)).max(SCHEMA_EVENTS_MAX).default([]).describe('Traits that are taken out.'),
  destinations: z
    .record(Name, z.boolean())
    .default({})
    .describe("By a destination's name: false keeps these calls from it."),
});
const eventRules = z.record(z.string().max(512), SeedEventRule).optional();
const SeedSchema = z
  .strictObject({
    track: eventRules.describe('Track calls by event name.'),
    page: eventRules.describe('Page calls by name.'),
    screen: eventRules.describe('Screen calls by name.'),
    identify: SeedTraitRule.optional().describe('Identify calls.'),
    group: SeedTraitRule.optional().describe('Group calls.'),
  })
  .describe("What is switched off of the source's events; what is not named is on.");

const SignatureSecret = z.string().describe('Sealed before it is stored.');
const SeedHook = z
  .strictObject({
    mapping: HookRules.shape.mapping.describe('What goes into which field of the event, with mapping directives.'),
    each: HookRules.shape.each.describe(
      'Path of a list in the request, such as `$.body.items`: each item is an event.',
    ),
    eventIdHeader: HookRules.shape.eventIdHeader.describe('Header that names the delivery, for the messageId.'),
    signature: z
      .strictObject({
        scheme: z.enum(SIGNATURE_SCHEMES).describe('How the tool signs (docs/webhook-source.md).'),
        header: HookSignature.shape.header.describe('Where the signature stands. Left out: as the scheme says.'),
        encoding: z.enum(['hex', 'base64']).optional().describe('Of `hmac-…`. Left out: hex.'),
        prefix: z.string().max(32).optional().describe('What stands before the signature, such as `sha256=`.'),
        toleranceSeconds: z.int().min(1).max(86_400).optional().describe('Age of a signed time. Left out: 300.'),
        secret: SignatureSecret,
        previousSecret: SignatureSecret.optional().describe('Holds as well, while the tool is given a new one.'),
      })
      .optional()
      .describe('What a request must be signed with. Left out: nothing.'),
  })
  .describe('Of a webhook source: what becomes of a request. Left out: a track event with all of it.');

const SeedSource = z
  .strictObject({
    slug: SourceSlug.describe('Names the source for ever: a second run finds it by this.'),
    name: Name.describe('What people see.'),
    kind: z.enum(SOURCE_KINDS).describe('Where its events come from.'),
    enabled: z.boolean().default(true).describe('A source that is not enabled takes no events.'),
    dedupHours: z.int().min(1).max(168).default(24).describe('How long a messageId is remembered, in hours.'),
    dedupBy: z
      .enum(DEDUP_KEYS)
      .optional()
      .describe(
        '`event`: an exact claim for each messageId. `device`: cheaper, finds repeats from the same device. Left out: by kind and batching.',
      ),
    requestsPerSecondMax: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .describe('Requests that are accepted in a second, on average over ten; more are answered 429. Left out: 1,000.'),
    batching: z
      .boolean()
      .optional()
      .describe('Whether Analytics.js sends several events in a request. Left out: true.'),
    requires: z
      .enum(['write-key', 'oauth'])
      .optional()
      .describe('`oauth`: requests must carry an access token of an OAuth app of the source.'),
    allowedOrigins: z
      .array(z.string().min(1).max(255))
      .max(50)
      .optional()
      .describe('Hosts of web pages that may send. Left out or empty: all.'),
    allowedIps: z
      .array(z.string().refine(isAddressOrBlock, 'must be an address, or a block such as 10.0.0.0/8'))
      .max(50)
      .optional()
      .describe('Addresses or CIDR blocks that may send. Left out or empty: all.'),
    schema: SeedSchema.optional(),
    hook: SeedHook.optional(),
    writeKeys: z
      .array(WriteKey)
      .min(1)
      .max(WRITE_KEYS_PER_SOURCE_MAX)
      .optional()
      .describe('Keys that clients send with: 16 to 64 letters, digits, _ and -. Left out: one of 32 is made.'),
  })
  .describe('Something that sends events.');

/**
 * What `npm run seed` and `npm start --seed` read: a workspace with its sources and destinations, by names that people give. Unknown fields
 * are refused, because a misspelt one would otherwise do nothing.
 */
export const SeedFile = z
  .strictObject({
    $schema: z.string().optional().describe('For editors; not read.'),
    workspace: z
      .strictObject({
        slug: z
          .string()
          .regex(/^[a-z0-9-]{1,64}$/, 'small letters, digits and -, at most 64')
          .describe('Names the workspace for ever: a second run finds it by this.'),
        name: Name.describe('What people see.'),
      })
      .describe('The workspace that all below belongs to. It is made where it is not there.'),
    sources: z.array(SeedSource).min(1).max(SOURCES_MAX).describe('In the order in which they are listed to people.'),
    destinations: z.array(SeedDestination).max(DESTINATIONS_MAX).default([]).describe('The tools.'),
  })
  .meta({ title: 'Tributary seed file', description: 'A workspace with its sources and destinations.' });
export type SeedFile = z.infer<typeof SeedFile>;
export type SeedDestination = SeedFile['destinations'][number];
export type SeedSource = SeedFile['sources'][number];

/** The JSON Schema of what people write, as kept in docs/seed.schema.json. */
export const seedJsonSchema = (): unknown => z.toJSONSchema(SeedFile, { io: 'input' });
