import { isIP } from 'node:net';
import * as z from 'zod';
import { findDeviceMode } from '../../shared/destinations/device-modes.ts';
import {
  FILTER_NAME_CHARS_MAX,
  FilterAction,
  FILTERS_PER_DESTINATION_MAX,
  FQL_BYTES_MAX,
} from '../../shared/domain/filter.ts';
import { parseFql } from '../../shared/domain/fql/parse-fql.ts';
import { parseTrigger } from '../../shared/domain/fql/parse-trigger.ts';
import { WriteKey } from '../../shared/domain/ids.ts';
import { SCHEMA_EVENTS_MAX } from '../../shared/domain/source-schema.ts';
import {
  DEDUP_KEYS,
  MAPPINGS_PER_DESTINATION_MAX,
  NAME_CHARS_MAX,
  RETRY_WINDOW_HOURS_MAX,
  SOURCE_KINDS,
} from '../../shared/domain/workspace.ts';

/** Bounds of one file. A larger set-up is several files: what a file does not name is left alone. */
export const SEED_BYTES_MAX = 2_000_000;
const SOURCES_MAX = 200;
const DESTINATIONS_MAX = 500;
const WRITE_KEYS_MAX = 10;

const Name = z.string().trim().min(1).max(NAME_CHARS_MAX);
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
      .describe('Names the filter within its destination: a second run finds it by this.'),
    description: z.string().max(1_024).optional().describe('For people.'),
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

/** What ingest would understand; anything else would let nobody in. */
function isAddressOrBlock(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 6 ? 128 : 32));
}

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
        '`event`: an exact claim for each messageId. `device`: cheaper, finds repeats from the same device. Left out: by kind.',
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
    writeKeys: z
      .array(WriteKey)
      .min(1)
      .max(WRITE_KEYS_MAX)
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

/** What the seed must know of a type of destination. */
export type SeedDefinition = {
  settings: readonly { key: string; secret: boolean; required: boolean }[];
  actions: readonly { key: string; fields: readonly { key: string; required: boolean }[] }[];
  presets: readonly { name: string; action: string; trigger: string; fields: Record<string, z.core.util.JSONType> }[];
};
export type FindDefinition = (type: string) => SeedDefinition | undefined;
/** The same where a definition is read from the destination's code. */
export type LoadDefinition = (type: string) => SeedDefinition | undefined | Promise<SeedDefinition | undefined>;

export type ReadSeed = { outcome: 'valid'; seed: SeedFile } | { outcome: 'invalid'; faults: string[] };

/**
 * Reads a seed file's text. Each fault begins with the field that it is about, as one would write it in JavaScript:
 * `destinations[2].settings.apiKey: is required`. Settings are judged by the type's definition; a destination that is switched off may lack
 * required ones.
 */
export function readSeed(text: string, findDefinition: FindDefinition): ReadSeed {
  if (Buffer.byteLength(text) > SEED_BYTES_MAX) return invalid(`is larger than ${SEED_BYTES_MAX / 1e6} MB`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return invalid(`is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = SeedFile.safeParse(json);
  if (!parsed.success) return { outcome: 'invalid', faults: parsed.error.issues.flatMap(faultsOf) };
  const faults = [
    ...repeatedNames(parsed.data),
    ...parsed.data.sources.flatMap((source, index) => schemaFaults(parsed.data, source, `sources[${index}].schema`)),
    ...parsed.data.destinations.flatMap(destinationFaults(parsed.data)),
  ];
  return faults.length === 0 ? { outcome: 'valid', seed: parsed.data } : { outcome: 'invalid', faults };

  function destinationFaults(seed: SeedFile) {
    const sources = new Set(seed.sources.map((source) => source.slug));
    return (destination: SeedDestination, index: number): string[] => {
      const at = `destinations[${index}]`;
      const definition = findDefinition(destination.type);
      const faults = sources.has(destination.source)
        ? []
        : [`${at}.source: no source has the slug "${destination.source}"`];
      if (definition === undefined) return [...faults, `${at}.type: there is no destination "${destination.type}"`];
      if (destination.connectionMode === 'device' && findDeviceMode(destination.type) === undefined) {
        faults.push(`${at}.connectionMode: ${destination.type} is cloud-only`);
      }
      const known = new Map(definition.settings.map((setting) => [setting.key, setting]));
      for (const [key, value] of Object.entries(destination.settings)) {
        const setting = known.get(key);
        if (setting === undefined) faults.push(`${at}.settings.${key}: ${destination.type} has no such setting`);
        else if (setting.secret && typeof value !== 'string') faults.push(`${at}.settings.${key}: a secret is a text`);
      }
      for (const setting of destination.enabled ? definition.settings : []) {
        const value = Object.hasOwn(destination.settings, setting.key) ? destination.settings[setting.key] : undefined;
        if (setting.required && (value === undefined || value === '')) {
          faults.push(`${at}.settings.${setting.key}: is required`);
        }
      }
      return [...faults, ...conditionFaults(at, destination), ...mappingFaults(at, destination, definition)];
    };
  }
}

/** Conditions that nobody can read let nothing through: whoever wrote one wants to know. */
function conditionFaults(at: string, { filters, mappings = [] }: SeedDestination): string[] {
  const texts = [
    ...filters.map((filter, number) => [`${at}.filters[${number}].if`, parseFql(filter.if)] as const),
    ...mappings.map(({ trigger }, number) => [`${at}.mappings[${number}].trigger`, parseTrigger(trigger)] as const),
  ];
  return texts.flatMap(([path, parsed]) =>
    parsed.outcome === 'parsed' ? [] : [`${path}: ${parsed.fault.message} (at character ${parsed.fault.at + 1})`],
  );
}

/** A schema names destinations of its own source. */
function schemaFaults(seed: SeedFile, { slug, schema }: SeedSource, at: string): string[] {
  if (schema === undefined) return [];
  const names = new Set(seed.destinations.filter(({ source }) => source === slug).map(({ name }) => name));
  const rules = [
    ...(['track', 'page', 'screen'] as const).flatMap((call) =>
      Object.entries(schema[call] ?? {}).map(
        ([event, rule]) => [`${at}.${call}["${event}"]`, rule.destinations] as const,
      ),
    ),
    ...(['identify', 'group'] as const).map((call) => [`${at}.${call}`, schema[call]?.destinations ?? {}] as const),
  ];
  return rules.flatMap(([path, destinations]) =>
    Object.keys(destinations)
      .filter((name) => !names.has(name))
      .map((name) => `${path}.destinations: ${slug} has no destination "${name}"`),
  );
}

/** `readSeed` with the definitions of the types that the file names, and of no other. */
export async function readSeedWith(text: string, loadDefinition: LoadDefinition): Promise<ReadSeed> {
  const definitions = new Map<string, SeedDefinition | undefined>();
  // What has faults of its own names no types: they are said without definitions.
  const parsed = SeedFile.safeParse(text.length > SEED_BYTES_MAX ? undefined : jsonOf(text));
  for (const { type } of parsed.data?.destinations ?? []) {
    if (!definitions.has(type)) definitions.set(type, await loadDefinition(type));
  }
  return readSeed(text, (type) => definitions.get(type));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Actions must exist; the mappings of a destination that is switched on must have what their actions require. */
function mappingFaults(at: string, destination: SeedDestination, definition: SeedDefinition): string[] {
  const actions = new Map(definition.actions.map((action) => [action.key, action]));
  const lacking = (mapping: { action: string; fields: Record<string, unknown> }): string[] =>
    (destination.enabled ? (actions.get(mapping.action)?.fields ?? []) : [])
      .filter((field) => field.required && !Object.hasOwn(mapping.fields, field.key))
      .map((field) => field.key);
  if (destination.mappings === undefined) {
    return definition.presets.flatMap((preset) =>
      lacking(preset).map((key) => `${at}.mappings: is required, because only you know the ${key} of "${preset.name}"`),
    );
  }
  return destination.mappings.flatMap((mapping, number) =>
    actions.has(mapping.action)
      ? lacking(mapping).map((key) => `${at}.mappings[${number}].fields.${key}: is required`)
      : [`${at}.mappings[${number}].action: ${destination.type} has no action "${mapping.action}"`],
  );
}

const invalid = (fault: string): ReadSeed => ({ outcome: 'invalid', faults: [`the file: ${fault}`] });

const faultsOf = (issue: z.core.$ZodIssue): string[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => `${pathText([...issue.path, key])}: is not known here`)
    : [`${pathText(issue.path)}: ${issue.message}`];

const pathText = (path: readonly PropertyKey[]): string =>
  path.length === 0
    ? 'the file'
    : path
        .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
        .join('')
        .replace(/^\./, '');

/** Names by which a second run finds things again must be unique. */
function repeatedNames(seed: SeedFile): string[] {
  const faults: string[] = [];
  const look = (seen: Set<string>, name: string, fault: string): void => {
    if (seen.has(name)) faults.push(fault);
    seen.add(name);
  };
  const slugs = new Set<string>();
  const keys = new Set<string>();
  for (const [index, source] of seed.sources.entries()) {
    look(slugs, source.slug, `sources[${index}].slug: "${source.slug}" is there twice`);
    for (const [number, key] of (source.writeKeys ?? []).entries()) {
      look(keys, key, `sources[${index}].writeKeys[${number}]: is there twice`);
    }
  }
  const destinations = new Set<string>();
  for (const [index, { source, name, mappings = [], filters }] of seed.destinations.entries()) {
    look(destinations, `${source}\n${name}`, `destinations[${index}].name: "${name}" is there twice for ${source}`);
    const names = new Set<string>();
    for (const [number, mapping] of mappings.entries()) {
      look(names, mapping.name, `destinations[${index}].mappings[${number}].name: "${mapping.name}" is there twice`);
    }
    const titles = new Set<string>();
    for (const [number, { title }] of filters.entries()) {
      look(titles, title, `destinations[${index}].filters[${number}].title: "${title}" is there twice`);
    }
  }
  return faults;
}
