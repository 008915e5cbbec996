import type { Access } from '../../../shared/api/operation.ts';
import { can, canSomewhere, type Right, type Target } from '../../../shared/domain/access.ts';
import { ownersAmong } from '../../../shared/domain/grants.ts';
import type { Source, WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import type { KindName } from '../../../shared/ports/control-store.ts';
import { ApiFault, invalid, notFound } from './api-fault.ts';
import type { ApiRequest } from './request.ts';
import type { Input } from './read-input.ts';

type ScopedAccess = Extract<Access, { param: string }>;

/**
 * Whether the caller may do it: the one place that asks the policy for a route. What is of another workspace, or what the caller may not even see, is not
 * found; what they see and may not do is refused, with the right that is missing and who can give it (M06).
 */
export async function authorise(request: ApiRequest, access: Access, input: Input): Promise<void> {
  if (access.of === 'nobody' || access.of === 'person') return;
  const { caller } = request;
  if (access.of === 'workspace') {
    if (!can(caller.permissions, access.right, { kind: 'workspace' })) throw await refused(request, access.right);
    if (access.also !== undefined) await authoriseSource(request, access.also, input);
    return;
  }
  if (access.of === 'visible') {
    if (!canSomewhere(caller.permissions, access.right)) throw await refused(request, access.right);
    return;
  }
  await authoriseSource(request, access, input);
}

async function authoriseSource(request: ApiRequest, access: ScopedAccess, input: Input): Promise<void> {
  const id = textAt(input, access);
  if (id === undefined) throw invalid({ field: access.param, message: 'Name it: it is required.' });
  const config = await request.config();
  const kind: KindName = access.of;
  const source = await sourceOf(request, config, access.of, id);
  if (source === undefined) throw notFound(kind, id);
  const target: Target = { kind: 'source', id: source.id, labels: source.labels };
  if (can(request.caller.permissions, access.right, target)) return;
  const sees: Right = access.of === 'source' ? 'source.read' : `${access.of}.read`;
  if (!can(request.caller.permissions, sees, target)) throw notFound(kind, id);
  throw await refused(request, access.right);
}

/** The source that decides: the thing itself, or what it belongs to. */
async function sourceOf(
  request: ApiRequest,
  { sources, destinations, workspaceId }: WorkspaceConfig,
  kind: ScopedAccess['of'],
  id: string,
): Promise<Source | undefined> {
  const bySource = (sourceId: string | undefined) => sources.find((source) => source.id === sourceId);
  if (kind === 'source') return bySource(id);
  if (kind === 'destination') {
    return bySource(destinations.find(({ destination }) => destination.id === id)?.destination.sourceId);
  }
  const transformations = await request.control.listTransformations(workspaceId);
  return bySource(transformations.find((one) => one.id === id)?.sourceId);
}

function textAt({ path, query, body }: Input, { param, in: place }: ScopedAccess): string | undefined {
  if (place === 'path') return path[param];
  const holder = place === 'query' ? query : body;
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, param)) return undefined;
  const value: unknown = Reflect.get(holder, param);
  return typeof value === 'string' ? value : undefined;
}

/** Owners that an answer names. */
const OWNERS_TOLD_MAX = 10;

/**
 * The documented answer of Segment's routes is 401 for this, too (public-api.md 4); ours say 403. `type` tells the two apart everywhere.
 */
export async function refused(request: ApiRequest, right: Right): Promise<ApiFault> {
  const isOurs = request.asked.path.startsWith('/app-api');
  const owners = request.caller.kind === 'person' ? await ownersOf(request) : [];
  return new ApiFault(isOurs ? 403 : 401, [
    {
      type: 'insufficient-permission',
      message:
        owners.length > 0
          ? `You lack the right ${right}. ${owners.map(({ name, email }) => (name === '' ? email : `${name} <${email}>`)).join(', ')} can give it to you.`
          : `This takes the right ${right}. An owner of the workspace can give it.`,
      data: { right, owners },
    },
  ]);
}

export async function ownersOf({
  control,
  workspaceId,
}: Pick<ApiRequest, 'control' | 'workspaceId'>): Promise<{ name: string; email: string }[]> {
  const [members, groups] = await Promise.all([control.listMembers(workspaceId), control.listGroups(workspaceId)]);
  return ownersAmong(members, groups)
    .slice(0, OWNERS_TOLD_MAX)
    .map(({ name, email }) => ({ name, email }));
}
