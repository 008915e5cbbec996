import * as z from 'zod';
import { SourceId } from './ids.ts';

const OfTraits = z.strictObject({
  allowUnplannedTraits: z.boolean().optional(),
  allowTraitsOnViolations: z.boolean().optional(),
  commonEventOnViolations: z.enum(['ALLOW', 'BLOCK', 'OMIT_TRAITS']).optional(),
});

/**
 * What is to become of what a tracking plan does not foresee (features 7.3), in the Public API's words. Kept for its clients; nothing obeys it before
 * the governance issue.
 */
export const SchemaSettings = z.strictObject({
  track: z
    .strictObject({
      allowUnplannedEvents: z.boolean().optional(),
      allowUnplannedEventProperties: z.boolean().optional(),
      allowEventOnViolations: z.boolean().optional(),
      allowPropertiesOnViolations: z.boolean().optional(),
      commonEventOnViolations: z.enum(['ALLOW', 'BLOCK', 'OMIT_PROPERTIES']).optional(),
    })
    .optional(),
  identify: OfTraits.optional(),
  group: OfTraits.optional(),
  forwardingViolationsTo: SourceId.optional(),
  forwardingBlockedEventsTo: SourceId.optional(),
});
export type SchemaSettings = z.infer<typeof SchemaSettings>;
