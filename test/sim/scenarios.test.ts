import type { DeadLetter } from '../../shared/ports/delivery-stores.ts';
import type { FaultKind } from './fault-kinds.ts';
import { OUTAGE_SEED, playOutage } from './outage.ts';
import { quietly } from './quiet.ts';
import { simulate, type SimulationResult } from './simulate.ts';
import { nameOfSend, POISON_PREFIX } from './tools.ts';

const DAY_MS = 86_400_000;
const OUTAGE_SPEED_MIN = 500;

const play = (options: Parameters<typeof simulate>[0]): Promise<SimulationResult> => quietly(() => simulate(options));
const lettersOf = ({ services }: SimulationResult): DeadLetter[] => [...services.deadLetters.objects.values()].flat();
const seeds = (count: number) => Array.from({ length: count }, (_, number) => 1_001 + number);

test('a destination that is down for four hours gets every event afterwards, and no other notices', async () => {
  const common = { seed: OUTAGE_SEED, eventsPerSecond: 1, eventsARequest: 10 };
  const without = await playOutage({ ...common, isDown: false });
  const before = process.cpuUsage();
  const outage = await playOutage({ ...common, isDown: true });
  const { user, system } = process.cpuUsage(before);
  expect(outage).toMatchObject({ failure: undefined, delivered: outage.sends, deadLetters: 0 });
  expect(outage.sends).toBeGreaterThan(10_000);
  expect(outage.othersP95Ms).toBe(without.othersP95Ms);
  expect(outage.inFlightMax).toBeLessThan(1_000);
  // The breaker kept most of four hours of events from being tried in vain.
  expect(outage.attempts).toBeLessThan(outage.sends);
  expect(outage.virtualMs / 1_000 / ((user + system) / 1e6)).toBeGreaterThan(OUTAGE_SPEED_MIN);
}, 300_000);

describe('the clock jumps by 13.9 days while messages wait (Q10)', () => {
  const leap: readonly FaultKind[] = ['outage', 'deliver killed', 'route killed', 'few receives', 'message twice'];
  test.each(seeds(10))('seed %d: nothing is forgotten by its queue, and everything ends', async (seed) => {
    const result = await play({
      seed,
      faults: leap,
      prepare: ({ world }) => void world.after(60_000, () => world.jump(13.9 * DAY_MS)),
    });
    expect(result.failure).toBeUndefined();
    expect(result.virtualMs).toBeGreaterThan(13.9 * DAY_MS);
    expect(result.services.queues().flatMap(({ expired }) => expired)).toEqual([]);
  });
});

test.each(seeds(10))('seed %d: a release takes over what the one before left in queues and books', async (seed) => {
  const result = await play({ seed, faults: ['messages of the release before', 'redeploy', 'message twice'] });
  expect(result.failure).toBeUndefined();
  const { tools, books } = result.services;
  const old = [...books.parts.all()].flatMap(({ sends }) =>
    sends.filter(({ messageId }) => messageId.startsWith('old-')),
  );
  // Six that the old plan names, and those of the request that nobody had seen: it goes where configuration says now.
  expect(old.filter(({ messageId }) => messageId !== 'old-4')).toHaveLength(6);
  expect(old.length).toBeGreaterThan(6);
  for (const send of old) expect(tools.taken.get(nameOfSend(send))).toBeGreaterThan(0);
});

test.each(seeds(10))('seed %d: an event that kills its machine takes only its own part along (Q5)', async (seed) => {
  const result = await play({ seed, faults: ['poisonous part'] });
  expect(result.failure).toBeUndefined();
  const { books } = result.services;
  const letters = lettersOf(result);
  const killed = letters.filter(({ code }) => code === 'crash_loop');
  expect(killed).toEqual(letters);
  for (const { destinationId, intakeId, slice } of killed) {
    const part = books.parts.part({ destinationId, intakeId, slice });
    expect(part?.sends.some(({ messageId }) => messageId.startsWith(POISON_PREFIX))).toBe(true);
  }
});

test('without a fault every event is delivered at the first try, and once', async () => {
  const result = await play({ seed: 1_001, faults: [] });
  expect(result.failure).toBeUndefined();
  const { books, tools, ledger } = result.services;
  const sends = [...books.parts.all()].flatMap((part) => part.sends);
  expect(sends.length).toBeGreaterThan(100);
  expect(sends.map((send) => tools.taken.get(nameOfSend(send)))).toEqual(sends.map(() => 1));
  expect([...ledger.dones.values()].filter(({ hop }) => hop > 0)).toEqual([]);
  expect(lettersOf(result)).toEqual([]);
});
