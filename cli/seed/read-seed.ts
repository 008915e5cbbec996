import type * as z from 'zod';
import { missingSettings, settingFaults, type SettingRule } from '../../shared/pipeline/rules/setting-faults.ts';
import {
  conditionFaults,
  deviceFaultsOf,
  hookFaultsOf,
  mappingFaults,
  repeatedNames,
  schemaFaults,
} from './seed-faults.ts';
import { SEED_BYTES_MAX, type SeedDestination, SeedFile } from './seed-file.ts';

/** What the seed must know of a type of destination. */
export type SeedDefinition = {
  settings: readonly SettingRule[];
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
    ...parsed.data.sources.flatMap((source, index) => hookFaultsOf(source, `sources[${index}].hook`)),
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
      faults.push(...deviceFaultsOf(seed, destination, at));
      const { settings, type, enabled } = destination;
      const wrong = [
        ...settingFaults(type, definition.settings, settings),
        ...(enabled ? missingSettings(definition.settings, settings) : []),
      ];
      faults.push(...wrong.map(({ key, message }) => `${at}.settings.${key}: ${message}`));
      return [...faults, ...conditionFaults(at, destination), ...mappingFaults(at, destination, definition)];
    };
  }
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
