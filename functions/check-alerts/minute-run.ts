import { log, logError } from '../../shared/aws/log.ts';
import { CHECK_TIMEOUT_SECONDS, DIGEST_MINUTE_HOURS } from '../../shared/config/limits.ts';
import { dueOf, OPEN_MINUTES } from '../../shared/pipeline/due-touches.ts';
import type { WorkspaceId } from '../../shared/domain/ids.ts';
import { minuteOf, minutePlus } from '../../shared/domain/timestamp.ts';
import type { WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { ConfigReader } from '../../shared/ports/config-store.ts';
import type { ControlStore } from '../../shared/ports/control-store.ts';
import type { DigestReader, DigestStore, MinuteState } from '../../shared/ports/digest-store.ts';
import { type SumDeps, sumTouched } from './sum-touched.ts';

/** What is known of a workspace at the end of a minute's sums. */
export type Digested = {
  config: WorkspaceConfig;
  /** The moment before which all is summed up: the beginning of a minute. */
  asOf: string;
  /** The first minute from which on all is summed up: see MinuteState. */
  since: string;
  now: Date;
  /** Sums of minutes (48 h) and hours (15 days), as they are now. */
  digests: DigestReader;
  /** Grows with each run. Two runs overlap only when one has outlived its lease: who writes under a condition on it writes once. */
  fence: number;
};
/** Done for each workspace after its sums, each minute, be there anything new or not; one that throws keeps no other from being done. */
export type AfterDigests = (input: Digested) => Promise<unknown>;

export type MinuteDeps = SumDeps & {
  digests: DigestStore;
  control: Pick<ControlStore, 'listWorkspaces'>;
  configs: ConfigReader;
  afterDigests: readonly AfterDigests[];
  remainingMs: () => number;
};

/** Longer than the function may run, shorter than the time between two runs. */
const LEASE_MS = (CHECK_TIMEOUT_SECONDS + 5) * 1_000;
/** What was missed is taken up in steps, each of which stands when it is done. */
const STEP_MINUTES = 60;
/** Touches go after DIGEST_MINUTE_HOURS: there is nothing to catch up from before. */
const BEHIND_MINUTES_MAX = DIGEST_MINUTE_HOURS * 60;
/** No step is begun with less time than this. */
const LAST_STEP_BEFORE_DEADLINE_MS = 15_000;

/** Numbers of no further workspace are looked at with less time than this. */
const LAST_LOOK_BEFORE_DEADLINE_MS = 8_000;

export type MinuteRun = { outcome: 'held' } | { outcome: 'ran'; workspaces: number; minutes: number };

/**
 * One run of the every-minute function: sums what was touched since the last one, workspace by workspace, then lets others look at the numbers. A second
 * run at the same time ends at once; one whose lease was lost does no harm, since all puts name the version that they replace. What a run
 * does not come to, or what fails in one workspace, is the next one's, and leaves the others alone. Throws at its end if anything failed.
 */
export async function minuteRun(deps: MinuteDeps): Promise<MinuteRun> {
  const now = deps.now();
  const before = await deps.digests.state();
  const fence = (before?.fence ?? 0) + 1;
  const nowMs = now.getTime();
  // A lease from beyond its own length is of a clock that has been set back.
  const heldForMs = (before?.heldUntilMs ?? 0) - nowMs;
  if (heldForMs > 0 && heldForMs <= LEASE_MS) return { outcome: 'held' };
  const minute = minuteOf(now.toISOString());
  const since = sinceOf(before, minute);
  const workspaces = inTurn(await deps.control.listWorkspaces(), before?.turn);
  const [first] = workspaces;
  // Should this run be ended from outside, the next one begins behind the workspace that this one begins with.
  const held: MinuteState = {
    ...(before?.minute !== undefined && { minute: before.minute }),
    since,
    behind: before?.behind ?? {},
    fence,
    heldUntilMs: nowMs + LEASE_MS,
    ...(first !== undefined && { turn: first.id }),
  };
  if ((await deps.digests.putState(held, before?.fence ?? 0)) === 'stale') return { outcome: 'held' };

  const failures: unknown[] = [];
  const behind: Record<string, string> = {};
  let minutes = 0;
  let turn = before?.turn;
  for (const { id } of workspaces) {
    const from = beginOf(before?.behind[id] ?? before?.minute, minute);
    let reached = from;
    try {
      while (reached < minute && deps.remainingMs() > LAST_STEP_BEFORE_DEADLINE_MS) {
        turn = id;
        const to = least(minutePlus(reached, STEP_MINUTES), minute);
        minutes += await step(deps, id, reached, to);
        reached = to;
      }
    } catch (error) {
      logError('The minutes of a workspace were not summed up; the next run tries again', error, { workspaceId: id });
      failures.push(error);
    }
    if (reached < minute) behind[id] = reached;
    if (deps.remainingMs() < LAST_LOOK_BEFORE_DEADLINE_MS) continue;
    failures.push(...(await lookAt(deps, id, { asOf: `${reached}:00.000Z`, since, now, fence })));
  }
  const ended = await deps.digests.putState(
    { fence, heldUntilMs: 0, minute, since, behind, ...(turn !== undefined && { turn }) },
    fence,
  );
  if (ended === 'stale') log('WARN', 'A run of check-alerts took longer than its lease');
  if (failures.length > 0) throw failures[0];
  return { outcome: 'ran', workspaces: workspaces.length, minutes };
}

/** All, beginning behind the one that the run before ended with: where there is no time for all, each has its turn, the slow one, too. */
function inTurn<T extends { id: WorkspaceId }>(workspaces: readonly T[], ended: string | undefined): T[] {
  const sorted = workspaces.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const from = ended === undefined ? 0 : sorted.findIndex(({ id }) => id > ended);
  return from <= 0 ? sorted : [...sorted.slice(from), ...sorted.slice(0, from)];
}

/** Where the run before stood; before the first one, and where the clock has been set back, just before what may still be open. */
function beginOf(stood: string | undefined, minute: string): string {
  const justBefore = minutePlus(minute, -OPEN_MINUTES - 1);
  if (stood === undefined || stood > minute) return justBefore;
  const furthest = minutePlus(minute, -BEHIND_MINUTES_MAX);
  return stood < furthest ? furthest : stood;
}

/** Where the sums begin. Anew where some are passed over: in an upgrade to them, and after more than BEHIND_MINUTES_MAX without a run. */
function sinceOf(before: MinuteState | undefined, minute: string): string {
  const furthest = minutePlus(minute, -BEHIND_MINUTES_MAX);
  const stood = [before?.minute, ...Object.values(before?.behind ?? {})].flatMap((each) => each ?? []);
  if (before?.minute === undefined || before.since === undefined) return minute;
  return stood.some((each) => each < furthest) ? furthest : before.since;
}

const least = (a: string, b: string): string => (a < b ? a : b);

async function step(deps: MinuteDeps, workspaceId: WorkspaceId, from: string, to: string): Promise<number> {
  if (from === to) return 0;
  const touched = await deps.digests.touched(workspaceId, minutePlus(from, -OPEN_MINUTES), to);
  const due = [...touched].flatMap(([minute, touches]) => {
    const when = dueOf(minute, from, to);
    // What is summed again later may be read for half the price.
    const how = when === 'last' ? ('strongly' as const) : ('eventually' as const);
    return when === 'no' ? [] : touches.map((touch) => ({ ...touch, how }));
  });
  return due.length === 0 ? 0 : await sumTouched(deps, workspaceId, due);
}

async function lookAt(
  { configs, digests, afterDigests }: MinuteDeps,
  workspaceId: WorkspaceId,
  known: Pick<Digested, 'asOf' | 'since' | 'now' | 'fence'>,
): Promise<unknown[]> {
  if (afterDigests.length === 0) return [];
  const failures: unknown[] = [];
  try {
    const config = await configs.workspaceConfig(workspaceId);
    if (config === undefined) return [];
    for (const look of afterDigests) {
      try {
        await look({ ...known, config, digests });
      } catch (error) {
        logError('What looks at the numbers of a workspace failed; the next run looks again', error, { workspaceId });
        failures.push(error);
      }
    }
  } catch (error) {
    logError('The configuration of a workspace was not read', error, { workspaceId });
    failures.push(error);
  }
  return failures;
}
