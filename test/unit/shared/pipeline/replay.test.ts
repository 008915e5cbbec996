import { HOPS_MAX, PART_BYTES_MAX } from '../../../../shared/config/limits.ts';
import { Part } from '../../../../shared/domain/lane-message.ts';
import type { ReplayFilter } from '../../../../shared/domain/replay.ts';
import { bytesOf } from '../../../../shared/pipeline/read-intake.ts';
import { readOwners, RESUME_DAYS_MAX } from '../../../../shared/pipeline/replay-owners.ts';
import { goOn, type RunDeps, totalsOfRun } from '../../../../shared/pipeline/replay-run.ts';
import { beginRun, planRun } from '../../../../shared/pipeline/replay-start.ts';
import { aDoneRow } from '../../../builders/ledger-rows.ts';
import { aLetter, replayWorld, type ReplayWorld, RUN_IDS, voucherOf } from '../../../builders/replay-world.ts';
import { aTarget } from '../../../builders/workspace-config.ts';

const [RUN, SECOND_RUN] = RUN_IDS;
const KEY = 'destination=dst_hook/day=2026-11-24/one.ndjson.gz';
const OTHER = 'destination=dst_hook/day=2026-11-25/two.ndjson.gz';
const quiet = { rate: 100, onProgress: () => undefined };

const plan = (world: ReplayWorld, filter: ReplayFilter = {}) => planRun(world.deps, world.target, filter);

/** A whole run, or undefined where there is nothing to send. */
async function replay(world: ReplayWorld, filter: ReplayFilter = {}, rate = 100) {
  const planned = await plan(world, filter);
  if (planned.sends === 0) return undefined;
  const begun = await beginRun(world.deps, planned, rate);
  if (begun.outcome === 'overtaken') throw new Error('overtaken');
  return await goOn(world.deps, begun.run, begun.manifest, { ...quiet, rate });
}

const messageIds = (parts: readonly Part[]): string[] =>
  parts.flatMap(({ events }) => events.map((event) => String(event['messageId'])));
const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => index + from);

test('a letter goes out as a part of its run: by its name, with new times and no attempts, on the lane of now', async () => {
  const world = replayWorld(aTarget('hook', ['type = "track"'], { lane: 3 }));
  world.keep(KEY, [aLetter(1, { attempts: 13, hop: 12, code: 'retry_window' })]);
  await expect(replay(world)).resolves.toMatchObject({ outcome: 'sent', run: { planned: 1, position: 1, gone: 0 } });
  expect(world.lanes.sendings).toEqual([[expect.objectContaining({ lane: 3 })]]);
  expect(world.lanes.lies).toEqual([
    {
      v: 1,
      destinationId: 'dst_hook',
      parts: [
        {
          intakeId: 'in_aaaaaaaaaaaaaaaaaaaaaa',
          replay: RUN,
          slice: 0,
          workspaceId: 'ws_1',
          sourceId: 'src_1',
          receivedAt: '2026-11-26T10:00:00.000Z',
          dueAt: '2026-11-26T10:00:00.000Z',
          hop: 0,
          mappings: ['map_hook_0'],
          events: [aLetter(1).event],
          sends: [[0, 0, 0, 0]],
        },
      ],
    },
  ]);
  expect(() => Part.parse(world.parts()[0])).not.toThrow();
});

test('a letter counts only if its done row names the object that it lies in', async () => {
  const world = replayWorld();
  world.keep(KEY, [aLetter(1)]);
  // Lettered, then a crash; worked on again and lettered anew, elsewhere.
  world.keep('destination=dst_hook/day=2026-11-24/crashed.ndjson.gz', [aLetter(1)], true);
  // Lettered, then a crash; worked on again and delivered.
  world.keep('destination=dst_hook/day=2026-11-24/delivered.ndjson.gz', [aLetter(2)], true);
  world.ledger.rows.push({ ...voucherOf(aLetter(2), KEY), delivered: 1, discarded: {}, deadLetterKey: undefined });
  // Lettered, then a crash; not worked on again yet.
  world.keep('destination=dst_hook/day=2026-11-24/waiting.ndjson.gz', [aLetter(3)], true);
  await expect(plan(world)).resolves.toMatchObject({ sends: 1, leftOut: { orphan: 3, taken: 0, mappingGone: 0 } });
  await replay(world);
  expect(messageIds(world.parts())).toEqual(['m1']);
});

test('letters of before there were due times are vouched for under their receivedAt', async () => {
  const world = replayWorld();
  world.keep(KEY, [aLetter(1, { dueAt: undefined })]);
  await expect(plan(world)).resolves.toMatchObject({ sends: 1 });
});

test.each<[string, ReplayFilter, number[]]>([
  ['nothing', {}, [1, 2, 3, 4]],
  ['a code', { code: '500' }, [2]],
  ['an event', { event: 'Cup Broken' }, [3]],
  ['the name of a page', { event: 'Home' }, [4]],
  ['a messageId', { messageId: 'm3' }, [3]],
  ['a time on, it included', { from: '2026-11-24T10:15:02.000Z' }, [2, 3, 4]],
  ['before a time', { to: '2026-11-24T10:15:02.000Z' }, [1]],
  ['what was received from a time on', { receivedFrom: '2026-11-24T10:15:30.000Z' }, [4]],
  ['two things at once', { code: '400', event: 'Cup Broken' }, [3]],
  ['what nothing fits', { code: '400', messageId: 'm2' }, []],
])('by %s', async (_case, filter, expected) => {
  const world = replayWorld();
  world.keep(KEY, [
    aLetter(1),
    aLetter(2, { code: '500', settledAt: '2026-11-24T10:15:02.000Z' }),
    aLetter(3, {
      settledAt: '2026-11-24T10:15:03.000Z',
      event: { type: 'track', event: 'Cup Broken', messageId: 'm3' },
    }),
  ]);
  world.keep(OTHER, [
    aLetter(4, {
      receivedAt: '2026-11-24T10:15:30.000Z',
      settledAt: '2026-11-25T00:00:00.000Z',
      event: { type: 'page', name: 'Home', messageId: 'm4' },
    }),
  ]);
  await replay(world, filter);
  expect(messageIds(world.parts())).toEqual(expected.map((number) => `m${number}`));
});

test('an object of one day holds what ended just after midnight, too', async () => {
  const world = replayWorld();
  world.keep(KEY, [
    aLetter(1, { settledAt: '2026-11-24T23:59:59.900Z' }),
    aLetter(2, { settledAt: '2026-11-25T00:00:00.100Z' }),
  ]);
  await replay(world, { from: '2026-11-25T00:00:00.000Z' });
  expect(messageIds(world.parts())).toEqual(['m2']);
});

test('replaying all twice sends nothing twice, and what ended badly once more is taken by the second run', async () => {
  const world = replayWorld();
  world.keep(
    KEY,
    numbers(10).map((number) => aLetter(number)),
  );
  const first = await replay(world);
  expect(first).toMatchObject({ outcome: 'sent', run: { runId: RUN, number: 1, planned: 10 } });
  await expect(plan(world)).resolves.toMatchObject({ sends: 0, leftOut: { taken: 10 }, unfinished: [] });
  await expect(replay(world)).resolves.toBeUndefined();

  // The first run's part ended with two letters of its own.
  const again = [aLetter(3), aLetter(4)].map((letter, send) => ({
    ...letter,
    send,
    replay: RUN,
    intakeId: world.parts()[0]?.intakeId,
    dueAt: '2026-11-26T10:00:00.000Z',
  }));
  world.objects.set(OTHER, again as ReturnType<typeof aLetter>[]);
  world.ledger.rows.push({
    ...voucherOf(again[0] as ReturnType<typeof aLetter>, OTHER),
    delivered: 8,
    discarded: { 400: 2 },
  });
  await expect(replay(world)).resolves.toMatchObject({ run: { runId: SECOND_RUN, number: 2, planned: 2 } });
  expect(messageIds(world.parts())).toEqual([...numbers(10).map((number) => `m${number}`), 'm3', 'm4']);
});

test('what one run takes by a filter, another leaves alone', async () => {
  const world = replayWorld();
  world.keep(
    KEY,
    numbers(10).map((number) => aLetter(number, { code: number % 2 === 0 ? '400' : '500' })),
  );
  await replay(world, { code: '400' });
  await replay(world);
  expect(messageIds(world.parts())).toEqual([0, 2, 4, 6, 8, 1, 3, 5, 7, 9].map((number) => `m${number}`));
  expect(world.runs).toMatchObject([
    { filter: 'code 400', planned: 5 },
    { filter: 'all', planned: 5 },
  ]);
});

test('letters of mappings that are gone or off stay where they are', async () => {
  const world = replayWorld();
  world.keep(KEY, [aLetter(1), aLetter(2, { mappingId: 'map_gone' })]);
  await expect(plan(world)).resolves.toMatchObject({ sends: 1, leftOut: { mappingGone: 1 } });
  const off = replayWorld();
  off.keep(KEY, [aLetter(1)]);
  const mappings = off.target.mappings.map((mapping) => ({ ...mapping, enabled: false }));
  await expect(planRun(off.deps, { ...off.target, mappings }, {})).resolves.toMatchObject({
    sends: 0,
    leftOut: { mappingGone: 1 },
  });
});

test('parts hold at most 200 sends and 600 KB in every hop, of one source each, and each letter lies in one', async () => {
  const world = replayWorld(aTarget('hook', ['type = "track"', 'type = "track"']));
  const big = (number: number) => ({
    type: 'track',
    messageId: `m${number}`,
    text: 'é'.repeat(number % 3 === 0 ? 8_000 : 10),
  });
  const letters = numbers(1_000).map((number) =>
    aLetter(number, {
      event: big(number),
      mappingId: `map_hook_${number % 2}`,
      sourceId: number < 700 ? 'src_1' : 'src_2',
    }),
  );
  world.keep(KEY, letters.slice(0, 600));
  world.keep(OTHER, letters.slice(600));
  await replay(world, {}, 5_000);
  const parts = world.parts();
  expect(messageIds(parts)).toEqual(letters.map(({ event }) => event['messageId']));
  expect(parts.map(({ slice }) => slice)).toEqual(numbers(parts.length));
  for (const part of parts) {
    expect(part.sends.length).toBeLessThanOrEqual(200);
    const later = { ...part, hop: HOPS_MAX, steps: HOPS_MAX, waitingSince: part.dueAt, again: true };
    expect(bytesOf({ ...later, sends: part.sends.map(([n, e, m]) => [n, e, m, HOPS_MAX]) })).toBeLessThanOrEqual(
      PART_BYTES_MAX,
    );
    const events = part.events.map(({ messageId }) => letters.find(({ event }) => event['messageId'] === messageId));
    expect(new Set(events.map((letter) => letter?.sourceId))).toEqual(new Set([part.sourceId]));
    expect(part.sends.map(([, , mapping]) => part.mappings[mapping])).toEqual(
      events.map((letter) => letter?.mappingId),
    );
  }
  // Full ones, or the bound would not be shown.
  expect(Math.max(...parts.map((part) => bytesOf(part)))).toBeGreaterThan(PART_BYTES_MAX * 0.9);
});

test('a run keeps its rate, and a slow one comes in small portions', async () => {
  const world = replayWorld();
  world.keep(
    KEY,
    numbers(100).map((number) => aLetter(number)),
  );
  const startMs = world.deps.now().getTime();
  await replay(world, {}, 20);
  expect(world.parts().map(({ sends }) => sends.length)).toEqual([20, 20, 20, 20, 20]);
  expect(world.waits).toEqual([1_000, 1_000, 1_000, 1_000]);
  expect(world.deps.now().getTime() - startMs).toBe(4_000);
});

test('letters that expire before their turn are counted as gone, and the run ends', async () => {
  const world = replayWorld();
  world.keep(KEY, [aLetter(1), aLetter(2)]);
  world.keep(OTHER, [aLetter(3)]);
  const planned = await plan(world);
  const begun = await beginRun(world.deps, planned, 100);
  if (begun.outcome !== 'begun') throw new Error(begun.outcome);
  world.objects.delete(KEY);
  await expect(goOn(world.deps, begun.run, begun.manifest, quiet)).resolves.toMatchObject({
    outcome: 'sent',
    run: { planned: 3, position: 3, gone: 2, slices: 1, finishedAt: expect.any(String) },
  });
  expect(messageIds(world.parts())).toEqual(['m3']);
});

test('of two runs that were planned at one moment one begins', async () => {
  const world = replayWorld();
  world.keep(KEY, [aLetter(1)]);
  const [one, two] = [await plan(world), await plan(world)];
  await expect(beginRun(world.deps, one, 100)).resolves.toMatchObject({ outcome: 'begun' });
  await expect(beginRun(world.deps, two, 100)).resolves.toEqual({ outcome: 'overtaken' });
  // The manifest that it had written already is no run's: it takes nothing.
  expect(world.manifests.size).toBe(2);
  await expect(readOwners(world.deps, world.target.destination.id, 0)).resolves.toMatchObject({
    runs: [{ runId: RUN }],
  });
});

/** The same world, which dies at its nth call to a store or lane: before it has an effect, or after. */
function dyingAt(world: ReplayWorld, call: number, when: 'before' | 'after'): RunDeps {
  let calls = 0;
  const dying = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, name, receiver): unknown => {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value !== 'function' || name === 'letters') return value;
        return async (...args: unknown[]): Promise<unknown> => {
          calls += 1;
          if (calls === call && when === 'before') throw new Error('killed');
          const answer: unknown = await Reflect.apply(value, target, args);
          if (calls === call) throw new Error('killed');
          return answer;
        };
      },
    });
  const { deps } = world;
  return { ...deps, dones: dying(deps.dones), replays: dying(deps.replays), lanes: dying(deps.lanes) };
}

describe.each(['before', 'after'] as const)('a run that is killed %s its nth call', (when) => {
  // 100 letters in slices of 10, 3 to a round: a look, then 3 times 3 plan rows, a sending and a note, then 1 and 1 and 1; the 20th ends it.
  test.each(numbers(19, 1))('%i', async (call) => {
    const world = replayWorld();
    world.keep(
      KEY,
      numbers(60).map((number) => aLetter(number)),
    );
    world.keep(
      OTHER,
      numbers(40, 60).map((number) => aLetter(number)),
    );
    const begun = await beginRun(world.deps, await plan(world), 10);
    if (begun.outcome !== 'begun') throw new Error(begun.outcome);
    await expect(goOn(dyingAt(world, call, when), begun.run, begun.manifest, { ...quiet, rate: 30 })).rejects.toThrow(
      'killed',
    );

    // What deliver has done meanwhile: every other part.
    for (const { intakeId, slice, dueAt, sends } of world.parts().filter(({ slice }) => slice % 2 === 0)) {
      world.ledger.rows.push(
        aDoneRow({ destinationId: 'dst_hook', intakeId, slice, dueAt, replay: RUN, delivered: sends.length }),
      );
    }
    const before = world.parts();
    // Another run leaves these letters alone, and says whose they are.
    await expect(plan(world)).resolves.toMatchObject({
      sends: 0,
      leftOut: { taken: 100 },
      unfinished: [{ runId: RUN }],
    });
    const [run] = await world.deps.replays.listRuns(world.target.destination.id);
    if (run === undefined) throw new Error('The run is lost');
    await expect(goOn(world.deps, run, begun.manifest, { ...quiet, rate: 30 })).resolves.toMatchObject({
      outcome: 'sent',
      run: { planned: 100, position: 100, gone: 0 },
    });

    // By its name each part is one, whichever copy deliver works on; each letter is in one, and what may lie there twice says so.
    const byName = new Map(world.parts().map((part) => [part.slice, part]));
    expect(messageIds([...byName.values()].toSorted((a, b) => a.slice - b.slice))).toEqual(
      numbers(100).map((n) => `m${n}`),
    );
    const copies = world
      .parts()
      .slice(before.length)
      .filter(({ slice }) => before.some((part) => part.slice === slice));
    for (const copy of copies) {
      expect(copy).toEqual({ ...before.find(({ slice }) => slice === copy.slice), again: true });
      expect(world.ledger.rows.some((row) => row.replay === RUN && row.slice === copy.slice)).toBe(false);
    }
    expect(copies.length).toBeLessThanOrEqual(3);
  });
});

test('two commands that go on with one run: one ends, and each part is one', async () => {
  const world = replayWorld();
  world.keep(
    KEY,
    numbers(100).map((number) => aLetter(number)),
  );
  const begun = await beginRun(world.deps, await plan(world), 10);
  if (begun.outcome !== 'begun') throw new Error(begun.outcome);
  const ends = await Promise.all([1, 2].map(() => goOn(world.deps, begun.run, begun.manifest, { ...quiet, rate: 10 })));
  expect(ends.map(({ outcome }) => outcome).toSorted()).toEqual(['overtaken', 'sent']);
  expect(messageIds(world.parts())).toEqual(numbers(100).map((number) => `m${number}`));
});

test.each([
  ['paused', { paused: { since: '2026-11-26T10:00:01.000Z', by: 'hand' } }],
  ['switched off', { enabled: false }],
  ['deleted', undefined],
])('a destination that is %s meanwhile stops the run, which goes on later', async (why, change) => {
  const world = replayWorld();
  world.keep(
    KEY,
    numbers(30).map((number) => aLetter(number)),
  );
  const begun = await beginRun(world.deps, await plan(world), 10);
  if (begun.outcome !== 'begun') throw new Error(begun.outcome);
  const open = world.target.destination;
  const onProgress = () => {
    world.present.destination = change === undefined ? undefined : aTarget('hook', [], change).destination;
  };
  const stopped = await goOn(world.deps, begun.run, begun.manifest, { rate: 10, onProgress });
  expect(stopped).toMatchObject({ outcome: 'stopped', why, run: { position: 10 } });
  world.present.destination = open;
  const [run] = world.runs;
  if (run === undefined) throw new Error('The run is lost');
  await expect(goOn(world.deps, run, begun.manifest, quiet)).resolves.toMatchObject({
    outcome: 'sent',
    run: { position: 30 },
  });
  expect(messageIds(world.parts())).toEqual(numbers(30).map((number) => `m${number}`));
});

test('lanes that refuse are tried again with growing waits, then the command fails and the run can be gone on with', async () => {
  const world = replayWorld();
  world.keep(KEY, [aLetter(1)]);
  const begun = await beginRun(world.deps, await plan(world), 10);
  if (begun.outcome !== 'begun') throw new Error(begun.outcome);
  const away = { send: async (sendings: readonly unknown[]) => sendings.map(() => 'refused' as const) };
  await expect(goOn({ ...world.deps, lanes: away }, begun.run, begun.manifest, quiet)).rejects.toThrow(
    'take no messages',
  );
  expect(world.waits).toEqual([1_000, 2_000, 4_000, 8_000]);
  const [run] = world.runs;
  if (run === undefined) throw new Error('The run is lost');
  await goOn(world.deps, run, begun.manifest, quiet);
  expect(world.parts()).toMatchObject([{ slice: 0, again: true }]);
});

test('a run that nobody has finished in time gives up what it has certainly not sent, and keeps the rest', async () => {
  const world = replayWorld();
  world.keep(
    KEY,
    numbers(2_000).map((number) => aLetter(number)),
  );
  world.keep(
    OTHER,
    numbers(2_500, 2_000).map((number) => aLetter(number)),
  );
  const begun = await beginRun(world.deps, await plan(world), 100);
  if (begun.outcome !== 'begun') throw new Error(begun.outcome);
  const { startedAt, position } = begun.run;
  world.runs[0] = { ...begun.run, position: position + 100, slices: 1 };
  const endMs = Date.parse(startedAt) + RESUME_DAYS_MAX * 86_400_000;
  const ownedAt = async (nowMs: number) => {
    const { ownerOf } = await readOwners(world.deps, world.target.destination.id, nowMs);
    return [ownerOf(KEY, 0), ownerOf(OTHER, 2_099), ownerOf(OTHER, 2_100)];
  };
  await expect(ownedAt(endMs - 1)).resolves.toEqual([RUN, RUN, RUN]);
  // 100 noted, and at most 4,000 in a round that was not.
  await expect(ownedAt(endMs)).resolves.toEqual([RUN, RUN, undefined]);
});

test('what waits of a run is what has not ended in any hop', () => {
  const run = { planned: 20, gone: 1 } as Parameters<typeof totalsOfRun>[0];
  const rows = [
    aDoneRow({ delivered: 10, retry: 5, discarded: { 400: 2 }, deadLettered: {} }),
    aDoneRow({ hop: 1, delivered: 1, retry: 3, deadLettered: { retry_window: 1 } }),
  ];
  expect(totalsOfRun(run, rows)).toEqual({ delivered: 11, discarded: 2, suppressed: 0, deadLettered: 1, waiting: 5 });
});
