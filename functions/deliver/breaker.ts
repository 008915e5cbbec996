import { logError } from '../../shared/aws/log.ts';
import type { DestinationId } from '../../shared/domain/ids.ts';
import type { SendResult } from '../../shared/destinations/engine.ts';
import type { BreakerCause, BreakerStore, OpenBreaker } from '../../shared/ports/breaker-store.ts';
import type { BreakerPolicy } from './breaker-policy.ts';
import { type CallVerdict, type CallWindow, callWindow, verdictOf } from './call-window.ts';
import { causeOf } from '../../shared/domain/error-cause.ts';

/** Destinations that one environment remembers; the one heard of longest ago makes room. */
const DESTINATIONS_MAX = 500;
/** Two environments that move a breaker at the same moment: the loser reads again, so often. */
const TURNS_MAX = 3;

export type Admission =
  | { verdict: 'go' }
  /** This one call, and no other, finds out whether the destination works again. */
  | { verdict: 'probe'; breaker: OpenBreaker }
  | { verdict: 'open'; untilMs: number };

export type Breakers = {
  /**
   * Whether a call to a destination may begin. `version` is the destination's: after a change of its settings the next probe is due at
   * once. `mayBeOpen`: there is a reason to ask the table although nothing failed here (a part that was sent before). Where the table does
   * not answer, what this environment remembers decides. Never rejects.
   */
  admit(destination: { id: DestinationId; version: number }, mayBeOpen: boolean): Promise<Admission>;
  /** What came of a call that was admitted, without secrets. Answers it as it counts for the books. */
  settle(call: {
    destination: { id: DestinationId; version: number };
    admission: Admission;
    results: readonly SendResult[];
  }): Promise<readonly SendResult[]>;
};

type Known = {
  window: CallWindow;
  open: OpenBreaker | undefined;
  lookedAtMs: number;
  looking: Promise<void> | undefined;
};

/**
 * A breaker for each destination. An environment judges by its own calls; what it finds lies in the table, where the others see it at their
 * first failure. While it is open nothing is sent and no attempt counts.
 */
export function createBreakers(deps: {
  store: BreakerStore;
  policy: BreakerPolicy;
  now: () => Date;
  newWriteId: () => string;
  /** Told once for each time that one opens. */
  onOpen: (breaker: OpenBreaker) => void;
}): Breakers {
  const { store, policy } = deps;
  const destinations = new Map<DestinationId, Known>();
  const nowMs = () => deps.now().getTime();
  const iso = (ms: number) => new Date(ms).toISOString();

  const knownOf = (id: DestinationId): Known => {
    const known = destinations.get(id) ?? {
      window: callWindow(policy.windowMs),
      open: undefined,
      lookedAtMs: Number.NEGATIVE_INFINITY,
      looking: undefined,
    };
    destinations.delete(id);
    destinations.set(id, known);
    const oldest = destinations.keys().next();
    if (destinations.size > DESTINATIONS_MAX && !oldest.done) destinations.delete(oldest.value);
    return known;
  };

  /** One look at the table at a time; the others wait for it. */
  const look = (id: DestinationId, known: Known): Promise<void> => {
    known.looking ??= store
      .get(id)
      .then((open) => {
        known.open = open;
      })
      .catch((error: unknown) => logError('A breaker could not be looked up', error, { destinationId: id }))
      .finally(() => {
        known.lookedAtMs = nowMs();
        known.looking = undefined;
      });
    return known.looking;
  };

  const probeWaitMs = (probes: number): number => policy.probeMs[Math.min(probes, policy.probeMs.length - 1)] ?? 0;

  const isDue = (open: OpenBreaker, version: number): boolean =>
    nowMs() >= Date.parse(open.probeAt) || open.destinationVersion < version;

  const admit: Breakers['admit'] = async ({ id, version }, mayBeOpen) => {
    const known = knownOf(id);
    const mustAsk = mayBeOpen || known.window.hasFailures(nowMs());
    if (known.open === undefined && mustAsk && nowMs() - known.lookedAtMs >= policy.lookMs) await look(id, known);
    for (let turn = 0; turn < TURNS_MAX && known.open !== undefined; turn += 1) {
      const { open } = known;
      if (!isDue(open, version)) return { verdict: 'open', untilMs: Date.parse(open.probeAt) };
      // The lease of a probe: whoever moves probeAt on has it; if he dies, the next one comes after that wait.
      const next: OpenBreaker = {
        ...open,
        probes: open.probes + 1,
        probeAt: iso(nowMs() + probeWaitMs(open.probes + 1)),
        destinationVersion: version,
        writeId: deps.newWriteId(),
      };
      // Before the answer: other calls of this environment must not ask for the same lease.
      known.open = next;
      try {
        if (await store.replace(open, next)) return { verdict: 'probe', breaker: next };
      } catch (error) {
        logError('A probe could not be taken', error, { destinationId: id });
        break;
      }
      await look(id, known);
    }
    const { open } = known;
    return open === undefined ? { verdict: 'go' } : { verdict: 'open', untilMs: Date.parse(open.probeAt) };
  };

  const settleProbe = async (id: DestinationId, breaker: OpenBreaker, call: CallVerdict): Promise<void> => {
    const known = knownOf(id);
    try {
      if (call.verdict === 'ok') {
        known.window.clear();
        await store.close(breaker);
        if (known.open?.writeId === breaker.writeId) known.open = undefined;
        return;
      }
      if (call.verdict === 'nothing') {
        // It was not asked: the next one may.
        const { probes } = breaker;
        const back = { ...breaker, probes: probes - 1, probeAt: iso(nowMs()), writeId: deps.newWriteId() };
        if (await store.replace(breaker, back)) known.open = back;
        return;
      }
      const askedMs = nowMs() + Math.min(call.retryAfterMs, policy.retryAfterMsMax);
      if (askedMs <= Date.parse(breaker.probeAt)) return;
      const later = { ...breaker, probeAt: iso(askedMs), writeId: deps.newWriteId() };
      if (await store.replace(breaker, later)) known.open = later;
    } catch (error) {
      // It stays open until the next probe: late, not lost.
      logError('A breaker could not be written after its probe', error, { destinationId: id });
    }
  };

  const open = async (
    { id, version }: { id: DestinationId; version: number },
    cause: BreakerCause,
    failure: CallVerdict,
    retryAfterMs: number,
  ): Promise<void> => {
    const known = knownOf(id);
    const mine: OpenBreaker = {
      destinationId: id,
      openedAt: iso(nowMs()),
      cause,
      code: failure.code,
      message: causeOf(failure.message),
      probeAt: iso(nowMs() + Math.max(probeWaitMs(0), Math.min(retryAfterMs, policy.retryAfterMsMax))),
      probes: 0,
      destinationVersion: version,
      writeId: deps.newWriteId(),
    };
    known.open = mine;
    known.window.clear();
    try {
      known.open = await store.open(mine);
      known.lookedAtMs = nowMs();
      if (known.open.writeId === mine.writeId) deps.onOpen(mine);
    } catch (error) {
      // It holds in this environment; others find out by themselves.
      logError('A breaker could not be written', error, { destinationId: id });
    }
  };

  return {
    admit,
    settle: async ({ destination, admission, results }) => {
      const { window, open: standing } = knownOf(destination.id);
      const call = verdictOf(results);
      const isUnauthorised = (admission.verdict === 'probe' ? admission.breaker : standing)?.cause === 'unauthorised';
      // While keys are refused nothing is discarded on (design 2): a corrected key heals what waits, probes included.
      const counted = isUnauthorised ? results.map(waitsForKey) : results;
      if (admission.verdict === 'probe') {
        await settleProbe(destination.id, admission.breaker, call);
        return counted;
      }
      window.add(nowMs(), call);
      const cause = standing === undefined ? window.causeToOpen(nowMs(), policy) : undefined;
      if (cause !== undefined) await open(destination, cause, call, window.retryAfterMs(nowMs()));
      return counted;
    },
  };
}

const UNAUTHORISED: ReadonlySet<string> = new Set(['401', '403']);

const waitsForKey = (result: SendResult): SendResult => {
  const { outcome } = result;
  if (outcome.outcome !== 'discarded' || !UNAUTHORISED.has(outcome.code)) return result;
  return { ...result, outcome: { outcome: 'retry', code: outcome.code, message: outcome.message } };
};
