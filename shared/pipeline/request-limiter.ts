import type { LimitedId, RateClocks } from '../ports/rate-clocks.ts';

/** The limit holds on average over this (E09). */
export const RATE_WINDOW_MS = 10_000;
/** What may come at once after a pause, in seconds of the limit, and at least BURST_MIN requests. */
const BURST_SECONDS = 0.5;
const BURST_MIN = 2;
/**
 * How far the source's moment may fall behind the clock before it is set anew, which takes another call. What is behind may come at once, too: with
 * the burst it is a second of the limit, so that ten seconds take eleven's worth.
 */
const BEHIND_MS = 500;
/** What one environment lets through in a window without asking anybody, in seconds of the limit: of 1,000/s 20 requests. Quiet sources cost nothing. */
const FREE_SECONDS = 0.02;
/** A lease: this share of what is there to be had, or what this environment lets through in so long, whichever is more. */
const LEASE_SHARE = 0.02;
const LEASE_SECONDS = 1;
/** Of a lease this share pays what was free before, if any: all at once would take what others need now for what came over seconds. */
const DEBT_SHARE = 0.2;
/** What of a lease has not been used by then is forgone. */
const LEASE_MS = 5_000;
/** After a refusal nobody is asked for so long, at random: environments shall not all come again at one moment. Far below BURST_SECONDS, or what may pass would not. */
const HOLD_MS_MIN = 250;
const HOLD_MS_MAX = 750;
/** While the table is away, everything passes, and it is asked again after this. */
const AWAY_MS = 1_000;
/** A call that lost to another environment's knows more, and is made again. Four that lose in a row are no proof that the limit is reached. */
const CALLS_MAX = 4;
/** Sources of which this environment keeps count. */
const SOURCES_MAX = 1_000;

export type Admission = { outcome: 'admitted' } | { outcome: 'refused'; retryAfterSeconds: number };
export type RequestLimiter = {
  /** Whether one more request of a source, or an app, may pass now. Never throws: what cannot be asked is let through. */
  admit(of: { id: LimitedId; requestsPerSecondMax: number }): Promise<Admission>;
};
export type LimiterDeps = {
  clocks: RateClocks;
  nowMs: () => number;
  random: () => number;
  /** Told when the table could not be asked, with the number of requests that passed unasked since it was told last. */
  warn: (error: unknown, unasked: number) => void;
};

type Count = {
  windowStartMs: number;
  /** Let through in this window, and in the one before. */
  admitted: number;
  before: number;
  /** Let through without a lease, and to be paid with the next. */
  owed: number;
  leased: number;
  leaseEndsMs: number;
  refusedUntilMs: number;
  /** No free requests until then. */
  meteredUntilMs: number;
  /** The source's moment as it was last seen, and whether setting it was what did last. */
  seenMs: number | undefined;
  wasSet: boolean;
};

const ADMITTED: Admission = { outcome: 'admitted' };

/**
 * Holds sources to their limits across all environments (decision 016): a generic cell rate algorithm on one number for each source, of which an
 * environment takes leases of several requests at once, and none before it has let through a little in ten seconds.
 */
export function requestLimiter(deps: LimiterDeps): RequestLimiter {
  const counts = new Map<LimitedId, Count>();
  let awayUntilMs = Number.NEGATIVE_INFINITY;
  let unasked = 0;

  const countOf = (id: LimitedId, nowMs: number): Count => {
    const count = counts.get(id) ?? newCount(nowMs);
    counts.delete(id);
    counts.set(id, count);
    const oldest = counts.keys().next();
    if (counts.size > SOURCES_MAX && !oldest.done) counts.delete(oldest.value);
    return count;
  };

  const admitUnasked = (count: Count): Admission => {
    unasked += 1;
    return admitOne(count);
  };

  const ask = async (id: LimitedId, count: Count, perSecond: number, nowMs: number): Promise<Admission> => {
    const wanted = leaseOf(count, perSecond, nowMs);
    try {
      const taken = await takeLease(deps.clocks, id, count, { wanted, perSecond, nowMs });
      if (taken === 'unknown') return admitUnasked(count);
      if (taken !== 'taken') {
        const heldMs = nowMs + HOLD_MS_MIN + deps.random() * (HOLD_MS_MAX - HOLD_MS_MIN);
        count.refusedUntilMs = Math.max(heldMs, taken.againMs);
        count.meteredUntilMs = nowMs + 2 * RATE_WINDOW_MS;
        return refused(count, nowMs);
      }
      count.leased -= 1;
      return admitOne(count);
    } catch (error) {
      const admission = admitUnasked(count);
      awayUntilMs = nowMs + AWAY_MS;
      deps.warn(error, unasked);
      unasked = 0;
      return admission;
    }
  };

  return {
    admit: async ({ id, requestsPerSecondMax: perSecond }) => {
      const nowMs = deps.nowMs();
      const count = countOf(id, nowMs);
      rollWindow(count, nowMs);
      if (nowMs < count.refusedUntilMs) return refused(count, nowMs);
      const free = Math.floor(perSecond * FREE_SECONDS);
      if (nowMs >= count.meteredUntilMs && count.before <= free && count.admitted < free) {
        count.owed += 1;
        return admitOne(count);
      }
      if (nowMs < count.leaseEndsMs && count.leased > 0) {
        count.leased -= 1;
        return admitOne(count);
      }
      if (nowMs < awayUntilMs) return admitUnasked(count);
      return await ask(id, count, perSecond, nowMs);
    },
  };
}

const newCount = (nowMs: number): Count => ({
  windowStartMs: nowMs,
  admitted: 0,
  before: 0,
  owed: 0,
  leased: 0,
  leaseEndsMs: 0,
  refusedUntilMs: 0,
  meteredUntilMs: 0,
  seenMs: undefined,
  wasSet: true,
});

function admitOne(count: Count): Admission {
  count.admitted += 1;
  return ADMITTED;
}

/** Clients read whole seconds, and come at once for 0. */
const refused = (count: Count, nowMs: number): Admission => ({
  outcome: 'refused',
  retryAfterSeconds: Math.max(1, Math.ceil((count.refusedUntilMs - nowMs) / 1_000)),
});

/** What was free in a window that stayed free is forgotten with it. */
function rollWindow(count: Count, nowMs: number): void {
  const ageMs = nowMs - count.windowStartMs;
  if (ageMs < RATE_WINDOW_MS) return;
  count.before = ageMs < 2 * RATE_WINDOW_MS ? count.admitted : 0;
  count.admitted = 0;
  count.owed = 0;
  count.windowStartMs = nowMs;
}

const burstOf = (perSecond: number): number => Math.max(BURST_MIN, perSecond * BURST_SECONDS);

/** How many requests fit in, as far as this environment knows. */
function fittingIn({ seenMs }: Count, perSecond: number, nowMs: number): number {
  const aheadMs = seenMs === undefined || seenMs <= nowMs - BEHIND_MS ? 0 : seenMs - nowMs;
  // What has just become due is there: the rest of a division must not make it one fewer.
  return Math.floor(burstOf(perSecond) - (aheadMs * perSecond) / 1_000 + 1e-6);
}

/** How many requests a lease should have; at least one. */
function leaseOf(count: Count, perSecond: number, nowMs: number): number {
  const overMs = nowMs - count.windowStartMs + RATE_WINDOW_MS;
  const own = ((count.before + count.admitted) / overMs) * 1_000 * LEASE_SECONDS;
  return Math.max(1, Math.floor(own), Math.floor(fittingIn(count, perSecond, nowMs) * LEASE_SHARE));
}

type LeaseTaken = 'taken' | 'unknown' | { againMs: number };

/**
 * Takes a lease of up to `wanted` requests, fewer where fewer are there; where there is not one, it says when one will be. What it learns of the
 * source's moment stays in `count`.
 */
async function takeLease(
  clocks: RateClocks,
  id: LimitedId,
  count: Count,
  { wanted, perSecond, nowMs }: { wanted: number; perSecond: number; nowMs: number },
): Promise<LeaseTaken> {
  const eachMs = 1_000 / perSecond;
  const lastMs = nowMs + burstOf(perSecond) * eachMs;
  for (let call = 0; call < CALLS_MAX; call += 1) {
    const debt = Math.min(count.owed, Math.ceil(wanted * DEBT_SHARE));
    const requests = Math.min(wanted + debt, fittingIn(count, perSecond, nowMs));
    if (requests < 1) return { againMs: (count.seenMs ?? nowMs) + eachMs - burstOf(perSecond) * eachMs };
    const costMs = requests * eachMs;
    const idleMs = nowMs - BEHIND_MS;
    // Of others' moves nobody hears: what did last is the best guess, and a wrong one tells what is right.
    const isIdle = call === 0 && (count.seenMs ?? 0) <= idleMs ? count.wasSet : (count.seenMs ?? 0) <= idleMs;
    const move = isIdle
      ? await clocks.set(id, nowMs + costMs, idleMs)
      : await clocks.advance(id, costMs, idleMs, lastMs - costMs + eachMs * 1e-3);
    count.seenMs = move.atMs;
    if (move.outcome === 'refused') continue;
    count.wasSet = isIdle;
    const paid = Math.min(debt, requests - 1);
    count.owed -= paid;
    count.leased = requests - paid;
    count.leaseEndsMs = nowMs + LEASE_MS;
    return 'taken';
  }
  return 'unknown';
}
