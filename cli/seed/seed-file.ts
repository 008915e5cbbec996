import * as z from 'zod';
import { WriteKey } from '../../shared/domain/ids.ts';
import {
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
  })
  .describe('One tool that a source is connected to.');

const SeedSource = z
  .strictObject({
    slug: SourceSlug.describe('Names the source for ever: a second run finds it by this.'),
    name: Name.describe('What people see.'),
    kind: z.enum(SOURCE_KINDS).describe('Where its events come from.'),
    enabled: z.boolean().default(true).describe('A source that is not enabled takes no events.'),
    dedupHours: z.int().min(1).max(168).default(24).describe('How long a messageId is remembered, in hours.'),
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

/** The JSON Schema of what people write, as kept in docs/seed.schema.json. */
export const seedJsonSchema = (): unknown => z.toJSONSchema(SeedFile, { io: 'input' });

/** What the seed must know of a type of destination. */
export type SeedDefinition = {
  settings: readonly { key: string; secret: boolean; required: boolean }[];
  actions: readonly { key: string; fields: readonly { key: string; required: boolean }[] }[];
  presets: readonly { name: string; action: string; trigger: string; fields: Record<string, z.core.util.JSONType> }[];
};
export type FindDefinition = (type: string) => SeedDefinition | undefined;

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
  const faults = [...repeatedNames(parsed.data), ...parsed.data.destinations.flatMap(destinationFaults(parsed.data))];
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
      return [...faults, ...mappingFaults(at, destination, definition)];
    };
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
  for (const [index, { source, name, mappings = [] }] of seed.destinations.entries()) {
    look(destinations, `${source}\n${name}`, `destinations[${index}].name: "${name}" is there twice for ${source}`);
    const names = new Set<string>();
    for (const [number, mapping] of mappings.entries()) {
      look(names, mapping.name, `destinations[${index}].mappings[${number}].name: "${mapping.name}" is there twice`);
    }
  }
  return faults;
}
