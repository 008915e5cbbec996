import { LANE_MESSAGE_BYTES_MAX } from '../config/limits.ts';
import type { ArchiveMessage, LaneMessage } from '../domain/lane-message.ts';
import type { LaneSending } from '../ports/queues.ts';
import { again, type SizedPart } from './parts.ts';
import { bytesOf, type IntakeReading, type ReadEvent } from './read-intake.ts';

/** A part with the lane that it goes to and how long it waits there. */
export type PartForLane = SizedPart & Pick<LaneSending, 'lane' | 'delaySeconds'>;

/**
 * Packs parts of many intake messages into lane messages of one destination, lane and delay each, in order, every one at most
 * LANE_MESSAGE_BYTES_MAX in UTF-8 as it will lie on the queue.
 */
export function packLanes<T extends PartForLane>(parts: readonly T[]): (LaneSending & { parts: T[] })[] {
  const packed: T[][] = [];
  const open = new Map<string, { parts: T[]; bytes: number }>();
  for (const sized of parts) {
    const name = `${sized.destinationId} ${sized.lane ?? ''} ${sized.delaySeconds ?? 0}`;
    const current = open.get(name);
    if (current !== undefined && current.bytes + 1 + sized.bytes <= LANE_MESSAGE_BYTES_MAX) {
      current.parts.push(sized);
      current.bytes += 1 + sized.bytes;
    } else {
      const fresh = { parts: [sized], bytes: bytesOf(laneMessage(sized.destinationId, [])) + sized.bytes };
      open.set(name, fresh);
      packed.push(fresh.parts);
    }
  }
  return packed.map((group) => ({
    message: messageOf(group),
    parts: group,
    lane: group[0]?.lane,
    delaySeconds: group[0]?.delaySeconds,
  }));
}

/** A lane message of the same parts, each to be looked up in the books first. */
export const messageAgain = (parts: readonly SizedPart[]): LaneMessage => messageOf(parts.map(again));

function messageOf(parts: readonly SizedPart[]): LaneMessage {
  const [first] = parts;
  if (first === undefined) throw new Error('A lane message has a part');
  return laneMessage(
    first.destinationId,
    parts.map(({ part }) => part),
  );
}

const laneMessage = (destinationId: LaneMessage['destinationId'], parts: LaneMessage['parts']): LaneMessage => ({
  v: 1,
  destinationId,
  parts,
});

/** The routed events of an intake message for the archive, in messages of at most LANE_MESSAGE_BYTES_MAX. */
export function packArchive(message: IntakeReading['message'], routed: readonly ReadEvent[]): ArchiveMessage[] {
  const { intakeId, workspaceId, sourceId, receivedAt } = message;
  const empty: ArchiveMessage = { v: 1, intakeId, workspaceId, sourceId, receivedAt, events: [] };
  const emptyBytes = bytesOf(empty);
  const messages: ArchiveMessage[] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const { event, bytes: eventBytes } of routed) {
    const current = messages.at(-1);
    if (current === undefined || bytes + 1 + eventBytes > LANE_MESSAGE_BYTES_MAX) {
      messages.push({ ...empty, events: [event] });
      bytes = emptyBytes + eventBytes;
    } else {
      current.events.push(event);
      bytes += 1 + eventBytes;
    }
  }
  return messages;
}
