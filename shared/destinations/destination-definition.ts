import type { EventType } from '../domain/event.ts';
import type { Json, JsonObject } from '../domain/json.ts';

/** What route must know of a type of destination. */
export type DestinationKind = {
  slug: string;
  supportedTypes: readonly EventType[];
  /** Names that mean this destination in an event's `integrations` object: of its library, of its creation, former ones. */
  integrationNames: readonly string[];
  /** Devices alone feed the tool (device-modes.ts): nothing is sent from here. */
  isDeviceOnly?: boolean;
};

/** A field that people fill in: a setting, or a field of an action. Texts may hold Markdown links. */
export type DefinitionField = {
  key: string;
  label: string;
  description: string;
  /** As the library has it: string, text, number, integer, boolean, datetime, object, password. */
  type: string;
  required: boolean;
  multiple: boolean;
  default?: Json;
  choices?: readonly { label: string; value: string | number | boolean }[];
  /** As in JSON Schema: email, uri, date-like, ipv4 ... */
  format?: string;
  /** Not for people: the action needs it as its default has it. */
  hidden?: true;
  /** The tool itself could offer choices. */
  dynamic?: true;
  /** null is a value of it, and not the same as no value. */
  allowNull?: true;
  /** An example to show where nothing is filled in; never saved. */
  placeholder?: string;
  /** Shown, or required, only where other fields have certain values; as the library writes such conditions. */
  dependsOn?: Json;
  requiredWhen?: Json;
  /** Of an object, or of each object of a list. */
  properties?: readonly DefinitionField[];
};

/** `secret`: sealed at rest, written once and never shown again. */
export type SettingDefinition = DefinitionField & { secret: boolean };

export type ActionDefinition = {
  key: string;
  title: string;
  description: string;
  /** FQL that its maker had in mind for it. */
  defaultTrigger?: string;
  /** One request may carry many events. */
  batches: boolean;
  fields: readonly DefinitionField[];
  /** What becomes of what is there already: add, update, upsert, delete, mirror. A mapping keeps it in SYNC_MODE_FIELD (B20). */
  syncMode?: {
    label: string;
    description: string;
    default: string;
    choices: readonly { label: string; value: string }[];
  };
};

/** The field of a mapping that holds its sync mode; the library reads it under this name. */
export const SYNC_MODE_FIELD = '__segment_internal_sync_mode';

/** A ready-made mapping. */
export type MappingPreset = { name: string; action: string; trigger: string; fields: Record<string, Json> };

/**
 * What a person needs to use it: nothing or an address of their own, a key, client credentials or user and password from which the library makes
 * tokens, or a long-lived access token that they paste (ACCESS_TOKEN_SETTING).
 */
export const DESTINATION_CLASSES = ['none', 'key', 'credentials', 'token'] as const;
export type DestinationClass = (typeof DESTINATION_CLASSES)[number];

/** The secret setting of a destination of the class `token`. */
export const ACCESS_TOKEN_SETTING = 'accessToken';

/** A type of destination, as data. Its code is loaded apart (see `engine`). */
export type DestinationDefinition = DestinationKind & {
  name: string;
  description: string;
  class: DestinationClass;
  categories: readonly string[];
  settings: readonly SettingDefinition[];
  actions: readonly ActionDefinition[];
  /** What a new destination begins with. */
  presets: readonly MappingPreset[];
};

/** What we say of a destination of the library beyond what the library says itself. A destination more is a row more. */
export type LibraryRow = DestinationKind & {
  /** Its folder in the library. */
  directory: string;
  name: string;
  description: string;
  class: DestinationClass;
  categories: readonly string[];
  /** Settings that hold a secret although the library has them as plain text. */
  secretSettings?: readonly string[];
  /** Fields of its mappings that hold a secret where their value is fixed: whoever knows such an address may use it. */
  secretFields?: readonly string[];
  /** Labels and help texts of settings in our words, where the library's would be wrong here. */
  settingTexts?: Record<string, { label: string; description: string }>;
  /** What its code says of itself on the wire, and what it shall say (see `underOurName`). */
  wireNames?: readonly WireName[];
  /** Defaults of ours, by action and field; null takes the library's away. */
  fieldDefaults?: Record<string, JsonObject>;
  /** What it sends goes out as GET, as a pixel's address; of others, GET and HEAD only ask, and a call of nothing else has delivered nothing. */
  sendsByGet?: true;
  /** Flags of the library that are on for this destination. */
  features?: readonly string[];
  /** Total time of one send; SEND_TIMEOUT_MS where nothing else is promised. */
  sendTimeoutMs?: number;
  /**
   * Presets by action, where the library has none: the action's own trigger and defaults, with what is given here over them.
   * Left out: the library's automatic presets.
   */
  presets?: readonly { action: string; name?: string; trigger?: string; fields?: Record<string, Json> }[];
};

/** A constant of the library that names its maker to the tool: the place where it stands, exactly what stands there, and our words. */
export type WireName = {
  /**
   * A header's name in small letters, a query parameter's, a path into a JSON body, `[]` for each item of a list (`events[].library`), or the name
   * of a form's field and a path into the JSON in it.
   */
  in: 'header' | 'query' | 'body' | 'form';
  at: string;
  theirs: string;
  ours: string;
  /** `theirs` is how the text begins, not all of it. */
  isPrefix?: true;
};
