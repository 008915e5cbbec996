import { log, logError } from '../../shared/aws/log.ts';
import type { WorkspaceId } from '../../shared/domain/ids.ts';
import type { Workspace } from '../../shared/domain/workspace.ts';
import type { Change, ControlStore } from '../../shared/ports/control-store.ts';
import type { WorkspaceEraser } from '../../shared/ports/workspace-eraser.ts';

/**
 * Days from the end of a workspace's grace to the removal of what is left of its configuration. The longest retry window has 13 days: until then the
 * books of what was on its way are kept and balanced. With the grace of 5 days it is gone within 30 (A19).
 */
export const CONFIGURATION_KEPT_DAYS = 20;
const DAY_MS = 86_400_000;
/** Changes of one transaction: each is five items at most, and DynamoDB takes 100. */
const CHANGES_AT_ONCE = 15;
/** Transactions for one workspace in one run; the next run goes on. */
const COMMITS_MAX = 200;

export type PurgeDeps = {
  /** Its changes are the system's in the audit trail. */
  control: Pick<
    ControlStore,
    | 'listWorkspaces'
    | 'readConfig'
    | 'listWriteKeys'
    | 'listApiTokens'
    | 'listOAuthApps'
    | 'listInvites'
    | 'listMembers'
    | 'listGroups'
    | 'commit'
  >;
  eraser: WorkspaceEraser;
  now: () => Date;
  newWriteId: () => string;
};

/** What a run did, by workspace. `more`: the next run goes on. */
export type Purged = { workspaceId: WorkspaceId; outcome: 'closed' | 'removed' | 'more' };

/**
 * Closes the workspaces whose grace is over: nothing can be sent, signed in to or asked with a token any more, and nothing is sent on. What is left of
 * the configuration is removed CONFIGURATION_KEPT_DAYS later. Each step looks at what is there, so that a run which broke off, or overlaps another one,
 * does no harm. Workspaces whose deletion was not asked for, or may still be taken back, are not touched. One that fails holds up no other: it is thrown
 * at the end, so that the run counts as failed and comes again.
 */
export async function purgeDueWorkspaces(deps: PurgeDeps): Promise<Purged[]> {
  const now = deps.now();
  const purged: Purged[] = [];
  const failures: unknown[] = [];
  for (const workspace of await deps.control.listWorkspaces()) {
    const { id: workspaceId, deletion } = workspace;
    if (deletion === undefined || deletion.dueAt > now.toISOString()) continue;
    const isOver = now.getTime() - Date.parse(deletion.dueAt) >= CONFIGURATION_KEPT_DAYS * DAY_MS;
    try {
      const isClosed = await close(deps, workspaceId);
      const outcome = isClosed && isOver ? await remove(deps, workspace) : isClosed ? 'closed' : 'more';
      purged.push({ workspaceId, outcome });
    } catch (error) {
      logError('A workspace could not be purged', error, { workspaceId });
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return purged;
}

/** Answers whether all is closed. Access goes first, so that nobody undoes the rest. */
async function close({ control, now, newWriteId }: PurgeDeps, workspaceId: WorkspaceId): Promise<boolean> {
  for (let commits = 0; commits < COMMITS_MAX; commits += 1) {
    const changes = await openThings(control, workspaceId, now().toISOString());
    if (changes.length === 0) return true;
    // A stale one has met somebody's last change, or another run: the next round sees what is left.
    await control.commit(workspaceId, changes.slice(0, CHANGES_AT_ONCE), { writeId: newWriteId() });
  }
  return false;
}

async function openThings(control: PurgeDeps['control'], workspaceId: WorkspaceId, now: string): Promise<Change[]> {
  const gone = <K extends Change['kind']>(kind: K, things: readonly (Change & { kind: K })['thing'][]): Change[] =>
    // The pair fits by this function's signature.
    things.map((thing) => ({ kind, verb: 'remove', thing }) as unknown as Change);
  const [tokens, members, groups, invites, apps, keys, config] = await Promise.all([
    control.listApiTokens(workspaceId),
    control.listMembers(workspaceId),
    control.listGroups(workspaceId),
    control.listInvites(workspaceId),
    control.listOAuthApps(workspaceId),
    control.listWriteKeys(workspaceId),
    control.readConfig(workspaceId),
  ]);
  const { sources = [], destinations = [] } = config ?? {};
  return [
    ...gone('apiToken', tokens),
    ...gone('invite', invites),
    ...gone('member', members),
    ...gone('group', groups),
    ...gone('oauthApp', apps),
    ...gone('writeKey', keys),
    ...sources
      .filter(({ enabled }) => enabled)
      .map((thing): Change => ({ kind: 'source', verb: 'save', thing: { ...thing, enabled: false, updatedAt: now } })),
    ...destinations
      .filter(({ destination }) => destination.enabled)
      .map(({ destination }): Change => {
        return { kind: 'destination', verb: 'save', thing: { ...destination, enabled: false, updatedAt: now } };
      }),
  ];
}

/** Removes what is left: everything of the workspace, then the workspace itself, then the mark of its version, without which there is none. */
async function remove(deps: PurgeDeps, workspace: Workspace): Promise<'removed' | 'more'> {
  if ((await deps.eraser.eraseContents(workspace.id)) === 'more') return 'more';
  const change: Change = { kind: 'workspace', verb: 'remove', thing: workspace };
  const committed = await deps.control.commit(workspace.id, [change], { writeId: deps.newWriteId() });
  if (committed.outcome !== 'saved') return 'more';
  await deps.eraser.eraseVersion(workspace.id);
  log('INFO', 'A workspace was removed', { workspaceId: workspace.id });
  return 'removed';
}
