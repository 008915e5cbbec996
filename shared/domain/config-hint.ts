import * as z from 'zod';
import { WorkspaceId } from './ids.ts';

/** Changes that one hint names. Of one request that makes more the rest goes unnamed: whoever gets a hint looks for itself. */
export const HINT_CHANGES_MAX = 100;

/**
 * Says that a workspace's configuration was changed: which things, never what they hold. Only a hint: it may come twice, late, out of order or not at
 * all, so that nobody may depend on it for more than haste.
 */
export const ConfigHint = z.object({
  v: z.literal(1),
  workspaceId: WorkspaceId,
  /** After the change, where the change has moved it. */
  configVersion: z.int().nonnegative().optional(),
  changes: z
    .array(
      z.object({
        /** What kind of thing, as the audit trail names it: `SOURCE`. */
        kind: z.string().max(64),
        id: z.string().max(512),
        verb: z.enum(['created', 'updated', 'deleted']),
      }),
    )
    .max(HINT_CHANGES_MAX),
});
export type ConfigHint = z.infer<typeof ConfigHint>;
