import fc from 'fast-check';
import type { DestinationBalance, SourceBalance } from '../../../../../shared/domain/balance.ts';
import {
  booksOf,
  destinationRest,
  hoursOf,
  reasonsOf,
  sourceRest,
  totalOf,
} from '../../../../../web/src/features/balance/lines.ts';

const source = (counts: Partial<SourceBalance> = {}): SourceBalance => ({
  source: 'src_1',
  accepted: 0,
  routed: 0,
  invalid: 0,
  duplicate: 0,
  suppressed: 0,
  blocked: 0,
  unreadable: 0,
  reasons: { invalid: {}, blocked: {} },
  ...counts,
});
const destination = (counts: Partial<DestinationBalance> = {}): DestinationBalance => ({
  destination: 'dst_1',
  source: 'src_1',
  accepted: 0,
  delivered: 0,
  filtered: 0,
  blocked: 0,
  discarded: 0,
  dlq: 0,
  inFlight: 0,
  recovered: 0,
  reasons: { filtered: {}, blocked: {}, discarded: {}, dlq: {} },
  ...counts,
});

test('sources and destinations are told apart, whatever the answer is', () => {
  expect(booksOf([source(), destination()])).toEqual({ sources: [source()], destinations: [destination()] });
  expect(booksOf(undefined)).toEqual({ sources: [], destinations: [] });
});

test('a source adds up where each accepted event is in one place, and says how many are missing where not', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(1_000_000), { minLength: 5, maxLength: 5 }),
      fc.integer({ min: -9, max: 9 }),
      (ends, off) => {
        const [routed = 0, invalid = 0, duplicate = 0, suppressed = 0, blocked = 0] = ends;
        const accepted = routed + invalid + duplicate + suppressed + blocked + off;
        expect(sourceRest(source({ accepted, routed, invalid, duplicate, suppressed, blocked }))).toBe(off);
      },
    ),
  );
});

test('what nobody could read was never counted as accepted, and leaves nothing over', () => {
  expect(sourceRest(source({ accepted: 3, routed: 3, unreadable: 2 }))).toBe(0);
});

test('of a destination, what was in flight before counts in', () => {
  expect(destinationRest(destination({ broughtForward: 4, accepted: 6, delivered: 8, inFlight: 2 }))).toBe(0);
  expect(destinationRest(destination({ accepted: 6, delivered: 5 }))).toBe(1);
});

test('less than nothing in flight does not add up', () => {
  expect(destinationRest(destination({ accepted: 5, delivered: 6, inFlight: -1 }))).toBe(-1);
});

test('all sources are one line', () => {
  const lines = [source({ accepted: 5, routed: 4, invalid: 1 }), source({ accepted: 2, routed: 1, blocked: 1 })];
  expect(totalOf(lines)).toMatchObject({ accepted: 7, routed: 5, invalid: 1, blocked: 1 });
});

test('the most frequent reason comes first', () => {
  expect(reasonsOf({ rare: 1, often: 9 })).toEqual([
    ['often', 9],
    ['rare', 1],
  ]);
  expect(reasonsOf(undefined)).toEqual([]);
});

test('spans are whole hours of UTC, the present one included', () => {
  const now = Date.parse('2026-11-27T06:50:00Z');
  expect(hoursOf('all', now)).toBeUndefined();
  expect(hoursOf('today', now)).toEqual({ from: '2026-11-27T00', to: '2026-11-27T06' });
  expect(hoursOf('24h', now)).toEqual({ from: '2026-11-26T07', to: '2026-11-27T06' });
  expect(hoursOf('7d', now)).toEqual({ from: '2026-11-20T07', to: '2026-11-27T06' });
});
