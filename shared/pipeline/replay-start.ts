import { PART_SENDS_MAX } from '../config/limits.ts';
import { bitmapOf } from '../domain/bitmap.ts';
import type { ReplayId } from '../domain/ids.ts';
import type { Counts } from '../domain/ledger-rows.ts';
import type { ReplayFilter, ReplayManifest, ReplayRun } from '../domain/replay.ts';
import { inWords } from '../domain/replay-filter.ts';
import { addCount } from '../domain/replay-order.ts';
import type { Destination, WorkspaceConfig } from '../domain/workspace.ts';
import type { ManifestStore, ReplayStore } from '../ports/replay-stores.ts';
import type { SuppressionStore } from '../ports/suppression-store.ts';
import { type Survey, type SurveyDeps, surveyLetters } from './replay-letters.ts';
import { canGoOn, readOwners } from './replay-owners.ts';

/** Objects that one run takes; what is beyond is for the next run. The manifest of so many has some 12 MB. */
const OBJECTS_MAX = 100_000;

/** Of a filter in words. */
const FILTER_CHARS_MAX = 1_000;

export type StartDeps = SurveyDeps & {
  replays: Pick<ReplayStore, 'listRuns' | 'addRun'>;
  manifests: ManifestStore;
  suppressions: Pick<SuppressionStore, 'suppressed'>;
  now: () => Date;
  newRunId: () => ReplayId;
  newWriteId: () => string;
};

/** What a run would take, and what fits the filter but is left out, by reason. */
export type RunPlan = {
  destination: Destination;
  filter: ReplayFilter;
  objects: ReplayManifest['objects'];
  sends: number;
  byCode: Counts;
  byEvent: Map<string, number>;
  /** Kept from the destination by today's rules, by reason; counted where `judge` is asked. */
  filtered: Map<string, number>;
  /** See `JudgedLetter`; `mappingGone`: the mapping was deleted or is switched off, so deliver would only discard it again. */
  leftOut: { orphan: number; taken: number; mappingGone: number; suppressed: number };
  /** Runs that hold some of `taken` and have not sent all of theirs, and can be gone on with. */
  unfinished: ReplayRun[];
  /** There are more objects than one run takes. */
  hasMore: boolean;
  /** `mayGoOn` said no: it is not whole, and void. */
  isBrokenOff: boolean;
  runNumber: number;
};

export type SurveyOptions = Pick<Survey, 'judge'> & {
  /** Asked between objects; absent: always. */
  mayGoOn?: () => Promise<boolean>;
};

/** Why nothing may be replayed to a destination now; `undefined` when it may. */
export const whyClosed = (destination: Destination | undefined): 'deleted' | 'switched off' | 'paused' | undefined => {
  if (destination === undefined) return 'deleted';
  if (!destination.enabled) return 'switched off';
  return destination.paused === undefined ? undefined : 'paused';
};

/** Looks through a destination's dead letters. Changes nothing. */
export async function planRun(
  deps: Omit<StartDeps, 'newRunId' | 'newWriteId'>,
  { destination, mappings }: WorkspaceConfig['destinations'][number],
  filter: ReplayFilter,
  { judge, mayGoOn }: SurveyOptions = {},
): Promise<RunPlan> {
  const nowMs = deps.now().getTime();
  const { runs, ownerOf } = await readOwners(deps, destination.id, nowMs);
  const suppressed = await deps.suppressions.suppressed(destination.workspaceId);
  const live = new Set<string>(mappings.flatMap(({ id, enabled }) => (enabled ? [id] : [])));
  const plan: RunPlan = {
    destination,
    filter,
    objects: [],
    sends: 0,
    byCode: {},
    byEvent: new Map(),
    filtered: new Map(),
    leftOut: { orphan: 0, taken: 0, mappingGone: 0, suppressed: 0 },
    unfinished: [],
    hasMore: false,
    isBrokenOff: false,
    runNumber: (runs.at(-1)?.number ?? 0) + 1,
  };
  const takers = new Set<ReplayId>();
  const survey = { destinationId: destination.id, filter, ownerOf, suppressed, judge };
  for await (const letters of surveyLetters(deps, survey)) {
    if (mayGoOn !== undefined && !(await mayGoOn())) {
      plan.isBrokenOff = true;
      break;
    }
    const lines: number[] = [];
    for (const letter of letters) {
      if (letter.verdict === 'taken') takers.add(letter.runId);
      if (letter.verdict === 'filtered') addCount(plan.filtered, letter.reason);
      else if (letter.verdict !== 'free') plan.leftOut[letter.verdict] += 1;
      else if (!live.has(letter.mappingId)) plan.leftOut.mappingGone += 1;
      else {
        lines.push(letter.line);
        plan.byCode[letter.code] = (plan.byCode[letter.code] ?? 0) + 1;
        addCount(plan.byEvent, letter.event);
      }
    }
    const key = letters[0]?.key;
    if (key === undefined || lines.length === 0) continue;
    plan.objects.push({ key, lines: bitmapOf(lines), count: lines.length });
    plan.sends += lines.length;
    if (plan.objects.length < OBJECTS_MAX) continue;
    plan.hasMore = true;
    break;
  }
  plan.unfinished = runs.filter((run) => takers.has(run.runId) && canGoOn(run, nowMs));
  return plan;
}

export type Begun = { outcome: 'begun'; run: ReplayRun; manifest: ReplayManifest } | { outcome: 'overtaken' };

/**
 * Makes a plan a run; nothing is sent yet. The manifest first, then the run's row under the next number: where another run has taken that
 * number since the plan was made (`overtaken`), it may have taken the same letters, and the plan is void.
 */
export async function beginRun(
  deps: Pick<StartDeps, 'manifests' | 'newRunId' | 'newWriteId' | 'now'> & { replays: Pick<ReplayStore, 'addRun'> },
  plan: Pick<RunPlan, 'destination' | 'filter' | 'objects' | 'sends' | 'runNumber'> & {
    archive?: ReplayManifest['archive'];
  },
  rate: number,
): Promise<Begun> {
  const { destination, filter, objects, sends, runNumber, archive } = plan;
  const runId = deps.newRunId();
  const startedAt = deps.now().toISOString();
  const manifest: ReplayManifest = {
    v: 1,
    runId,
    destinationId: destination.id,
    startedAt,
    // A second's worth: a slow run comes in small portions, not in bursts.
    sliceSendsMax: Math.min(PART_SENDS_MAX, rate),
    objects,
    ...(archive !== undefined && { archive }),
  };
  await deps.manifests.put(manifest);
  const run: ReplayRun = {
    v: 1,
    runId,
    number: runNumber,
    workspaceId: destination.workspaceId,
    destinationId: destination.id,
    startedAt,
    filter: `${archive === undefined ? '' : 'archive: '}${inWords(filter)}`.slice(0, FILTER_CHARS_MAX),
    ...(archive !== undefined && { of: 'archive' }),
    planned: sends,
    position: 0,
    slices: 0,
    gone: 0,
    writeId: deps.newWriteId(),
  };
  return (await deps.replays.addRun(run)) ? { outcome: 'begun', run, manifest } : { outcome: 'overtaken' };
}
