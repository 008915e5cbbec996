import { ownerOf } from '../../../shared/domain/access.ts';
import { WorkspaceId } from '../../../shared/domain/ids.ts';
import { ENVIRONMENT_KEY } from '../../../shared/domain/environment.ts';
import { Label, Member, WORKSPACES_PER_PERSON_MAX } from '../../../shared/domain/people.ts';
import { Workspace, WORKSPACE_DELETION_DAYS } from '../../../shared/domain/workspace.ts';
import type { Change } from '../../../shared/ports/control-store.ts';
import { ApiFault, conflict, invalid, notFound } from '../http/api-fault.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { membershipsOf } from '../people/memberships.ts';
import { ownsDeployment, personOf } from '../people/person-of.ts';
import { tellVersion } from '../resources/faults.ts';

const DAY_MS = 86_400_000;
/** M11: what a new workspace has; it may make five more. */
const FIRST_ENVIRONMENTS = ['dev', 'prod'] as const;

export const appWorkspacesHandlers: HandlersOf<
  'listWorkspaces' | 'createWorkspace' | 'getOwnWorkspace' | 'updateWorkspace' | 'deleteWorkspace' | 'restoreWorkspace'
> = {
  listWorkspaces: async (request) => {
    const memberships = await membershipsOf(request, personOf(request).id);
    return {
      workspaces: memberships.map(({ workspace: { id, slug, name, deletion }, isOwner }) => ({
        id,
        slug,
        name,
        isOwner,
        ...(deletion !== undefined && { deletion }),
      })),
    };
  },

  createWorkspace: async (request, { body: { name, slug } }) => {
    const person = personOf(request);
    const { control, newId, now } = request;
    const memberships = await membershipsOf(request, person.id);
    if (!ownsDeployment(request, person.email) && !memberships.some(({ isOwner }) => isOwner)) {
      throw new ApiFault(403, [
        {
          type: 'insufficient-permission',
          message:
            'Workspaces are made by the owner of this deployment and by owners of other workspaces. Ask one of them.',
        },
      ]);
    }
    if (memberships.length >= WORKSPACES_PER_PERSON_MAX) {
      throw conflict(`A person belongs to at most ${WORKSPACES_PER_PERSON_MAX} workspaces.`);
    }
    await refuseTakenSlug(request, slug);
    const at = now().toISOString();
    const stored = { version: 0, createdAt: at, updatedAt: at };
    const workspaceId = WorkspaceId.parse(newId('ws'));
    const workspace = Workspace.parse({ id: workspaceId, slug, name, ...stored });
    const member = Member.parse({
      personId: person.id,
      workspaceId,
      email: person.email,
      name: person.name,
      permissions: [ownerOf(workspaceId)],
      ...stored,
    });
    const labels = FIRST_ENVIRONMENTS.map((value) =>
      Label.parse({ workspaceId, key: ENVIRONMENT_KEY, value, ...stored }),
    );
    const changes: Change[] = [
      { kind: 'workspace', verb: 'save', thing: workspace },
      { kind: 'member', verb: 'save', thing: member },
      ...labels.map((thing): Change => ({ kind: 'label', verb: 'save', thing })),
    ];
    const saved = await control.commit(workspaceId, changes, { writeId: newId('write') });
    // Its id is new, so that only the slug can have been taken in between.
    if (saved.outcome !== 'saved') throw slugTaken(slug);
    return { workspace: toldWorkspace(workspace) };
  },

  getOwnWorkspace: async (request) => {
    request.matchVersion(request.workspace);
    return { workspace: toldWorkspace(request.workspace) };
  },

  updateWorkspace: async (request, { body }) => {
    const { auditForwarding, slug, ...plain } = body;
    return await changeWorkspace(request, async (workspace, { sources }) => {
      request.matchVersion(workspace);
      if (slug !== undefined && slug !== workspace.slug) await refuseTakenSlug(request, slug, workspace.id);
      const source = sources.find(({ id }) => id === auditForwarding?.sourceId);
      if (auditForwarding !== undefined && auditForwarding !== null) {
        if (source === undefined) throw notFound('source', auditForwarding.sourceId);
        if (!source.enabled) {
          throw invalid({ field: 'auditForwarding.sourceId', message: `${source.name} is disabled. Enable it first.` });
        }
      }
      const { auditForwarding: present, ...rest } = workspace;
      const isAsBefore = auditForwarding === undefined || (source !== undefined && source.id === present?.sourceId);
      // From this very change on: what was before is not for this source.
      const begun = source && { sourceId: source.id, since: request.now().toISOString() };
      const forwarding = isAsBefore ? present : begun;
      return {
        ...rest,
        ...(plain.name !== undefined && { name: plain.name }),
        ...(plain.autoDisableSources !== undefined && { autoDisableSources: plain.autoDisableSources }),
        ...(slug !== undefined && { slug }),
        ...(forwarding !== undefined && { auditForwarding: forwarding }),
      };
    });
  },

  deleteWorkspace: async (request, { query }) =>
    await changeWorkspace(request, (workspace) => {
      if (query.slug !== workspace.slug) {
        throw invalid({ field: 'slug', message: `Type the slug of the workspace, ${workspace.slug}, to delete it.` });
      }
      if (workspace.deletion !== undefined) {
        throw conflict(`The workspace is to be deleted already, at ${workspace.deletion.dueAt}.`);
      }
      const { caller, now } = request;
      const askedAt = now();
      const dueAt = new Date(askedAt.getTime() + WORKSPACE_DELETION_DAYS * DAY_MS).toISOString();
      const by = (caller.kind === 'person' ? caller.email : caller.name).slice(0, 256);
      return { ...workspace, deletion: { askedAt: askedAt.toISOString(), by, dueAt } };
    }),

  restoreWorkspace: async (request) =>
    await changeWorkspace(request, (workspace) => {
      const { deletion, ...rest } = workspace;
      if (deletion === undefined) throw conflict('Nobody has asked for the deletion of this workspace.');
      if (deletion.dueAt <= request.now().toISOString()) {
        throw conflict('The time for this is over: the workspace is being deleted.');
      }
      return rest;
    }),
};

const toldWorkspace = ({ id, slug, name, autoDisableSources, auditForwarding, deletion, createdAt }: Workspace) => ({
  id,
  slug,
  name,
  autoDisableSources,
  ...(auditForwarding !== undefined && { auditForwarding: { sourceId: auditForwarding.sourceId } }),
  ...(deletion !== undefined && { deletion }),
  createdAt,
});

type Config = Parameters<Parameters<ApiRequest['change']>[0]>[0];

/** Decides on the workspace as it is now and saves what differs. Answers it. */
async function changeWorkspace(
  request: ApiRequest,
  decide: (workspace: Workspace, config: Config) => Promise<Workspace> | Workspace,
) {
  const { control, workspaceId, now } = request;
  return await request.change(async (config) => {
    const workspace = await control.getWorkspace(workspaceId);
    if (workspace === undefined) throw notFound('workspace', workspaceId);
    const decided = await decide(workspace, config);
    const value = { workspace: toldWorkspace(decided) };
    if (JSON.stringify(toldWorkspace(workspace)) === JSON.stringify(value.workspace)) return { changes: [], value };
    const thing = { ...decided, updatedAt: now().toISOString() };
    tellVersion(request, workspace.version + 1);
    return { changes: [{ kind: 'workspace', verb: 'save', thing }], value };
  });
}

async function refuseTakenSlug({ control }: ApiRequest, slug: string, ownId?: WorkspaceId): Promise<void> {
  const workspaces = await control.listWorkspaces();
  if (workspaces.some((workspace) => workspace.slug === slug && workspace.id !== ownId)) throw slugTaken(slug);
}

const slugTaken = (slug: string): ApiFault => conflict(`The slug ${slug} is used by another workspace.`);
