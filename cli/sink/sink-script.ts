/** Longest wait that a path may ask for. */
export const DELAY_MS_MAX = 60_000;
/** A body of `/big` is cut to this. */
export const BIG_MB_MAX = 100;
/** A slow drip waits this long between two bytes at most, and at least. */
const DRIP_MS_MAX = 60_000;
const DRIP_MS_MIN = 1;

/** Ways to fail without an HTTP status. */
export type Breakdown = 'hang' | 'reset' | 'close' | 'garbage';
/** How an answer goes out: whole, byte by byte with `dripMs` between, very large, as a gzip bomb, or not at all. */
export type Manner =
  | { how: 'plain' | 'bomb' | Breakdown }
  | { how: 'drip'; dripMs: number }
  | { how: 'big'; mb: number };

/** What the sink does with a request, as its path says. */
export type SinkAnswer = {
  /** 0 where no status is sent. */
  status: number;
  manner: Manner;
  delayMs: number;
  headers: Record<string, string>;
  /** Whether the events count as taken, whatever the sender hears. */
  isTaken: boolean;
  /** Until when the sender is asked to wait, in ms since the epoch; only where the wish is one that senders understand. */
  notBeforeMs?: number;
};

export type SinkScript = {
  random: () => number;
  nowMs: () => number;
  /** How often the events of this request came here before; of several, the smallest number. */
  triesBefore: () => number;
};

type Failure = { status: number; breakdown?: Breakdown };

/**
 * The path is the script, so that a destination is made to fail by its URL alone; parts may be combined, and what docs/sink.md does not list
 * is just a name. Where several parts make a request fail, the last one does.
 */
export function sinkAnswer(path: string, script: SinkScript): SinkAnswer {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  let failure: Failure | undefined;
  let manner: Manner = { how: 'plain' };
  let isTaken: boolean | undefined;
  let delayMs = 0;
  let wish: { header: string; notBeforeMs?: number } | undefined;
  /** Parts that say themselves when a request fails: a wish to wait makes none fail then. */
  let hasCondition = false;
  let isPassed = false;
  const headers: Record<string, string> = {};

  for (const [index, part] of parts.entries()) {
    const first = parts[index + 1] ?? '';
    const second = parts[index + 2];
    const value = first === '' ? Number.NaN : Number(first);
    switch (part) {
      case 'status':
        if (!isStatus(value)) break;
        failure = { status: value };
        hasCondition = true;
        break;
      case 'flaky':
        if (!(value >= 0 && value <= 1)) break;
        hasCondition = true;
        // Before `/first` it chooses among the first requests, and fails none by itself.
        if (second === 'first') isPassed = script.random() >= value;
        else if (script.random() < value) failure = failureOf(second) ?? { status: 500 };
        break;
      case 'first':
        if (!(value >= 0) || failureOf(second) === undefined) break;
        hasCondition = true;
        if (!isPassed && script.triesBefore() < value) failure = failureOf(second);
        break;
      case 'commit-then':
        failure = failureOf(first) ?? failure;
        isTaken = true;
        break;
      case 'redirect':
        failure = { status: isStatus(value) ? value : 302 };
        headers['Location'] = '/redirected';
        break;
      case 'retry-after':
        wish = { header: first, ...(/^\d+$/.test(first) && { notBeforeMs: script.nowMs() + value * 1_000 }) };
        break;
      case 'retry-after-date': {
        if (Number.isNaN(value)) break;
        // A date of HTTP has whole seconds.
        const atMs = Math.ceil(script.nowMs() / 1_000 + value) * 1_000;
        wish = { header: new Date(atMs).toUTCString(), notBeforeMs: atMs };
        break;
      }
      case 'delay':
        if (value >= 0) delayMs = Math.min(Math.floor(value), DELAY_MS_MAX);
        break;
      case 'drip':
        manner = { how: 'drip', dripMs: Math.min(Math.max(value || DRIP_MS_MIN, DRIP_MS_MIN), DRIP_MS_MAX) };
        break;
      case 'big':
        manner = { how: 'big', mb: Math.min(Math.max(value || 1, 1), BIG_MB_MAX) };
        break;
      case 'bomb':
        manner = { how: 'bomb' };
        break;
      case 'hang':
      case 'reset':
      case 'close':
      case 'garbage':
        // After these words a failure is named; on their own they are one.
        if (!isNamedBy(parts, index)) failure = { status: 0, breakdown: part };
        break;
      default:
    }
  }

  if (wish !== undefined && failure === undefined && !hasCondition) failure = { status: 429 };
  const { status, breakdown }: Failure = failure ?? { status: 200 };
  const isRefused = status >= 400;
  if (wish !== undefined && isRefused) headers['Retry-After'] = wish.header;
  return {
    status,
    manner: breakdown === undefined ? manner : { how: breakdown },
    delayMs,
    headers,
    isTaken: isTaken ?? (status >= 200 && status < 300),
    ...(isRefused && wish?.notBeforeMs !== undefined && { notBeforeMs: wish.notBeforeMs }),
  };
}

const isStatus = (value: number): boolean => Number.isInteger(value) && value >= 200 && value <= 599;

/** A status, or a breakdown: what `/first`, `/flaky` and `/commit-then` may name. */
function failureOf(text: string | undefined): Failure | undefined {
  if (text === 'hang' || text === 'reset' || text === 'close' || text === 'garbage') {
    return { status: 0, breakdown: text };
  }
  return isStatus(Number(text)) ? { status: Number(text) } : undefined;
}

/** Whether a word of the path belongs to the part before it: `/first/2/reset`, `/flaky/0.1/hang`, `/commit-then/close`. */
const isNamedBy = (parts: readonly string[], index: number): boolean =>
  parts[index - 1] === 'commit-then' || parts[index - 2] === 'first' || parts[index - 2] === 'flaky';

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
