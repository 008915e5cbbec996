import { HOPS_MAX, LANE_DELAY_SECONDS_MAX } from '../config/limits.ts';
import { membersOf } from '../domain/bitmap.ts';
import type { DestinationId } from '../domain/ids.ts';
import type { LaneSend, Part } from '../domain/lane-message.ts';
import type { DoneRow } from '../domain/ledger-rows.ts';
import type { PartForLane } from './pack.ts';
import { bytesOf } from './read-intake.ts';

/** What a done row says about the hop after it. */
export type Onward = Pick<DoneRow, 'retry' | 'retryBitmap' | 'triedBitmap' | 'nextDueAt' | 'waitingSince'>;

/**
 * Hop + 1 of a part, as its done row says: the same whoever makes it, and when. `undefined`: nothing is left to send. Numbers of sends and
 * mappings stay what they are; events that nobody needs any more are left out.
 */
export function nextHop(part: Part, row: Onward): Part | undefined {
  if (row.retry === 0 || row.retryBitmap === undefined || row.nextDueAt === undefined) return undefined;
  const goesOn = new Set(membersOf(row.retryBitmap));
  const tried = new Set(membersOf(row.triedBitmap ?? ''));
  const events: Part['events'] = [];
  const places = new Map<number, number>();
  const sends: LaneSend[] = [];
  for (const [send, event, mapping, attempts] of part.sends) {
    if (!goesOn.has(send)) continue;
    let place = places.get(event);
    if (place === undefined) {
      place = events.length;
      places.set(event, place);
      events.push(part.events[event] ?? {});
    }
    sends.push([send, place, mapping, attempts + (tried.has(send) ? 1 : 0)]);
  }
  const { again: _again, ...rest } = part;
  return { ...rest, hop: part.hop + 1, dueAt: row.nextDueAt, waitingSince: row.waitingSince, events, sends };
}

/** The same hop, sent on before it is due: one step of a chain. Whoever gets it looks into the books first. */
export const sentOn = (part: Part): Part => ({ ...part, steps: (part.steps ?? 0) + 1, again: true });

/** Whether a part has used up its hops and chained waits. */
export const isAtHopCap = ({ hop, steps = 0 }: Pick<Part, 'hop' | 'steps'>): boolean => hop + steps >= HOPS_MAX;

/** A part on its way to the lane that its destination holds now, to arrive when it is due, or after the longest delay that SQS knows. */
export function forLane(
  destinationId: DestinationId,
  part: Part,
  { lane, nowMs }: { lane: number | undefined; nowMs: number },
): PartForLane {
  const waitSeconds = Math.ceil((Date.parse(part.dueAt) - nowMs) / 1_000);
  const delaySeconds = Math.min(Math.max(waitSeconds, 0), LANE_DELAY_SECONDS_MAX);
  return { destinationId, part, bytes: bytesOf(part), lane, delaySeconds };
}
