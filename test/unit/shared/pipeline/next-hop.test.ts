import fc from 'fast-check';
import { HOPS_MAX, LANE_DELAY_SECONDS_MAX } from '../../../../shared/config/limits.ts';
import { bitmapOf } from '../../../../shared/domain/bitmap.ts';
import { DestinationId } from '../../../../shared/domain/ids.ts';
import { Part } from '../../../../shared/domain/lane-message.ts';
import { forLane, isAtHopCap, nextHop, sentOn } from '../../../../shared/pipeline/next-hop.ts';
import { bytesOf } from '../../../../shared/pipeline/read-intake.ts';
import { aPart } from '../../../builders/lane-parts.ts';

const NEXT_DUE_AT = '2026-11-24T10:15:35.000Z';
const WAITING_SINCE = '2026-11-24T10:15:05.000Z';

test('hop + 1 has the sends that go on, with their numbers, attempts for those that were tried, and only the events they need', () => {
  const part = aPart({
    count: 3,
    hop: 1,
    dueAt: '2026-11-24T10:15:05.000Z',
    mappings: ['map_1', 'map_2'],
    again: true,
    steps: 2,
    through: 1,
    sends: [
      [0, 0, 0, 1],
      [1, 1, 0, 1],
      [2, 1, 1, 1],
      [7, 2, 1, 0],
    ],
  });
  const row = {
    retry: 3,
    retryBitmap: bitmapOf([1, 2, 7]),
    triedBitmap: bitmapOf([1, 7]),
    nextDueAt: NEXT_DUE_AT,
    waitingSince: WAITING_SINCE,
  };
  const { again: _again, ...rest } = part;
  expect(nextHop(part, row)).toEqual({
    ...rest,
    hop: 2,
    dueAt: NEXT_DUE_AT,
    waitingSince: WAITING_SINCE,
    events: [part.events[1], part.events[2]],
    sends: [
      [1, 0, 0, 2],
      [2, 0, 1, 1],
      [7, 1, 1, 1],
    ],
  });
});

test('a row that leaves nothing makes no hop', () => {
  expect(nextHop(aPart(), { retry: 0 })).toBeUndefined();
});

test('whatever goes on: every hop is a part that fits its schema, and it is the same made from a copy of the part', () => {
  const fate = fc.constantFrom('ends', 'goes on', 'was tried');
  fc.assert(
    fc.property(fc.array(fate, { minLength: 1, maxLength: 200 }), (fates) => {
      const part = aPart({ count: fates.length });
      const goesOn = [...fates.keys()].filter((send) => fates[send] !== 'ends');
      const row = {
        retry: goesOn.length,
        retryBitmap: bitmapOf(goesOn),
        triedBitmap: bitmapOf(goesOn.filter((send) => fates[send] === 'was tried')),
        nextDueAt: NEXT_DUE_AT,
        waitingSince: WAITING_SINCE,
      };
      const next = nextHop(part, row);
      expect(nextHop({ ...part, again: true }, row)).toEqual(next);
      if (next === undefined) return expect(goesOn).toEqual([]);
      expect(Part.parse(next)).toEqual(next);
      expect(next.sends).toEqual(goesOn.map((send, place) => [send, place, 0, fates[send] === 'was tried' ? 1 : 0]));
      expect(next.events).toEqual(goesOn.map((send) => part.events[send]));
    }),
  );
});

test('a part that is sent on before its time keeps its hop and due time, is marked, and counts the step', () => {
  const part = aPart({ hop: 3, dueAt: NEXT_DUE_AT });
  expect(sentOn(sentOn(part))).toEqual({ ...part, again: true, steps: 2 });
});

test.each([
  ['is due', '2026-11-24T10:15:35.000Z', 0],
  ['was due long ago', '2026-11-26T10:15:35.000Z', 0],
  ['is due in a fraction of a second', '2026-11-24T10:15:34.999Z', 1],
  ['is due in 8 h', '2026-11-24T02:15:35.000Z', LANE_DELAY_SECONDS_MAX],
])('what %s waits that long, never shorter, and at most a message’s longest delay', (_case, now, delaySeconds) => {
  const part = aPart({ dueAt: NEXT_DUE_AT });
  expect(forLane(DestinationId.parse('dst_1'), part, { lane: 4, nowMs: Date.parse(now) })).toEqual({
    destinationId: 'dst_1',
    part,
    bytes: bytesOf(part),
    lane: 4,
    delaySeconds,
  });
});

test('hops and steps together are capped', () => {
  expect(isAtHopCap({ hop: 12, steps: HOPS_MAX - 13 })).toBe(false);
  expect(isAtHopCap({ hop: 12, steps: HOPS_MAX - 12 })).toBe(true);
  expect(isAtHopCap({ hop: HOPS_MAX })).toBe(true);
});
