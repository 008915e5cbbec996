import type { SourceTotals } from '../domain/books.ts';
import { DestinationId, type SourceId } from '../domain/ids.ts';
import type { WorkspaceConfig } from '../domain/workspace.ts';

/** Deleted destinations of one source whose books are read and rolled up on: those that most was planned for. */
export const DELETED_DESTINATIONS_MAX = 100;

/** A destination that plans of its source name and nobody has any more. */
export type DeletedDestination = { id: DestinationId; sourceId: SourceId };

/** Those that a source's plans, of whatever time, were for and that the workspace no longer has: an auditor's books need them. */
export function deletedDestinations(
  { destinations }: Pick<WorkspaceConfig, 'destinations'>,
  sourceId: SourceId,
  totals: readonly SourceTotals[],
): DeletedDestination[] {
  const there = new Set<string>(destinations.map(({ destination }) => destination.id));
  const routed = new Map<string, number>();
  for (const { planned } of totals) {
    for (const [id, plan] of Object.entries(planned)) {
      if (!there.has(id)) routed.set(id, (routed.get(id) ?? 0) + plan.routed);
    }
  }
  return [...routed]
    .toSorted(([a, most], [b, more]) => more - most || (a < b ? -1 : 1))
    .slice(0, DELETED_DESTINATIONS_MAX)
    .flatMap(([id]) => {
      const parsed = DestinationId.safeParse(id);
      return parsed.success ? [{ id: parsed.data, sourceId }] : [];
    });
}
