import { disableUnused } from '../../../../functions/notify/disable-unused.ts';
import type { Source, WorkspaceConfig } from '../../../../shared/domain/workspace.ts';
import { CHANGES_PER_COMMIT_MAX, type Change } from '../../../../shared/ports/control-store.ts';
import type { WatchNote } from '../../../../shared/ports/notes.ts';
import { fakeNotes } from '../../../builders/notify-world.ts';
import { aDestination, aSource, aWorkspace } from '../../../builders/workspace-things.ts';

const DAY_MS = 24 * 3_600_000;
const START_MS = Date.parse('2026-11-01T00:35:00.000Z');

/** Commits hold over the version of the configuration, as in the table. */
function setUp(sources: Source[] = [aSource({ version: 3 })], destinations = [] as ReturnType<typeof aDestination>[]) {
  const world = {
    nowMs: START_MS,
    configVersion: 7,
    sources: [...sources],
    destinations: [...destinations],
    staleOnce: false,
  };
  const commits: { changes: readonly Change[]; ifConfigVersion: number | undefined }[] = [];
  const watch = fakeNotes<WatchNote>();
  const deps = {
    control: {
      readConfig: async (): Promise<WorkspaceConfig> => ({
        workspaceId: aWorkspace().id,
        configVersion: world.configVersion,
        sources: [...world.sources],
        destinations: world.destinations.map((destination) => ({ destination, mappings: [] })),
      }),
      commit: async (_id: string, changes: readonly Change[], options: { ifConfigVersion?: number }) => {
        if (world.staleOnce || options.ifConfigVersion !== world.configVersion) {
          world.staleOnce = false;
          world.configVersion += 1;
          return { outcome: 'stale' as const };
        }
        commits.push({ changes, ifConfigVersion: options.ifConfigVersion });
        world.configVersion += 1;
        for (const change of changes) {
          if (change.kind !== 'source') throw new Error(change.kind);
          const { thing } = change;
          world.sources = world.sources.map((one) =>
            one.id === thing.id ? { ...thing, version: thing.version + 1 } : one,
          );
        }
        return { outcome: 'saved' as const, entries: [] };
      },
    },
    watch,
    now: () => new Date(world.nowMs),
    newWriteId: () => 'w',
  };
  const run = (autoDisableSources = true) => disableUnused(deps, aWorkspace({ autoDisableSources }));
  const pass = (days: number) => (world.nowMs += days * DAY_MS);
  const first = () => world.sources[0];
  return { world, commits, watch, deps, run, pass, first };
}

test('a source without an enabled destination is switched off by the first look after 14 days, not before (A16)', async () => {
  const { commits, run, pass, first, world } = setUp([aSource({ version: 3 })], [aDestination({ enabled: false })]);
  await expect(run()).resolves.toEqual([]);
  expect(first()).toEqual({ ...aSource({ version: 4 }), unusedSince: '2026-11-01T00:35:00.000Z' });
  pass(13);
  world.nowMs += DAY_MS - 1;
  await expect(run()).resolves.toEqual([]);
  expect(commits).toHaveLength(1);
  world.nowMs += 1;
  await expect(run()).resolves.toEqual(['src_1']);
  expect(first()).toEqual(aSource({ version: 5, enabled: false, updatedAt: '2026-11-15T00:35:00.000Z' }));
  expect(commits[1]).toEqual({
    changes: [
      {
        kind: 'source',
        verb: 'save',
        thing: aSource({ version: 4, enabled: false, updatedAt: '2026-11-15T00:35:00.000Z' }),
      },
    ],
    ifConfigVersion: 8,
  });
  // It is off: nothing more to do, and whoever switches it on gets 14 days again.
  pass(30);
  await expect(run()).resolves.toEqual([]);
  world.sources = world.sources.map((source) => ({ ...source, enabled: true }));
  await expect(run()).resolves.toEqual([]);
  pass(13);
  await expect(run()).resolves.toEqual([]);
  pass(1);
  await expect(run()).resolves.toEqual(['src_1']);
});

test('by default it is off, and nothing is read or written', async () => {
  const { commits, watch, deps } = setUp();
  const readConfig = async () => {
    throw new Error('not to be read');
  };
  await expect(disableUnused({ ...deps, control: { ...deps.control, readConfig } }, aWorkspace())).resolves.toEqual([]);
  expect([commits, watch.present('ws_1').value]).toEqual([[], undefined]);
});

test('a source with an enabled destination stays on; one that gets one again is counted anew', async () => {
  const { commits, world, run, pass, first } = setUp([aSource()], [aDestination()]);
  await run();
  pass(20);
  await run();
  expect(commits).toEqual([]);
  world.destinations = [aDestination({ enabled: false })];
  await run();
  pass(10);
  world.destinations = [aDestination()];
  await run();
  expect(first()).not.toHaveProperty('unusedSince');
  pass(10);
  world.destinations = [];
  await run();
  pass(13);
  await expect(run()).resolves.toEqual([]);
  pass(1);
  await expect(run()).resolves.toEqual(['src_1']);
});

test('switched off and on, the days count from then: what was noted before is no reason', async () => {
  const { watch, run, pass, first } = setUp();
  await run();
  pass(1);
  await run(false);
  expect(watch.present('ws_1').value).toBeUndefined();
  pass(60);
  await expect(run()).resolves.toEqual([]);
  expect(first()?.unusedSince).toBe('2027-01-01T00:35:00.000Z');
  pass(13);
  await expect(run()).resolves.toEqual([]);
  pass(1);
  await expect(run()).resolves.toEqual(['src_1']);
});

test('a source that somebody switched off in between is counted anew', async () => {
  const { world, run, pass, first } = setUp();
  await run();
  pass(10);
  world.sources = world.sources.map((source) => ({ ...source, enabled: false }));
  await run();
  expect(first()).not.toHaveProperty('unusedSince');
});

test('whoever connects a destination at the moment keeps the source on', async () => {
  const { world, run, pass, first, deps } = setUp();
  await run();
  pass(14);
  const { commit } = deps.control;
  deps.control.commit = async (...args) => {
    deps.control.commit = commit;
    // Between the look and the save.
    world.destinations = [aDestination()];
    world.configVersion += 1;
    return await commit(...args);
  };
  await expect(run()).resolves.toEqual([]);
  expect(first()?.enabled).toBe(true);
  expect(first()).not.toHaveProperty('unusedSince');
});

test('more sources than a transaction takes are done in several', async () => {
  const sources = Array.from({ length: CHANGES_PER_COMMIT_MAX + 5 }, (_, index) => aSource({ id: `src_${index}` }));
  const { commits, run, pass } = setUp(sources);
  await run();
  expect(commits.map(({ changes }) => changes.length)).toEqual([CHANGES_PER_COMMIT_MAX, 5]);
  pass(14);
  await expect(run()).resolves.toHaveLength(CHANGES_PER_COMMIT_MAX + 5);
});
