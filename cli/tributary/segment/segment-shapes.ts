import * as z from 'zod';

// What of Segment's answers is read. Its objects have more, and may get more: nothing here is strict.

const Free = z.record(z.string(), z.json());
const LabelIn = z.object({ key: z.string(), value: z.string(), description: z.string().nullish() });

export const SegmentWorkspaceIn = z.object({ id: z.string(), slug: z.string(), name: z.string() });
export const SegmentSource = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string().nullish(),
  enabled: z.boolean(),
  metadata: z.object({ id: z.string(), slug: z.string(), name: z.string() }),
  writeKeys: z.array(z.string()).default([]),
  labels: z.array(LabelIn).default([]),
});
export const SegmentDestination = z.object({
  id: z.string(),
  name: z.string().nullish(),
  enabled: z.boolean(),
  sourceId: z.string(),
  settings: Free.default({}),
  metadata: z.object({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    previousNames: z.array(z.string()).nullish(),
    actions: z.array(z.object({ id: z.string(), slug: z.string(), name: z.string() })).nullish(),
  }),
});
export const SegmentSubscription = z.object({
  id: z.string(),
  name: z.string(),
  actionId: z.string(),
  actionSlug: z.string().nullish(),
  enabled: z.boolean(),
  settings: Free.nullish(),
  trigger: z.string(),
  modelId: z.string().nullish(),
});
export const SegmentFilter = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string().nullish(),
  if: z.string(),
  enabled: z.boolean(),
  actions: z.array(Free),
});
export const SegmentPlan = z.object({
  id: z.string(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  type: z.enum(['ENGAGE', 'LIVE', 'PROPERTY_LIBRARY', 'RULE_LIBRARY', 'TEMPLATE']),
});
export const SegmentRule = z.object({
  type: z.enum(['COMMON', 'GROUP', 'IDENTIFY', 'PAGE', 'SCREEN', 'TRACK']),
  key: z.string().nullish(),
  version: z.number(),
  jsonSchema: z.json(),
});
export const SegmentTransformation = z.looseObject({
  id: z.string(),
  name: z.string(),
  sourceId: z.string(),
  destinationMetadataId: z.string().nullish(),
  enabled: z.boolean(),
  if: z.string(),
});
export const SegmentLabel = LabelIn;

/** A workspace of Segment's as its Public API tells it. */
export type SegmentWorkspace = {
  workspace: z.infer<typeof SegmentWorkspaceIn>;
  labels: readonly z.infer<typeof SegmentLabel>[];
  sources: readonly z.infer<typeof SegmentSource>[];
  destinations: readonly (z.infer<typeof SegmentDestination> & {
    subscriptions: readonly z.infer<typeof SegmentSubscription>[];
    filters: readonly z.infer<typeof SegmentFilter>[];
  })[];
  plans: readonly (z.infer<typeof SegmentPlan> & {
    sourceIds: readonly string[];
    rules: readonly z.infer<typeof SegmentRule>[];
  })[];
  transformations: readonly z.infer<typeof SegmentTransformation>[];
  /** What Segment has and nothing here is made of, by kind, with names. */
  others: readonly { what: string; names: readonly string[] }[];
  /** What could not be read, and why. */
  unread: readonly { what: string; why: string }[];
};
