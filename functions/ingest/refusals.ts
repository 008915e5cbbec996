import type { SourceId } from '../../shared/domain/ids.ts';
import type { RefusalNotice } from '../../shared/domain/intake-message.ts';
import type { RefusalReason } from '../../shared/domain/outcomes.ts';

/** One environment sends at most one notice in this time (design 2), and writes one log line for each unknown key. */
export const NOTICE_EVERY_MS = 10_000;
/** Keys nobody owns that a notice names; the rest are counted together. Anyone can make up keys, so their number must not cost us. */
const UNKNOWN_KEYS_MAX = 20;
/** Lines of a notice that name a source or key. With one for each of the 16 reasons, a notice keeps within its 40 (RefusalNotice). */
const NAMED_LINES_MAX = 24;
/** Characters of a made-up key that are kept. */
const WRITE_KEY_CHARS_MAX = 64;
/** Unknown keys whose last log line is remembered. */
const LOGGED_KEYS_MAX = 100;

type Refusal = { reason: RefusalReason; sourceId?: SourceId | undefined; writeKey?: string | undefined };

/**
 * What this environment refused since its last notice, in memory: best effort and bounded. Nothing runs on a timer: the first refusal takes its notice
 * along, what follows within NOTICE_EVERY_MS goes with a request that comes when the next one is due.
 */
export function refusalCounter(deps: { now: () => Date; newNoticeId: () => string; warn: (writeKey: string) => void }) {
  let counts = new Map<string, RefusalNotice['refusals'][number]>();
  let unknownKeys = new Set<string>();
  let lastNoticeMs = Number.NEGATIVE_INFINITY;
  const loggedAtMs = new Map<string, number>();

  const lineOf = ({ reason, sourceId, writeKey: sent }: Refusal): Omit<RefusalNotice['refusals'][number], 'count'> => {
    const writeKey = sent?.slice(0, WRITE_KEY_CHARS_MAX).toWellFormed();
    const known = counts.has(`${reason} ${sourceId ?? ''} ${writeKey ?? ''}`);
    if (!known && counts.size >= NAMED_LINES_MAX) return { reason };
    if (sourceId !== undefined) return { reason, sourceId };
    if (writeKey === undefined) return { reason };
    if (!unknownKeys.has(writeKey) && unknownKeys.size >= UNKNOWN_KEYS_MAX) return { reason };
    unknownKeys.add(writeKey);
    return { reason, writeKey };
  };

  const logUnknownKey = (sent: string): void => {
    const writeKey = sent.slice(0, WRITE_KEY_CHARS_MAX).toWellFormed();
    const nowMs = deps.now().getTime();
    const last = loggedAtMs.get(writeKey);
    if (last !== undefined && nowMs - last < NOTICE_EVERY_MS) return;
    if (last === undefined && loggedAtMs.size >= LOGGED_KEYS_MAX) {
      for (const [key, atMs] of loggedAtMs) if (nowMs - atMs >= NOTICE_EVERY_MS) loggedAtMs.delete(key);
      if (loggedAtMs.size >= LOGGED_KEYS_MAX) return;
    }
    loggedAtMs.set(writeKey, nowMs);
    deps.warn(writeKey);
  };

  return {
    add: (refusal: Refusal): void => {
      if (refusal.reason === 'unknown-write-key' && refusal.writeKey !== undefined) logUnknownKey(refusal.writeKey);
      const line = lineOf(refusal);
      const name = `${line.reason} ${line.sourceId ?? ''} ${line.writeKey ?? ''}`;
      counts.set(name, { ...line, count: (counts.get(name)?.count ?? 0) + 1 });
    },

    /** The notice that is due, and begins to count anew; `undefined` where nothing was refused or the last one is younger than NOTICE_EVERY_MS. */
    takeDue: (): RefusalNotice | undefined => {
      const now = deps.now();
      if (counts.size === 0 || now.getTime() - lastNoticeMs < NOTICE_EVERY_MS) return undefined;
      const refusals = [...counts.values()];
      counts = new Map();
      unknownKeys = new Set();
      lastNoticeMs = now.getTime();
      return { v: 1, notice: 'refusals', noticeId: deps.newNoticeId(), at: now.toISOString(), refusals };
    },
  };
}

export type RefusalCounter = ReturnType<typeof refusalCounter>;
