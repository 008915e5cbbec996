import type { Source, WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import { type Change, CHANGES_PER_COMMIT_MAX } from '../../../shared/ports/control-store.ts';
import type { ApiRequest } from '../http/request.ts';
import { tellVersion } from './faults.ts';
import { sourceIn } from './find-things.ts';
import { othersOf, permissionsWithout } from './forget-source.ts';
import { inRounds, type Round } from './in-rounds.ts';

const removal = (change: Omit<Change, 'verb'>): Change => ({ ...change, verb: 'remove' }) as Change;

/**
 * The next changes that delete a destination, at most CHANGES_PER_COMMIT_MAX: mappings come first, and filters with the destination itself, so that
 * nothing ever goes out unfiltered. `isLast`: nothing of it is left after them.
 */
export function nextOfDestination(
  { destination, mappings, filters = [] }: WorkspaceConfig['destinations'][number],
  max = CHANGES_PER_COMMIT_MAX,
): Round {
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

/**
 * Deletes a source with its write keys, destinations, mappings, filters, schema and transformations, and takes it out of whatever names it, in commits
 * of bounded size. It and its destinations are switched off first: from then on nothing more comes in or goes out. The source itself is the last, so
 * that a request that was broken off, or answered 503 because its time was over, can be sent again and goes on.
 */
export async function deleteSource(request: ApiRequest, id: string | undefined): Promise<void> {
  let isSeen = false;
  await inRounds(request, async (config) => {
    // Another request has done the rest.
    if (isSeen && !config.sources.some((source) => source.id === id)) return { changes: [], isLast: true };
    const source = sourceIn(config, id);
    if (!isSeen) request.matchVersion(source);
    isSeen = true;
    // Switching it off is a change of its own: who is told to go on with `If-Match` must have the version after it.
    if (source.enabled) tellVersion(request, source.version + 1);
    return await nextOfSource(request, config, source);
  });
}

async function nextOfSource(request: ApiRequest, config: WorkspaceConfig, source: Source): Promise<Round> {
  const connected = config.destinations.filter(({ destination }) => destination.sourceId === source.id);
  const off = switchingOff(request, source, connected);
  if (off.length > 0) return { changes: off.slice(0, CHANGES_PER_COMMIT_MAX), isLast: false };
  const changes: Change[] = [];
  for (const found of connected) {
    const next = nextOfDestination(found, CHANGES_PER_COMMIT_MAX - changes.length);
    changes.push(...next.changes);
    if (!next.isLast || changes.length === CHANGES_PER_COMMIT_MAX) break;
  }
  if (changes.length > 0) return { changes, isLast: false };
  const others = await othersOf(request, config, source);
  if (others.length > 0) return { changes: others.slice(0, CHANGES_PER_COMMIT_MAX), isLast: false };
  const people = await permissionsWithout(request, source);
  if (!people.isLast) return people;
  return { changes: [...people.changes, removal({ kind: 'source', thing: source })], isLast: true };
}

function switchingOff(
  { now }: Pick<ApiRequest, 'now'>,
  source: Source | undefined,
  connected: WorkspaceConfig['destinations'],
): Change[] {
  const off = { enabled: false, updatedAt: now().toISOString() };
  return [
    ...(source?.enabled === true ? [{ kind: 'source', verb: 'save', thing: { ...source, ...off } } as const] : []),
    ...connected
      .filter(({ destination }) => destination.enabled)
      .map(({ destination }): Change => ({ kind: 'destination', verb: 'save', thing: { ...destination, ...off } })),
  ];
}

/** Deletes a destination with its mappings and filters; a lane that it held is free then. One that takes several commits is switched off first. */
export async function deleteDestination(request: ApiRequest, id: string | undefined): Promise<void> {
  await inRounds(request, (config) => {
    const found = config.destinations.find(({ destination }) => destination.id === id);
    if (found === undefined) return { changes: [], isLast: true };
    const next = nextOfDestination(found);
    const off = next.isLast ? [] : switchingOff(request, undefined, [found]);
    return off.length > 0 ? { changes: off, isLast: false } : next;
  });
}
