import fc from 'fast-check';
import { JITTER, nextTry, retryPolicyOf } from '../../../../shared/domain/retry-schedule.ts';

// Reliability 1.3: 13 tries in 24 h, jitter 20 %; G06's 4 h as a setting; R5 and R6.

const START_MS = Date.parse('2026-11-24T10:00:00.000Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const day = retryPolicyOf({ retryWindowHours: 24 });

/** Tries until it is over, each failing at once, in seconds from the first one. */
function triesOf(policy: typeof day, random: () => number): { atSeconds: number[]; over: string } {
  const atSeconds = [0];
  let nowMs = START_MS;
  for (;;) {
    const next = nextTry(policy, { attempts: atSeconds.length, nowMs, waitingSinceMs: START_MS }, random());
    if ('over' in next) return { atSeconds, over: next.over };
    nowMs = next.dueMs;
    atSeconds.push((nowMs - START_MS) / 1_000);
  }
}

test('in the middle of each jitter: 13 tries, the last one as the window of 24 h ends', () => {
  const gaps = [5, 30, 120, 300, 600, 1_200, 2_400, 3_600, 7_200, 14_400, 28_800];
  let at = 0;
  const planned = gaps.map((gap) => (at += gap));
  expect(triesOf(day, () => 0.5)).toEqual({ atSeconds: [0, ...planned, 86_400], over: 'retry_window' });
});

test('with the window of Segment, 4 h, the last try is made at its end', () => {
  const { atSeconds } = triesOf(retryPolicyOf({ retryWindowHours: 4 }), () => 0.5);
  expect(atSeconds.slice(-2)).toEqual([8_255, 14_400]);
});

test('a window of 13 days goes on every 8 h to its end', () => {
  const { atSeconds } = triesOf(retryPolicyOf({ retryWindowHours: 312 }), () => 0.5);
  expect(atSeconds.at(-1)).toBe(312 * 3_600);
  expect(atSeconds.length).toBeLessThan(60);
});

test('R6: each gap lies within 20 % of the plan, and nothing is tried after the window', () => {
  const random = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 0, max: 24 * HOUR_MS - 1 }),
      random,
      (attempts, sinceMs, draw) => {
        const nowMs = START_MS + sinceMs;
        const next = nextTry(day, { attempts, nowMs, waitingSinceMs: START_MS }, draw);
        if (!('dueMs' in next)) throw new Error('within the window there is a next try');
        const planMs = day.delaysMs[Math.min(attempts, day.delaysMs.length) - 1] ?? 0;
        const endMs = START_MS + day.windowMs;
        expect(next.dueMs).toBeLessThanOrEqual(Math.min(nowMs + planMs * (1 + JITTER) + 1, endMs));
        expect(next.dueMs).toBeGreaterThanOrEqual(Math.min(nowMs + planMs * (1 - JITTER) - 1, endMs));
      },
    ),
  );
});

test('R5: a Retry-After is never broken, and only ever stretched by up to 20 %, or to the planned wait', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 15 }),
      fc.integer({ min: 0, max: 12 * HOUR_MS }),
      fc.integer({ min: 0, max: 24 * HOUR_MS - 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempts, retryAfterMs, sinceMs, draw) => {
        const nowMs = START_MS + sinceMs;
        const next = nextTry(day, { attempts, nowMs, waitingSinceMs: START_MS, retryAfterMs }, draw);
        const endMs = START_MS + day.windowMs;
        if ('over' in next) {
          expect([next.over, nowMs + retryAfterMs > endMs]).toEqual(['retry_after', true]);
          return;
        }
        const planMs = (day.delaysMs[Math.min(attempts, day.delaysMs.length) - 1] ?? 0) * (1 + JITTER);
        expect(next.dueMs).toBeGreaterThanOrEqual(nowMs + retryAfterMs);
        expect(next.dueMs).toBeLessThanOrEqual(Math.max(nowMs + Math.max(retryAfterMs * (1 + JITTER), planMs) + 1));
        expect(next.dueMs).toBeLessThanOrEqual(endMs + 1);
      },
    ),
  );
});

test.each([
  ['longer than 12 h', 12 * HOUR_MS + 1_000, 0, { over: 'retry_after' }],
  ['of a year', 365 * 24 * HOUR_MS, 0, { over: 'retry_after' }],
  ['beyond the end of the window', 2 * HOUR_MS, 23 * HOUR_MS, { over: 'retry_after' }],
  ['that ends with the window', HOUR_MS, 23 * HOUR_MS, { dueMs: START_MS + 24 * HOUR_MS }],
  ['of nothing', 0, 0, { dueMs: START_MS + 5_000 }],
  ['in the window’s last moment', 0, 24 * HOUR_MS, { over: 'retry_window' }],
])('a Retry-After %s', (_case, retryAfterMs, sinceMs, expected) => {
  const send = { attempts: 1, nowMs: START_MS + sinceMs, waitingSinceMs: START_MS, retryAfterMs };
  expect(nextTry(day, send, 0.5)).toEqual(expected);
});
