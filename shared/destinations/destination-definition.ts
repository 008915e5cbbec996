import type { EventType } from '../domain/event.ts';
import type { Json, JsonObject } from '../domain/json.ts';

/** What route must know of a type of destination. */
export type DestinationKind = {
  slug: string;
  supportedTypes: readonly EventType[];
  /** Names that mean this destination in an event's `integrations` object: of its library, of its creation, former ones. */
  integrationNames: readonly string[];
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
};

/** A ready-made mapping. */
export type MappingPreset = { name: string; action: string; trigger: string; fields: Record<string, Json> };

/** A type of destination, as data. Its code is loaded apart (see `engine`). */
export type DestinationDefinition = DestinationKind & {
  name: string;
  description: string;
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
  /** Defaults of ours, by action and field; null takes the library's away. */
  fieldDefaults?: Record<string, JsonObject>;
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
