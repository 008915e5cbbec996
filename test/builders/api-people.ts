import { ownerOf, type Permission } from '../../shared/domain/access.ts';
import { AuditEntry } from '../../shared/domain/audit.ts';
import { Label } from '../../shared/domain/people.ts';
import { aSource, aWorkspace } from './workspace-things.ts';
import { apiWorld } from './api-world.ts';

type Over = Parameters<typeof apiWorld>[0];

export const OWNER: Permission = ownerOf(aWorkspace().id);
export const everywhere = (roleId: string, workspaceId = 'ws_1'): Permission => ({
  roleId,
  resources: [{ id: workspaceId, type: 'WORKSPACE' }],
});
export const onSource = (roleId: string, id = 'src_1'): Permission => ({ roleId, resources: [{ id, type: 'SOURCE' }] });
export const byLabel = (roleId: string, value: string, workspaceId = 'ws_1'): Permission => ({
  roleId,
  resources: [{ id: workspaceId, type: 'WORKSPACE', labels: [{ key: 'environment', value }] }],
});

/** The API's world with an owner, a source in ws_1 labelled environment:dev and one that is not, a source in ws_2, and labels dev and prod. */
export async function peopledWorld(over: Over = {}) {
  const world = await apiWorld(over);
  const { commit, person } = world;
  const dev = [{ key: 'environment', value: 'dev' }];
  const sources = [
    aSource({ labels: dev }),
    aSource({ id: 'src_2', slug: 'shop-app', name: 'App' }),
    aSource({ id: 'src_9', slug: 'theirs', name: 'Theirs', workspaceId: 'ws_2', labels: dev }),
  ];
  for (const thing of sources) await commit(thing.workspaceId, [{ kind: 'source', verb: 'save', thing }]);
  const stored = { version: 0, createdAt: '2026-11-24T10:00:00.000Z', updatedAt: '2026-11-24T10:00:00.000Z' };
  for (const value of ['dev', 'prod']) {
    const thing = Label.parse({ workspaceId: 'ws_1', key: 'environment', value, ...stored });
    await commit(thing.workspaceId, [{ kind: 'label', verb: 'save', thing }]);
  }
  const owner = await person('olga@shop.test', [OWNER]);
  return {
    ...world,
    owner,
    /** Audit events of the workspace so far, oldest first. */
    trail: async (workspaceId = aWorkspace().id) =>
      (await world.deps.auditLog.list(workspaceId, { from: '0', to: '9999', limit: 10_000, newestFirst: false }))
        .entries,
    /** Names of all audit events there are, over all workspaces, in no order. */
    events: () =>
      [...world.documents.items].flatMap(([key, item]) =>
        key.startsWith('AUD#') ? [AuditEntry.parse(JSON.parse(String(item['data']))).event] : [],
      ),
    /** All that is kept, so that a test can say that nothing was changed. Days of use are notes, no configuration. */
    state: () =>
      JSON.stringify(
        [...world.documents.items].filter(([key]) => !key.includes('\nUSE#')).toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ),
  };
}
