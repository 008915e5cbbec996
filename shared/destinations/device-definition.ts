import { createRequire } from 'node:module';
import type { Json } from '../domain/json.ts';
import type { DefinitionField, DestinationDefinition } from './destination-definition.ts';
import type { DeviceMode } from './device-modes.ts';
import { ourText } from './our-words.ts';

/** What we read of a browser destination in the library's format. */
type LibraryField = {
  label?: string;
  description?: string;
  type: string;
  required?: unknown;
  multiple?: boolean;
  default?: Json;
  choices?: readonly { label: string; value: string | number | boolean }[];
};
type Library = {
  settings: Record<string, LibraryField>;
  actions: Record<
    string,
    { title: string; description: string; defaultSubscription?: string; fields: Record<string, LibraryField> }
  >;
  presets: readonly { name: string; partnerAction: string; subscribe: string; mapping: Record<string, Json> }[];
};

/**
 * The catalog entry of a device-mode type, read from its package. No setting is secret, whatever it is called: every visitor of a page gets them. For
 * the command line and builds, as the rest of the catalog.
 */
export function deviceDefinition(mode: DeviceMode): DestinationDefinition {
  const load = createRequire(`${process.cwd()}/package.json`);
  const { destination } = load(mode.package) as { destination: Library };
  return {
    slug: mode.slug,
    name: mode.name,
    description: mode.description,
    supportedTypes: mode.supportedTypes,
    integrationNames: mode.integrationNames,
    class: 'key',
    categories: mode.categories,
    settings: fieldsOf(destination.settings).map((field) => ({ ...field, secret: false })),
    actions: Object.entries(destination.actions).map(([key, action]) => ({
      key,
      title: ourText(action.title),
      description: ourText(action.description),
      ...(action.defaultSubscription !== undefined && { defaultTrigger: action.defaultSubscription }),
      batches: false,
      fields: fieldsOf(action.fields),
    })),
    presets: destination.presets.map(({ name, partnerAction, subscribe, mapping }) => ({
      name,
      action: partnerAction,
      trigger: subscribe,
      fields: mapping,
    })),
  };
}

const fieldsOf = (fields: Record<string, LibraryField>): DefinitionField[] =>
  Object.entries(fields).map(([key, field]) => ({
    key,
    label: ourText(field.label ?? key),
    description: ourText(field.description ?? ''),
    type: field.type,
    required: field.required === true,
    multiple: field.multiple === true,
    ...(field.default !== undefined && { default: field.default }),
    ...(field.choices !== undefined && { choices: field.choices }),
  }));
