import { aDoneRow, aPlanRow, intakeIdOf } from '../../../builders/ledger-rows.ts';
import { liveWorld, partsOf, ws1 } from '../../../builders/live-world.ts';
import { sumParts } from '../../../../shared/domain/digest-sums.ts';

const at = (time: string): string => `2026-11-24T${time}.000Z`;
const OLDEST = '2026-11-17T10';
const plan = (number: number, time: string, over = {}) =>
  aPlanRow({ intakeId: intakeIdOf(number), receivedAt: at(time), ...over });
const done = (number: number, time: string, over = {}) =>
  aDoneRow({ intakeId: intakeIdOf(number), dueAt: at(time), ...over });

test('a first event shows at the next look, before its minute is summed up', async () => {
  const world = liveWorld(at('10:15:30'));
  world.standsAt('2026-11-24T10:15');
  await world.live(ws1, OLDEST);
  world.plan(plan(1, '10:15:31'));
  world.done(done(1, '10:15:31'));
  world.pass(10);
  const { minutes, asOf } = await world.live(ws1, OLDEST);
  expect(asOf).toBe(at('10:15:00'));
  expect(minutes.get('2026-11-24T10:15')).toMatchObject({
    sources: { src_1: { received: 1 } },
    destinations: { dst_1: { delivered: 1 } },
  });
});

test('what was summed up meanwhile is not counted twice', async () => {
  const world = liveWorld(at('10:15:30'));
  world.standsAt('2026-11-24T10:15');
  world.plan(plan(1, '10:15:20'));
  world.plan(plan(2, '10:15:25'));
  expect((await world.live(ws1, OLDEST)).minutes.get('2026-11-24T10:15')?.sources['src_1']?.received).toBe(2);
  world.pass(40);
  world.minute('2026-11-24T10:15', partsOf(world.rows.plans, []));
  world.standsAt('2026-11-24T10:16');
  const snapshot = await world.live(ws1, OLDEST);
  expect(sumParts(snapshot.minutes.values()).sources['src_1']?.received).toBe(2);
});

test('a look at what stands still reads how far the sums have come and what was touched, and no minute, hour or row', async () => {
  const world = liveWorld(at('10:15:30'));
  world.standsAt('2026-11-24T10:15');
  for (let minute = 0; minute < 15; minute += 1) {
    const span = `2026-11-24T10:${String(minute).padStart(2, '0')}`;
    world.minute(span, partsOf([plan(1, `10:${String(minute).padStart(2, '0')}:10`)], []));
  }
  await world.live(ws1, OLDEST);
  const before = { ...world.kept.reads };
  world.pass(10);
  await world.live(ws1, OLDEST);
  expect(world.kept.reads).toEqual({ ...before, state: before.state + 1, touched: before.touched + 1 });
  expect(world.rows.asked).toEqual([]);
});

test('in a month of looks each 10 s minutes are read again once a minute, and hours once an hour', async () => {
  const world = liveWorld(at('10:00:05'));
  const reads = { ...world.kept.reads };
  for (let second = 0; second < 3_600; second += 10) {
    world.standsAt(world.now().toISOString().slice(0, 16));
    await world.live(ws1, OLDEST);
    world.pass(10);
  }
  expect(world.kept.reads.state - reads.state).toBe(360);
  expect(world.kept.reads.touched - reads.touched).toBe(360);
  expect(world.kept.reads.minutes - reads.minutes).toBe(60);
  expect(world.kept.reads.hours - reads.hours).toBe(1);
});

test('twenty who look at once cost one look', async () => {
  const world = liveWorld(at('10:15:30'));
  const snapshots = await Promise.all(Array.from({ length: 20 }, () => world.live(ws1, OLDEST)));
  expect(new Set(snapshots).size).toBe(1);
  expect(world.kept.reads.state).toBe(1);
});

test('a busy source is not read row by row: its number of the last minute does, and at most 24 queries are made in 10 s', async () => {
  const world = liveWorld(at('10:15:30'));
  world.standsAt('2026-11-24T10:15');
  world.minute('2026-11-24T10:14', partsOf([plan(1, '10:14:10', { sourceId: 'src_busy', received: 5_000 })], []));
  for (let number = 0; number < 400; number += 1) {
    world.plan(plan(number, '10:15:10', { sourceId: 'src_busy' }));
    world.plan(plan(number, '10:15:10', { sourceId: `src_${number % 40}` }));
  }
  await world.live(ws1, OLDEST);
  expect(world.rows.asked.some((ask) => ask.startsWith('src_busy'))).toBe(false);
  expect(world.rows.asked.length).toBeGreaterThan(0);
  expect(world.rows.asked.length).toBeLessThanOrEqual(24);
  world.pass(6);
  await world.live(ws1, OLDEST);
  expect(world.rows.asked.length).toBeLessThanOrEqual(24);
});

test('what came first in a minute is not passed over for what came later: all show within three looks, and stay', async () => {
  const world = liveWorld(at('10:15:05'));
  world.standsAt('2026-11-24T10:15');
  const seen = async (): Promise<string[]> => {
    const { minutes } = await world.live(ws1, OLDEST);
    return Object.keys(minutes.get('2026-11-24T10:15')?.sources ?? {}).toSorted();
  };
  // 24 requests at once lie in all shards: such a source takes 8 queries.
  for (const source of ['src_a', 'src_b', 'src_c', 'src_d', 'src_e', 'src_f']) {
    for (let number = 0; number < 64; number += 1) world.plan(plan(number, '10:15:05', { sourceId: source }));
  }
  await expect(seen()).resolves.toHaveLength(3);
  world.pass(11);
  await expect(seen()).resolves.toEqual(['src_a', 'src_b', 'src_c', 'src_d', 'src_e', 'src_f']);
  for (let number = 0; number < 64; number += 1) world.plan(plan(number, '10:15:16', { sourceId: 'src_g' }));
  world.pass(11);
  await expect(seen()).resolves.toEqual(['src_a', 'src_b', 'src_c', 'src_d', 'src_e', 'src_f', 'src_g']);
});

test('an hour that ends is there as its minutes at once, and as the hour when it is older, never as both', async () => {
  const world = liveWorld(at('10:59:30'));
  const rows = [plan(1, '09:30:00'), plan(2, '10:30:00'), plan(3, '10:58:00')];
  world.hour('2026-11-24T09', partsOf([rows[0] as never], []));
  world.minute('2026-11-24T09:30', partsOf([rows[0] as never], []));
  world.minute('2026-11-24T10:30', partsOf([rows[1] as never], []));
  world.minute('2026-11-24T10:58', partsOf([rows[2] as never], []));
  world.hour('2026-11-24T10', partsOf(rows.slice(1), []));
  const receivedIn = async (): Promise<number | undefined> => {
    const snapshot = await world.live(ws1, OLDEST);
    return sumParts([snapshot.hoursFrom(OLDEST), ...snapshot.minutes.values()]).sources['src_1']?.received;
  };
  await expect(receivedIn()).resolves.toBe(3);
  for (const seconds of [31, 60, 1_800, 1_800, 3_600]) {
    world.pass(seconds);
    world.standsAt(world.now().toISOString().slice(0, 16));
    await expect(receivedIn()).resolves.toBe(3);
  }
});
