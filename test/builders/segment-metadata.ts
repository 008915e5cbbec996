import * as z from 'zod';

// Segment's shapes of the catalog (Public API 47.0.0, with the members of 73.2.0), as strict as they can be read.

const Logos = z.strictObject({ default: z.url(), mark: z.string().nullable(), alt: z.string().nullable() });
const Option = z.strictObject({
  name: z.string().min(1),
  type: z.enum(['string', 'boolean', 'select', 'password', 'array', 'text-map', 'number', 'mixed', 'map', 'color']),
  required: z.boolean(),
  description: z.string().optional(),
  defaultValue: z.unknown().optional(),
  label: z.string().optional(),
});
const Status = z.enum([
  'DEPRECATED',
  'PRIVATE_BETA',
  'PRIVATE_BUILDING',
  'PRIVATE_SUBMITTED',
  'PUBLIC',
  'PUBLIC_BETA',
  'UNAVAILABLE',
]);
const Field = z.strictObject({
  id: z.string().min(1),
  sortOrder: z.int().nonnegative(),
  fieldKey: z.string().min(1),
  label: z.string(),
  type: z.enum(['BOOLEAN', 'DATETIME', 'HIDDEN', 'INTEGER', 'NUMBER', 'OBJECT', 'PASSWORD', 'STRING', 'TEXT']),
  description: z.string(),
  placeholder: z.string().optional(),
  defaultValue: z.json().nullable(),
  required: z.boolean(),
  multiple: z.boolean(),
  choices: z
    .array(z.strictObject({ label: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) }))
    .nullable(),
  dynamic: z.boolean(),
  allowNull: z.boolean(),
  hidden: z.boolean(),
});
const Action = z.strictObject({
  id: z.string().min(1),
  slug: z.string().min(1),
  name: z.string().min(1),
  description: z.string(),
  platform: z.enum(['CLOUD', 'MOBILE', 'WEB']),
  hidden: z.boolean(),
  defaultTrigger: z.string().min(1).nullable(),
  fields: z.array(Field),
});

/** DestinationMetadataV1. */
export const DestinationMetadata = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  description: z.string().min(1),
  slug: z.string().min(1),
  logos: Logos,
  options: z.array(Option),
  status: Status,
  previousNames: z.array(z.string().min(1)),
  categories: z.array(z.string()).min(1),
  website: z.string(),
  components: z.array(
    z.strictObject({
      type: z.enum(['ANDROID', 'BROWSER', 'IOS', 'SERVER']),
      code: z.string(),
      owner: z.enum(['PARTNER', 'SEGMENT']).optional(),
    }),
  ),
  supportedFeatures: z.strictObject({
    cloudModeInstances: z.enum(['0', '1', 'MULTIPLE', 'NONE', 'SINGLE']),
    deviceModeInstances: z.enum(['0', '1', 'NONE', 'SINGLE']),
    replay: z.boolean(),
    browserUnbundling: z.boolean(),
    browserUnbundlingPublic: z.boolean(),
  }),
  supportedMethods: z.strictObject({
    pageview: z.boolean(),
    identify: z.boolean(),
    alias: z.boolean(),
    track: z.boolean(),
    group: z.boolean(),
  }),
  supportedPlatforms: z.strictObject({
    browser: z.boolean(),
    server: z.boolean(),
    mobile: z.boolean(),
    warehouse: z.boolean(),
    cloudAppObject: z.boolean(),
    linkedAudiences: z.boolean(),
  }),
  actions: z.array(Action).min(1),
  presets: z.array(
    z.strictObject({
      actionId: z.string(),
      name: z.string().min(1),
      fields: z.record(z.string(), z.json()),
      trigger: z.string().min(1),
    }),
  ),
  partnerOwned: z.boolean(),
});

/** SourceMetadataV1. */
export const SourceMetadata = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  slug: z.string().min(1),
  description: z.string().min(1),
  logos: Logos,
  options: z.array(Option),
  categories: z.array(z.string()).min(1),
  isCloudEventSource: z.boolean(),
  status: Status,
  partnerOwned: z.boolean(),
});
