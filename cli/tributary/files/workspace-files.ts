import * as z from 'zod';

/** What a workspace is as files. Things are known by slugs and names that people give, never by ids: those differ from workspace to workspace. */
export const FORMAT = 1;

const Settings = z.record(z.string().max(256), z.json());
const Text = z.string().max(5_120);
const Name = z.string().trim().min(1).max(128);
/** By key: a source has one value of each (M08). */
const Labels = z.record(z.string(), z.string());

export const WorkspaceFile = z.strictObject({ format: z.literal(FORMAT), slug: z.string(), name: z.string() });
export type WorkspaceFile = z.infer<typeof WorkspaceFile>;

export const SettingsFile = z.strictObject({
  /** Whether a source that nothing is connected to is switched off after a while. */
  autoDisableSources: z.boolean().default(false),
  /** Slug of the source that gets the audit trail. */
  auditForwardingTo: z.string().optional(),
});
export type SettingsFile = z.infer<typeof SettingsFile>;

export const LabelFile = z.strictObject({ key: z.string(), value: z.string(), description: z.string().optional() });
export type LabelFile = z.infer<typeof LabelFile>;

export const SourceFile = z.strictObject({
  slug: z.string().regex(/^[a-z0-9_-]{1,64}$/, 'small letters, digits, _ and -, at most 64'),
  name: Name.optional(),
  /** Slug of its entry in the source catalog. */
  type: z.string().min(1).max(128),
  enabled: z.boolean(),
  labels: Labels.default({}),
  settings: Settings.default({}),
  /** What becomes of what a tracking plan does not know, by kind of event. Sources by slug. */
  schemaSettings: Settings.optional(),
  /** Of a webhook source: what it makes of requests, and how they are signed. Left out: it is not looked at. */
  hook: Settings.optional(),
  /** Left out: keys are not looked at, and a new source gets one of its own. */
  writeKeys: z.array(z.string().min(16).max(64)).max(50).optional(),
});
export type SourceFile = z.infer<typeof SourceFile>;

export const MappingFile = z.strictObject({
  name: Name,
  /** Slug of the action. */
  action: z.string().min(1).max(128),
  trigger: Text.min(1),
  enabled: z.boolean(),
  fields: Settings.default({}),
});
export type MappingFile = z.infer<typeof MappingFile>;

export const FilterFile = z.strictObject({
  title: Name,
  description: z.string().optional(),
  if: Text.min(1),
  actions: z.array(z.record(z.string(), z.json())).min(1).max(4),
  enabled: z.boolean(),
});
export type FilterFile = z.infer<typeof FilterFile>;

export const DestinationFile = z.strictObject({
  /** Slug of the source whose events it gets. */
  source: z.string().min(1).max(64),
  /** Names it within its source. */
  name: z.string().max(128),
  /** Slug of its entry in the destination catalog. */
  type: z.string().min(1).max(128),
  enabled: z.boolean(),
  settings: Settings.default({}),
  /** Left out, these stay as they are. */
  connectionMode: z.enum(['cloud', 'device']).optional(),
  retryWindowHours: z.int().min(1).max(312).optional(),
  consentCategories: z.array(z.string()).max(50).optional(),
  paused: z.boolean().optional(),
  mappings: z.array(MappingFile).max(200).default([]),
  filters: z.array(FilterFile).max(50).default([]),
});
export type DestinationFile = z.infer<typeof DestinationFile>;

export const RuleFile = z.strictObject({
  type: z.enum(['COMMON', 'GROUP', 'IDENTIFY', 'PAGE', 'SCREEN', 'TRACK']),
  key: z.string().optional(),
  version: z.number(),
  jsonSchema: z.json(),
});
export type RuleFile = z.infer<typeof RuleFile>;

export const TrackingPlanFile = z.strictObject({
  name: z.string().max(128),
  description: z.string().optional(),
  type: z.enum(['ENGAGE', 'LIVE', 'PROPERTY_LIBRARY', 'RULE_LIBRARY', 'TEMPLATE']),
  /** Slugs. */
  sources: z.array(z.string()).default([]),
  rules: z.array(RuleFile).max(5_000).default([]),
});
export type TrackingPlanFile = z.infer<typeof TrackingPlanFile>;

export const TransformationFile = z.strictObject({
  name: Name,
  source: z.string(),
  /** Slug of a type of destination; left out: it is of the source as a whole. */
  destinationType: z.string().optional(),
  enabled: z.boolean(),
  if: Text.min(1),
  /** What it does, as the Public API has it: drop, newEventName, propertyRenames … */
  does: Settings.default({}),
});
export type TransformationFile = z.infer<typeof TransformationFile>;

export const GroupFile = z.strictObject({
  name: Name,
  /** E-mail addresses. */
  members: z.array(z.string()).max(1_000).default([]),
  /** Whether its people see personal data unmasked. */
  piiAccess: z.boolean().default(false),
  permissions: z
    .array(
      z.strictObject({
        /** Name of a role. */
        role: z.string(),
        /** Without `source` the whole workspace; labels must all be on what it is about. */
        resources: z.array(z.strictObject({ source: z.string().optional(), labels: Labels.optional() })),
      }),
    )
    .max(50)
    .default([]),
});
export type GroupFile = z.infer<typeof GroupFile>;

/** A workspace as its files have it. */
export type Files = {
  /** One, or none: then they are not looked at. */
  settings: readonly SettingsFile[];
  labels: readonly LabelFile[];
  sources: readonly SourceFile[];
  trackingPlans: readonly TrackingPlanFile[];
  destinations: readonly DestinationFile[];
  transformations: readonly TransformationFile[];
  groups: readonly GroupFile[];
};
export type FileKind = keyof Files;
export type ThingIn<K extends FileKind> = Files[K][number];

/** What one thing of each kind must be. */
export const SCHEMAS: { [K in FileKind]: z.ZodType<ThingIn<K>> } = {
  settings: SettingsFile,
  labels: LabelFile,
  sources: SourceFile,
  trackingPlans: TrackingPlanFile,
  destinations: DestinationFile,
  transformations: TransformationFile,
  groups: GroupFile,
};

export const noFiles = (): Files => ({
  settings: [],
  labels: [],
  sources: [],
  trackingPlans: [],
  destinations: [],
  transformations: [],
  groups: [],
});

/** What a thing is called, for people. */
export const NAMES: { [K in FileKind]: (thing: ThingIn<K>) => string } = {
  settings: () => 'workspace',
  labels: ({ key, value }) => `${key}:${value}`,
  sources: ({ slug }) => slug,
  trackingPlans: ({ name }) => name,
  destinations: ({ source, name }) => `${source}/${name}`,
  transformations: ({ source, name }) => `${source}/${name}`,
  groups: ({ name }) => name,
};

/** What a thing is known by among those of its kind. Two destinations of one source may have one name if they are of two types (B08). */
export const IDENTITIES: { [K in FileKind]: (thing: ThingIn<K>) => string } = {
  ...NAMES,
  destinations: (thing) => `${NAMES.destinations(thing)} ${thing.type}`,
};
