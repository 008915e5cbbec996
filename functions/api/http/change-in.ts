import type { WorkspaceId } from '../../../shared/domain/ids.ts';
import type { WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import type { ControlStore } from '../../../shared/ports/control-store.ts';
import type { ApiDeps } from '../api-deps.ts';
import { CHANGED_MEANWHILE, conflict, notFound } from './api-fault.ts';
import type { Decision } from './request.ts';

/** How often a change is decided anew when others change the workspace meanwhile. */
export const CHANGE_TRIES_MAX = 4;

type ChangeDeps = { control: Pick<ControlStore, 'commit'>; deps: Pick<ApiDeps, 'configs' | 'hints' | 'newId'> };

/**
 * Decides on a workspace's configuration as it is and saves what was decided, in one transaction that holds only if nothing of the workspace changed in
 * between; then it decides again, CHANGE_TRIES_MAX times at most. What `decide` reads beside the configuration it must read itself, after it was called:
 * that is as new as the configuration, or newer. Throws ApiFault 409 when others keep changing the workspace, 404 where there is none.
 */
export async function changeIn<T>(
  { control, deps }: ChangeDeps,
  workspaceId: WorkspaceId,
  decide: (config: WorkspaceConfig) => Promise<Decision<T>> | Decision<T>,
  /** What the first try decides on, where it was read for this request already. */
  first?: () => Promise<WorkspaceConfig>,
): Promise<T> {
  for (let tries = 0; tries < CHANGE_TRIES_MAX; tries += 1) {
    const read = first !== undefined && tries === 0 ? await first() : await readNow(deps, workspaceId);
    const { changes, value } = await decide(read);
    if (changes.length === 0) return value;
    const options = { writeId: deps.newId('write'), ifConfigVersion: read.configVersion };
    const result = await control.commit(workspaceId, changes, options);
    if (result.outcome === 'saved') {
      await hint(deps, workspaceId, result.entries);
      return value;
    }
  }
  throw conflict(CHANGED_MEANWHILE);
}

async function readNow({ configs }: ChangeDeps['deps'], workspaceId: WorkspaceId): Promise<WorkspaceConfig> {
  const read = await configs.workspaceConfig(workspaceId, Number.POSITIVE_INFINITY);
  if (read === undefined) throw notFound('workspace', workspaceId);
  return read;
}

const VERBS: readonly (readonly [RegExp, 'created' | 'deleted'])[] = [
  [/ (?:Created|Added|Invited)$/, 'created'],
  [/ (?:Deleted|Removed)$/, 'deleted'],
];

async function hint(
  deps: Pick<ApiDeps, 'hints'>,
  workspaceId: WorkspaceId,
  entries: readonly { event: string; resource: { type: string; id: string } }[],
): Promise<void> {
  const changes = entries.map(({ event, resource }) => ({
    kind: resource.type,
    id: resource.id,
    verb: VERBS.find(([pattern]) => pattern.test(event))?.[1] ?? ('updated' as const),
  }));
  await deps.hints.configChanged({ v: 1, workspaceId, changes });
}
