import * as z from 'zod';
import { FQL_BYTES_MAX } from './rule-bounds.ts';
import { SourceId, TrackingPlanId, TransformationId, WorkspaceId } from './ids.ts';
import { NAME_CHARS_MAX, stored } from './workspace.ts';

// Kept and validated for clients of the Public API; nothing obeys them before the governance issue.

/** Rules of one plan; an item of DynamoDB holds 400 KB, so they are items of their own. */
export const RULES_PER_PLAN_MAX = 2_000;
/** Rules of one request (features 7.1). */
export const RULES_PER_REQUEST_MAX = 200;
/** Nesting of the JSON Schema of one (T15). */
export const RULE_DEPTH_MAX = 30;
/** The JSON Schema of one, as text. */
export const RULE_BYTES_MAX = 100_000;
/** Of one workspace. */
export const TRACKING_PLANS_MAX = 100;

export const TrackingPlan = z.object({
  id: TrackingPlanId,
  workspaceId: WorkspaceId,
  name: z.string().trim().min(1).max(NAME_CHARS_MAX),
  description: z.string().max(1_024).optional(),
  type: z.enum(['ENGAGE', 'LIVE', 'PROPERTY_LIBRARY', 'RULE_LIBRARY', 'TEMPLATE']),
  sourceIds: z.array(SourceId).max(200).default([]),
  ...stored,
});
export type TrackingPlan = z.infer<typeof TrackingPlan>;

/** Known by type, key and version within its plan. */
export const Rule = z.object({
  trackingPlanId: TrackingPlanId,
  workspaceId: WorkspaceId,
  type: z.enum(['COMMON', 'GROUP', 'IDENTIFY', 'PAGE', 'SCREEN', 'TRACK']),
  key: z.string().max(512).optional(),
  ruleVersion: z.number().min(0).max(1_000_000),
  jsonSchema: z.json(),
  ...stored,
});
export type Rule = z.infer<typeof Rule>;

/** Of one workspace. */
export const TRANSFORMATIONS_MAX = 200;
export const Transformation = z.object({
  id: TransformationId,
  workspaceId: WorkspaceId,
  name: z.string().trim().min(1).max(NAME_CHARS_MAX),
  sourceId: SourceId,
  destinationMetadataId: z.string().max(128).optional(),
  enabled: z.boolean(),
  if: z.string().min(1).max(FQL_BYTES_MAX),
  /** What it does, as the Public API has it: drop, newEventName, propertyRenames … */
  does: z.record(z.string().max(64), z.json()),
  ...stored,
});
export type Transformation = z.infer<typeof Transformation>;
