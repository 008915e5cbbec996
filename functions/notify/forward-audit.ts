import { NOTIFY_TIMEOUT_MS } from '../../shared/config/limits.ts';
import { AppError } from '../../shared/domain/app-error.ts';
import { advance, FORWARDED_MAX, type ForwardingState, takeTurn } from '../../shared/domain/forwarding.ts';
import type { IntakeId, WorkspaceId } from '../../shared/domain/ids.ts';
import type { Source, Workspace } from '../../shared/domain/workspace.ts';
import { NO_KEY } from '../../shared/domain/key-tags.ts';
import { type AuditLog, positionOf } from '../../shared/ports/audit-log.ts';
import type { Noted, Notes } from '../../shared/ports/notes.ts';
import type { IntakeQueue } from '../../shared/ports/queues.ts';
import { type EventRequest, packRequests } from './audit-event.ts';

/** Entries of one read of the trail: a page of DynamoDB's 1 MB holds some eight that are as large as can be, and a thousand usual ones. */
const ENTRIES_PER_READ = 500;
/** Reads of one look at the trail, and looks of one turn. */
const READS_MAX = 100;
const LOOKS_MAX = 10;
/** Several runs that meet at a note: each loses to another at most so often. */
const TRIES_MAX = 10;
/** A turn outlives the invocation that has it. */
const TURN_MS = NOTIFY_TIMEOUT_MS + 5_000;
/** After every entry that there can be. */
const END_OF_TIME = '9999-12-31T23:59:59.999Z';

export type ForwardDeps = {
  audit: AuditLog;
  forwarding: Notes<ForwardingState>;
  intake: Pick<IntakeQueue, 'send'>;
  now: () => Date;
  newIntakeId: () => IntakeId;
  /** Random: names runs and writes. */
  newWriteId: () => string;
};

/**
 * `taken`: another run is at it, and looks again before it ends. `waiting`: the source is not there or switched off. `more`: the time or a bound has come;
 * the next run goes on.
 */
export type Forwarded = { outcome: 'off' | 'waiting' | 'taken' | 'done' | 'more'; events: number };

/** A run's hold of the note: the state as it saved it last. */
type Hold = { state: ForwardingState; version: number };

/**
 * Puts what the audit trail of a workspace has got since the last run on the intake queue, as events of the source that it is forwarded to, in the trail's
 * order. Every entry is sent before the note says so: after a crash in between it is sent once more, under the same messageId, and is a duplicate there.
 * Of several runs at one time one works; the others ask it to look again.
 */
export async function forwardAudit(
  deps: ForwardDeps,
  workspace: Workspace,
  source: Source | undefined,
  deadline: Date,
): Promise<Forwarded> {
  const { auditForwarding } = workspace;
  if (auditForwarding === undefined) {
    const { value, version } = await deps.forwarding.read(workspace.id);
    // Switched on again, it begins there, and not with what happened meanwhile.
    if (value !== undefined) await deps.forwarding.remove(workspace.id, version);
    return { outcome: 'off', events: 0 };
  }
  if (source === undefined || !source.enabled) return { outcome: 'waiting', events: 0 };
  const runId = deps.newWriteId();
  const hold = await enter(deps, workspace, runId);
  if (hold === undefined) return { outcome: 'taken', events: 0 };
  try {
    return await workThrough(deps, { workspaceId: workspace.id, source, runId, deadline }, hold);
  } catch (error) {
    // Best effort: else nobody could go on before the turn ends by itself.
    await leave(deps, workspace.id, runId).catch(() => undefined);
    throw error;
  }
}

async function enter(deps: ForwardDeps, workspace: Workspace, runId: string): Promise<Hold | undefined> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const noted = await deps.forwarding.read(workspace.id);
    const turn = takeTurn(stateOf(noted, workspace), { runId, now: deps.now(), forMs: TURN_MS });
    if (turn.next === undefined) return undefined;
    if (!(await deps.forwarding.save(workspace.id, turn.next, noted.version, deps.newWriteId()))) continue;
    return turn.turn === 'mine' ? { state: turn.next, version: noted.version + 1 } : undefined;
  }
  throw new AppError('upstream-unavailable', `The note of ${workspace.id} is being changed by others`);
}

/** It begins when it was switched on: with the very change that did so. */
function stateOf({ value }: Noted<ForwardingState>, { auditForwarding, updatedAt }: Workspace): ForwardingState {
  const since = auditForwarding?.since;
  if (value === undefined) return { settledUntil: since ?? updatedAt, forwarded: [] };
  return since === undefined || since <= value.settledUntil ? value : { ...value, settledUntil: since };
}

type Run = { workspaceId: WorkspaceId; source: Source; runId: string; deadline: Date };

async function workThrough(deps: ForwardDeps, run: Run, first: Hold): Promise<Forwarded> {
  let hold = first;
  let events = 0;
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const looked = await lookThrough(deps, run, hold);
    events += looked.events;
    if (looked.hold === undefined) return { outcome: 'taken', events };
    const left = await leave(deps, run.workspaceId, run.runId, looked.isThrough ? 'unless asked' : 'in any case');
    if (left.outcome === 'left') return { outcome: looked.isThrough ? 'done' : 'more', events };
    if (left.outcome === 'lost') return { outcome: 'taken', events };
    hold = left.hold;
  }
  await leave(deps, run.workspaceId, run.runId);
  return { outcome: 'more', events };
}

type Looked = { hold: Hold | undefined; isThrough: boolean; events: number };

/** One look at the trail from what is settled to its end. `hold` is undefined where another run has taken this one for dead. */
async function lookThrough(deps: ForwardDeps, run: Run, first: Hold): Promise<Looked> {
  let hold = first;
  let events = 0;
  // What is settled is so as of the first read: an entry may come to be there, behind us, while we read on.
  const lookedAt = deps.now();
  let from = hold.state.settledUntil;
  for (let reads = 0; reads < READS_MAX; reads += 1) {
    const range = { from, to: END_OF_TIME, limit: ENTRIES_PER_READ, newestFirst: false };
    const { entries, hasMore } = await deps.audit.list(run.workspaceId, range);
    const known = new Set(hold.state.forwarded);
    const requests = packRequests(entries.filter((entry) => !known.has(positionOf(entry))));
    for (const [index, request] of requests.entries()) {
      const isAll = !hasMore && index === requests.length - 1;
      const next = advance(hold.state, { positions: request.entries.map(positionOf), lookedAt, isAll });
      if (deps.now() >= run.deadline || next.forwarded.length > FORWARDED_MAX) {
        return { hold, isThrough: false, events };
      }
      await send(deps, run, request);
      events += request.entries.length;
      const kept = await keep(deps, run, next, hold.version);
      if (kept === undefined) return { hold: undefined, isThrough: false, events };
      hold = kept;
    }
    const last = entries.at(-1);
    if (!hasMore || last === undefined) {
      if (requests.length > 0) return { hold, isThrough: true, events };
      const kept = await keep(deps, run, advance(hold.state, { positions: [], lookedAt, isAll: true }), hold.version);
      return { hold: kept, isThrough: true, events };
    }
    from = positionOf(last);
  }
  return { hold, isThrough: false, events };
}

async function send(deps: ForwardDeps, { workspaceId, source }: Run, { bodyText }: EventRequest): Promise<void> {
  const receivedAt = deps.now().toISOString();
  const head = {
    v: 1,
    intakeId: deps.newIntakeId(),
    workspaceId,
    sourceId: source.id,
    kind: 'batch',
    receivedAt,
    key: NO_KEY,
  } as const;
  await deps.intake.send(head, bodyText);
}

/** Saves the state over the one that this run saved last. Others may have asked it to look again meanwhile; that is kept. */
async function keep(deps: ForwardDeps, run: Run, next: ForwardingState, version: number): Promise<Hold | undefined> {
  const writeId = deps.newWriteId();
  if (await deps.forwarding.save(run.workspaceId, next, version, writeId)) return { state: next, version: version + 1 };
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const { value, version: present } = await deps.forwarding.read(run.workspaceId);
    if (value?.turn?.runId !== run.runId) return undefined;
    const merged = { ...next, turn: value.turn };
    if (await deps.forwarding.save(run.workspaceId, merged, present, deps.newWriteId())) {
      return { state: merged, version: present + 1 };
    }
  }
  throw new AppError('upstream-unavailable', `The note of ${run.workspaceId} is being changed by others`);
}

type Left = { outcome: 'left' } | { outcome: 'lost' } | { outcome: 'asked'; hold: Hold };

/** Ends this run's turn; `unless asked`, or goes on with it where somebody has asked to look again. */
async function leave(
  deps: ForwardDeps,
  workspaceId: WorkspaceId,
  runId: string,
  when: 'in any case' | 'unless asked' = 'in any case',
): Promise<Left> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const { value, version } = await deps.forwarding.read(workspaceId);
    if (value?.turn?.runId !== runId) return { outcome: 'lost' };
    const { turn, ...rest } = value;
    const isAsked = when === 'unless asked' && turn.again;
    const next: ForwardingState = isAsked ? { ...rest, turn: { ...turn, again: false } } : rest;
    if (!(await deps.forwarding.save(workspaceId, next, version, deps.newWriteId()))) continue;
    return isAsked ? { outcome: 'asked', hold: { state: next, version: version + 1 } } : { outcome: 'left' };
  }
  throw new AppError('upstream-unavailable', `The note of ${workspaceId} is being changed by others`);
}
