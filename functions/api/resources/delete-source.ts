import { AppError } from '../../../shared/domain/app-error.ts';
import type { Source, WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import { type Change, CHANGES_PER_COMMIT_MAX } from '../../../shared/ports/control-store.ts';
import type { ApiRequest } from '../http/request.ts';
import { sourceIn } from './find-things.ts';

/** Commits of one request. What is left after them the next request goes on with. */
const ROUNDS_MAX = 250;

const removal = (change: Omit<Change, 'verb'>): Change => ({ ...change, verb: 'remove' }) as Change;

/**
 * The next changes that delete a destination, at most CHANGES_PER_COMMIT_MAX: mappings come first, and filters with the destination itself, so that
 * nothing ever goes out unfiltered. `isLast`: nothing of it is left after them.
 */
export function nextOfDestination(
  { destination, mappings, filters = [] }: WorkspaceConfig['destinations'][number],
  max = CHANGES_PER_COMMIT_MAX,
): { changes: Change[]; isLast: boolean } {
  const rest = filters.length + 1;
  const some = mappings.slice(0, max).map((thing) => removal({ kind: 'mapping', thing }));
  if (some.length < mappings.length || some.length + rest > max) return { changes: some, isLast: false };
  const changes = [
    ...some,
    ...filters.map((thing) => removal({ kind: 'filter', thing })),
    removal({ kind: 'destination', thing: destination }),
  ];
  return { changes, isLast: true };
}

/** Throws AppError('upstream-unavailable') where more is left than one request deletes: the same request again goes on. */
async function inRounds(request: ApiRequest, next: (config: WorkspaceConfig) => Promise<Change[]>): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const left = await request.change(async (config) => {
      const changes = await next(config);
      return { changes, value: changes.length };
    });
    if (left === 0) return;
  }
  throw new AppError('upstream-unavailable', 'More is left to delete than one request does: send it again');
}

/**
 * Deletes a source with its write keys, destinations, mappings, filters, schema and transformations, in commits of bounded size; the source itself is
 * the last, so that a request that was broken off can be sent again. Write keys are the first: from then on nothing more comes in.
 */
export async function deleteSource(request: ApiRequest, id: string | undefined): Promise<void> {
  let isSeen = false;
  await inRounds(request, async (config) => {
    if (isSeen && !config.sources.some((source) => source.id === id)) return [];
    const source = sourceIn(config, id);
    if (!isSeen) request.matchVersion(source);
    isSeen = true;
    return await nextOfSource(request, config, source);
  });
}

async function nextOfSource(request: ApiRequest, config: WorkspaceConfig, source: Source): Promise<Change[]> {
  const keys = await request.control.listWriteKeys(source.workspaceId, source.id);
  const changes: Change[] = keys.slice(0, CHANGES_PER_COMMIT_MAX).map((thing) => removal({ kind: 'writeKey', thing }));
  if (changes.length > 0) return changes;
  for (const found of config.destinations) {
    if (found.destination.sourceId !== source.id) continue;
    const next = nextOfDestination(found, CHANGES_PER_COMMIT_MAX - changes.length);
    changes.push(...next.changes);
    if (!next.isLast || changes.length === CHANGES_PER_COMMIT_MAX) return changes;
  }
  changes.push(...(await othersOf(request, source)));
  if (changes.length === 0) return [removal({ kind: 'source', thing: source })];
  return changes.slice(0, CHANGES_PER_COMMIT_MAX);
}

/** What else names the source: its transformations and its rules go, plans, OAuth apps and the workspace forget it. */
async function othersOf(request: ApiRequest, source: Source): Promise<Change[]> {
  const { workspaceId, id } = source;
  const [workspace, schema, transformations, plans, apps] = await Promise.all([
    request.control.getWorkspace(workspaceId),
    request.control.getSourceSchema(workspaceId, id),
    request.control.listTransformations(workspaceId),
    request.control.listTrackingPlans(workspaceId),
    request.control.listOAuthApps(workspaceId),
  ]);
  const updatedAt = request.now().toISOString();
  const without = <T extends { sourceIds: (typeof id)[] }>(thing: T): T => ({
    ...thing,
    sourceIds: thing.sourceIds.filter((one) => one !== id),
    updatedAt,
  });
  return [
    ...transformations.filter((one) => one.sourceId === id).map((thing) => removal({ kind: 'transformation', thing })),
    ...plans
      .filter(({ sourceIds }) => sourceIds.includes(id))
      .map((thing): Change => ({ kind: 'trackingPlan', verb: 'save', thing: without(thing) })),
    ...apps
      .filter(({ sourceIds }) => sourceIds.includes(id))
      .map((thing): Change => ({ kind: 'oauthApp', verb: 'save', thing: without(thing) })),
    ...(workspace?.auditForwarding?.sourceId === id
      ? [{ kind: 'workspace', verb: 'save', thing: { ...workspace, auditForwarding: undefined, updatedAt } } as const]
      : []),
    ...(schema === undefined ? [] : [removal({ kind: 'sourceSchema', thing: schema })]),
  ];
}

/** Deletes a destination with its mappings and filters; a lane that it held is free then. */
export async function deleteDestination(request: ApiRequest, id: string | undefined): Promise<void> {
  await inRounds(request, async (config) => {
    const found = config.destinations.find(({ destination }) => destination.id === id);
    return found === undefined ? [] : nextOfDestination(found).changes;
  });
}
