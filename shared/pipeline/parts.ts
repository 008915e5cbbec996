import { HOPS_MAX, PART_BYTES_MAX, PART_SENDS_MAX } from '../config/limits.ts';
import { invariant } from '../domain/app-error.ts';
import { membersOf } from '../domain/bitmap.ts';
import type { DestinationId, MappingId } from '../domain/ids.ts';
import type { IntakeMessage } from '../domain/intake-message.ts';
import type { LaneSend, Part } from '../domain/lane-message.ts';
import type { PlannedDestination } from '../domain/ledger-rows.ts';
import { bytesOf, type IntakeReading, type ReadEvent } from './read-intake.ts';

/** A part on its way to a lane, and its exact size as JSON there. */
export type SizedPart = { destinationId: DestinationId; part: Part; bytes: number };

/** Bytes of `[n,e,m,a]` and a comma with the largest numbers that a part has in any hop: every hop may be a try. */
export const SEND_BYTES_MAX = `[199,199,49,${HOPS_MAX}],`.length;
const AGAIN_BYTES = '"again":true,'.length;
/** Room for what a part gets on its way: a part that is cut to its bounds keeps them in every hop, and in a replay run. */
const LATER_BYTES =
  AGAIN_BYTES +
  `"steps":${HOPS_MAX},`.length +
  '"waitingSince":"2026-01-01T00:00:00.000Z",'.length +
  `"replay":"rp_${'x'.repeat(22)}",`.length +
  `${HOPS_MAX}`.length -
  '0'.length;
/** Slice numbers of one destination stay below 125,000 (2,500 events by 50 mappings). */
const SLICE_MAX = 124_999;

/**
 * Cuts the sends of one destination, in order of event and mapping, into parts of at most PART_SENDS_MAX sends and, in whatever hop,
 * PART_BYTES_MAX bytes. Answers the sends in each. An event with several mappings lies in a part once.
 */
export function cutSends(
  message: IntakeReading['message'],
  mappings: readonly MappingId[],
  sends: readonly { from: ReadEvent }[],
): number[] {
  // Each event and each send is counted with a comma; the last of either has none.
  const emptyBytes = bytesOf(partOf(message, mappings, SLICE_MAX, [], [])) + LATER_BYTES - ',,'.length;
  const cuts: number[] = [];
  let count = 0;
  let bytes = emptyBytes;
  let last: ReadEvent | undefined;
  for (const { from } of sends) {
    const more = SEND_BYTES_MAX + (from === last ? 0 : from.bytes + 1);
    if (count > 0 && (count === PART_SENDS_MAX || bytes + more > PART_BYTES_MAX)) {
      cuts.push(count);
      count = 0;
      bytes = emptyBytes;
    }
    bytes += count === 0 ? SEND_BYTES_MAX + from.bytes + 1 : more;
    count += 1;
    last = from;
  }
  return count > 0 ? [...cuts, count] : cuts;
}

/** The parts that a plan names for one destination, by its cuts alone: the same whoever decided, and when. */
export function partsOf(reading: Pick<IntakeReading, 'message' | 'events'>, planned: PlannedDestination): SizedPart[] {
  const byIndex = new Map(reading.events.map((read) => [read.index, read]));
  const bits = membersOf(planned.bitmap);
  const width = planned.mappings.length;
  let at = 0;
  return planned.cuts.map((cut, slice) => {
    const events: ReadEvent[] = [];
    const sends: LaneSend[] = [];
    for (const bit of bits.slice(at, at + cut)) {
      const read = byIndex.get(Math.floor(bit / width));
      invariant(read !== undefined, 'an intake message reads the same each time');
      if (events.at(-1) !== read) events.push(read);
      sends.push([sends.length, events.length - 1, bit % width, 0]);
    }
    at += cut;
    const bare = partOf(reading.message, planned.mappings, slice, [], sends);
    const eventBytes = events.reduce((sum, { bytes }) => sum + bytes + 1, -1);
    return {
      destinationId: planned.destinationId,
      part: { ...bare, events: events.map(({ event }) => event) },
      bytes: bytesOf(bare) + eventBytes,
    };
  });
}

/** The same part, to be looked up in the books before anything is sent. */
export const again = ({ destinationId, part, bytes }: SizedPart): SizedPart =>
  part.again === true
    ? { destinationId, part, bytes }
    : { destinationId, part: { ...part, again: true }, bytes: bytes + AGAIN_BYTES };

const partOf = (
  { intakeId, workspaceId, sourceId, receivedAt, hop: through = 0 }: Omit<IntakeMessage, 'body'>,
  mappings: readonly MappingId[],
  slice: number,
  events: Part['events'],
  sends: LaneSend[],
): Part => ({
  intakeId,
  slice,
  workspaceId,
  sourceId,
  receivedAt,
  hop: 0,
  dueAt: receivedAt,
  ...(through > 0 && { through }),
  mappings: [...mappings],
  events,
  sends,
});
