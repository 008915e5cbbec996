import * as z from 'zod';
import { DestinationId, SourceId, WorkspaceId } from './ids.ts';

/**
 * Books that do not add up. `negative`: more sends ended than were planned. `stuck`: sends in flight for half an hour while all lanes were
 * empty. `equation`: a plan that does not account for all of its events. `count` is the difference.
 */
export const Mismatch = z.object({
  workspaceId: WorkspaceId,
  sourceId: SourceId,
  destinationId: DestinationId.optional(),
  kind: z.enum(['negative', 'stuck', 'equation']),
  count: z.int(),
});
export type Mismatch = z.infer<typeof Mismatch>;
