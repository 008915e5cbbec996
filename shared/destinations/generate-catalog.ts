import { createRequire } from 'node:module';
import type { DestinationDefinition as LibraryDefinition } from '@segment/actions-core';
import { invariant } from '../domain/app-error.ts';
import { isJsonObject, type Json } from '../domain/json.ts';
import type {
  ActionDefinition,
  DefinitionField,
  DestinationDefinition,
  LibraryRow,
  MappingPreset,
} from './destination-definition.ts';

/** The fields of the library's objects that we read. Its own types differ by scheme and mode; these hold for all. */
type LibraryField = {
  label: string;
  description?: string;
  type: string;
  required?: unknown;
  multiple?: boolean;
  default?: Json;
  choices?: readonly (string | number | { label: string; value: string | number | boolean })[];
};
type LibraryFields = Record<string, LibraryField>;

const loadLibrary = createRequire(`${process.cwd()}/package.json`);

/**
 * The catalog entry of each row, read from the code of the installed library. Not for run time: the result is committed as
 * `generated/catalog.json`, and a test compares.
 */
export const generateCatalog = (rows: readonly LibraryRow[]): DestinationDefinition[] =>
  rows.map((row) => {
    const { default: definition } = loadLibrary(modulePath(row)) as { default: LibraryDefinition };
    return definitionOf(row, definition);
  });

/** The text of `generated/loaders.ts`: one deep import a destination, which a bundler can follow (the library's own index computes them). */
export const generateLoaders = (rows: readonly LibraryRow[]): string =>
  [
    '// Written by `node cli/generate-catalog.ts` from library-rows.ts. Each import becomes a chunk that is read when it is first needed.',
    '',
    '/** The code of each destination of the library, by slug. */',
    'export const LOADERS: Readonly<Record<string, () => Promise<unknown>>> = {',
    ...rows.map((row) => `  ${propertyName(row.slug)}: () => import('${modulePath(row)}'),`),
    '};',
    '',
  ].join('\n');

const modulePath = ({ directory }: LibraryRow): string =>
  `@segment/action-destinations/dist/destinations/${directory}/index.js`;

const propertyName = (slug: string): string => (/^[a-z]+$/.test(slug) ? slug : `'${slug}'`);

function definitionOf(row: LibraryRow, library: LibraryDefinition): DestinationDefinition {
  const actions = Object.entries(library.actions).map(([key, action]): ActionDefinition => {
    const defaults = row.fieldDefaults?.[key] ?? {};
    const fields = fieldsOf(action.fields as unknown as LibraryFields).map((field) => {
      if (!Object.hasOwn(defaults, field.key)) return field;
      const { default: _theirs, ...rest } = field;
      const ours = defaults[field.key];
      return ours === null || ours === undefined ? rest : { ...rest, default: ours };
    });
    return {
      key,
      title: ourWords(action.title),
      description: ourWords(action.description),
      ...(action.defaultSubscription !== undefined && { defaultTrigger: oneLine(action.defaultSubscription) }),
      batches: typeof action.performBatch === 'function',
      fields,
    };
  });
  return {
    slug: row.slug,
    supportedTypes: row.supportedTypes,
    integrationNames: row.integrationNames,
    name: row.name,
    description: row.description,
    settings: fieldsOf((library.authentication?.fields ?? {}) as unknown as LibraryFields).map((field) => ({
      ...field,
      secret: field.type === 'password',
    })),
    actions,
    presets: row.presets === undefined ? libraryPresets(row, library, actions) : rowPresets(row, actions),
  };
}

const fieldsOf = (fields: LibraryFields): DefinitionField[] =>
  Object.entries(fields).map(([key, field]) => ({
    key,
    label: ourWords(field.label),
    description: ourWords(field.description ?? ''),
    type: field.type,
    // A condition on other fields instead of `true` is left to the library, which checks it with the payload.
    required: field.required === true,
    multiple: field.multiple === true,
    ...(field.default !== undefined && { default: field.default }),
    ...(field.choices !== undefined && {
      choices: field.choices.map((choice) =>
        typeof choice === 'object'
          ? { label: choice.label, value: choice.value }
          : { label: `${choice}`, value: choice },
      ),
    }),
  }));

/** Presets for journeys and warehouse audiences are another product's; those whose action is in the browser package only have no code here. */
function libraryPresets(
  row: LibraryRow,
  library: LibraryDefinition,
  actions: readonly ActionDefinition[],
): MappingPreset[] {
  return (library.presets ?? []).flatMap((preset) => {
    if (preset.type !== 'automatic' || !actions.some(({ key }) => key === preset.partnerAction)) return [];
    invariant(isJsonObject(preset.mapping ?? {}), `the mapping of ${row.slug}'s preset ${preset.name} is an object`);
    const fields = {
      ...preset.mapping,
      ...row.fieldDefaults?.[preset.partnerAction],
    };
    return [
      {
        name: preset.name ?? preset.partnerAction,
        action: preset.partnerAction,
        trigger: oneLine(preset.subscribe),
        fields,
      },
    ];
  });
}

const rowPresets = (row: LibraryRow, actions: readonly ActionDefinition[]): MappingPreset[] =>
  (row.presets ?? []).map((preset) => {
    const action = actions.find(({ key }) => key === preset.action);
    const trigger = preset.trigger ?? action?.defaultTrigger;
    invariant(
      action !== undefined && trigger !== undefined,
      `${row.slug} has the action ${preset.action} with a trigger`,
    );
    const defaults = action.fields.flatMap((field) =>
      field.default === undefined ? [] : [[field.key, field.default]],
    );
    return {
      name: preset.name ?? action.title,
      action: action.key,
      trigger: oneLine(trigger),
      fields: { ...(Object.fromEntries(defaults) as Record<string, Json>), ...preset.fields },
    };
  });

/** The library's help texts speak of the platform that they were written for. */
const ourWords = (text: string): string => text.replaceAll(/\bSegment\b/g, 'Tributary');

const oneLine = (fql: string): string => fql.trim().replaceAll(/\s+/g, ' ');
