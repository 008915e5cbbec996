import { goOn, totalsOfRun } from '../../../../shared/pipeline/replay-run.ts';
import { beginRun, planRun } from '../../../../shared/pipeline/replay-start.ts';
import { aDoneRow } from '../../../builders/ledger-rows.ts';
import { aLetter, replayWorld, type ReplayWorld } from '../../../builders/replay-world.ts';

const KEY = 'destination=dst_hook/day=2026-11-24/one.ndjson.gz';
const ofAda = { type: 'track', event: 'Cup Bought', messageId: 'm2', userId: 'ada' };
const plan = (world: ReplayWorld) => planRun(world.deps, world.target, {});

test('letters of suppressed users are left out and stay free: a run after UNSUPPRESS takes them (T25)', async () => {
  const world = replayWorld();
  world.keep(KEY, [aLetter(1), aLetter(2, { event: ofAda }), aLetter(3)]);
  world.suppressed.add('ada');
  const found = await plan(world);
  expect(found).toMatchObject({ sends: 2, byCode: { '400': 2 }, leftOut: { suppressed: 1, taken: 0, mappingGone: 0 } });
  const begun = await beginRun(world.deps, found, 100);
  if (begun.outcome === 'overtaken') throw new Error('overtaken');
  await expect(
    goOn(world.deps, begun.run, begun.manifest, { rate: 100, onProgress: () => undefined }),
  ).resolves.toMatchObject({ outcome: 'sent', run: { planned: 2, position: 2, gone: 0 } });
  expect(world.parts().flatMap(({ events }) => events.map((event) => event['messageId']))).toEqual(['m1', 'm3']);
  world.suppressed.clear();
  await expect(plan(world)).resolves.toMatchObject({ sends: 1, leftOut: { suppressed: 0, taken: 2 } });
});

test('what a crash left behind or a run has taken is that, whoever is suppressed', async () => {
  const world = replayWorld();
  world.keep(KEY, [aLetter(2, { event: ofAda })], true);
  world.suppressed.add('ada');
  await expect(plan(world)).resolves.toMatchObject({ sends: 0, leftOut: { orphan: 1, suppressed: 0 } });
});

test('a run whose users are suppressed on its way adds up, and says how many they were', () => {
  const run = { planned: 10, gone: 1 } as Parameters<typeof totalsOfRun>[0];
  const rows = [aDoneRow({ delivered: 4, discarded: { suppressed: 3, '400': 1 }, deadLettered: { retry_window: 1 } })];
  expect(totalsOfRun(run, rows)).toEqual({ delivered: 4, discarded: 4, suppressed: 3, deadLettered: 1, waiting: 0 });
});
