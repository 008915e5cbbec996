import { invariant } from '../domain/app-error.ts';
import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';
import {
  SYNC_MODE_FIELD,
  ACCESS_TOKEN_SETTING,
  type ActionDefinition,
  type DefinitionField,
  type DestinationDefinition,
  type MappingPreset,
  type SettingDefinition,
} from './destination-definition.ts';
import type { LibraryDefinition } from './library-code.ts';
import { ourDefault, ourText } from './our-words.ts';
import type { DestinationRow } from './rows.ts';

/** The fields of the library's objects that we read. Its own types differ by scheme and mode; these hold for all. */
type LibraryField = {
  label: string;
  description?: string;
  type: string;
  required?: unknown;
  multiple?: boolean;
  default?: Json;
  choices?: readonly (string | number | { label: string; value: string | number | boolean })[];
  format?: string;
  unsafe_hidden?: boolean;
  dynamic?: unknown;
  allowNull?: boolean;
  placeholder?: string;
  depends_on?: Json;
  properties?: LibraryFields;
};
type LibraryFields = Record<string, LibraryField>;
type LibraryAction = LibraryDefinition['actions'][string];

/**
 * The catalog entry of a destination, read from its definition in the library's format: words that name the library's maker become ours, and
 * presets of other products are left out.
 */
export function readDefinition(row: DestinationRow, library: LibraryDefinition): DestinationDefinition {
  const actions = Object.entries(library.actions).map(([key, action]) => actionOf(row, key, action));
  return {
    slug: row.slug,
    supportedTypes: row.supportedTypes,
    integrationNames: row.integrationNames,
    name: row.name,
    description: row.description,
    class: row.class,
    categories: row.categories,
    settings: settingsOf(row, library),
    actions,
    presets: row.presets === undefined ? libraryPresets(row, library, actions) : rowPresets(row, actions),
  };
}

function settingsOf(row: DestinationRow, library: LibraryDefinition): SettingDefinition[] {
  const fields = fieldsOf((library.authentication?.fields ?? {}) as unknown as LibraryFields);
  const settings = fields.map((field) => ({
    ...field,
    ...row.settingTexts?.[field.key],
    secret:
      field.type === 'password' || field.format === 'password' || row.secretSettings?.includes(field.key) === true,
  }));
  return row.class === 'token' ? [accessToken(row.name), ...settings] : settings;
}

/** Where the library has a consent flow, a token that does not end serves as well. */
const accessToken = (name: string): SettingDefinition => ({
  key: ACCESS_TOKEN_SETTING,
  label: 'Access token',
  description: `A long-lived access token that you make in ${name} for an app of your own.`,
  type: 'password',
  required: true,
  multiple: false,
  secret: true,
});

function actionOf(row: DestinationRow, key: string, action: LibraryAction): ActionDefinition {
  const defaults = row.fieldDefaults?.[key] ?? {};
  const fields = fieldsOf(action.fields as unknown as LibraryFields).map((field) => {
    if (!Object.hasOwn(defaults, field.key)) return field;
    const { default: _theirs, ...rest } = field;
    const ours = defaults[field.key];
    return ours === null || ours === undefined ? rest : { ...rest, default: ours };
  });
  return {
    key,
    title: ourText(action.title),
    description: ourText(action.description),
    ...(action.defaultSubscription !== undefined && { defaultTrigger: oneLine(action.defaultSubscription) }),
    batches: typeof action.performBatch === 'function',
    fields,
    ...(action.syncMode !== undefined && {
      syncMode: {
        label: ourText(action.syncMode.label),
        description: ourText(action.syncMode.description),
        default: action.syncMode.default,
        choices: action.syncMode.choices.map(({ label, value }) => ({ label: ourText(label), value })),
      },
    }),
  };
}

const fieldsOf = (fields: LibraryFields): DefinitionField[] =>
  Object.entries(fields).map(([key, field]) => ({
    key,
    label: ourText(field.label),
    description: ourText(field.description ?? ''),
    type: field.type,
    required: field.required === true,
    multiple: field.multiple === true,
    ...(field.default !== undefined && isAllowed(field.default, field) && { default: ourDefault(field.default) }),
    ...(field.choices !== undefined && { choices: field.choices.map(choiceOf) }),
    ...(field.format !== undefined && { format: field.format }),
    ...(field.unsafe_hidden === true && { hidden: true }),
    ...(field.dynamic !== undefined && field.dynamic !== false && { dynamic: true }),
    ...(field.allowNull === true && { allowNull: true }),
    ...(field.placeholder !== undefined && field.placeholder !== '' && { placeholder: ourText(field.placeholder) }),
    ...(field.depends_on !== undefined && { dependsOn: field.depends_on }),
    // A condition on other fields instead of `true` is judged by the library, with the payload.
    ...(isJsonObject(field.required) && { requiredWhen: field.required }),
    ...(field.properties !== undefined && { properties: fieldsOf(field.properties) }),
  }));

/** Some defaults are not among the choices of their own field: nobody could save them. */
function isAllowed(value: Json, { choices, multiple }: LibraryField): boolean {
  if (choices === undefined || multiple === true || isJsonObject(value)) return true;
  return choices.map(choiceOf).some((choice) => choice.value === value);
}

/** Values are the tool's and stay as they are, strange ones too. */
const choiceOf = (
  choice: NonNullable<LibraryField['choices']>[number],
): { label: string; value: string | number | boolean } =>
  typeof choice === 'object'
    ? { label: ourText(choice.label), value: choice.value }
    : { label: ourText(`${choice}`), value: choice };

/** Presets for journeys and warehouse audiences are another product's; those whose action is in the browser package only have no code here. */
function libraryPresets(
  row: DestinationRow,
  library: LibraryDefinition,
  actions: readonly ActionDefinition[],
): MappingPreset[] {
  return (library.presets ?? []).flatMap((preset) => {
    if (preset.type !== 'automatic' || !actions.some(({ key }) => key === preset.partnerAction)) return [];
    const mapping = preset.mapping ?? {};
    invariant(isJsonObject(mapping), `the mapping of ${row.slug}'s preset ${preset.name} is an object`);
    const action = actions.find(({ key }) => key === preset.partnerAction);
    const fields = {
      ...syncModeField(action),
      ...(ourDefault(mapping) as JsonObject),
      ...row.fieldDefaults?.[preset.partnerAction],
    };
    return [
      {
        name: ourText(preset.name ?? preset.partnerAction),
        action: preset.partnerAction,
        trigger: oneLine(preset.subscribe),
        fields,
      },
    ];
  });
}

const rowPresets = (row: DestinationRow, actions: readonly ActionDefinition[]): MappingPreset[] =>
  (row.presets ?? []).map((preset) => {
    const action = actions.find(({ key }) => key === preset.action);
    const trigger = preset.trigger ?? action?.defaultTrigger;
    invariant(
      action !== undefined && trigger !== undefined,
      `${row.slug} has the action ${preset.action} with a trigger`,
    );
    return {
      name: preset.name ?? action.title,
      action: action.key,
      trigger: oneLine(trigger),
      fields: { ...defaultFields(action), ...preset.fields },
    };
  });

/** What a new mapping of an action begins with. */
export const defaultFields = (action: ActionDefinition): Record<string, Json> => ({
  ...syncModeField(action),
  ...(Object.fromEntries(
    action.fields.flatMap((field) => (field.default === undefined ? [] : [[field.key, field.default]])),
  ) as Record<string, Json>),
});

/** An action that has sync modes refuses, or guesses, where its mapping names none (B20); the library's presets leave that to its app. */
const syncModeField = (action: ActionDefinition | undefined): Record<string, Json> =>
  action?.syncMode === undefined ? {} : { [SYNC_MODE_FIELD]: action.syncMode.default };

const oneLine = (fql: string): string => fql.trim().replaceAll(/\s+/g, ' ');
