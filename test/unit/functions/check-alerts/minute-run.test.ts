import { type Digested, type MinuteDeps, minuteRun } from '../../../../functions/check-alerts/minute-run.ts';
import { minutesOfHours } from '../../../../functions/check-alerts/minutes-of-hours.ts';
import { destinationPartOf, sourcePartOf } from '../../../../shared/domain/digest-sums.ts';
import type { DoneRow, PlanRow } from '../../../../shared/domain/ledger-rows.ts';
import { WorkspaceId } from '../../../../shared/domain/ids.ts';
import { hourOf, minuteOf } from '../../../../shared/domain/timestamp.ts';
import { fakeDigests, fakeSpanRows, partsIn } from '../../../builders/fake-digests.ts';
import { aDoneRow, aPlanRow, intakeIdOf } from '../../../builders/ledger-rows.ts';
import { touchesOfDone, touchOfPlan } from '../../../../shared/pipeline/touch-of.ts';
import { aWorkspaceConfig } from '../../../builders/workspace-config.ts';

const ws1 = WorkspaceId.parse('ws_1');
const at = (time: string): string => `2026-11-24T${time}${time.length === 5 ? ':00' : ''}.000Z`;

function setUp() {
  const kept = fakeDigests();
  const rows = fakeSpanRows();
  const clock = { now: at('10:00') };
  const looked: Digested[] = [];
  const deps: MinuteDeps = {
    digests: kept.store,
    rows: rows.rows,
    made: minutesOfHours(),
    control: { listWorkspaces: async () => [{ id: ws1 }] as never },
    configs: { workspaceConfig: async () => aWorkspaceConfig() },
    afterDigests: [async (input) => void looked.push(input)],
    now: () => new Date(clock.now),
    remainingMs: () => 50_000,
  };
  return {
    deps,
    kept,
    rows,
    looked,
    run: async (time: string) => {
      clock.now = at(time);
      return await minuteRun(deps);
    },
    /** Touched, then put, as route and deliver do. */
    plan: (row: PlanRow, time: string) => {
      kept.touches.push({ ...touchOfPlan(row), at: at(time) });
      rows.plans.push(row);
    },
    done: (row: DoneRow, time: string) => {
      for (const touch of touchesOfDone({ destinationId: row.destinationId, part: row })) {
        kept.touches.push({ ...touch, at: at(time) });
      }
      rows.dones.push(row);
    },
  };
}

const planAt = (number: number, time: string, over = {}): PlanRow =>
  aPlanRow({ intakeId: intakeIdOf(number), receivedAt: at(time), writeId: `w${number}`, ...over });
const doneAt = (number: number, time: string, over = {}): DoneRow =>
  aDoneRow({ intakeId: intakeIdOf(number), dueAt: at(time), writeId: `d${number}`, ...over });

test('a minute is summed at the beginning of the next one, and its hour with it', async () => {
  const world = setUp();
  world.plan(planAt(1, '10:15:20'), '10:15:20');
  world.done(doneAt(1, '10:15:20'), '10:15:21');
  await expect(world.run('10:16:01')).resolves.toEqual({ outcome: 'ran', workspaces: 1, minutes: 1 });
  const minute = partsIn(world.kept.minutes, '2026-11-24T10:15');
  expect(minute?.sources['src_1']).toMatchObject({ received: 1, routed: 1, lastAt: at('10:15:20') });
  expect(minute?.destinations['dst_1']).toMatchObject({ delivered: 1, retried: 0, failedTries: {} });
  expect(partsIn(world.kept.hours, '2026-11-24T10')).toEqual(minute);
  await expect(world.kept.store.asOf(ws1)).resolves.toBe(at('10:16'));
});

test('who looks at the sums is told where they begin: at the first run, and anew after more than is caught up with', async () => {
  const world = setUp();
  await world.run('10:00:01');
  await world.run('10:01:01');
  const seen = () => world.looked.map(({ asOf, since }) => [asOf, since]);
  expect(seen()).toEqual([
    [at('10:00'), '2026-11-24T10:00'],
    [at('10:01'), '2026-11-24T10:00'],
  ]);
  const state = world.kept.kept.state;
  if (state === undefined) throw new Error('no state');
  world.kept.kept.state = { ...state, minute: '2026-11-20T10:00' };
  await world.run('10:02:01');
  expect(seen().at(-1)?.[1]).toBe('2026-11-22T10:02');
});

test('an idle workspace costs one read of touches a run, and no put but the state', async () => {
  const world = setUp();
  await world.run('10:00:01');
  const before = { ...world.kept.reads };
  await world.run('10:01:01');
  expect(world.kept.reads).toEqual({ ...before, touched: before.touched + 1 });
  expect([world.kept.minutes.size, world.kept.hours.size, world.rows.asked]).toEqual([0, 0, []]);
});

test('rows that come after their minute was summed, under its touch, are in once the touch can serve no more (late rows)', async () => {
  const world = setUp();
  world.plan(planAt(1, '10:15:20'), '10:15:59');
  await world.run('10:16:01');
  // Same environment, same touch: no other is stored. 88 s after the minute is the latest that it may serve.
  world.rows.plans.push(planAt(1, '10:15:20', { writeId: 'late', received: 5, routed: 5 }));
  await world.run('10:17:01');
  await world.run('10:18:01');
  world.rows.plans.push(planAt(1, '10:15:21', { writeId: 'later', received: 7, routed: 7 }));
  expect(partsIn(world.kept.minutes, '2026-11-24T10:15')?.sources['src_1']?.received).toBe(6);
  await world.run('10:19:01');
  expect(partsIn(world.kept.minutes, '2026-11-24T10:15')?.sources['src_1']?.received).toBe(13);
});

test('what is summed for good is read strongly; what is summed again, for half the price', async () => {
  const world = setUp();
  world.plan(planAt(1, '10:15:20'), '10:15:20');
  for (const time of ['10:16:01', '10:17:01', '10:18:01', '10:19:01', '10:20:01', '10:21:01']) await world.run(time);
  expect(world.rows.asked.map((ask) => ask.split(' ')[2])).toEqual(['eventually', 'eventually', 'strongly']);
});

test('what is summed again and is as it was is not put, and an hour is made without reading its minutes again', async () => {
  const world = setUp();
  const puts: string[] = [];
  const { put } = world.kept.store;
  world.kept.store.put = async (workspaceId, span, parts, version) => {
    puts.push('minute' in span ? span.minute : span.hour);
    return await put(workspaceId, span, parts, version);
  };
  world.plan(planAt(1, '10:15:20'), '10:15:20');
  await world.run('10:16:01');
  world.done(doneAt(1, '10:16:20'), '10:16:20');
  const before = world.kept.reads.minutes;
  for (const time of ['10:17:01', '10:18:01', '10:19:01', '10:20:01']) await world.run(time);
  expect(puts).toEqual(['2026-11-24T10:15', '2026-11-24T10', '2026-11-24T10:16', '2026-11-24T10']);
  // Each sum reads what is kept of its minute, and nothing else: 10:15 twice more, 10:16 three times.
  expect(world.kept.reads.minutes - before).toBe(5);
  expect(partsIn(world.kept.hours, '2026-11-24T10')).toMatchObject({
    sources: { src_1: { received: 1 } },
    destinations: { dst_1: { delivered: 1 } },
  });
});

test('an hour that another environment has put since is made from all its minutes, as they are now', async () => {
  const world = setUp();
  world.plan(planAt(1, '10:15:20'), '10:15:20');
  await world.run('10:16:01');
  world.plan(planAt(2, '10:16:20'), '10:16:20');
  world.kept.kept.state = { ...world.kept.kept.state, fence: 1, behind: {}, heldUntilMs: 0 };
  await minuteRun({ ...world.deps, made: minutesOfHours(), now: () => new Date(at('10:17:01')) });
  world.plan(planAt(3, '10:17:20'), '10:17:20');
  await world.run('10:18:01');
  expect(partsIn(world.kept.hours, '2026-11-24T10')?.sources['src_1']?.received).toBe(3);
});

test('a run that ended between a minute and its hour is made up for, though the minute is put already', async () => {
  const world = setUp();
  world.plan(planAt(1, '10:15:20'), '10:15:20');
  const { put } = world.kept.store;
  world.kept.store.put = async (workspaceId, span, parts, version) => {
    if ('hour' in span) throw new Error('the table is away');
    return await put(workspaceId, span, parts, version);
  };
  await expect(world.run('10:16:01')).rejects.toThrow('the table is away');
  world.kept.store.put = put;
  await world.run('10:17:01');
  expect(partsIn(world.kept.hours, '2026-11-24T10')?.sources['src_1']?.received).toBe(1);
});

test('a subject is summed over the shards of all its touches, not only those of the newest', async () => {
  const world = setUp();
  for (const number of [1, 2, 3, 4]) world.plan(planAt(number, '10:15:20'), '10:15:20');
  for (const time of ['10:16:01', '10:17:01', '10:19:01', '10:24:01']) await world.run(time);
  // Long after, from one shard.
  world.plan(planAt(9, '10:15:30'), '10:30:00');
  await world.run('10:31:01');
  expect(partsIn(world.kept.minutes, '2026-11-24T10:15')?.sources['src_1']?.received).toBe(5);
  expect(partsIn(world.kept.hours, '2026-11-24T10')?.sources['src_1']?.received).toBe(5);
});

test('a row of three days ago has the whole hour of its subject summed, and leaves the others of that hour alone', async () => {
  const world = setUp();
  const old = { receivedAt: '2026-11-21T09:10:00.000Z' };
  const kept = planAt(1, '10:00', { ...old, sourceId: 'src_2' });
  await world.kept.store.put(
    ws1,
    { hour: '2026-11-21T09' },
    { sources: { src_2: sourcePartOf([kept], 255) as never }, destinations: {} },
    0,
  );
  world.rows.plans.push(planAt(2, '10:00', { ...old, receivedAt: '2026-11-21T09:50:00.000Z' }));
  world.plan(planAt(3, '10:00', old), '10:15:00');
  await world.run('10:16:01');
  const hour = partsIn(world.kept.hours, '2026-11-21T09');
  expect([hour?.sources['src_1']?.received, hour?.sources['src_2']?.received]).toEqual([2, 1]);
  expect(world.kept.minutes.size).toBe(0);
});

test('a second run at the same time ends at once, and the next minute is not kept from running (E1, double cron)', async () => {
  const world = setUp();
  world.plan(planAt(1, '10:15:20'), '10:15:20');
  const [one, two] = await Promise.all([world.run('10:16:01'), world.run('10:16:01')]);
  expect([one.outcome, two.outcome].toSorted()).toEqual(['held', 'ran']);
  await expect(world.run('10:16:30')).resolves.toMatchObject({ outcome: 'ran', minutes: 0 });
  await expect(world.run('10:17:01')).resolves.toMatchObject({ outcome: 'ran', minutes: 1 });
});

test('a lease that nobody gave back ends before the next minute, and one of a clock that was set back holds nobody', async () => {
  const world = setUp();
  await world.run('10:16:01');
  world.kept.kept.state = { ...world.kept.kept.state, fence: 1, behind: {}, heldUntilMs: Date.parse(at('10:16:56')) };
  await expect(world.run('10:16:30')).resolves.toEqual({ outcome: 'held' });
  await expect(world.run('10:17:01')).resolves.toMatchObject({ outcome: 'ran' });
  world.kept.kept.state = { fence: 9, behind: {}, minute: '2026-11-25T10:00', heldUntilMs: Date.parse(at('23:00')) };
  await expect(world.run('10:18:01')).resolves.toMatchObject({ outcome: 'ran' });
});

test('a run that comes back from the dead overwrites nothing: it sums again what another put', async () => {
  const world = setUp();
  world.plan(planAt(1, '10:15:20'), '10:15:20');
  let overtaken = false;
  const { put } = world.kept.store;
  world.kept.store.put = async (workspaceId, span, parts, version) => {
    if (!overtaken && 'minute' in span) {
      overtaken = true;
      world.rows.plans.push(planAt(1, '10:15:40', { writeId: 'x' }));
      const more = sourcePartOf(world.rows.plans, 255);
      await put(workspaceId, span, { sources: { src_1: more as never }, destinations: {} }, version);
    }
    return await put(workspaceId, span, parts, version);
  };
  await world.run('10:16:01');
  expect(overtaken).toBe(true);
  expect(partsIn(world.kept.minutes, '2026-11-24T10:15')?.sources['src_1']?.received).toBe(2);
});

test('what fails in one workspace is taken up by the next run, and keeps no other from it', async () => {
  const world = setUp();
  const ws2 = WorkspaceId.parse('ws_2');
  const both = { ...world.deps, control: { listWorkspaces: async () => [{ id: ws1 }, { id: ws2 }] as never } };
  world.plan(planAt(1, '10:15:20'), '10:15:20');
  const { touched } = world.kept.store;
  world.kept.store.touched = async (workspaceId, from, to) => {
    if (workspaceId === ws2) throw new Error('malformed');
    return await touched(workspaceId, from, to);
  };
  world.kept.touches.push({ ...touchOfPlan(planAt(2, '10:15:30', { workspaceId: 'ws_2' })), at: at('10:15:30') });
  world.rows.plans.push(planAt(2, '10:15:30', { workspaceId: 'ws_2', sourceId: 'src_1' }));
  const first = minuteRun({ ...both, now: () => new Date(at('10:16:01')) });
  await expect(first).rejects.toThrow('malformed');
  expect(partsIn(world.kept.minutes, '2026-11-24T10:15')?.sources['src_1']?.received).toBeGreaterThan(0);
  await expect(world.kept.store.asOf(ws2)).resolves.toBe(at('10:11'));
  world.kept.store.touched = touched;
  await minuteRun({ ...both, now: () => new Date(at('10:21:01')) });
  expect(world.kept.minutes.has('ws_2 2026-11-24T10:15')).toBe(true);
  await expect(world.kept.store.asOf(ws2)).resolves.toBe(at('10:21'));
});

test('runs that have no time for everybody begin behind the one that the last run ended with, so that everybody has a turn', async () => {
  const world = setUp();
  const ids = ['ws_1', 'ws_2', 'ws_3'].map((id) => WorkspaceId.parse(id));
  const summed: string[] = [];
  const { touched } = world.kept.store;
  let left = 0;
  world.kept.store.touched = async (workspaceId, from, to) => {
    summed.push(workspaceId);
    left -= 1;
    return await touched(workspaceId, from, to);
  };
  for (const time of ['10:00:01', '10:01:01', '10:02:01']) {
    left = 2;
    await minuteRun({
      ...world.deps,
      control: { listWorkspaces: async () => ids.map((id) => ({ id })) as never },
      remainingMs: () => (left > 0 ? 50_000 : 1_000),
      now: () => new Date(at(time)),
    });
  }
  expect(summed).toEqual(['ws_1', 'ws_2', 'ws_3', 'ws_1', 'ws_2', 'ws_3']);
});

test('a run that is ended from outside, by a workspace that takes all its time, leaves the next run to begin behind that one', async () => {
  const world = setUp();
  const ids = ['ws_1', 'ws_2'].map((id) => WorkspaceId.parse(id));
  const summed: string[] = [];
  const { touched, putState } = world.kept.store;
  world.kept.store.touched = async (workspaceId, from, to) => {
    summed.push(workspaceId);
    return await touched(workspaceId, from, to);
  };
  const control = { listWorkspaces: async () => ids.map((id) => ({ id })) as never };
  let isEnded = true;
  world.kept.store.putState = async (state, fence) => {
    // Nobody comes to say where the run ended.
    if (isEnded && state.heldUntilMs === 0) throw new Error('ended');
    return await putState(state, fence);
  };
  const first = minuteRun({ ...world.deps, control, now: () => new Date(at('10:00:01')) });
  await expect(first).rejects.toThrow('ended');
  isEnded = false;
  await minuteRun({ ...world.deps, control, now: () => new Date(at('10:01:01')) });
  expect(summed).toEqual(['ws_1', 'ws_2', 'ws_2', 'ws_1']);
});

test('missed runs of hours are caught up step by step, and a run without time leaves the rest to the next one', async () => {
  const world = setUp();
  await world.run('10:00:01');
  world.plan(planAt(1, '10:15:20'), '10:15:20');
  world.plan(planAt(2, '15:15:20'), '15:15:20');
  let steps = 0;
  const short = {
    ...world.deps,
    remainingMs: () => {
      steps += 1;
      return steps <= 2 ? 50_000 : 10_000;
    },
    now: () => new Date(at('16:00:01')),
  };
  await minuteRun(short);
  await expect(world.kept.store.asOf(ws1)).resolves.toBe(at('12:00'));
  expect([...world.kept.minutes.keys()]).toEqual(['ws_1 2026-11-24T10:15']);
  await world.run('16:01:01');
  expect([...world.kept.minutes.keys()]).toEqual(['ws_1 2026-11-24T10:15', 'ws_1 2026-11-24T15:15']);
});

test('others look at the numbers each minute, with the workspace, and one that throws keeps no other from it', async () => {
  const world = setUp();
  const deps: MinuteDeps = {
    ...world.deps,
    afterDigests: [async () => Promise.reject(new Error('a channel is away')), ...world.deps.afterDigests],
    now: () => new Date(at('10:16:01')),
  };
  await expect(minuteRun(deps)).rejects.toThrow('a channel is away');
  expect(world.looked).toMatchObject([{ asOf: at('10:16'), fence: 1, config: { workspaceId: 'ws_1' } }]);
  await expect(world.kept.store.asOf(ws1)).resolves.toBe(at('10:16'));
});

/** Small and repeatable (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test.each(Array.from({ length: 30 }, (_, seed) => seed + 1))(
  'whatever the cron does (missed, double, overlapping, clocks that jump), the sums are what the rows say (seed %i)',
  async (seed) => {
    const world = setUp();
    const random = randomOf(seed);
    const start = Date.parse(at('10:00'));
    const time = (ms: number): string => new Date(ms).toISOString().slice(11, 19);
    let number = 0;
    // Of the whole deployment: who touches and who sums have one clock, which runs again at once when it is set back.
    let clockOffMs = 0;
    for (let second = 0; second < 3_600; second += 20) {
      const nowMs = start + second * 1_000;
      number += 1;
      // Rows of now, of a little ago, and of hours ago.
      const backMs = random() < 0.1 ? random() * 7_200_000 : random() * 90_000;
      const rowTime = time(nowMs - backMs);
      if (random() < 0.7) world.plan(planAt(number, rowTime), time(nowMs + clockOffMs));
      if (random() < 0.7)
        world.done(doneAt(number, rowTime, { hop: Math.floor(random() * 2) }), time(nowMs + clockOffMs));
      if (second % 60 !== 0) continue;
      const isMissed = random() < 0.3;
      const before = clockOffMs;
      if (random() < 0.1) clockOffMs = (random() - 0.5) * 1_800_000;
      else if (random() < 0.5) clockOffMs = 0;
      if (isMissed && clockOffMs >= before) continue;
      const runs = random() < 0.3 ? 2 : 1;
      await Promise.all(Array.from({ length: runs }, () => world.run(time(nowMs + 1_000 + clockOffMs))));
    }
    for (const last of ['11:02:01', '11:05:01', '11:06:01', '11:20:01', '11:24:01']) await world.run(last);

    const rowMinutes = new Set([
      ...world.rows.plans.map(({ receivedAt }) => minuteOf(receivedAt)),
      ...world.rows.dones.map(({ dueAt }) => minuteOf(dueAt)),
    ]);
    for (const minute of rowMinutes) {
      const plans = world.rows.plans.filter(({ receivedAt }) => minuteOf(receivedAt) === minute);
      const dones = world.rows.dones.filter(({ dueAt }) => minuteOf(dueAt) === minute);
      const parts = partsIn(world.kept.minutes, minute);
      const shards = expect.any(Number) as unknown as number;
      expect({ ...parts?.sources['src_1'], shards }).toEqual({ ...sourcePartOf(plans, 0), shards });
      expect({ ...parts?.destinations['dst_1'], shards }).toEqual({ ...destinationPartOf(dones, 0), shards });
    }
    for (const hour of new Set([...rowMinutes].map(hourOf))) {
      const plans = world.rows.plans.filter(({ receivedAt }) => hourOf(receivedAt) === hour);
      expect(partsIn(world.kept.hours, hour)?.sources['src_1']?.received ?? 0).toBe(plans.length);
    }
  },
);
