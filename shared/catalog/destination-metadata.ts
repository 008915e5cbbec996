import type { DefinitionField, SettingDefinition } from '../destinations/destination-definition.ts';
import type { Json } from '../domain/json.ts';
import type { CatalogAction, CatalogDestination, CatalogStatus } from './catalog-entry.ts';

/** Segment's shapes of the catalog (Public API 47.0.0 and 73.2.0): every required member of theirs, and no other name. */
export type LogosBeta = { default: string; mark: string | null; alt: string | null };
export type IntegrationOptionBeta = {
  name: string;
  type: string;
  required: boolean;
  description?: string;
  defaultValue?: Json;
  label?: string;
};
export const ACTION_FIELD_TYPES = [
  'BOOLEAN',
  'DATETIME',
  'HIDDEN',
  'INTEGER',
  'NUMBER',
  'OBJECT',
  'PASSWORD',
  'STRING',
  'TEXT',
] as const;
type ActionFieldType = (typeof ACTION_FIELD_TYPES)[number];
export type DestinationMetadataActionFieldV1 = {
  id: string;
  sortOrder: number;
  fieldKey: string;
  label: string;
  type: ActionFieldType;
  description: string;
  placeholder?: string;
  defaultValue: Json;
  required: boolean;
  multiple: boolean;
  choices: readonly { label: string; value: string | number | boolean }[] | null;
  dynamic: boolean;
  allowNull: boolean;
  hidden: boolean;
};
export type DestinationMetadataActionV1 = {
  id: string;
  slug: string;
  name: string;
  description: string;
  platform: 'CLOUD' | 'MOBILE' | 'WEB';
  hidden: boolean;
  defaultTrigger: string | null;
  fields: readonly DestinationMetadataActionFieldV1[];
};
export type DestinationMetadataV1 = {
  id: string;
  name: string;
  description: string;
  slug: string;
  logos: LogosBeta;
  options: readonly IntegrationOptionBeta[];
  status: CatalogStatus;
  previousNames: readonly string[];
  categories: readonly string[];
  website: string;
  /** Always empty: repositories of device SDKs that Segment bundles. */
  components: readonly {
    type: 'ANDROID' | 'BROWSER' | 'IOS' | 'SERVER';
    code: string;
    owner?: 'PARTNER' | 'SEGMENT';
  }[];
  supportedFeatures: {
    cloudModeInstances: 'MULTIPLE' | 'NONE';
    deviceModeInstances: 'SINGLE' | 'NONE';
    replay: boolean;
    browserUnbundling: boolean;
    browserUnbundlingPublic: boolean;
  };
  supportedMethods: Record<'pageview' | 'identify' | 'alias' | 'track' | 'group', boolean>;
  supportedPlatforms: Record<
    'browser' | 'server' | 'mobile' | 'warehouse' | 'cloudAppObject' | 'linkedAudiences',
    boolean
  >;
  actions: readonly DestinationMetadataActionV1[];
  presets: readonly { actionId: string; name: string; fields: Record<string, Json>; trigger: string }[];
  partnerOwned: boolean;
};

/** Where our own files lie: the CDN's URL, without a slash at its end. */
export type CatalogPlaces = { cdnUrl: string };

/**
 * A type of destination as Segment's Public API shows it. Logos are files of our CDN. `website` is empty where none is known. A setting that offers
 * choices names them in its description: Segment's shape has no place for them.
 */
export function toDestinationMetadata(entry: CatalogDestination, places: CatalogPlaces): DestinationMetadataV1 {
  const isDevice = entry.connectionModes.device.web;
  const takes = (type: CatalogDestination['supportedTypes'][number]) => entry.supportedTypes.includes(type);
  return {
    id: entry.id,
    name: entry.name,
    description: entry.description,
    slug: entry.slug,
    logos: logosOf(entry.slug, places),
    options: entry.settings.map(optionOf),
    status: entry.status,
    previousNames: entry.previousNames,
    categories: entry.categories,
    website: entry.website ?? '',
    components: [],
    supportedFeatures: {
      cloudModeInstances: isDevice ? 'NONE' : 'MULTIPLE',
      deviceModeInstances: isDevice ? 'SINGLE' : 'NONE',
      replay: !isDevice,
      browserUnbundling: false,
      browserUnbundlingPublic: false,
    },
    supportedMethods: {
      pageview: takes('page') || takes('screen'),
      identify: takes('identify'),
      alias: takes('alias'),
      track: takes('track'),
      group: takes('group'),
    },
    supportedPlatforms: {
      browser: entry.sourceKinds.includes('website'),
      server: entry.sourceKinds.includes('server'),
      mobile: entry.sourceKinds.includes('mobile'),
      warehouse: false,
      cloudAppObject: false,
      linkedAudiences: false,
    },
    actions: entry.actions.map((action) => actionOf(action, isDevice)),
    presets: entry.presets.flatMap(({ action, name, fields, trigger }) => {
      const actionId = entry.actions.find(({ key }) => key === action)?.id;
      return actionId === undefined ? [] : [{ actionId, name, fields, trigger }];
    }),
    partnerOwned: false,
  };
}

export const logosOf = (slug: string, { cdnUrl }: CatalogPlaces): LogosBeta => ({
  default: `${cdnUrl}/logos/${slug}.svg`,
  mark: null,
  alt: null,
});

function optionOf(setting: SettingDefinition): IntegrationOptionBeta {
  const choices = setting.choices?.map(({ value }) => `\`${value}\``).join(', ');
  const description = [setting.description, choices && `One of ${choices}.`].filter(Boolean).join(' ');
  return {
    name: setting.key,
    type: optionType(setting),
    required: setting.required,
    description,
    ...(setting.default !== undefined && { defaultValue: setting.default }),
    label: setting.label,
  };
}

/** Segment's word for the type of a setting (features 1.7). */
function optionType({ secret, choices, multiple, type }: SettingDefinition): string {
  if (secret) return 'password';
  if (multiple) return 'array';
  if (choices !== undefined) return 'select';
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'boolean') return 'boolean';
  return type === 'object' ? 'map' : 'string';
}

const actionOf = (action: CatalogAction, isDevice: boolean): DestinationMetadataActionV1 => ({
  id: action.id,
  slug: action.key,
  name: action.title,
  description: action.description,
  platform: isDevice ? 'WEB' : 'CLOUD',
  hidden: false,
  defaultTrigger: action.defaultTrigger ?? null,
  fields: action.fields.map((field, index) => fieldOf(field, `${action.id}.${field.key}`, index)),
});

const fieldOf = (field: DefinitionField, id: string, sortOrder: number): DestinationMetadataActionFieldV1 => ({
  id,
  sortOrder,
  fieldKey: field.key,
  label: field.label,
  type: fieldType(field.type),
  description: field.description,
  ...(field.placeholder !== undefined && { placeholder: field.placeholder }),
  defaultValue: field.default ?? null,
  required: field.required,
  multiple: field.multiple,
  choices: field.choices ?? null,
  dynamic: field.dynamic === true,
  allowNull: field.allowNull === true,
  hidden: field.hidden === true,
});

/** The library's types are Segment's in small letters; a type that is none of them holds text. */
function fieldType(type: string): ActionFieldType {
  const upper = type.toUpperCase();
  return ACTION_FIELD_TYPES.find((each) => each === upper) ?? 'STRING';
}
