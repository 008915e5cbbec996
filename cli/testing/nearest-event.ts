import { editDistance } from '../nearest.ts';
import { compare } from './match.ts';
import type { EventPattern, SeenEvent } from './types.ts';

/** What tells events apart goes before what they say. */
const NAMES: ReadonlySet<string> = new Set(['type', 'event', 'name', 'userId', 'anonymousId', 'groupId']);
const NAME_WEIGHT = 3;
/** A text that is nearly the one asked for counts for half. */
const NEARLY = 0.5;
/** Of a text's characters, the share that may differ. */
const NEARLY_SHARE = 0.34;

/** From 0, nothing is alike, to 1, a match. Pure. */
export function likeness(pattern: EventPattern, event: unknown): number {
  let [sum, all] = [0, 0];
  for (const { path, isMet, expected, got } of compare(pattern, event)) {
    const weight = NAMES.has(path) ? NAME_WEIGHT : 1;
    all += weight;
    if (isMet) sum += weight;
    else if (isNearly(expected, got)) sum += weight * NEARLY;
  }
  return all === 0 ? 1 : sum / all;
}

/** The event that is most like the pattern, the newest of several; `undefined` where none is like it at all. Pure. */
export function nearestEvent(pattern: EventPattern, seen: readonly SeenEvent[]): SeenEvent | undefined {
  let best: { one: SeenEvent; score: number } | undefined;
  for (const one of seen) {
    const score = likeness(pattern, one.event);
    if (score > 0 && (best === undefined || score >= best.score)) best = { one, score };
  }
  return best?.one;
}

function isNearly(expected: unknown, got: unknown): boolean {
  if (typeof expected === 'number' && typeof got === 'string') return got.trim() !== '' && Number(got) === expected;
  if (typeof expected === 'string' && typeof got === 'number') return Number(expected) === got;
  if (typeof expected !== 'string' || typeof got !== 'string') return false;
  const [a, b] = [plain(expected), plain(got)];
  if (a === '' || b === '') return false;
  const longest = Math.max(a.length, b.length);
  return a === b || (longest <= COMPARED_CHARS_MAX && editDistance(a, b) <= longest * NEARLY_SHARE);
}
/** The work grows with the product of the lengths. */
const COMPARED_CHARS_MAX = 64;

/** Case, spaces and joints aside: `order_completed` is nearly `Order Completed`. */
const plain = (text: string): string => text.toLowerCase().replaceAll(/[\s_.-]+/g, '');
