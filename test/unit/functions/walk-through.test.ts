import { PLAN_HOLD_MS } from '../../../shared/config/limits.ts';
import { aBatch, aTrack } from '../../builders/intake-message.ts';
import { type Step, smallPipeline } from '../../builders/small-pipeline.ts';
import { aTarget, aWorkspaceConfig } from '../../builders/workspace-config.ts';

// Crashes between the steps of design 2's walk-through. Whatever step is the last, the events go out once and the books balance.

const MESSAGE = aBatch([aTrack('1'), aTrack('2')], { receivedAt: '2026-11-24T10:15:00.000Z' });
const TWICE_EACH = ['1', '1', '2', '2'];

/** One request of two events, for two destinations. */
function setUp(options: Parameters<typeof smallPipeline>[0] = {}) {
  const run = smallPipeline(options);
  run.config.now = aWorkspaceConfig([aTarget('x'), aTarget('y')]);
  run.accept(MESSAGE);
  return run;
}

/** Two events, to two destinations, once each. */
function expectAllOnce({ sent, books }: ReturnType<typeof setUp>): void {
  expect(sent.toSorted()).toEqual(TWICE_EACH);
  expectBooked({ books });
}

function expectBooked({ books }: Pick<ReturnType<typeof setUp>, 'books'>): void {
  expect(books('dst_x', 'dst_y')).toMatchObject({
    source: { accepted: 2, routed: 2, invalid: 0, duplicate: 0, blocked: 0, unreadable: 0 },
    destinations: [
      { destination: 'dst_x', accepted: 2, delivered: 2, inFlight: 0 },
      { destination: 'dst_y', accepted: 2, delivered: 2, inFlight: 0 },
    ],
  });
}

const again = ({ lane }: ReturnType<typeof setUp>): (string | boolean)[][] =>
  [...lane.messages.values()].map(({ content: { destinationId, parts } }) => [
    destinationId,
    ...parts.map((part) => part.again === true),
  ]);

test('without a crash, all goes out once', async () => {
  const run = setUp();
  await run.drain();
  expectAllOnce(run);
  expect(run.deaths).toEqual([]);
});

test.each<Step>(['before plan', 'after plan', 'after the first lane', 'after the fan-out', 'after done row'])(
  'a crash %s: all goes out once, and nothing is left in flight',
  async (step) => {
    const run = setUp();
    run.crashAt(step);
    await run.drain();
    expect(run.deaths).toEqual([step]);
    expectAllOnce(run);
  },
);

test('a crash before the plan: it is decided again, and what was claimed is no duplicate of itself', async () => {
  const run = setUp();
  run.crashAt('before plan');
  await expect(run.route()).resolves.toBe('died');
  expect([run.ledger.planRows.size, run.lane.messages.size]).toEqual([0, 0]);
  await run.drain();
  expectAllOnce(run);
});

test('a crash after the plan, before any send: others wait for its hold, then obey it, whatever the configuration says now', async () => {
  const run = setUp();
  run.crashAt('after plan');
  await expect(run.route()).resolves.toBe('died');
  run.config.now = aWorkspaceConfig([aTarget('x'), aTarget('y'), aTarget('z')]);
  // A second copy, as an SDK's retry of SendMessage makes it, comes before the first one's visibility timeout.
  run.accept(MESSAGE);
  run.pass(PLAN_HOLD_MS - 1);
  await expect(run.route()).resolves.toBe('lived');
  expect(run.lane.messages.size).toBe(0);
  await run.drain();
  expectAllOnce(run);
  expect(run.books('dst_z').destinations).toMatchObject([{ accepted: 0 }]);
});

test('a crash in the middle of the fan-out: what has its done row is left out, the rest is sent, marked', async () => {
  const run = setUp();
  run.crashAt('after the first lane');
  await expect(run.route()).resolves.toBe('died');
  expect(again(run)).toEqual([['dst_x', false]]);
  await run.deliver();
  run.pass(180_000);
  await run.route();
  expect(again(run)).toEqual([['dst_y', true]]);
  await run.drain();
  expectAllOnce(run);
});

test('a crash in the middle of the fan-out while the first copy still lies in its lane: the second meets the done row', async () => {
  const run = setUp();
  run.crashAt('after the first lane');
  await run.route();
  run.pass(180_000);
  await run.route();
  expect(again(run)).toEqual([
    ['dst_x', false],
    ['dst_x', true],
    ['dst_y', true],
  ]);
  await run.drain();
  expectAllOnce(run);
  expect(run.ledger.doneRows.size).toBe(2);
});

test('a crash after the fan-out, before the intake message was deleted: every second copy meets its done row', async () => {
  const run = setUp();
  run.crashAt('after the fan-out');
  await run.route();
  run.pass(180_000);
  await run.route();
  expect(again(run)).toHaveLength(4);
  await run.drain();
  expectAllOnce(run);
});

test('a crash after the sends, before the done row: that part is sent twice, which nobody can tell from once, and counted once', async () => {
  const run = setUp();
  run.crashAt('before done row');
  await run.route();
  await expect(run.deliver()).resolves.toBe('died');
  expect(run.books('dst_x').destinations).toMatchObject([{ delivered: 0, inFlight: 2 }]);
  await run.drain();
  expect(run.sent.length).toBeGreaterThan(TWICE_EACH.length);
  expectBooked(run);
});

describe('of a send that fails at first', () => {
  /** Event 2 is refused for a passing reason the first time that each destination gets it. */
  const failingOnce = () => {
    let failures = 2;
    return setUp({
      fate: ({ messageId }) =>
        messageId === '2' && failures-- > 0
          ? { outcome: 'retry', code: '503', message: 'Service Unavailable' }
          : { outcome: 'delivered', status: 200 },
    });
  };
  /** What the tools got: event 1 once each, event 2 twice each. */
  const SENT = ['1', '1', '2', '2', '2', '2'];
  const hops = ({ lane }: ReturnType<typeof setUp>): number[] =>
    [...lane.messages.values()].flatMap(({ content }) => content.parts.map(({ hop }) => hop));

  test('the next hop carries it alone, and all is delivered', async () => {
    const run = failingOnce();
    await run.drain();
    expect(run.sent.toSorted()).toEqual(SENT);
    expectBooked(run);
  });

  test('a crash after the done row, before hop + 1 is sent: the message comes again, and hop + 1 is sent as the row says', async () => {
    const run = failingOnce();
    await run.route();
    run.crashAt('after done row');
    await expect(run.deliver()).resolves.toBe('died');
    expect(hops(run)).toEqual([0, 0]);
    await run.drain();
    expect(run.deaths).toEqual(['after done row']);
    expect(run.sent.toSorted()).toEqual(SENT);
    expectBooked(run);
  });

  test('a crash after hop + 1 was sent, before its message was deleted: it is sent twice, and the second meets its done row', async () => {
    const run = failingOnce();
    await run.route();
    run.crashAt('after hop + 1');
    await expect(run.deliver()).resolves.toBe('died');
    expect(hops(run)).toEqual([0, 0, 1]);
    run.pass(180_000);
    await run.drain();
    expect(run.sent.toSorted()).toEqual(SENT);
    expectBooked(run);
    expect(run.ledger.doneRows.size).toBe(4);
  });

  test('a crash of hop + 1 before its done row: it is tried once more, and no try of an event is counted for another', async () => {
    const run = failingOnce();
    await run.route();
    await run.deliver();
    await run.deliver();
    expect(hops(run)).toEqual([1, 1]);
    run.crashAt('before done row');
    await run.drain();
    expect(run.deaths).toEqual(['before done row']);
    expect(run.sent.filter((id) => id === '1')).toHaveLength(2);
    expect(run.sent.length).toBeGreaterThan(SENT.length);
    expectBooked(run);
  });
});
