import * as z from 'zod';
import { Timestamp } from './timestamp.ts';

/**
 * How long after its `at` an entry of the audit trail may still come to be there: a change is stamped before it is saved, by machines whose clocks
 * differ, and its transaction may be tried again. The api function is stopped after 15 s; this is four times that.
 */
export const AUDIT_SETTLED_MS = 60_000;
/** Positions that the state holds: entries of AUDIT_SETTLED_MS, some 70 bytes each, of an item's 400 KB. */
export const FORWARDED_MAX = 2_000;

/** How far the audit trail of a workspace has been forwarded. */
export const ForwardingState = z.object({
  /** All entries before this moment have been forwarded, and no other comes to be there. */
  settledUntil: Timestamp,
  /** Positions of later ones that have been forwarded, in their order. */
  forwarded: z.array(z.string()).max(FORWARDED_MAX),
  /** The run that is at it now. Who comes meanwhile asks it to look again, and leaves. After `until` it is taken for dead. */
  turn: z.object({ runId: z.string(), until: Timestamp, again: z.boolean() }).optional(),
});
export type ForwardingState = z.infer<typeof ForwardingState>;

export type Turn =
  /** Saved, it is this run's turn. */
  | { turn: 'mine'; next: ForwardingState }
  /** Another run is at it, and knows that there is more to do; with `next`, once that is saved. */
  | { turn: 'taken'; next?: ForwardingState };

/** What a run that comes does with the state that it finds. */
export function takeTurn(state: ForwardingState, run: { runId: string; now: Date; forMs: number }): Turn {
  const { turn } = state;
  if (turn !== undefined && Date.parse(turn.until) > run.now.getTime()) {
    return turn.again ? { turn: 'taken' } : { turn: 'taken', next: { ...state, turn: { ...turn, again: true } } };
  }
  const until = new Date(run.now.getTime() + run.forMs).toISOString();
  return { turn: 'mine', next: { ...state, turn: { runId: run.runId, until, again: false } } };
}

/**
 * The state after the entries at `positions` were forwarded. `lookedAt`: before they were read. `isAll`: no others were there then. Positions are
 * `<time>#<id>` and in their order.
 */
export function advance(
  state: ForwardingState,
  { positions, lookedAt, isAll }: { positions: readonly string[]; lookedAt: Date; isAll: boolean },
): ForwardingState {
  const settled = new Date(lookedAt.getTime() - AUDIT_SETTLED_MS).toISOString();
  const last = isAll ? undefined : positions.at(-1);
  const reached = last === undefined ? settled : timeOf(last) < settled ? timeOf(last) : settled;
  const settledUntil = reached > state.settledUntil ? reached : state.settledUntil;
  const forwarded = [...new Set([...state.forwarded, ...positions])].filter(
    (position) => timeOf(position) >= settledUntil,
  );
  return { ...state, settledUntil, forwarded: forwarded.toSorted() };
}

const timeOf = (position: string): string => position.slice(0, position.indexOf('#'));
