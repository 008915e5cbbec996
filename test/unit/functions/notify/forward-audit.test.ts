import { forwardAudit } from '../../../../functions/notify/forward-audit.ts';
import { FORWARDED_MAX, type ForwardingState } from '../../../../shared/domain/forwarding.ts';
import type { AuditEntry } from '../../../../shared/domain/audit.ts';
import type { IntakeId } from '../../../../shared/domain/ids.ts';
import type { Source } from '../../../../shared/domain/workspace.ts';
import { fakeIntakeQueue } from '../../../builders/fake-queues.ts';
import { anEntry, fakeAuditLog, fakeNotes, sentIds } from '../../../builders/notify-world.ts';
import { aSource, aWorkspace } from '../../../builders/workspace-things.ts';
import { randomFrom } from '../../../sim/random.ts';

const START_MS = Date.parse('2026-11-24T10:00:00.000Z');
const INTAKE_ID = 'in_0123456789abcdefghijkl' as IntakeId;
const SINCE = '2026-11-24T10:00:00.000Z';
const forwarding = (over: Record<string, unknown> = {}) =>
  aWorkspace({ auditForwarding: { sourceId: 'src_1', since: SINCE }, ...over });

function setUp(entries: AuditEntry[] = [], pause?: () => Promise<void>) {
  const state = { nowMs: START_MS + 10_000, writes: 0 };
  const audit = fakeAuditLog(entries, pause);
  const notes = fakeNotes<ForwardingState>(pause);
  const intake = fakeIntakeQueue();
  const deps = {
    audit,
    forwarding: notes,
    intake,
    now: () => new Date(state.nowMs),
    newIntakeId: () => INTAKE_ID,
    newWriteId: () => `w${(state.writes += 1)}`,
  };
  const run = (
    workspace = forwarding(),
    {
      source = aSource(),
      withinMs = 40_000,
      over = {},
    }: { source?: Source | undefined; withinMs?: number; over?: Partial<typeof deps> } = {},
  ) => forwardAudit({ ...deps, ...over }, workspace, source, new Date(state.nowMs + withinMs));
  const noted = () => notes.present('ws_1').value;
  return { state, audit, notes, intake, deps, run, noted };
}

test('entries go out in their order as one batch request of the source, and each only once (H15)', async () => {
  const { audit, intake, run, noted, state } = setUp([anEntry(2), anEntry(1)]);
  await expect(run()).resolves.toEqual({ outcome: 'done', events: 2 });
  expect(intake.sent).toEqual([
    {
      head: {
        v: 1,
        intakeId: INTAKE_ID,
        workspaceId: 'ws_1',
        sourceId: 'src_1',
        kind: 'batch',
        receivedAt: '2026-11-24T10:00:10.000Z',
        key: 'none',
      },
      bodyText: expect.any(String),
    },
  ]);
  expect(sentIds(intake.sent)).toEqual(['aud_000001', 'aud_000002']);

  audit.entries.push(anEntry(3));
  await expect(run()).resolves.toEqual({ outcome: 'done', events: 1 });
  await expect(run()).resolves.toEqual({ outcome: 'done', events: 0 });
  expect(sentIds(intake.sent)).toEqual(['aud_000001', 'aud_000002', 'aud_000003']);
  expect(noted()).toEqual({
    settledUntil: SINCE,
    forwarded: [
      '2026-11-24T10:00:00.001Z#aud_000001',
      '2026-11-24T10:00:00.002Z#aud_000002',
      '2026-11-24T10:00:00.003Z#aud_000003',
    ],
  });
  // A minute later nothing that old can come any more, and nothing needs to be remembered of it.
  state.nowMs += 60_000;
  await run();
  expect(noted()).toEqual({ settledUntil: '2026-11-24T10:00:10.000Z', forwarded: [] });
  expect(sentIds(intake.sent)).toHaveLength(3);
});

test('an entry that comes to be there after later ones is not missed', async () => {
  const { audit, intake, run, state } = setUp([anEntry(50), anEntry(60)]);
  await run();
  state.nowMs += 30_000;
  audit.entries.push(anEntry(55));
  await expect(run()).resolves.toEqual({ outcome: 'done', events: 1 });
  expect(sentIds(intake.sent)).toEqual(['aud_000050', 'aud_000060', 'aud_000055']);
});

test('nor is one that comes to be there behind a run that reads on for long', async () => {
  const { state, audit, intake, run } = setUp(Array.from({ length: 600 }, (_, index) => anEntry(index)));
  state.nowMs = START_MS + 55_000;
  const late = anEntry(5, { id: 'aud_late' });
  const slow = {
    ...intake,
    send: async (...args: Parameters<typeof intake.send>) => {
      await intake.send(...args);
      if (intake.sent.length > 1) return;
      state.nowMs += 30_000;
      audit.entries.push(late);
    },
  };
  await expect(run(forwarding(), { over: { intake: slow } })).resolves.toEqual({ outcome: 'done', events: 600 });
  await expect(run()).resolves.toEqual({ outcome: 'done', events: 1 });
  expect(sentIds(intake.sent).at(-1)).toBe('aud_late');
});

test('it begins with the change that switched it on, not with what was before; switched on again it begins anew', async () => {
  const { audit, intake, run, noted } = setUp([anEntry(-1), anEntry(0), anEntry(1)]);
  await run();
  expect(sentIds(intake.sent)).toEqual(['aud_000000', 'aud_000001']);

  await expect(run(forwarding({ auditForwarding: undefined }))).resolves.toEqual({ outcome: 'off', events: 0 });
  expect(noted()).toBeUndefined();
  audit.entries.push(anEntry(10), anEntry(20));
  await run(forwarding({ auditForwarding: { sourceId: 'src_1', since: '2026-11-24T10:00:00.020Z' } }));
  expect(sentIds(intake.sent).slice(2)).toEqual(['aud_000020']);
});

test('switched off and on between two runs, it leaves out what happened meanwhile', async () => {
  const { audit, intake, run } = setUp([anEntry(1)]);
  await run();
  audit.entries.push(anEntry(10), anEntry(20));
  await run(forwarding({ auditForwarding: { sourceId: 'src_1', since: '2026-11-24T10:00:00.020Z' } }));
  expect(sentIds(intake.sent)).toEqual(['aud_000001', 'aud_000020']);
});

test('without a time of its own it begins at the last change of the workspace', async () => {
  const { intake, run } = setUp([anEntry(4), anEntry(5)]);
  await run(forwarding({ auditForwarding: { sourceId: 'src_1' }, updatedAt: '2026-11-24T10:00:00.005Z' }));
  expect(sentIds(intake.sent)).toEqual(['aud_000005']);
});

test.each([
  ['is not there', undefined],
  ['is switched off', aSource({ enabled: false })],
])('while its source %s everything waits, and nothing is lost', async (_case, source) => {
  const { intake, deps, run } = setUp([anEntry(1)]);
  await expect(forwardAudit(deps, forwarding(), source, new Date(START_MS + 50_000))).resolves.toEqual({
    outcome: 'waiting',
    events: 0,
  });
  expect(intake.sent).toEqual([]);
  await run();
  expect(sentIds(intake.sent)).toEqual(['aud_000001']);
});

test('a crash between the queue and the note sends an entry again under the same messageId, and loses none', async () => {
  const { notes, intake, run, noted, state } = setUp([anEntry(1), anEntry(2)]);
  let saves = 0;
  const dying: typeof notes = {
    ...notes,
    save: async (...args) => {
      saves += 1;
      // The turn is taken; from then on the process is gone.
      if (saves > 1) throw new Error('killed');
      return await notes.save(...args);
    },
  };
  await expect(run(forwarding(), { over: { forwarding: dying } })).rejects.toThrow('killed');
  expect(sentIds(intake.sent)).toEqual(['aud_000001', 'aud_000002']);
  expect(noted()).toEqual({
    settledUntil: SINCE,
    forwarded: [],
    turn: { runId: 'w1', until: '2026-11-24T10:01:15.000Z', again: false },
  });
  // The dead one still holds its turn: who comes meanwhile asks it to look again, in vain.
  await expect(run()).resolves.toEqual({ outcome: 'taken', events: 0 });
  state.nowMs += 65_000;
  await expect(run()).resolves.toEqual({ outcome: 'done', events: 2 });
  expect(sentIds(intake.sent)).toEqual(['aud_000001', 'aud_000002', 'aud_000001', 'aud_000002']);
  await expect(run()).resolves.toEqual({ outcome: 'done', events: 0 });
});

test('a queue that does not take a request leaves the turn to the next run at once', async () => {
  const { run, intake, noted } = setUp([anEntry(1)]);
  const fault = new Error('SQS is away');
  await expect(run(forwarding(), { over: { intake: fakeIntakeQueue(fault) } })).rejects.toBe(fault);
  expect(noted()).toEqual({ settledUntil: SINCE, forwarded: [] });
  await run();
  expect(sentIds(intake.sent)).toEqual(['aud_000001']);
});

test('a run that was taken for dead stops when it sees that another has gone on', async () => {
  const { state, notes, run, intake, deps } = setUp([anEntry(1), anEntry(2)]);
  const slow = {
    ...intake,
    send: async (...args: Parameters<typeof intake.send>) => {
      await intake.send(...args);
      state.nowMs += 70_000;
      // Meanwhile another run takes the turn, sends the same and ends.
      await forwardAudit(deps, forwarding(), aSource(), new Date(state.nowMs + 40_000));
    },
  };
  await expect(run(forwarding(), { over: { intake: slow } })).resolves.toEqual({ outcome: 'taken', events: 2 });
  expect(sentIds(intake.sent)).toEqual(['aud_000001', 'aud_000002', 'aud_000001', 'aud_000002']);
  expect(notes.present('ws_1').value?.turn).toBeUndefined();
});

test('nor does it touch the turn of one that is at it', async () => {
  const { state, run, intake, deps, noted } = setUp([anEntry(1)]);
  let goOn = () => {};
  const held = {
    ...intake,
    send: async () => {
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
    },
  };
  let other: Promise<unknown> = Promise.resolve();
  const slow = {
    ...intake,
    send: async (...args: Parameters<typeof intake.send>) => {
      await intake.send(...args);
      state.nowMs += 70_000;
      const deadline = new Date(state.nowMs + 40_000);
      other = forwardAudit({ ...deps, intake: held }, forwarding(), aSource(), deadline);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
  await expect(run(forwarding(), { over: { intake: slow } })).resolves.toEqual({ outcome: 'taken', events: 1 });
  expect(noted()).toMatchObject({ forwarded: [], turn: { until: '2026-11-24T10:02:25.000Z' } });
  goOn();
  await expect(other).resolves.toEqual({ outcome: 'done', events: 1 });
});

test('a thousand entries that came at once go out in requests of 200 at most, the note after each', async () => {
  const { intake, run, noted } = setUp(Array.from({ length: 1_000 }, (_, index) => anEntry(index)));
  await expect(run()).resolves.toEqual({ outcome: 'done', events: 1_000 });
  // Pages of 500, of which each begins with the last of the one before.
  expect(intake.sent).toHaveLength(7);
  expect(sentIds(intake.sent)).toEqual(Array.from({ length: 1_000 }, (_, index) => anEntry(index).id));
  expect(noted()?.forwarded).toHaveLength(1_000);
});

test('a run stops at its deadline and says that there is more; the next one goes on', async () => {
  const { state, intake, run, noted } = setUp(Array.from({ length: 500 }, (_, index) => anEntry(index)));
  const slow = {
    ...intake,
    send: async (...args: Parameters<typeof intake.send>) => {
      await intake.send(...args);
      state.nowMs += 25_000;
    },
  };
  await expect(run(forwarding(), { over: { intake: slow } })).resolves.toEqual({ outcome: 'more', events: 400 });
  expect(noted()?.turn).toBeUndefined();
  await expect(run()).resolves.toEqual({ outcome: 'done', events: 100 });
  expect(sentIds(intake.sent)).toEqual(Array.from({ length: 500 }, (_, index) => anEntry(index).id));
});

test('more changes in a minute than a note holds wait until they are settled', async () => {
  const count = FORWARDED_MAX + 300;
  const { state, intake, run, noted } = setUp(Array.from({ length: count }, (_, index) => anEntry(index)));
  await expect(run()).resolves.toEqual({ outcome: 'more', events: 1_997 });
  expect(noted()?.forwarded).toHaveLength(1_997);
  state.nowMs += 120_000;
  await expect(run()).resolves.toEqual({ outcome: 'done', events: count - 1_997 });
  expect(sentIds(intake.sent)).toEqual(Array.from({ length: count }, (_, index) => anEntry(index).id));
});

/** Lets whoever else waits go on first, at random. */
const pauses = (random: ReturnType<typeof randomFrom>) => async () => {
  for (let rounds = random.whole(0, 3); rounds > 0; rounds -= 1) await new Promise((resolve) => setImmediate(resolve));
};

test('whatever runs meet in whatever order, each entry goes out once and in order; after crashes at least once', async () => {
  for (let seed = 1; seed <= 150; seed += 1) {
    const random = randomFrom(seed);
    const { state, audit, intake, run, deps, noted } = setUp([], pauses(random));
    const mayCrash = seed % 3 === 0;
    let crashes = 0;
    const crashing = {
      ...intake,
      send: async (...args: Parameters<typeof intake.send>) => {
        await intake.send(...args);
        if (mayCrash && random.chance(0.2)) {
          crashes += 1;
          throw new Error('killed');
        }
      },
    };
    const written: string[] = [];
    const writer = async () => {
      for (let number = 1; number <= 12; number += 1) {
        await pauses(random)();
        // Stamped in order here: of an entry that comes late the order cannot be kept.
        const entry = anEntry(number * 10);
        audit.entries.push(entry);
        written.push(entry.id);
        // Each change sends a hint, and somebody comes.
        runs.push(run(forwarding(), { over: { intake: crashing } }).catch(() => undefined));
      }
    };
    const runs: Promise<unknown>[] = [];
    await writer();
    await Promise.all(runs);
    if (!mayCrash) {
      // The last one who looked has seen all, without the hourly run.
      expect([seed, sentIds(intake.sent)]).toEqual([seed, written]);
    }
    state.nowMs += 70_000;
    await forwardAudit(deps, forwarding(), aSource(), new Date(state.nowMs + 40_000));
    const ids = sentIds(intake.sent);
    expect([seed, [...new Set(ids)]]).toEqual([seed, written]);
    if (crashes === 0) expect(ids).toHaveLength(written.length);
    expect(noted()?.turn).toBeUndefined();
  }
});
