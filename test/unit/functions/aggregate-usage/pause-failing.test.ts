import { FAILING_DAYS, pauseFailing } from '../../../../functions/aggregate-usage/pause-failing.ts';
import { type DestinationTotals, noDestinationTotals } from '../../../../shared/domain/books.ts';
import { dayPlus } from '../../../../shared/domain/timestamp.ts';
import type { Destination } from '../../../../shared/domain/workspace.ts';
import { fakeRollupStore } from '../../../builders/rollup-store.ts';
import { aDestination, aSource } from '../../../builders/workspace-things.ts';

const createdAt = '2026-11-01T00:00:00.000Z';
const failing: Partial<DestinationTotals> = { deadLettered: { retry_window: 3 } };

/** Yesterday's totals come last. */
async function setUp(
  days: Partial<DestinationTotals>[],
  {
    over = {},
    at = '2026-11-24T12:05:00.000Z',
    isStale = false,
  }: { over?: Record<string, unknown>; at?: string; isStale?: boolean } = {},
) {
  const destination = aDestination({ createdAt, updatedAt: createdAt, version: 4, ...over });
  const rollups = fakeRollupStore();
  for (const [index, totals] of days.entries()) {
    const day = dayPlus('2026-11-24', index - days.length);
    const rollup = { totals: { ...noDestinationTotals(), ...totals }, sofar: noDestinationTotals() };
    await rollups.destination(destination.id).putDay(day, rollup, { version: 0, writeId: 'w' });
  }
  const saved: Destination[] = [];
  const control = {
    saveDestination: async (value: Destination) => {
      if (isStale) return { outcome: 'stale' as const };
      saved.push(value);
      return { outcome: 'saved' as const, value };
    },
  };
  const config = {
    workspaceId: destination.workspaceId,
    configVersion: 1,
    sources: [aSource({ createdAt })],
    destinations: [{ destination, mappings: [] }],
  };
  const pause = () => pauseFailing({ control, rollups, now: () => new Date(at), newWriteId: () => 'w' }, config);
  return { pause, saved, rollups, destination };
}

test('five full days of failing only pause a destination over the version that was read, its events kept', async () => {
  const { pause, saved, destination } = await setUp([
    { delivered: 9 },
    failing,
    { retry: 1 },
    { discarded: { 404: 2 } },
    failing,
    failing,
  ]);
  const paused = {
    ...destination,
    paused: { since: '2026-11-24T12:05:00.000Z', by: 'failing' },
    updatedAt: '2026-11-24T12:05:00.000Z',
  };
  await expect(pause()).resolves.toEqual([paused]);
  expect(saved).toEqual([paused]);
});

test('one that has recovered since midnight is left alone', async () => {
  const { pause, saved, rollups, destination } = await setUp(Array.from({ length: FAILING_DAYS }, () => failing));
  const recovered = { ...noDestinationTotals(), delivered: 1 };
  await rollups.destination(destination.id).putHour('2026-11-24T11', recovered, { version: 0, writeId: 'w' });
  await expect(pause()).resolves.toEqual([]);
  expect(saved).toEqual([]);
});

test.each<[string, Partial<DestinationTotals>[], Parameters<typeof setUp>[1]]>([
  ['four days of it', Array.from({ length: FAILING_DAYS - 1 }, () => failing), {}],
  ['one delivery among them', [failing, failing, { ...failing, delivered: 1 }, failing, failing], {}],
  ['a day without any send', [failing, failing, {}, failing, failing], {}],
  ['a disabled one', Array.from({ length: 6 }, () => failing), { over: { enabled: false } }],
  [
    'one that is paused already',
    Array.from({ length: 6 }, () => failing),
    { over: { paused: { since: createdAt, by: 'hand' } } },
  ],
  [
    'one that was resumed or changed within these days',
    Array.from({ length: 6 }, () => failing),
    { over: { updatedAt: '2026-11-19T23:00:00.000Z' } },
  ],
  [
    'a last day whose hours are not rolled up for good',
    Array.from({ length: FAILING_DAYS }, () => failing),
    { at: '2026-11-24T02:05:00.000Z' },
  ],
  ['one that somebody changes just now', Array.from({ length: 6 }, () => failing), { isStale: true }],
])('%s pauses nothing', async (_case, days, options) => {
  const { pause, saved } = await setUp(days, options);
  await expect(pause()).resolves.toEqual([]);
  expect(saved).toEqual([]);
});
