import { priceDestination, priceSource, sumUsd } from '../../../../shared/usage/price-usage.ts';
import type { SourceUnits } from '../../../../shared/usage/usage-month.ts';
import { TRICKLE_PER_SECOND } from '../../../bench/cost/cells.ts';
import { RECORDED } from '../../../bench/cost/recorded.ts';

const EVENTS = 1_000_000;
/** An event as its client sends it, and as its tool gets it, in bytes (docs/cost.md). */
const EVENT_BYTES = 970;
const TOOL_BYTES = 1_110;
/** A backlog is worked off as fast as this, in requests a second: every batch is full. */
const BACKLOG_PER_SECOND = 1_000;

/** Dollars of a million events by what the API counts of them. */
function usdOf(perRequest: number, destinations: number, perSecond: number, dedupBy: 'device' | 'event' = 'device') {
  const requests = EVENTS / perRequest;
  const units: SourceUnits = [requests, EVENTS * EVENT_BYTES, EVENTS, EVENTS];
  const seconds = requests / perSecond;
  const source = sumUsd(priceSource(units, { dedupBy, destinations, seconds }));
  return source + destinations * sumUsd(priceDestination([requests, EVENTS, EVENTS * TOOL_BYTES], { units, seconds }));
}

test.each([
  ['full', BACKLOG_PER_SECOND, 'device'],
  ['trickle', TRICKLE_PER_SECOND, 'device'],
  ['fullByEvent', BACKLOG_PER_SECOND, 'event'],
] as const)(
  'the bench’s load %s costs by counted units what the bench found, within 10 %%',
  (load, perSecond, dedupBy) => {
    const { usdPerMillion } = RECORDED[load];
    expect(Math.abs(usdOf(20, 3, perSecond, dedupBy) / usdPerMillion - 1)).toBeLessThan(0.1);
  },
);

test.each([
  [1, 1, 5.38, 10.49],
  [1, 3, 8.21, 18.29],
  [1, 10, 16.42, 46.14],
  [20, 1, 0.43, 0.67],
  [20, 10, 2.22, 3.11],
  [100, 1, 0.24, 0.29],
  [100, 3, 0.55, 0.64],
  [100, 10, 1.67, 1.76],
])('%d a request and %d destinations are within 15 %% of docs/cost.md', (perRequest, destinations, full, trickle) => {
  expect(Math.abs(usdOf(perRequest, destinations, BACKLOG_PER_SECOND) / full - 1)).toBeLessThan(0.15);
  expect(Math.abs(usdOf(perRequest, destinations, TRICKLE_PER_SECOND) / trickle - 1)).toBeLessThan(0.15);
});

test('nothing costs nothing, and no line is below zero or no number', () => {
  const none: SourceUnits = [0, 0, 0, 0];
  expect(priceSource(none, { dedupBy: 'device', destinations: 3, seconds: 86_400 })).toEqual([]);
  expect(priceDestination([0, 0, 0], { units: none, seconds: 86_400 })).toEqual([]);
  const odd = [
    ...priceSource([5, 0, 0, 0], { dedupBy: 'event', destinations: 0, seconds: 1 }),
    ...priceDestination([2, 0, 0], { units: none, seconds: 1 }),
    ...priceDestination([3, 100, 0], { units: [1, 100, 1, 1], seconds: 86_400 }),
  ];
  for (const { usd, quantity } of odd) {
    expect(usd).toBeGreaterThan(0);
    expect(Number.isFinite(quantity)).toBe(true);
  }
});
