import type { Json } from '../../../shared/domain/json.ts';
import { placeholderName, resolved } from '../files/placeholders.ts';
import type { DestinationFile, FilterFile, MappingFile } from '../files/workspace-files.ts';
import type { DestinationType } from '../workspace/catalog.ts';
import type { Known, KnownDestination } from '../workspace/known.ts';
import { type ChildPlan, type Children, type FieldChange, fieldChanges, type Missing } from './change.ts';
import { pairUp } from './pair-up.ts';

export type DestinationContext = {
  path: string;
  type: DestinationType;
  env: Readonly<Record<string, string | undefined>>;
  /** Secrets that the environment has are sent even where the workspace has one. */
  writeSecrets: boolean;
  known: KnownDestination | undefined;
};

/** A destination as it is to be, with what it lacks. */
export type Prepared = {
  /** Placeholders filled in. Of its settings those that are to be sent: no secret that the workspace has already. */
  file: DestinationFile;
  missing: Missing[];
  /** Names of what is not switched on although the file says so. */
  heldBack: string[];
};

/**
 * Fills in a destination's placeholders. A secret that the workspace has is left alone: what it is cannot be read, so nobody could say whether it
 * differs. Who lacks a value is not switched on, and not switched off either.
 */
export function prepareDestination(wanted: DestinationFile, context: DestinationContext): Prepared {
  const { path, type, env, writeSecrets, known } = context;
  const missing: Missing[] = [];
  const heldBack: string[] = [];
  const settings: Record<string, Json> = {};
  for (const [key, value] of Object.entries(wanted.settings)) {
    const isSecret = type.secretKeys.has(key);
    const isThere = isSecret && known !== undefined && known.secretKeys.includes(key);
    const variable = placeholderName(value);
    if (isThere && !(writeSecrets && (variable === undefined || (env[variable] ?? '') !== ''))) continue;
    const filled = resolved(value, env);
    if (filled.missing.length === 0) settings[key] = filled.value;
    else {
      missing.push(...filled.missing.map((name) => ({ path, field: `settings.${key}`, variable: name })));
      const before = known?.file.settings[key];
      if (before !== undefined) settings[key] = before;
    }
  }
  const isLacking = missing.length > 0;
  const enabled = wanted.enabled && (!isLacking || known?.file.enabled === true);
  if (wanted.enabled && !enabled) heldBack.push(`${wanted.source}/${wanted.name}`);

  const mappings = wanted.mappings.map((mapping, index) => {
    const before = known?.file.mappings.find(({ name }) => name === mapping.name);
    const filled = resolved(mapping.fields, env, { before: before?.fields, writeSecrets });
    if (filled.missing.length === 0) return { ...mapping, fields: filled.value as Record<string, Json> };
    const at = `mappings[${index}].fields`;
    missing.push(...filled.missing.map((variable) => ({ path, field: at, variable })));
    if (before !== undefined) return { ...mapping, fields: before.fields, enabled: before.enabled && mapping.enabled };
    if (mapping.enabled) heldBack.push(`${wanted.source}/${wanted.name}: ${mapping.name}`);
    return { ...mapping, enabled: false };
  });
  return { file: { ...wanted, enabled, settings, mappings }, missing, heldBack };
}

/** What is within a destination, compared with what is to be. */
export const childrenOf = (
  file: Pick<DestinationFile, 'mappings' | 'filters'>,
  known: Pick<KnownDestination, 'mappings' | 'filters'>,
): Children => ({
  mappings: childPlan<MappingFile>(file.mappings, known.mappings, ({ name }) => name),
  filters: childPlan<FilterFile>(file.filters, known.filters, ({ title }) => title),
});

function childPlan<T extends object>(
  files: readonly T[],
  known: readonly Known<T>[],
  nameOf: (file: T) => string,
): ChildPlan<T> {
  const { pairs, onlyFiles, onlyKnown } = pairUp(files, known, nameOf);
  const update = pairs
    .map((pair) => ({
      id: pair.known.id,
      file: pair.file,
      fields: fieldChanges(pair.known.file as Record<string, Json>, pair.file as Record<string, Json>, ''),
    }))
    .filter(({ fields }) => fields.length > 0);
  return { create: onlyFiles, update, remove: onlyKnown };
}

/** What the Public API does not know of a destination. */
export const OWN_MEMBERS = ['connectionMode', 'retryWindowHours', 'consentCategories', 'paused'] as const;

/** Everything that differs between a destination and its prepared file. */
export function destinationFields(file: DestinationFile, known: KnownDestination): FieldChange[] {
  const fields: FieldChange[] = [];
  fields.push(...fieldChanges(known.file.enabled, file.enabled, 'enabled'));
  fields.push(...settingFields(file, known));
  for (const key of OWN_MEMBERS) {
    if (file[key] !== undefined) fields.push(...fieldChanges(known.file[key] ?? false, file[key], key));
  }
  const { mappings, filters } = childrenOf(file, known);
  fields.push(...childFields('mapping', mappings, ({ name }) => name));
  fields.push(...childFields('filter', filters, ({ title }) => title));
  return fields;
}

function settingFields({ settings }: DestinationFile, known: KnownDestination): FieldChange[] {
  const isSecret = (key: string): boolean => known.type.secretKeys.has(key);
  const plain = Object.fromEntries(Object.entries(settings).filter(([key]) => !isSecret(key)));
  const secrets = Object.keys(settings).filter(isSecret);
  return [
    ...fieldChanges(known.file.settings, plain, 'settings'),
    // Its value is nothing to be printed.
    ...secrets.map((key): FieldChange => ({ field: `settings.${key}`, how: 'set', to: '(a secret)' })),
  ];
}

function childFields<T extends object>(what: string, plan: ChildPlan<T>, nameOf: (file: T) => string): FieldChange[] {
  const at = (file: T): string => `${what} ${JSON.stringify(nameOf(file))}`;
  return [
    ...plan.create.map((file): FieldChange => ({ field: at(file), how: 'set', to: file as Record<string, Json> })),
    ...plan.update.flatMap(({ file, fields }) => fields.map((one) => ({ ...one, field: `${at(file)} ${one.field}` }))),
    ...plan.remove.map(
      ({ file }): FieldChange => ({ field: at(file), how: 'prune', from: file as Record<string, Json> }),
    ),
  ];
}
