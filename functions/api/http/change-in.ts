import { AppError } from '../../../shared/domain/app-error.ts';
import type { WorkspaceId } from '../../../shared/domain/ids.ts';
import type { WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import type { ControlStore } from '../../../shared/ports/control-store.ts';
import type { ApiDeps } from '../api-deps.ts';
import { CHANGED_MEANWHILE, conflict, notFound } from './api-fault.ts';
import type { Decision } from './request.ts';

/** How often a change is decided on, the first time included: all changes of a workspace meet at its one version, whatever they are of. */
export const CHANGE_TRIES_MAX = 15;
/** No third or further try begins later than this: the function has 15 s, of which the last try takes its part. */
export const CHANGE_WITHIN_MS = 8_000;
/** The pause before a further try is random up to this, doubled each time, */
const FIRST_PAUSE_MS = 40;
/** and up to this at most: some fifty changes at one moment, one after the other, take about as long. */
const PAUSE_MS_MAX = 1_500;

type ChangeDeps = {
  control: Pick<ControlStore, 'commit'>;
  deps: Pick<ApiDeps, 'configs' | 'hints' | 'newId' | 'now' | 'wait'>;
};

/**
 * Decides on a workspace's configuration as it is and saves what was decided, in one transaction that holds only if nothing of the workspace changed in
 * between; then it decides again, after a pause, CHANGE_TRIES_MAX times and within CHANGE_WITHIN_MS at most. What `decide` reads beside the configuration it must read itself, after it was called:
 * that is as new as the configuration, or newer. Throws ApiFault 409 when others keep changing the workspace, 404 where there is none.
 */
export async function changeIn<T>(
  { control, deps }: ChangeDeps,
  workspaceId: WorkspaceId,
  decide: (config: WorkspaceConfig) => Promise<Decision<T>> | Decision<T>,
  /** What the first try decides on, where it was read for this request already. */
  first?: () => Promise<WorkspaceConfig>,
): Promise<T> {
  const lastAt = deps.now().getTime() + CHANGE_WITHIN_MS;
  for (let tries = 0; tries < CHANGE_TRIES_MAX; tries += 1) {
    if (tries > 0) {
      const pauseMs = Math.random() * Math.min(PAUSE_MS_MAX, FIRST_PAUSE_MS * 2 ** tries);
      // Two are always made: the first may be on what this request has read a while, and changes of its own, ago.
      if (tries > 1 && deps.now().getTime() + pauseMs > lastAt) break;
      await deps.wait(pauseMs);
    }
    const read = first !== undefined && tries === 0 ? await first() : await readNow(deps, workspaceId);
    const { changes, value } = await decide(read);
    if (changes.length === 0) return value;
    const options = { writeId: deps.newId('write'), ifConfigVersion: read.configVersion };
    const result = await commitOnce(control, workspaceId, changes, options);
    if (result.outcome === 'saved') {
      await hintOf(deps, workspaceId, result.entries);
      return value;
    }
  }
  throw conflict(CHANGED_MEANWHILE);
}

/** Others who are at the same items all the time have changed them by now, or soon will: what was decided is stale. */
async function commitOnce(
  control: ChangeDeps['control'],
  ...what: Parameters<ControlStore['commit']>
): ReturnType<ControlStore['commit']> {
  try {
    return await control.commit(...what);
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return { outcome: 'stale' };
    throw error;
  }
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

/** Tells others of entries of the audit trail that were written. */
export async function hintOf(
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
