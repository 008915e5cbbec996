import { type FoldDeps, foldUsage } from '../../../../functions/aggregate-usage/fold-users.ts';
import type { JsonObject } from '../../../../shared/domain/json.ts';
import { hourOf } from '../../../../shared/domain/timestamp.ts';
import { noSourceTotals, noDestinationTotals } from '../../../../shared/domain/books.ts';
import {
  type DestinationUnits,
  noSourceUsage,
  noUnits,
  type SourceUnits,
  unitsByDay,
} from '../../../../shared/usage/usage-month.ts';
import type { WorkspaceConfig } from '../../../../shared/domain/workspace.ts';
import { aDoneRow, aPlanRow, intakeIdOf } from '../../../builders/ledger-rows.ts';
import { fakeRollupStore } from '../../../builders/rollup-store.ts';
import { aDigest, fakeDigestShelf, fakeSeenUsers, fakeUsageMonths } from '../../../builders/usage-stores.ts';
import { aDestination, aSource } from '../../../builders/workspace-things.ts';

const createdAt = '2026-10-20T08:00:00.000Z';
const config: WorkspaceConfig = {
  workspaceId: aSource().workspaceId,
  configVersion: 1,
  sources: [aSource({ createdAt }), aSource({ id: 'src_2', slug: 'two', createdAt })],
  destinations: [{ destination: aDestination({ createdAt }), mappings: [] }],
};
const LEDGER: FoldDeps['ledger'] = {
  plansOfHour: async () => [aPlanRow({ bytes: 3_000 }), aPlanRow({ intakeId: intakeIdOf(2), bytes: 1_000 })],
  donesOfHour: async () => [aDoneRow({ bytesOut: 900 })],
};

function setUp(step?: () => Promise<void>) {
  const { held, shelf } = fakeDigestShelf(step);
  const seen = fakeSeenUsers(step);
  const months = fakeUsageMonths(step);
  const rollups = fakeRollupStore();
  let writes = 0;
  const run = async (now: string, over: Partial<FoldDeps> = {}, configs = [config]) => {
    const newWriteId = () => `w${(writes += 1)}`;
    await foldUsage(
      { digests: shelf, seen, months, rollups, ledger: LEDGER, now: () => new Date(now), newWriteId, ...over },
      configs,
    );
  };
  const add = (events: JsonObject[], from: string, { sourceId = 'src_1', writtenIn = '' } = {}) => {
    held.push({ digest: aDigest(events, { from, sourceId }), ...(writtenIn !== '' && { writtenIn }) });
  };
  const users = (month = '2026-11') => months.held.get(`ws_1 ${month}`)?.month.users.days;
  const state = () => JSON.stringify([seen.dump(), [...months.held.values()].map(({ month }) => month.users)]);
  return { held, add, run, users, months, seen, rollups, state };
}
const known = (userId: string, anonymousId?: string): JsonObject => ({
  type: 'track',
  userId,
  ...(anonymousId !== undefined && { anonymousId }),
});

test('users of a workspace count once, whatever the number of its sources, and once for each source (I02)', async () => {
  const { add, run, months } = setUp();
  add([known('u', 'a'), { type: 'page', anonymousId: 'b' }], '2026-11-03T10:15:00.000Z');
  add([known('u'), known('v')], '2026-11-04T09:00:00.000Z', { sourceId: 'src_2' });
  await run('2026-11-04T10:05:00.000Z');
  expect(months.held.get('ws_1 2026-11')?.month).toMatchObject({
    foldedTo: '2026-11-04T10',
    users: {
      isExact: true,
      days: [
        [0, 0, 0],
        [0, 0, 0],
        [1, 2, 1],
        [2, 2, 1],
      ],
    },
    sources: {
      src_1: {
        users: {
          days: [
            [0, 0, 0],
            [0, 0, 0],
            [1, 2, 1],
          ],
        },
      },
      src_2: {
        users: {
          days: [
            [0, 0, 0],
            [0, 0, 0],
            [0, 0, 0],
            [2, 0, 0],
          ],
        },
      },
    },
  });
});

test('each month counts by itself, and the run after its end brings it up to its end', async () => {
  const { add, run, users } = setUp();
  add([known('u')], '2026-10-31T23:50:00.000Z');
  await run('2026-10-31T23:05:00.000Z');
  add([known('v')], '2026-10-31T23:59:59.999Z');
  add([known('u')], '2026-11-01T00:00:00.000Z');
  await run('2026-11-01T00:05:00.000Z');
  expect(users('2026-10')?.at(-1)).toEqual([2, 0, 0]);
  expect(users('2026-11')).toEqual([[1, 0, 0]]);
});

test('run twice, late, out of order or after missed runs: the same totals (E1)', async () => {
  const events = Array.from({ length: 60 }, (_, hour): [JsonObject[], string] => [
    [known(`u${hour % 17}`, `a${hour % 23}`), { type: 'page', anonymousId: `a${hour % 31}` }],
    new Date(Date.parse('2026-11-10T00:30:00.000Z') + hour * 3_600_000).toISOString(),
  ]);
  const hourly = setUp();
  for (const [of, from] of events) {
    hourly.add(of, from);
    await hourly.run(`${hourOf(from)}:35:00.000Z`);
    await hourly.run(`${hourOf(from)}:35:00.000Z`);
  }
  const once = setUp();
  for (const [of, from] of events.toReversed()) once.add(of, from);
  await once.run('2026-11-12T11:35:00.000Z');
  expect(once.state()).toBe(hourly.state());
  expect(once.users()?.at(-1)?.[0]).toBe(17);
});

test('a digest of a past hour that is written late is found by its mark, also by a run after missed ones, and counts in its month', async () => {
  const { add, run, users } = setUp();
  add([known('u')], '2026-10-31T10:00:00.000Z');
  await run('2026-11-01T10:05:00.000Z');
  add([known('late')], '2026-10-30T10:00:00.000Z', { writtenIn: '2026-11-01T11' });
  await run('2026-11-02T09:05:00.000Z');
  expect(users('2026-10')?.at(-1)).toEqual([2, 0, 0]);
  expect(users('2026-10')?.[29]).toEqual([1, 0, 0]);
});

test('runs that overlap in whatever order leave what one run leaves', async () => {
  const events: [JsonObject[], string][] = [
    [[known('u', 'a')], '2026-11-20T08:00:00.000Z'],
    [[known('v')], '2026-11-21T09:00:00.000Z'],
    [[{ type: 'page', anonymousId: 'a' }], '2026-11-21T10:00:00.000Z'],
  ];
  const alone = setUp();
  for (const [of, from] of events) alone.add(of, from);
  await alone.run('2026-11-21T10:05:00.000Z');
  for (let seed = 1; seed <= 40; seed += 1) {
    let state = seed;
    // Each call of a store waits a number of turns that the seed chooses.
    const step = async () => {
      state = (state * 48_271) % 2_147_483_647;
      for (let turn = (state % 3) ** 5; turn > 0; turn -= 1) await Promise.resolve();
    };
    const both = setUp(step);
    for (const [of, from] of events.slice(0, 2)) both.add(of, from);
    const first = both.run('2026-11-21T10:05:00.000Z');
    for (let turn = seed % 11; turn > 0; turn -= 1) await Promise.resolve();
    const [of, from] = events[2] ?? [[], ''];
    both.add(of, from);
    await Promise.all([first, both.run('2026-11-21T10:05:00.000Z')]);
    expect(both.state()).toBe(alone.state());
  }
});

test('a run that was overtaken, and puts what it had read before, begins again: nothing of the other is lost', async () => {
  const { add, run, users, seen } = setUp();
  add([known('u')], '2026-11-20T08:00:00.000Z');
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  const put: typeof seen.put = async (place, value) => {
    await gate;
    await seen.put(place, value);
  };
  const slow = run('2026-11-20T10:05:00.000Z', { seen: { get: seen.get, put } });
  await new Promise((resolve) => setImmediate(resolve));
  add([known('v')], '2026-11-20T09:00:00.000Z');
  await run('2026-11-20T10:06:00.000Z');
  release();
  await slow;
  expect(users()?.at(-1)).toEqual([2, 0, 0]);
  const alone = setUp();
  alone.add([known('u')], '2026-11-20T08:00:00.000Z');
  alone.add([known('v')], '2026-11-20T09:00:00.000Z');
  await alone.run('2026-11-20T10:05:00.000Z');
  expect(seen.dump()).toEqual(alone.seen.dump());
});

test('a run that breaks off anywhere is made good by the next', async () => {
  const alone = setUp();
  alone.add([known('u', 'a')], '2026-11-20T08:00:00.000Z');
  await alone.run('2026-11-20T10:05:00.000Z');
  for (let calls = 1; calls <= 12; calls += 1) {
    let left = calls;
    const broken = setUp(async () => {
      left -= 1;
      if (left === 0) throw new Error('killed');
    });
    broken.add([known('u', 'a')], '2026-11-20T08:00:00.000Z');
    await broken.run('2026-11-20T10:05:00.000Z').catch(() => undefined);
    await broken.run('2026-11-20T10:05:00.000Z');
    expect(broken.state()).toBe(alone.state());
  }
});

test('a workspace that fails holds up no other, and the run fails, so that it comes again', async () => {
  const { add, run, users, seen } = setUp();
  const other = { ...config, workspaceId: aSource({ workspaceId: 'ws_0' }).workspaceId };
  add([known('u')], '2026-11-20T08:00:00.000Z');
  const failing = {
    ...seen,
    get: seen.get,
    put: seen.put,
  };
  const months = fakeUsageMonths();
  const put: typeof months.put = async (month, over) => {
    if (month.workspaceId === 'ws_0') throw new Error('away');
    return await months.put(month, over);
  };
  await expect(
    run('2026-11-20T10:05:00.000Z', { seen: failing, months: { ...months, put } }, [other, config]),
  ).rejects.toThrow('away');
  expect(months.held.get('ws_1 2026-11')?.month.users.days.at(-1)).toEqual([1, 0, 0]);
  expect(users()).toBeUndefined();
});

test('one workspace that is far behind makes nobody else read what it missed, and what cannot be read of that holds up no other', async () => {
  const { run, months } = setUp();
  const behind = { ...config, workspaceId: aSource({ workspaceId: 'ws_0' }).workspaceId };
  // Both stand at the 8th; then ws_0 fails for twelve days.
  await run('2026-11-08T10:05:00.000Z', {}, [behind, config]);
  await run('2026-11-20T10:05:00.000Z');
  const asked: [string, string[]][] = [];
  const { shelf } = fakeDigestShelf();
  const digests: FoldDeps['digests'] = {
    ...shelf,
    lateSince: async function* (writtenHour, workspaceIds = new Set()) {
      asked.push([writtenHour, [...workspaceIds]]);
      if (writtenHour < '2026-11-10') throw new Error('too many');
      yield aDigest([known('u')], { from: '2026-11-18T08:00:00.000Z', sourceId: 'src_1' });
    },
  };
  await expect(run('2026-11-20T11:05:00.000Z', { digests }, [behind, config])).rejects.toThrow('too many');
  expect(months.held.get('ws_1 2026-11')?.month.users.days.at(-1)).toEqual([1, 0, 0]);
  expect(asked).toEqual([
    [expect.stringMatching(/^2026-11-08/), ['ws_0']],
    [expect.stringMatching(/^2026-11-20/), ['ws_1']],
  ]);
});

test('calls of each day and units of days at hand come from the books; a deleted source keeps what it had (I01, I05, I07)', async () => {
  const { run, rollups, months } = setUp();
  const source = aSource();
  await rollups.putUsageDay({ sourceId: source.id, day: '2026-11-02', calls: 7, types: { track: 7 } }, 1);
  await rollups.putUsageDay({ sourceId: source.id, day: '2026-11-20', calls: 5, types: { track: 5 } }, 1);
  const totals = { ...noSourceTotals(), received: 9, blocked: { unplanned: 4 }, routed: 5 };
  const over = { version: 0, writeId: 'w' };
  for (const hour of ['2026-11-20T06', '2026-11-20T10']) await rollups.source(source.id).putHour(hour, totals, over);
  const sent = { ...noDestinationTotals(), delivered: 4, retry: 2 };
  await rollups.destination(aDestination().id).putHour('2026-11-20T08', sent, over);
  await run('2026-11-20T10:05:00.000Z');
  const month = months.held.get('ws_1 2026-11')?.month;
  const usage = month?.sources['src_1'] ?? noSourceUsage();
  expect(usage.calls).toEqual([0, 7, ...Array<number>(17).fill(0), 5]);
  // The hour of six is closed, that of ten is counted again.
  expect(usage.units.days.at(-1)).toEqual([2, 4_000, 9, 5]);
  expect(usage.units.open).toEqual({ '2026-11-20T10': [2, 4_000, 9, 5] });
  expect(unitsByDay(usage.units).at(-1)).toEqual([4, 8_000, 18, 10]);
  expect(month?.sources['src_2']).toBeUndefined();
  expect(unitsByDay(month?.destinations['dst_1'] ?? noUnits<DestinationUnits>()).at(-1)).toEqual([1, 6, 900]);
  // A run over the same hours, and one that began before it, change nothing.
  for (const now of ['2026-11-20T10:25:00.000Z', '2026-11-20T07:05:00.000Z', '2026-11-21T09:05:00.000Z']) {
    await run(now);
    const later = months.held.get('ws_1 2026-11')?.month;
    expect(unitsByDay(later?.sources['src_1']?.units ?? noUnits<SourceUnits>())).toEqual(unitsByDay(usage.units));
    expect(later?.sources['src_1']?.calls).toEqual(usage.calls);
  }
  await run('2026-11-21T10:05:00.000Z', {}, [{ ...config, sources: [], destinations: [] }]);
  const left = months.held.get('ws_1 2026-11')?.month;
  expect(left?.sources['src_1']?.calls).toEqual(usage.calls);
  expect(unitsByDay(left?.destinations['dst_1'] ?? noUnits<DestinationUnits>()).at(-1)).toEqual([1, 6, 900]);
});
