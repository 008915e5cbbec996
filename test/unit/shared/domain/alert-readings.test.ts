import { type AlertFacts, readingsOf } from '../../../../shared/domain/alert-readings.ts';
import type { WindowDigest } from '../../../../shared/domain/digest-window.ts';
import { anAlert } from '../../../builders/an-alert.ts';
import { aDestination, aSource } from '../../../builders/workspace-things.ts';

const NOW = '2026-11-27T10:30:00.000Z';
const destination = aDestination({ name: 'Webhook' });
const source = aSource({ name: 'Web', createdAt: '2026-11-01T10:00:00.000Z' });

const sums = ({
  received = 0,
  ...own
}: Partial<WindowDigest['destinations'][string]> & { received?: number } = {}): WindowDigest => ({
  sources: { [source.id]: { received } },
  destinations: { [destination.id]: { delivered: 0, failedTries: {}, deadLettered: {}, ...own } },
});
const facts = (over: Partial<AlertFacts> = {}): AlertFacts => ({
  now: NOW,
  summedSince: '2026-11-01T00:00',
  sources: [source],
  destinations: [destination],
  last: () => sums(),
  dayBefore: sums(),
  newErrors: {},
  mappings: undefined,
  laneAges: new Map(),
  mismatches: [],
  usage: {},
  ...over,
});
const judged = (alert: ReturnType<typeof anAlert>, over: Partial<AlertFacts>) =>
  readingsOf(alert, facts(over)).map(({ is }) => is);

test.each([
  [8_000, 'good', 'exactly 100 - p of a hundred'],
  [7_999, 'bad', 'one event below it'],
  [12_000, 'good', 'exactly 100 + p of a hundred'],
  [12_001, 'bad', 'one event above it'],
  [0, 'bad', 'nothing at all'],
])('source volume of %i against 10,000 the day before at 20 %% is %s: %s (H06)', (received, is) => {
  const alert = anAlert({ kind: 'SOURCE_VOLUME', percent: 20 });
  expect(judged(alert, { last: () => sums({ received }), dayBefore: sums({ received: 10_000 }) })).toEqual([is]);
});

test('a source volume alert says nothing of a source that is younger than two days, or had nothing the day before (H06)', () => {
  const alert = anAlert({ kind: 'SOURCE_VOLUME', percent: 20 });
  const young = { ...source, createdAt: '2026-11-25T10:30:00.001Z' };
  const day = { last: () => sums({ received: 1 }), dayBefore: sums({ received: 10 }) };
  expect(judged(alert, { ...day, sources: [young] })).toEqual(['unknown']);
  expect(judged(alert, { ...day, dayBefore: sums() })).toEqual(['unknown']);
  expect(judged(alert, { ...day, sources: [{ ...source, enabled: false }] })).toEqual([]);
});

test('what was before the sums began is not known: few dead letters may be more, and no code is new', () => {
  const dead = anAlert({ kind: 'DEAD_LETTERS', percent: undefined, count: 2 });
  const of = (count: number) => ({ last: () => sums({ deadLettered: { expired: count } }) });
  expect(judged(dead, { ...of(1), summedSince: '2026-11-27T09:31' })).toEqual(['good']);
  expect(judged(dead, { ...of(1), summedSince: '2026-11-27T09:32' })).toEqual(['unknown']);
  expect(judged(dead, { ...of(2), summedSince: '2026-11-27T09:32' })).toEqual(['bad']);
  const code = anAlert({ kind: 'NEW_ERROR', percent: undefined });
  const seen = { newErrors: { [destination.id]: ['401'] } };
  const young = { ...destination, createdAt: '2026-11-27T09:00:00.000Z' };
  expect(judged(code, { ...seen, summedSince: '2026-11-20T10:30' })).toEqual(['bad']);
  expect(judged(code, { ...seen, summedSince: '2026-11-27T08:00' })).toEqual(['unknown']);
  expect(judged(code, { ...seen, summedSince: '2026-11-27T08:00', destinations: [young] })).toEqual(['bad']);
});

test.each([
  [95, 5, 'good', 'exactly at the threshold'],
  [94, 6, 'bad', 'strictly below'],
  [0, 1, 'bad', 'all failed'],
  [1, 0, 'good', 'all delivered'],
  [0, 0, 'unknown', 'nothing tried'],
])('a delivery rate of %i delivered and %i failed tries at 95 %% is %s: %s (H07)', (delivered, failed, is) => {
  const last = () => sums({ delivered, failedTries: failed === 0 ? {} : { 500: failed } });
  expect(judged(anAlert(), { last })).toEqual([is]);
});

test('a delivery rate looks back a day where nothing is said, and counts fewer tries than asked for as too few (H07)', () => {
  const asked: number[] = [];
  const last = (minutes: number) => {
    asked.push(minutes);
    return sums({ failedTries: { 500: 9 } });
  };
  expect(judged(anAlert({ count: 10 }), { last })).toEqual(['unknown']);
  expect(judged(anAlert({ count: 9, minutes: 10 }), { last })).toEqual(['bad']);
  expect(judged(anAlert({ count: 10 }), { last: () => sums({ delivered: 3 }) })).toEqual(['good']);
  expect(asked).toEqual([1_440, 10]);
});

test('a mapping has a rate of its own (H07)', () => {
  const alert = anAlert({
    kind: 'SUBSCRIPTION_DELIVERY_RATE',
    percent: 50,
    destinationId: 'dst_1',
    subscriptionId: 'map_1',
  });
  const mappings = (delivered: number, failed: number) =>
    new Map([['map_1', { name: 'Orders', delivered, failed }]]) as unknown as AlertFacts['mappings'];
  expect(judged(alert, { mappings: mappings(1, 1) })).toEqual(['good']);
  expect(readingsOf(alert, facts({ mappings: mappings(1, 2) }))).toEqual([
    {
      object: 'map_1',
      sourceId: source.id,
      destinationId: destination.id,
      is: 'bad',
      said: 'Webhook, Orders: 33.33 % of 3 tries in the last 24 hours were delivered (at least 50 % are expected)',
    },
  ]);
  expect(judged(alert, {})).toEqual(['unknown']);
});

test('dead letters count from the number on, without those that somebody ended by switching off', () => {
  const alert = anAlert({ kind: 'DEAD_LETTERS', count: 3 });
  const last = (deadLettered: Record<string, number>) => () => sums({ deadLettered });
  expect(judged(alert, { last: last({ retry_window: 2 }) })).toEqual(['good']);
  expect(judged(alert, { last: last({ retry_window: 2, '404': 1 }) })).toEqual(['bad']);
  expect(judged(alert, { last: last({ destination_disabled: 9, destination_paused: 9, retry_window: 2 }) })).toEqual([
    'good',
  ]);
  expect(judged(alert, { last: () => undefined })).toEqual(['unknown']);
});

test('each new code of a destination is one thing, and none where there are none', () => {
  const alert = anAlert({ kind: 'NEW_ERROR' });
  const found = readingsOf(alert, facts({ newErrors: { [destination.id]: ['401', 'ETIMEDOUT'], dst_9: ['x'] } }));
  expect(found.map(({ object, is }) => [object, is])).toEqual([
    ['dst_1#401', 'bad'],
    ['dst_1#ETIMEDOUT', 'bad'],
  ]);
  expect(judged(alert, { newErrors: {} })).toEqual([]);
});

test.each([
  ['exactly as old as allowed', 600, 'good'],
  ['older by a second', 601, 'bad'],
  ['unknown to CloudWatch', undefined, 'unknown'],
])('a lane whose oldest message is %s', (_case, age, is) => {
  const laneAges = new Map(age === undefined ? [] : [[destination.id, age]]);
  expect(judged(anAlert({ kind: 'LANE_AGE', seconds: 600 }), { laneAges })).toEqual([is]);
});

test('books that do not add up are bad for the destination they are of', () => {
  const found = {
    workspaceId: destination.workspaceId,
    sourceId: source.id,
    destinationId: destination.id,
    kind: 'stuck',
    count: 3,
  } as const;
  const alert = anAlert({ kind: 'LEDGER_MISMATCH', percent: undefined });
  const seen = (over: Partial<AlertFacts>) => readingsOf(alert, facts(over)).map(({ object, is }) => [object, is]);
  expect(seen({ mismatches: [found] })).toEqual([
    ['dst_1', 'bad'],
    ['src_1', 'good'],
  ]);
  expect(seen({ mismatches: [found], destinations: [{ ...destination, enabled: false }] })).toContainEqual([
    'dst_1',
    'bad',
  ]);
  expect(seen({})).toEqual([
    ['dst_1', 'good'],
    ['src_1', 'good'],
  ]);
  expect(seen({ mismatches: undefined })).toEqual([
    ['dst_1', 'unknown'],
    ['src_1', 'unknown'],
  ]);
  const ofOne = { ...alert, destinationId: destination.id };
  expect(readingsOf(ofOne, facts({ mismatches: [found] }))).toHaveLength(1);
});

test('books that do not add up without a destination are told of by their source, and by its id where it is gone', () => {
  const alert = anAlert({ kind: 'LEDGER_MISMATCH', percent: undefined });
  const found = { workspaceId: destination.workspaceId, kind: 'equation', count: 4 } as const;
  const gone = aSource({ id: 'src_gone' }).id;
  expect(
    readingsOf(
      alert,
      facts({
        mismatches: [
          { ...found, sourceId: source.id },
          { ...found, sourceId: gone, destinationId: aDestination({ id: 'dst_gone' }).id },
        ],
      }),
    ),
  ).toMatchObject([
    { object: 'dst_1', is: 'good' },
    { object: 'src_1', is: 'bad', sourceId: 'src_1', said: 'Web: the books do not add up (equation 4)' },
    { object: 'src_gone', is: 'bad', sourceId: 'src_gone', said: 'src_gone: the books do not add up (equation 4)' },
  ]);
});

test('usage is told from the number on, and each month is a thing of its own', () => {
  const alert = anAlert({ kind: 'USAGE', measure: 'API_CALLS', count: 100 });
  expect(readingsOf(alert, facts({ usage: { API_CALLS: 99 } }))[0]).toMatchObject({
    is: 'good',
    object: 'API_CALLS#2026-11',
  });
  expect(judged(alert, { usage: { API_CALLS: 100 } })).toEqual(['bad']);
  expect(judged(alert, { usage: {} })).toEqual(['unknown']);
});
