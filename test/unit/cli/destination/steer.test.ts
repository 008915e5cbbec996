import { CONFIG_CHECK_MS } from '../../../../shared/config/limits.ts';
import { changeRetryHours, pause, type Resume, resume } from '../../../../cli/destination/steer.ts';
import type { ReplayDeps } from '../../../../cli/replay/replay-deps.ts';
import type { Destination } from '../../../../shared/domain/workspace.ts';
import type { ControlStore } from '../../../../shared/ports/control-store.ts';
import { aLetter, replayWorld } from '../../../builders/replay-world.ts';
import { aTarget } from '../../../builders/workspace-config.ts';

const SINCE = '2026-11-26T09:00:00.000Z';

function setUp(over: Record<string, unknown> = {}) {
  const world = replayWorld(aTarget('hook', ['type = "track"'], { name: 'Hook', ...over }));
  const printed: string[] = [];
  const saved: Destination[] = [];
  const order: string[] = [];
  const control = {
    saveDestination: async (destination: Destination) => {
      saved.push(destination);
      world.present.destination = destination;
      order.push('saved');
      return { outcome: 'saved' as const, value: destination };
    },
    getDestination: async () => world.present.destination,
  } as unknown as ControlStore;
  const deps: ReplayDeps = {
    ...world.deps,
    control,
    wait: async (ms) => {
      order.push(`waited ${ms}`);
      return await world.deps.wait(ms);
    },
    print: (line) => printed.push(line),
    command: 'replay',
  };
  return { ...world, deps, printed, saved, order };
}

/** Kept while it was paused: before and after 09:30; and of an earlier pause, and of another fate. */
const KEPT = [
  aLetter(1, {
    code: 'destination_paused',
    receivedAt: '2026-11-26T09:10:00.000Z',
    settledAt: '2026-11-26T09:10:01.000Z',
  }),
  aLetter(2, {
    code: 'destination_paused',
    receivedAt: '2026-11-26T09:30:00.000Z',
    settledAt: '2026-11-26T09:30:01.000Z',
  }),
  aLetter(3, {
    code: 'destination_paused',
    receivedAt: '2026-11-26T08:00:00.000Z',
    settledAt: '2026-11-26T08:00:01.000Z',
  }),
  aLetter(4, { code: '400', receivedAt: '2026-11-26T09:40:00.000Z', settledAt: '2026-11-26T09:40:01.000Z' }),
];

test.each<[string, Resume, string[]]>([
  ['all that was kept', 'send', ['m1', 'm2']],
  ['what came since', { from: '2026-11-26T09:30:00.000Z' }, ['m2']],
  ['nothing', 'drop', []],
])('resuming sends %s, after the pause is over and its last letter is written', async (_case, how, expected) => {
  const world = setUp({ paused: { since: SINCE, by: 'failing' } });
  world.keep('destination=dst_hook/day=2026-11-26/one.ndjson.gz', KEPT);
  await resume(world.deps, world.target, how);
  expect(world.saved).toMatchObject([{ updatedAt: '2026-11-26T10:00:00.000Z' }]);
  expect(world.saved[0]).not.toHaveProperty('paused');
  expect(world.parts().flatMap(({ events }) => events.map(({ messageId }) => messageId))).toEqual(expected);
  expect(world.order).toEqual(how === 'drop' ? ['saved'] : ['saved', `waited ${CONFIG_CHECK_MS + 3_000}`]);
  expect(world.printed.join('\n')).toContain('--code destination_paused --from 2026-11-26T08:59:58.000Z');
});

test('what is not paused is not resumed, and what is paused is not paused again', async () => {
  const open = setUp();
  await expect(resume(open.deps, open.target, 'send')).rejects.toThrow('Hook is not paused.');
  const paused = setUp({ paused: { since: SINCE, by: 'failing' } });
  await pause(paused.deps, paused.target);
  expect([open.saved, paused.saved]).toEqual([[], []]);
  await pause(open.deps, open.target);
  expect(open.saved).toMatchObject([{ paused: { since: '2026-11-26T10:00:00.000Z', by: 'hand' } }]);
});

test('who is overtaken by another change is told, and nothing is sent', async () => {
  const world = setUp({ paused: { since: SINCE, by: 'hand' } });
  world.keep('destination=dst_hook/day=2026-11-26/one.ndjson.gz', KEPT);
  const control = { ...world.deps.control, saveDestination: async () => ({ outcome: 'stale' as const }) };
  await expect(resume({ ...world.deps, control }, world.target, 'send')).rejects.toThrow(
    'Somebody else has changed Hook',
  );
  expect(world.parts()).toEqual([]);
});

test('the retry window is changed, and the pause stays (G06)', async () => {
  const world = setUp({ paused: { since: SINCE, by: 'hand' } });
  await changeRetryHours(world.deps, world.target, 24);
  expect(world.saved).toEqual([]);
  await changeRetryHours(world.deps, world.target, 4);
  expect(world.saved).toMatchObject([{ retryWindowHours: 4, paused: { since: SINCE, by: 'hand' } }]);
});
