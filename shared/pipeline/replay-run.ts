import { AppError, invariant } from '../domain/app-error.ts';
import { total } from '../domain/books.ts';
import { intakeIdOfReplay } from '../domain/ids.ts';
import type { DoneRow } from '../domain/ledger-rows.ts';
import { SUPPRESSED_CODE } from '../domain/suppression.ts';
import type { ReplayManifest, ReplayRun, ReplaySlice, ReplayTotals } from '../domain/replay.ts';
import type { Destination } from '../domain/workspace.ts';
import type { DoneKey, DoneStore } from '../ports/ledger.ts';
import type { LaneQueues } from '../ports/queues.ts';
import type { ReplayStore } from '../ports/replay-stores.ts';
import type { PartForLane } from './pack.ts';
import { again } from './parts.ts';
import { type Cut, cutSlices, type LetterLines, lettersOf, partOfSlice, ROUND_SLICES_MAX } from './replay-slices.ts';
import { whyClosed } from './replay-start.ts';
import { sendToLanes } from './send-to-lanes.ts';

/**
 * A slice that may lie in its lane already is sent once more with this delay: as long as an invocation of deliver takes, so that the first copy
 * has its done row by then, if there is one.
 */
const AGAIN_DELAY_SECONDS = 30;
/** Tries to bring parts to a lane, with a wait that doubles after each. */
const SEND_TRIES_MAX = 5;
const FIRST_WAIT_MS = 500;
const SECOND_MS = 1_000;

export type RunDeps = {
  reader: LetterLines;
  dones: Pick<DoneStore, 'findDone'>;
  replays: Pick<ReplayStore, 'saveRun' | 'putSlice' | 'slicesFrom'>;
  lanes: LaneQueues;
  /** The destination of the run as it is now. */
  destination: () => Promise<Destination | undefined>;
  now: () => Date;
  newWriteId: () => string;
  wait: (ms: number) => Promise<unknown>;
  /** Asked before each round; absent: always. */
  mayGoOn?: () => Promise<boolean>;
};

export type RunEnd =
  | { outcome: 'sent'; run: ReplayRun }
  /** The destination takes nothing any more; the run can be gone on with when it does. */
  | { outcome: 'stopped'; run: ReplayRun; why: 'deleted' | 'switched off' | 'paused' }
  /** `mayGoOn` said no. All that was sent is noted. */
  | { outcome: 'broken off'; run: ReplayRun }
  /** Somebody else goes on with this run. */
  | { outcome: 'overtaken' };

/**
 * Sends what is left of a run to its destination's lane, `rate` events a second. Each slice has its plan row before it is sent, and the run's
 * row says how far all is sent: so it can be broken off at any moment and gone on with. Throws where a store or all lanes fail.
 */
export async function goOn(
  deps: RunDeps,
  started: ReplayRun,
  manifest: ReplayManifest,
  { rate, onProgress }: { rate: number; onProgress: (run: ReplayRun) => void },
): Promise<RunEnd> {
  let run = started;
  /** Notes that a round is in its lane. False where somebody else has noted something. */
  const save = async (change: Partial<ReplayRun>): Promise<boolean> => {
    const next = { ...run, ...change, writeId: deps.newWriteId() };
    if (!(await deps.replays.saveRun(run, next))) return false;
    run = next;
    onProgress(run);
    return true;
  };

  const unnoted = await deps.replays.slicesFrom(run.runId, run.slices);
  if (unnoted.length > 0) {
    const target = await openTarget(deps);
    if (typeof target === 'string') return { outcome: 'stopped', run, why: target };
    await sendAgain(deps, manifest, unnoted, target);
    if (!(await save(positionAfter(run, unnoted)))) return { outcome: 'overtaken' };
  }

  const letters = lettersOf(deps.reader, manifest, run.position, run.planned);
  const cuts = cutSlices(letters, run.position, manifest.sliceSendsMax);
  for await (const round of roundsOf(cuts, rate)) {
    const startedMs = deps.now().getTime();
    if (deps.mayGoOn !== undefined && !(await deps.mayGoOn())) return { outcome: 'broken off', run };
    const target = await openTarget(deps);
    if (typeof target === 'string') return { outcome: 'stopped', run, why: target };
    const slices = round.map((cut, index) => sliceOf(deps, run, run.slices + index, cut));
    // One after the other: what is there of a round that was broken off is its beginning.
    for (const slice of slices) if (!(await deps.replays.putSlice(slice))) return { outcome: 'overtaken' };
    await send(
      deps,
      round.map((cut, index) => ({ ...partOf(slices[index], cut.letters), lane: target.lane })),
    );
    if (!(await save(positionAfter(run, slices)))) return { outcome: 'overtaken' };
    const sends = slices.reduce((sum, slice) => sum + slice.sends, 0);
    const leftMs = (sends / rate) * SECOND_MS - (deps.now().getTime() - startedMs);
    if (leftMs > 0 && run.position < run.planned) await deps.wait(leftMs);
  }
  const gone = run.gone + run.planned - run.position;
  const finishedAt = deps.now().toISOString();
  return (await save({ position: run.planned, gone, finishedAt }))
    ? { outcome: 'sent', run }
    : { outcome: 'overtaken' };
}

/**
 * Ends a run before all of it was sent; later runs may take the rest. What may or may not lie in the lane is sent there once more first, so that it is
 * known. Answers the run as it stands, or `undefined` where somebody else goes on with it.
 */
export async function cancelRun(
  deps: RunDeps,
  run: ReplayRun,
  manifest: ReplayManifest,
): Promise<ReplayRun | undefined> {
  const unnoted = await deps.replays.slicesFrom(run.runId, run.slices);
  // To a destination that takes nothing, too: there they end as dead letters, which a later run may take.
  if (unnoted.length > 0) await sendAgain(deps, manifest, unnoted, (await deps.destination()) ?? {});
  const next: ReplayRun = {
    ...run,
    ...(unnoted.length > 0 && positionAfter(run, unnoted)),
    cancelledAt: deps.now().toISOString(),
    writeId: deps.newWriteId(),
  };
  return (await deps.replays.saveRun(run, next)) ? next : undefined;
}

/** Cuts that are sent together: of a second, or as many as ROUND_SLICES_MAX. */
async function* roundsOf(cuts: AsyncIterable<Cut>, rate: number): AsyncGenerator<Cut[]> {
  let round: Cut[] = [];
  let sends = 0;
  for await (const cut of cuts) {
    if (round.length > 0 && (round.length === ROUND_SLICES_MAX || sends + cut.letters.length > rate)) {
      yield round;
      round = [];
      sends = 0;
    }
    round.push(cut);
    sends += cut.letters.length;
  }
  if (round.length > 0) yield round;
}

const sliceOf = (deps: RunDeps, { runId, destinationId }: ReplayRun, slice: number, cut: Cut): ReplaySlice => ({
  v: 1,
  runId,
  destinationId,
  slice,
  from: cut.from,
  to: cut.to,
  sends: cut.letters.length,
  plannedAt: deps.now().toISOString(),
  writeId: deps.newWriteId(),
});

function partOf(slice: ReplaySlice | undefined, letters: Cut['letters']): ReturnType<typeof partOfSlice> {
  invariant(slice !== undefined, 'each cut has its slice');
  return partOfSlice(slice, letters);
}

function positionAfter(run: ReplayRun, slices: readonly ReplaySlice[]): Partial<ReplayRun> {
  const position = slices.at(-1)?.to ?? run.position;
  const sends = slices.reduce((sum, slice) => sum + slice.sends, 0);
  return { position, slices: run.slices + slices.length, gone: run.gone + position - run.position - sends };
}

/** Sends slices that have a plan row and may lie in a lane, or may not; deliver looks into the books before it sends anything of them. */
async function sendAgain(
  deps: RunDeps,
  manifest: ReplayManifest,
  slices: readonly ReplaySlice[],
  { lane }: Pick<Destination, 'lane'>,
): Promise<void> {
  const done = new Set((await deps.dones.findDone(slices.map(doneKeyOf))).map(({ slice }) => slice));
  const parts: PartForLane[] = [];
  for (const slice of slices) {
    if (done.has(slice.slice)) continue;
    const letters = [];
    for await (const { letter } of lettersOf(deps.reader, manifest, slice.from, slice.to)) {
      if (letter !== undefined) letters.push(letter);
    }
    const [first, ...rest] = letters;
    if (first === undefined) continue;
    parts.push({ ...again(partOfSlice(slice, [first, ...rest])), lane, delaySeconds: AGAIN_DELAY_SECONDS });
  }
  await send(deps, parts);
}

const doneKeyOf = ({ runId, destinationId, slice, plannedAt }: ReplaySlice): DoneKey => ({
  destinationId,
  dueAt: plannedAt,
  intakeId: intakeIdOfReplay(runId),
  slice,
  hop: 0,
  replay: runId,
});

async function send({ lanes, wait }: RunDeps, parts: readonly PartForLane[]): Promise<void> {
  let left = parts;
  for (let round = 0; round < SEND_TRIES_MAX; round += 1) {
    if (round > 0) await wait(FIRST_WAIT_MS * 2 ** round);
    const notTaken = await sendToLanes(lanes, left);
    if (notTaken.length === 0) return;
    // Whether they lie there nevertheless is not known.
    left = notTaken.map((part) => ({ ...part, ...again(part) }));
  }
  throw new AppError('upstream-unavailable', 'The lanes take no messages at the moment');
}

async function openTarget(deps: RunDeps): Promise<Destination | 'deleted' | 'switched off' | 'paused'> {
  const destination = await deps.destination();
  return whyClosed(destination) ?? destination ?? 'deleted';
}

/** How the sends of a run stand, from its done rows: every hop's, since a send that is retried ends in a later one. */
export function totalsOfRun(run: ReplayRun, rows: readonly DoneRow[]): ReplayTotals {
  const sums = { delivered: 0, discarded: 0, suppressed: 0, deadLettered: 0 };
  for (const row of rows) {
    sums.delivered += row.delivered;
    sums.discarded += total(row.discarded);
    sums.suppressed += row.discarded[SUPPRESSED_CODE] ?? 0;
    sums.deadLettered += total(row.deadLettered);
  }
  const planned = run.cancelledAt === undefined ? run.planned : run.position;
  return { ...sums, waiting: planned - run.gone - sums.delivered - sums.discarded - sums.deadLettered };
}
