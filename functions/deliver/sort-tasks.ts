import { logError } from '../../shared/aws/log.ts';
import { inParallel } from '../../shared/aws/in-parallel.ts';
import type { DoneRow } from '../../shared/domain/ledger-rows.ts';
import { CRASH_MARKS_MAX } from '../../shared/pipeline/between-marks.ts';
import { doneKeyOf, hopName } from '../../shared/pipeline/done-key.ts';
import { isAtHopCap } from '../../shared/pipeline/next-hop.ts';
import type { DoneStore, TryStore } from '../../shared/ports/ledger.ts';
import type { LaneTask } from './lane-task.ts';

export type SortDeps = { dones: Pick<DoneStore, 'findDone'>; tries: TryStore; now: () => Date };

/** Looks for marks under way at once. */
const LOOKS_IN_FLIGHT_MAX = 8;

export type Sorted = {
  /** Not due yet: to be sent on under the same hop. */
  early: LaneTask[];
  /** Settled by somebody before, with the row that says how. */
  done: { task: LaneTask; row: DoneRow }[];
  /** To be worked on, with all others. */
  open: LaneTask[];
  /** Somebody died while it was worked on: it is worked on with no other beside it, after the others. */
  suspect: LaneTask[];
  /** Nothing of it is sent any more. */
  ended: { task: LaneTask; why: 'crash_loop' | 'hop_cap' }[];
};

/** What is to be done with each part of an invocation. Throws where the books do not answer: then nothing may be sent. */
export async function sortTasks(deps: SortDeps, tasks: readonly LaneTask[]): Promise<Sorted> {
  const sorted: Sorted = { early: [], done: [], open: [], suspect: [], ended: [] };
  const nowMs = deps.now().getTime();
  const due: LaneTask[] = [];
  for (const task of tasks) {
    if (Date.parse(task.part.dueAt) <= nowMs || isAtHopCap(task.part)) due.push(task);
    else sorted.early.push(task);
  }
  const rows = await rowsOf(deps, due);
  const toDo = due.filter((task) => {
    const row = rows.get(nameOf(task));
    if (row !== undefined) sorted.done.push({ task, row });
    return row === undefined;
  });
  const marks = await inParallel(toDo, LOOKS_IN_FLIGHT_MAX, (task) => marksOf(deps, task));
  for (const [index, task] of toDo.entries()) {
    const count = marks[index] ?? 0;
    if (count >= CRASH_MARKS_MAX) sorted.ended.push({ task, why: 'crash_loop' });
    else if (Date.parse(task.part.dueAt) > nowMs) sorted.ended.push({ task, why: 'hop_cap' });
    else if (count > 0) sorted.suspect.push(task);
    else sorted.open.push(task);
  }
  return sorted;
}

async function rowsOf(deps: SortDeps, due: readonly LaneTask[]): Promise<ReadonlyMap<string, DoneRow>> {
  const looked = due.filter(({ mayBeDone }) => mayBeDone);
  if (looked.length === 0) return new Map();
  const rows = await deps.dones.findDone(looked.map(doneKeyOf));
  return new Map(rows.map((row) => [hopName(row), row]));
}

/** Marks stand only where a message came before. A store that does not answer about them is no reason to hold the part up. */
async function marksOf({ tries }: SortDeps, task: LaneTask): Promise<number> {
  if (task.receives === 1) return 0;
  try {
    return await tries.unended(nameOf(task));
  } catch (error) {
    logError('Marks of crashes could not be looked up', error, {
      destinationId: task.destinationId,
      intakeId: task.part.intakeId,
    });
    return 0;
  }
}

/** Names a hop of a part, whatever message carries it. */
export const nameOf = (task: Pick<LaneTask, 'destinationId' | 'part'>): string => hopName(doneKeyOf(task));
