import { ANY_KIND } from './any-kind.ts';
import { createBreakers } from '../../functions/deliver/breaker.ts';
import { BREAKER_POLICY, type BreakerPolicy } from '../../functions/deliver/breaker-policy.ts';
import type { DeliverDeps } from '../../functions/deliver/deliver-batch.ts';
import { createPace } from '../../functions/deliver/pace.ts';
import { sampleBudget } from '../../functions/deliver/sample-budget.ts';
import { quietTimers } from './quiet-timers.ts';
import type { DoneRow } from '../../shared/domain/ledger-rows.ts';
import { retryPolicyOf } from '../../shared/domain/retry-schedule.ts';
import type { WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { OpenBreaker } from '../../shared/ports/breaker-store.ts';
import { fakeDeadLetterStore, fakeDoneStore, fakeInbox, fakeSamples } from './deliver-stores.ts';
import { fakeBreakerStore } from './fake-breaker-store.ts';
import { type Fate, fakeEngine } from './fake-engine.ts';
import { fakeLaneQueue } from './fake-queues.ts';
import { fakeTouches } from './fake-touches.ts';
import { fakeTryStore } from './fake-try-store.ts';

export type DeliverGiven = {
  config: WorkspaceConfig | undefined;
  fate?: Fate | undefined;
  rows?: DoneRow[] | undefined;
  now?: () => Date;
  isOfSharedLane?: boolean;
  breakerPolicy?: BreakerPolicy;
  lanes?: ReturnType<typeof fakeLaneQueue>;
  tries?: ReturnType<typeof fakeTryStore>;
  touches?: ReturnType<typeof fakeTouches>;
};

/** All that deliver needs, in memory: every store works, time stands still, the middle of each jitter is drawn. */
export function deliverDeps(given: DeliverGiven) {
  const now = given.now ?? (() => new Date('2026-11-24T10:15:00.120Z'));
  const engine = fakeEngine(given.fate, {
    method: 'POST',
    url: 'https://tool.example/?api_key=canary-1234',
    headers: {},
    body: Buffer.from('canary-1234'),
    status: 200,
    tookMs: 5,
  });
  const dones = fakeDoneStore(given.rows);
  const deadLetters = fakeDeadLetterStore();
  const samples = fakeSamples();
  const inbox = fakeInbox();
  const lanes = given.lanes ?? fakeLaneQueue();
  const breakerStore = fakeBreakerStore();
  const tries = given.tries ?? fakeTryStore();
  const touches = given.touches ?? fakeTouches();
  const opened: OpenBreaker[] = [];
  /** `<messageId> <seconds>` for each message that was kept away, or let come at once. */
  const heldBack: string[] = [];
  let writes = 0;
  const newWriteId = (): string => {
    writes += 1;
    return `write-${writes}`;
  };
  const deps: DeliverDeps = {
    configs: { workspaceConfig: async () => given.config },
    sealer: { open: async ({ sealed }) => sealed },
    kindOf: (type) => (type === 'webhook' || type === 'inbox' ? ANY_KIND : undefined),
    engine: engine.engine,
    inbox: inbox.store,
    dones: dones.store,
    touches: touches.touches,
    deadLetters: deadLetters.store,
    samples: samples.store,
    lanes,
    isOfSharedLane: () => given.isOfSharedLane ?? true,
    breakers: createBreakers({
      store: breakerStore,
      policy: given.breakerPolicy ?? BREAKER_POLICY,
      now,
      newWriteId,
      onOpen: (breaker) => void opened.push(breaker),
    }),
    tries,
    retryPolicy: retryPolicyOf,
    holdBack: async ({ messageId }, seconds) => void heldBack.push(`${messageId} ${seconds}`),
    now,
    random: () => 0.5,
    timers: quietTimers,
    newWriteId,
    takesSample: sampleBudget(),
    pace: createPace(),
  };
  return {
    deps,
    engine,
    dones,
    touched: touches.stored,
    deadLetters,
    samples,
    inbox,
    lanes,
    breakerStore,
    tries,
    opened,
    heldBack,
  };
}
