import * as z from 'zod';
import { nameText } from '../bounds.ts';
import { operation } from '../operation.ts';
import { shape } from '../shape.ts';

export const Deletion = shape('WorkspaceDeletion', () =>
  z.strictObject({ askedAt: z.string(), by: z.string(), dueAt: z.string() }),
);
const Own = shape('OwnWorkspace', () =>
  z.strictObject({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    autoDisableSources: z.boolean(),
    auditForwarding: z.strictObject({ sourceId: z.string() }).optional(),
    deletion: Deletion().optional(),
    createdAt: z.string(),
  }),
);
const Listed = shape('ListedWorkspace', () =>
  z.strictObject({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    isOwner: z.boolean(),
    deletion: Deletion().optional(),
  }),
);
const WorkspaceName = nameText();
const Slug = z
  .string()
  .max(64)
  .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, 'small letters, digits and hyphens between them');

/** Workspaces of a person (A01), and the settings of one (A25, A19). */
export const appWorkspacesOperations = {
  listWorkspaces: operation({
    method: 'GET',
    path: '/app-api/workspaces',
    tag: 'Workspaces',
    stability: 'own',
    effect: 'works',
    access: { right: 'signed-in', of: 'person' },
    summary: 'The workspaces of the person who is signed in (A01).',
    answer: () => z.strictObject({ workspaces: z.array(Listed()) }),
  }),
  createWorkspace: operation({
    method: 'POST',
    path: '/app-api/workspaces',
    tag: 'Workspaces',
    stability: 'own',
    effect: 'works',
    access: { right: 'signed-in', of: 'person' },
    summary:
      'Makes a workspace that the caller owns. For the owner of the deployment, and for owners of any workspace.',
    status: 201,
    perMinuteMax: 10,
    body: () => z.strictObject({ name: WorkspaceName, slug: Slug }),
    answer: () => z.strictObject({ workspace: Own() }),
    audits: ['Workspace Created', 'User Added', 'Label Created'],
  }),
  getOwnWorkspace: operation({
    method: 'GET',
    path: '/app-api/workspace',
    tag: 'Workspaces',
    stability: 'own',
    effect: 'works',
    access: { right: 'workspace.read', of: 'workspace' },
    summary: 'Settings of the workspace.',
    answer: () => z.strictObject({ workspace: Own() }),
  }),
  updateWorkspace: operation({
    method: 'PATCH',
    path: '/app-api/workspace',
    tag: 'Workspaces',
    stability: 'own',
    effect: 'works',
    access: { right: 'workspace.edit', of: 'workspace' },
    summary: 'Name, slug, whether unused sources are switched off, and which source gets the audit trail (null: none).',
    body: () =>
      z.strictObject({
        name: WorkspaceName.optional(),
        slug: Slug.optional(),
        autoDisableSources: z.boolean().optional(),
        auditForwarding: z
          .strictObject({ sourceId: z.string().max(64) })
          .nullable()
          .optional(),
      }),
    answer: () => z.strictObject({ workspace: Own() }),
    audits: ['Workspace Modified'],
  }),
  deleteWorkspace: operation({
    method: 'DELETE',
    path: '/app-api/workspace',
    tag: 'Workspaces',
    stability: 'own',
    effect: 'works',
    access: { right: 'workspace.delete', of: 'workspace' },
    summary: 'Asks for the deletion of the workspace, which takes place in 5 days unless it is restored (A19).',
    query: () => z.strictObject({ slug: z.string().max(64) }),
    answer: () => z.strictObject({ workspace: Own() }),
    audits: ['Workspace Modified'],
  }),
  restoreWorkspace: operation({
    method: 'POST',
    path: '/app-api/workspace/restore',
    tag: 'Workspaces',
    stability: 'own',
    effect: 'works',
    access: { right: 'workspace.delete', of: 'workspace' },
    summary: 'Takes the wish for deletion back, while its time has not come.',
    answer: () => z.strictObject({ workspace: Own() }),
    audits: ['Workspace Modified'],
  }),
};
