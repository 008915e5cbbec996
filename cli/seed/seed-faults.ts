import { findDeviceMode } from '../../shared/destinations/device-modes.ts';
import { parseFql } from '../../shared/domain/fql/parse-fql.ts';
import { parseTrigger } from '../../shared/domain/fql/parse-trigger.ts';
import { hookFaults, signatureSecretFault } from '../../shared/domain/source-hook.ts';
import type { Json } from '../../shared/domain/json.ts';
import { deviceFaults } from '../../shared/pipeline/rules/device-faults.ts';
import { missingFields } from '../../shared/pipeline/rules/setting-faults.ts';
import type { SeedDefinition } from './read-seed.ts';
import type { SeedDestination, SeedFile, SeedSource } from './seed-file.ts';

/** Of a tool in browsers: see the rule itself. */
export function deviceFaultsOf(seed: SeedFile, destination: SeedDestination, at: string): string[] {
  const isDeviceOnly = findDeviceMode(destination.type) !== undefined;
  const source = seed.sources.find(({ slug }) => slug === destination.source) ?? {
    slug: destination.source,
    kind: 'website' as const,
  };
  const first = seed.destinations.find(
    (one) => one.type === destination.type && one.source === destination.source && one.enabled,
  );
  return deviceFaults(destination, isDeviceOnly, source, first !== destination).map(
    (fault) => `${at}.${fault.at}: ${fault.message}`,
  );
}

/** Conditions that nobody can read let nothing through: whoever wrote one wants to know. */
export function conditionFaults(at: string, { filters, mappings = [] }: SeedDestination): string[] {
  const texts = [
    ...filters.map((filter, number) => [`${at}.filters[${number}].if`, parseFql(filter.if)] as const),
    ...mappings.map(({ trigger }, number) => [`${at}.mappings[${number}].trigger`, parseTrigger(trigger)] as const),
  ];
  return texts.flatMap(([path, parsed]) =>
    parsed.outcome === 'parsed' ? [] : [`${path}: ${parsed.fault.message} (at character ${parsed.fault.at + 1})`],
  );
}

/** A schema names destinations of its own source. */
export function schemaFaults(seed: SeedFile, { slug, schema }: SeedSource, at: string): string[] {
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

/** What a webhook source would not understand, or would let anybody sign. */
export function hookFaultsOf({ kind, hook }: SeedSource, at: string): string[] {
  if (hook === undefined) return [];
  const faults = hookFaults(hook).map((fault) => `${at}.${fault.at}: ${fault.message}`);
  if (kind !== 'webhook') faults.push(`${at}: only a source of kind "webhook" has one`);
  for (const key of ['secret', 'previousSecret'] as const) {
    const text = hook.signature?.[key];
    const fault = text === undefined ? undefined : signatureSecretFault(text);
    if (fault !== undefined) faults.push(`${at}.signature.${key}: ${fault}`);
  }
  return faults;
}

/** Actions must exist; the mappings of a destination that is switched on must have what their actions require. */
export function mappingFaults(at: string, destination: SeedDestination, definition: SeedDefinition): string[] {
  const actions = new Map(definition.actions.map((action) => [action.key, action]));
  const lacking = (mapping: { action: string; fields: Record<string, Json> }): string[] =>
    destination.enabled ? missingFields(actions.get(mapping.action)?.fields ?? [], mapping.fields) : [];
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

/** Names by which a second run finds things again must be unique. */
export function repeatedNames(seed: SeedFile): string[] {
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
