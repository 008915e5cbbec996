import { createBreakers } from '../../../../functions/deliver/breaker.ts';
import { BREAKER_POLICY } from '../../../../functions/deliver/breaker-policy.ts';
import { DestinationId } from '../../../../shared/domain/ids.ts';
import type { SendOutcome } from '../../../../shared/domain/outcomes.ts';
import type { OpenBreaker } from '../../../../shared/ports/breaker-store.ts';
import { fakeBreakerStore } from '../../../builders/fake-breaker-store.ts';

// Design 2, 'Waiting': opens on most failed or 5 timeouts in 30 s, probes, closes by itself; while open nothing is sent.

const START_MS = Date.parse('2026-11-24T10:15:00.000Z');
const hook = { id: DestinationId.parse('dst_1'), version: 3 };

const OK: SendOutcome = { outcome: 'delivered', status: 200 };
const failed = (code = '503', retryAfterMs?: number): SendOutcome => ({
  outcome: 'retry',
  code,
  message: 'down',
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
const refused = (code: string): SendOutcome => ({ outcome: 'discarded', code, message: 'who are you' });

function setUp(store = fakeBreakerStore()) {
  let nowMs = START_MS;
  let writes = 0;
  const opened: OpenBreaker[] = [];
  /** One environment of deliver; several share the store. */
  const anEnvironment = () =>
    createBreakers({
      store,
      policy: BREAKER_POLICY,
      now: () => new Date(nowMs),
      newWriteId: () => `w${(writes += 1)}`,
      onOpen: (breaker) => void opened.push(breaker),
    });
  const breakers = anEnvironment();
  const call = async (outcome: SendOutcome, { on = breakers, destination = hook, mayBeOpen = false } = {}) => {
    const admission = await on.admit(destination, mayBeOpen);
    if (admission.verdict === 'open') return new Date(admission.untilMs).toISOString();
    const settled = await on.settle({ destination, admission, results: [{ outcome, exchanges: [] }] });
    return settled.map((result) => result.outcome);
  };
  const calls = async (count: number, outcome: SendOutcome) => {
    for (let number = 0; number < count; number += 1) await call(outcome);
  };
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { store, opened, breakers, anEnvironment, call, calls, pass };
}

test('a destination that works is asked about nowhere, however much is sent', async () => {
  const { store, call } = setUp();
  for (let number = 0; number < 100; number += 1) await expect(call(OK)).resolves.toEqual([OK]);
  expect(store.counts.asked).toBe(0);
});

test('nine failures open nothing, the tenth does, and nothing is sent until the probe', async () => {
  const { store, opened, call, calls, pass } = setUp();
  await calls(9, failed());
  expect(store.standing.size).toBe(0);
  await call(failed());
  expect(opened).toMatchObject([{ cause: 'failing', code: '503', message: 'down', destinationVersion: 3, probes: 0 }]);
  await expect(call(OK)).resolves.toBe('2026-11-24T10:15:30.000Z');
  pass(29_999);
  await expect(call(OK)).resolves.toBe('2026-11-24T10:15:30.000Z');
});

test('a tool that fails now and then stays open to all: 6.6 % of failures open nothing', async () => {
  const { opened, call, pass } = setUp();
  for (let number = 0; number < 1_000; number += 1) {
    await call(number % 15 === 0 ? failed() : OK);
    pass(20);
  }
  expect(opened).toEqual([]);
});

test('failures that are older than the window count no more', async () => {
  const { opened, calls, pass } = setUp();
  await calls(9, failed());
  pass(30_001);
  await calls(9, failed());
  expect(opened).toEqual([]);
});

test('five timeouts open it, where most answers were good, too', async () => {
  const { opened, calls } = setUp();
  for (let pair = 0; pair < 2; pair += 1) {
    await calls(2, failed('ETIMEDOUT'));
    await calls(10, OK);
  }
  expect(opened).toEqual([]);
  await calls(1, failed('ETIMEDOUT'));
  expect(opened).toMatchObject([{ cause: 'timeouts', code: 'ETIMEDOUT' }]);
});

test('three timeouts with no answer between them open it: of a tool that hangs, each environment sees few', async () => {
  const { opened, calls } = setUp();
  await calls(2, failed('ETIMEDOUT'));
  expect(opened).toEqual([]);
  await calls(1, failed('ETIMEDOUT'));
  expect(opened).toMatchObject([{ cause: 'timeouts' }]);
});

test('a probe that gets through closes it for everybody', async () => {
  const { store, anEnvironment, call, calls, pass } = setUp();
  const other = anEnvironment();
  await calls(10, failed());
  await expect(call(failed(), { on: other })).resolves.toEqual([failed()]);
  await expect(call(OK, { on: other })).resolves.toBe('2026-11-24T10:15:30.000Z');
  pass(30_000);
  await expect(call(OK)).resolves.toEqual([OK]);
  expect(store.standing.size).toBe(0);
  // Its lease of the probe fails, and then it sees that there is nothing any more.
  await expect(call(OK, { on: other })).resolves.toEqual([OK]);
});

test('probes that fail come ever later: 30 s, 1, 2, 4, 8, 12.5, 12.5 min', async () => {
  const { store, call, calls, pass } = setUp();
  await calls(10, failed());
  const waits: number[] = [];
  let beforeMs = START_MS;
  for (let probe = 0; probe < 7; probe += 1) {
    const probeAtMs = Date.parse(store.standing.get('dst_1')?.probeAt ?? '');
    waits.push((probeAtMs - beforeMs) / 1_000);
    pass(probeAtMs - beforeMs);
    beforeMs = probeAtMs;
    await expect(call(failed())).resolves.toEqual([failed()]);
  }
  expect(waits).toEqual([30, 60, 120, 240, 480, 750, 750]);
});

test('of many that come when the probe is due, one goes', async () => {
  const { anEnvironment, call, calls, pass } = setUp();
  const others = [anEnvironment(), anEnvironment()];
  await calls(10, failed());
  for (const on of others) await call(failed(), { on });
  pass(30_000);
  const results = await Promise.all(
    Array.from({ length: 30 }, (_, number) => call(failed(), { on: others[number % 2] ?? others[0], mayBeOpen: true })),
  );
  expect(results.filter((result) => typeof result !== 'string')).toHaveLength(1);
});

test('who dies with the probe holds nobody up: the next one is due after that probe’s wait', async () => {
  const { anEnvironment, calls, call, pass } = setUp();
  await calls(10, failed());
  pass(30_000);
  const dying = anEnvironment();
  await expect(dying.admit(hook, true)).resolves.toMatchObject({ verdict: 'probe' });
  await expect(call(OK)).resolves.toBe('2026-11-24T10:16:30.000Z');
  pass(60_000);
  await expect(call(OK)).resolves.toEqual([OK]);
});

test('a Retry-After that all asked for at least is when the probe comes, and a probe may be told one, too', async () => {
  const { store, call, calls, pass } = setUp();
  await calls(9, failed('429', 43_200_000));
  await call(failed('429', 600_000));
  expect(store.standing.get('dst_1')?.probeAt).toBe('2026-11-24T10:25:00.000Z');
  pass(600_000);
  await call(failed('429', 3_600_000));
  expect(store.standing.get('dst_1')?.probeAt).toBe('2026-11-24T11:25:00.000Z');
});

test('401 and 403 open it, and from then on such an answer waits instead of being discarded', async () => {
  const { opened, call, calls, pass } = setUp();
  await calls(3, refused('401'));
  await expect(call(refused('403'))).resolves.toEqual([refused('403')]);
  expect(opened).toMatchObject([{ cause: 'unauthorised', code: '403' }]);
  pass(30_000);
  await expect(call(refused('401'))).resolves.toEqual([{ outcome: 'retry', code: '401', message: 'who are you' }]);
});

test('a quiet destination whose key is refused is not discarded on for ever: four in a row open it, however far apart', async () => {
  const { opened, call, pass } = setUp();
  for (let hour = 0; hour < 4; hour += 1) {
    await call(refused('401'));
    pass(3_600_000);
  }
  expect(opened).toMatchObject([{ cause: 'unauthorised' }]);
});

test('a key that is refused now and then, between answers that are good, opens nothing', async () => {
  const { opened, call, pass } = setUp();
  for (let number = 0; number < 60; number += 1) {
    await call(number % 3 === 0 ? refused('403') : OK);
    pass(1_000);
  }
  expect(opened).toEqual([]);
});

test('one refused batch of ten is enough', async () => {
  const { opened, breakers } = setUp();
  const results = Array.from({ length: 10 }, () => ({ outcome: refused('401'), exchanges: [] }));
  await breakers.settle({ destination: hook, admission: { verdict: 'go' }, results });
  expect(opened).toMatchObject([{ cause: 'unauthorised' }]);
});

test('an event that does not fit asks the tool nothing: it closes no breaker, and the probe is the next one’s', async () => {
  const { store, call, calls, pass } = setUp();
  await calls(10, failed());
  pass(30_000);
  await call(refused('MESSAGE_REJECTED'));
  expect(store.standing.get('dst_1')).toMatchObject({ probes: 0, probeAt: '2026-11-24T10:15:30.000Z' });
  await expect(call(failed())).resolves.toEqual([failed()]);
  expect(store.standing.get('dst_1')).toMatchObject({ probes: 1, probeAt: '2026-11-24T10:16:30.000Z' });
});

test('an environment with older settings than the breaker’s waits for the probe like all others', async () => {
  const { call, calls } = setUp();
  await calls(10, failed());
  await expect(call(OK, { destination: { ...hook, version: 2 } })).resolves.toBe('2026-11-24T10:15:30.000Z');
});

test('a corrected key is tried at once, not only when the probe is due', async () => {
  const { store, call, calls } = setUp();
  await calls(10, refused('401'));
  const corrected = { ...hook, version: 4 };
  await expect(call(OK, { destination: corrected })).resolves.toEqual([OK]);
  expect(store.standing.size).toBe(0);
});

test('what a tool refuses for what it is says that the tool works', async () => {
  const { opened, calls } = setUp();
  await calls(50, refused('400'));
  expect(opened).toEqual([]);
});

test('a part that was sent before asks the table in an environment to which nothing has failed, once in 5 s', async () => {
  const { store, anEnvironment, call, calls } = setUp();
  await calls(10, failed());
  const asked = store.counts.asked;
  const fresh = anEnvironment();
  for (let number = 0; number < 20; number += 1) {
    await expect(call(OK, { on: fresh, mayBeOpen: true })).resolves.toBe('2026-11-24T10:15:30.000Z');
  }
  expect(store.counts.asked).toBe(asked + 1);
});

test('a table that does not answer neither stops what works nor opens what failed to others', async () => {
  const { call, calls } = setUp(fakeBreakerStore(new Error('down')));
  await expect(call(OK, { mayBeOpen: true })).resolves.toEqual([OK]);
  await calls(10, failed());
  // It holds in this environment.
  await expect(call(OK)).resolves.toBe('2026-11-24T10:15:30.000Z');
});
