import * as z from 'zod';

/** Scripts that are in force at one moment, and the longest time that one may be given. */
const SCRIPTS_MAX = 200;
const SECONDS_MAX = 31 * 86_400;
const PATH_CHARS_MAX = 500;

const Path = z.string().startsWith('/').max(PATH_CHARS_MAX);
/** What `POST /script` takes. */
const Order = z.strictObject({
  /** The path that senders use. */
  path: Path,
  /** What it does from now on, itself written as a path; null: what its own text says. */
  script: Path.nullable(),
  /** It begins after so many seconds, and is over after so many more; absent: at once, and for ever. */
  afterSeconds: z.number().min(0).max(SECONDS_MAX).default(0),
  forSeconds: z.number().positive().max(SECONDS_MAX).optional(),
});

type Change = { script: string | null; fromMs: number; toMs: number };
export type Ordered = { outcome: 'set' } | { outcome: 'refused'; reason: string };

/** Behaviour that is changed while the sink runs: outages that begin and end. */
export function setScripts(nowMs: () => number) {
  const changes = new Map<string, Change[]>();
  return {
    /** Takes an order. One with a time adds to those before it, one without replaces them. */
    set: (body: string): Ordered => {
      let json: unknown;
      try {
        json = JSON.parse(body);
      } catch {
        return { outcome: 'refused', reason: 'The body is not JSON' };
      }
      const parsed = Order.safeParse(json);
      if (!parsed.success) return { outcome: 'refused', reason: z.prettifyError(parsed.error) };
      const { path, script, afterSeconds, forSeconds } = parsed.data;
      const isTimed = afterSeconds > 0 || forSeconds !== undefined;
      const fromMs = nowMs() + afterSeconds * 1_000;
      const toMs = forSeconds === undefined ? Number.POSITIVE_INFINITY : fromMs + forSeconds * 1_000;
      const before = isTimed ? (changes.get(path) ?? []).filter((change) => change.toMs > nowMs()) : [];
      const count = [...changes.values()].flat().length;
      if (count >= SCRIPTS_MAX) return { outcome: 'refused', reason: `At most ${SCRIPTS_MAX} scripts at a time` };
      if (script === null && !isTimed) changes.delete(path);
      else changes.set(path, [...before, { script, fromMs, toMs }]);
      return { outcome: 'set' };
    },
    /** The script of a path now: the newest order that holds, else the path itself. */
    of: (path: string): string => {
      const held = changes.get(path)?.findLast((change) => change.fromMs <= nowMs() && nowMs() < change.toMs);
      return held?.script ?? path;
    },
  };
}
