import { percentileMs, sumDones } from '../../shared/domain/books.ts';
import { retryPolicyOf } from '../../shared/domain/retry-schedule.ts';
import { BREAKER_POLICY } from '../../functions/deliver/breaker-policy.ts';
import { type Failure, START_MS } from './world.ts';
import type { Scale } from './policies.ts';
import { quietly } from './quiet.ts';
import { simulate } from './simulate.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** The tool is down from the tenth minute on, for four hours; requests come until half an hour after. */
export const OUTAGE = { fromMs: 10 * MINUTE_MS, forMs: 4 * HOUR_MS, afterMs: 30 * MINUTE_MS };
/** The destination that is down; it has a lane of its own. */
export const DOWN = 'dst_0';

/** A seed of three destinations: two with lanes of their own, one on the shared lane. */
export const OUTAGE_SEED = 4;

export type OutageReport = {
  failure: Failure | undefined;
  virtualMs: number;
  /** Events that the destination which was down has got, of those it was to get. */
  delivered: number;
  sends: number;
  /** Dead letters of any destination. */
  deadLetters: number;
  /** Attempts that failed, of the destination that was down. */
  attempts: number;
  /** What the other destinations' events took, 95th percentile in ms: the bound of the bucket that holds it. */
  othersP95Ms: number | undefined;
  /** Messages received and not done, at most, of any lane. */
  inFlightMax: number;
};

/** Four hours of outage of one of several destinations, with production's numbers; or the same time without it. */
export async function playOutage(options: {
  seed: number;
  eventsPerSecond: number;
  /** Client libraries send events in batches. */
  eventsARequest: number;
  isDown: boolean;
}): Promise<OutageReport> {
  const { eventsPerSecond, eventsARequest: events } = options;
  const forMs = OUTAGE.fromMs + OUTAGE.forMs + OUTAGE.afterMs;
  const scale: Scale = {
    traffic: { forMs, perSecond: eventsPerSecond / events, eventsMin: events, eventsMax: events },
    retryPolicy: retryPolicyOf,
    breakerPolicy: BREAKER_POLICY,
    drainMs: 12 * HOUR_MS,
  };
  let inFlightMax = 0;
  const result = await quietly(() =>
    simulate({
      seed: options.seed,
      scale,
      faults: [],
      prepare: ({ tools, lanes, world }) => {
        if (!options.isDown) return;
        const fromMs = START_MS + OUTAGE.fromMs;
        tools.addSpell(DOWN, { kind: 'outage', fromMs, toMs: fromMs + OUTAGE.forMs });
        const look = (): void => {
          inFlightMax = Math.max(inFlightMax, ...lanes.queues().map((queue) => queue.counts().inFlight));
          if (world.nowMs < START_MS + forMs) world.after(MINUTE_MS, look);
        };
        look();
      },
    }),
  );
  const rows = [...result.services.ledger.dones.values()];
  const down = sumDones(rows.filter(({ destinationId }) => destinationId === DOWN));
  const others = sumDones(rows.filter(({ destinationId }) => destinationId !== DOWN));
  const parts = [...result.services.books.parts.all()].filter(({ destinationId }) => destinationId === DOWN);
  return {
    failure: result.failure,
    virtualMs: result.virtualMs,
    delivered: down.delivered,
    sends: parts.reduce((sum, part) => sum + part.sends.length, 0),
    deadLetters: [...result.services.deadLetters.objects.values()].flat().length,
    attempts: parts.reduce((sum, part) => sum + part.attempts.reduce((all, each) => all + each, 0), 0),
    othersP95Ms: percentileMs(others.latency, 0.95),
    inFlightMax,
  };
}
