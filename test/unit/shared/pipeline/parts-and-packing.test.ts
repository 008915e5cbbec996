import fc from 'fast-check';
import { packArchive, packLanes, messageAgain } from '../../../../shared/pipeline/pack.ts';
import { again, cutSends, partsOf, type SizedPart } from '../../../../shared/pipeline/parts.ts';
import { bytesOf, type IntakeReading, readIntake } from '../../../../shared/pipeline/read-intake.ts';
import {
  HOPS_MAX,
  HOPS_THROUGH_US_MAX,
  LANE_MESSAGE_BYTES_MAX,
  PART_BYTES_MAX,
  PART_SENDS_MAX,
} from '../../../../shared/config/limits.ts';
import { bitmapOf } from '../../../../shared/domain/bitmap.ts';
import type { DestinationId, MappingId } from '../../../../shared/domain/ids.ts';
import { LaneMessage, Part } from '../../../../shared/domain/lane-message.ts';
import { aBatch, aTrack } from '../../../builders/intake-message.ts';
import { aSource } from '../../../builders/workspace-things.ts';

const destination = (number: number) => `dst_${number}` as DestinationId;
const mappingIds = (count: number) => Array.from({ length: count }, (_, number) => `map_${number}` as MappingId);

/** All events of a message by all of `mappings`, cut and made into parts. */
function partsByAll(reading: IntakeReading, mappings: MappingId[], to = destination(1)): SizedPart[] {
  const sends = reading.events.flatMap((from) => mappings.map((_, mapping) => ({ from, mapping })));
  return partsOf(reading, {
    destinationId: to,
    filtered: {},
    queued: reading.events.length,
    sends: sends.length,
    mappings,
    bitmap: bitmapOf(sends.map(({ from, mapping }) => from.index * mappings.length + mapping)),
    cuts: cutSends(reading.message, mappings, sends),
  });
}

/** The part as large as it can ever become: the last hop, each of them a try, in a replay run, met for the second time. */
const atItsLargest = (part: Part): Part =>
  Part.parse({
    ...part,
    hop: HOPS_MAX,
    steps: HOPS_MAX,
    waitingSince: part.receivedAt,
    replay: `rp_${'r'.repeat(22)}`,
    again: true,
    sends: part.sends.map(([send, event, mapping]) => [send, event, mapping, HOPS_MAX]),
  });
const LONGEST_SEND = `[199,199,49,${HOPS_MAX}]`.length;
/** Its bytes as cutting reckons with them: every number as long as it may be. */
const reckoned = (part: Part): number => {
  const largest = atItsLargest(part);
  const shorter = largest.sends.reduce((sum, send) => sum + LONGEST_SEND - JSON.stringify(send).length, 0);
  return bytesOf(largest) + shorter + '124999'.length - String(part.slice).length;
};

/** Text of one, two, three, four and six bytes a character on the queue. */
const filler = fc.constantFrom('x', 'é', '€', '😀', '\uFFFF');
const batch = (sizes: readonly number[], char: string) =>
  readIntake(aBatch(sizes.map((size, index) => aTrack(String(index), { p: char.repeat(size) }))), aSource());
const size = fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.constant(5_000));

test('parts keep their bounds to the byte, whatever the text, and carry each send once, in order', () => {
  fc.assert(
    fc.property(
      fc.array(size, { minLength: 1, maxLength: 320 }),
      filler,
      fc.integer({ min: 1, max: 3 }),
      (sizes, char, width) => {
        const reading = batch(sizes, char);
        const parts = partsByAll(reading, mappingIds(width));
        const carried = parts.flatMap(({ part }) =>
          part.sends.map(([, event, mapping, attempts]) => [part.events[event]?.['messageId'], mapping, attempts]),
        );
        expect(carried).toEqual(
          reading.events.flatMap(({ event }) => mappingIds(width).map((_, mapping) => [event.messageId, mapping, 0])),
        );
        for (const [slice, { part, bytes }] of parts.entries()) {
          expect(part.slice).toBe(slice);
          expect(part.sends.map(([number]) => number)).toEqual(part.sends.map((_, number) => number));
          expect(part.sends.length).toBeLessThanOrEqual(PART_SENDS_MAX);
          expect(bytes).toBe(bytesOf(part));
          expect(again({ destinationId: destination(1), part, bytes }).bytes).toBe(bytesOf({ ...part, again: true }));
          expect(bytesOf(atItsLargest(part))).toBeLessThanOrEqual(PART_BYTES_MAX);
          expect(Part.parse(part)).toEqual(part);
        }
      },
    ),
    { numRuns: 25 },
  );
});

test('a part is cut because one more send would be too much, not before', () => {
  const reading = batch(
    Array.from({ length: 400 }, () => 10),
    'é',
  );
  expect(partsByAll(reading, mappingIds(1)).map(({ part }) => part.sends.length)).toEqual([200, 200]);
  const large = batch(
    Array.from({ length: 60 }, () => 10_000),
    'é',
  );
  for (const { part } of partsByAll(large, mappingIds(1)).slice(0, -1)) {
    expect(reckoned(part) + (large.events[0]?.bytes ?? 0) + 1 + LONGEST_SEND + 1).toBeGreaterThan(PART_BYTES_MAX);
    expect(part.sends.length).toBeGreaterThan(1);
  }
});

test('a part is full to the byte when all is added that later hops, waits and replays may bring', () => {
  const oneOf = (pad: number) => {
    const sizes = [...Array.from({ length: 18 }, () => 32_000), pad];
    const payloads = sizes.map((size, index) => aTrack(String(index), { p: 'x'.repeat(size) }));
    return partsByAll(readIntake(aBatch(payloads, { hop: HOPS_THROUGH_US_MAX }), aSource()), mappingIds(1));
  };
  const [bare] = oneOf(0);
  if (bare === undefined) throw new Error('one part');
  const room = PART_BYTES_MAX - reckoned(bare.part);
  expect(oneOf(room).map(({ part }) => [part.sends.length, reckoned(part)])).toEqual([[19, PART_BYTES_MAX]]);
  expect(oneOf(room + 1).map(({ part }) => part.sends.length)).toEqual([18, 1]);
});

test.each([
  [undefined, undefined],
  [0, undefined],
  [2, 2],
])('a request that came with X-Tributary-Hop %p has parts that went through us %p times', (hop, through) => {
  const parts = partsByAll(readIntake(aBatch([aTrack('1')], { hop }), aSource()), mappingIds(1));
  expect(parts.map(({ part }) => part.through)).toEqual([through]);
  expect(parts.map(({ part, bytes }) => bytes - bytesOf(part))).toEqual([0]);
});

test('lane messages keep their bound to the byte, hold one destination each, and lose no part', () => {
  const given = fc.array(
    fc.record({ sizes: fc.array(size, { minLength: 1, maxLength: 60 }), to: fc.integer({ min: 1, max: 3 }) }),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  fc.assert(
    fc.property(given, filler, (messages, char) => {
      const parts = messages.flatMap(({ sizes, to }) => partsByAll(batch(sizes, char), mappingIds(1), destination(to)));
      const packed = packLanes(parts);
      for (const to of [1, 2, 3].map(destination)) {
        const sent = packed
          .filter(({ message }) => message.destinationId === to)
          .flatMap(({ message }) => message.parts);
        expect(sent).toEqual(parts.filter(({ destinationId }) => destinationId === to).map(({ part }) => part));
      }
      for (const { message, parts: inMessage } of packed) {
        LaneMessage.parse(message);
        expect(bytesOf(message)).toBeLessThanOrEqual(LANE_MESSAGE_BYTES_MAX);
        expect(messageAgain(inMessage).parts).toEqual(message.parts.map((part) => ({ ...part, again: true })));
      }
    }),
    { numRuns: 25 },
  );
});

test('a message is full to the byte before the next is begun', () => {
  const part = partsByAll(batch([1_000], 'x'), mappingIds(1))[0];
  if (part === undefined) throw new Error('one part');
  const fill = (bytes: number): SizedPart => ({ ...part, bytes });
  const envelope = bytesOf({ v: 1, destinationId: destination(1), parts: [] });
  const room = LANE_MESSAGE_BYTES_MAX - envelope;
  expect(packLanes([fill(room - 101), fill(100)])).toHaveLength(1);
  expect(packLanes([fill(room - 101), fill(101)])).toHaveLength(2);
});

test('archive messages keep the same bound and lose no event', () => {
  fc.assert(
    fc.property(fc.array(size, { maxLength: 300 }), filler, (sizes, char) => {
      const reading = batch(sizes, char);
      const messages = packArchive(reading.message, reading.events);
      expect(messages.flatMap(({ events }) => events)).toEqual(reading.events.map(({ event }) => event));
      for (const message of messages) expect(bytesOf(message)).toBeLessThanOrEqual(LANE_MESSAGE_BYTES_MAX);
    }),
    { numRuns: 25 },
  );
});
