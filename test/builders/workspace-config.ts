import type { Source, WorkspaceConfig } from '../../shared/domain/workspace.ts';
import { aDestination, aMapping, aSource } from './workspace-things.ts';

type Target = WorkspaceConfig['destinations'][number];

/** A webhook `dst_<id>` of `src_1` with one mapping for each trigger, `map_<id>_<number>`. */
export const aTarget = (
  id: string,
  triggers: readonly string[] = ['type = "track"'],
  over: Record<string, unknown> = {},
): Target => {
  const destination = aDestination({ id: `dst_${id}`, type: 'webhook', ...over });
  const mappings = triggers.map((trigger, number) =>
    aMapping({ id: `map_${id}_${number}`, destinationId: destination.id, trigger }),
  );
  return { destination, mappings };
};

export const aWorkspaceConfig = (
  destinations: readonly Target[] = [aTarget('hook')],
  sources: readonly Source[] = [aSource()],
): WorkspaceConfig => ({ workspaceId: aSource().workspaceId, configVersion: 7, sources, destinations });
