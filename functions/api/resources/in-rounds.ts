import type { WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import type { Change } from '../../../shared/ports/control-store.ts';
import { ApiFault } from '../http/api-fault.ts';
import { changeIn } from '../http/change-in.ts';
import type { ApiRequest } from '../http/request.ts';

/** What one request works at most before it answers: the function is given 15 s, and a commit that meets others is tried for CHANGE_WITHIN_MS. */
export const WORK_MS_MAX = 6_000;
/** Commits of one request; its time is over before. */
const ROUNDS_MAX = 1_000;

/** What one commit does. `isLast`: nothing is left to do after it. */
export type Round = { changes: Change[]; isLast: boolean };

/**
 * Does in commits of bounded size what is more than one takes. `next` answers what is to be done next, and is asked before each commit. `isRead`: the configuration was read for this commit, and so must be what it looks at beside; otherwise it is the one before with our own
 * changes, and only those, done to it. Throws ApiFault 503 when the request's time is over: the same request again goes on where it was left.
 */
export async function inRounds(
  request: ApiRequest,
  next: (config: WorkspaceConfig, isRead: boolean) => Promise<Round> | Round,
): Promise<void> {
  const end = request.now().getTime() + WORK_MS_MAX;
  let known: WorkspaceConfig | undefined;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    // The first commit is always tried: a request that is sent again and again comes to its end.
    if (round > 0 && request.now().getTime() >= end) break;
    const own = known;
    const decide = async (config: WorkspaceConfig) => {
      const { changes, isLast } = await next(config, config !== own);
      return { changes, value: { config, changes, isLast } };
    };
    // The first by the request's own way: what it has read of the configuration is forgotten then.
    const done: Round & { config: WorkspaceConfig } =
      round === 0
        ? await request.change(decide)
        : await changeIn(request, request.workspaceId, decide, own === undefined ? undefined : async () => own);
    if (done.isLast) return;
    known = after(done.config, done.changes);
  }
  throw new ApiFault(
    503,
    [
      {
        type: 'unavailable',
        message: 'More is left to do than one request does. Send it again: it goes on from here.',
      },
    ],
    { 'Retry-After': '1' },
  );
}

/**
 * A configuration after changes that were saved over it: a commit makes its version one more, and where it did not, the next commit is stale and reads
 * it. `undefined` where something of it was saved: what the store keeps of that, such as a lane, is read.
 */
function after(config: WorkspaceConfig, changes: readonly Change[]): WorkspaceConfig | undefined {
  const gone = new Set<unknown>();
  for (const { kind, verb, thing } of changes) {
    if (verb === 'remove') gone.add(thing);
    else if (KEPT_IN_CONFIG.has(kind)) return undefined;
  }
  return {
    ...config,
    configVersion: config.configVersion + 1,
    sources: config.sources.filter((one) => !gone.has(one)),
    destinations: config.destinations
      .filter(({ destination }) => !gone.has(destination))
      .map((found) => ({
        ...found,
        mappings: found.mappings.filter((one) => !gone.has(one)),
        ...(found.filters !== undefined && { filters: found.filters.filter((one) => !gone.has(one)) }),
      })),
  };
}

const KEPT_IN_CONFIG: ReadonlySet<Change['kind']> = new Set([
  'source',
  'destination',
  'mapping',
  'filter',
  'sourceSchema',
]);
