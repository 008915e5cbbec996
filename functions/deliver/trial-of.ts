import { DestinationId, MappingId } from '../../shared/domain/ids.ts';
import { Destination, Mapping, type WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { TestAsk, TrialAsk } from '../../shared/ports/deliver-asks.ts';

/** Of a destination that is nowhere but in one trial. */
const TRIED = DestinationId.parse('dst_trial');

/**
 * A type of destination as if the source had one, without settings, so that an event can be tested before anybody makes it: always a dry run, with
 * all rules of the source. `undefined`: there is no such source.
 */
export function trialOf(
  config: WorkspaceConfig | undefined,
  { workspaceId, sourceId, type, event, mappings }: TrialAsk,
  now: string,
): { config: WorkspaceConfig; ask: TestAsk } | undefined {
  if (config === undefined || !config.sources.some(({ id }) => id === sourceId)) return undefined;
  const stored = { version: 0, createdAt: now, updatedAt: now };
  const destination = Destination.parse({
    id: TRIED,
    workspaceId,
    sourceId,
    name: type,
    type,
    enabled: true,
    settings: {},
    secrets: {},
    ...stored,
  });
  const tried = mappings.map((mapping, index) =>
    Mapping.parse({
      ...mapping,
      id: MappingId.parse(`map_trial${index + 1}`),
      workspaceId,
      destinationId: TRIED,
      enabled: true,
      ...stored,
    }),
  );
  return {
    config: { ...config, destinations: [...config.destinations, { destination, mappings: tried }] },
    ask: { workspaceId, destinationId: TRIED, event, applyFilters: true, dryRun: true },
  };
}
