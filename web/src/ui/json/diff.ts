import { type Identities, identities } from './identities.ts';
import { entriesOf, isContainer, kindOf, type Path, valueAt } from './values.ts';

/** More differences than this within one object or array are told as one change of the whole of it. */
export const MARKS_MAX = 1_000;
/** Deeper than this, values are only told to differ, not how. */
export const DIFF_DEPTH_MAX = 100;

/**
 * One difference. The path of a removed value is that of `before`, all others are those of `after`; where a list became longer or
 * shorter, what was added or removed lies behind all that changed, so both agree.
 */
export type Mark =
  | { path: Path; kind: 'added'; after: unknown }
  | { path: Path; kind: 'removed'; before: unknown }
  | { path: Path; kind: 'changed'; before: unknown; after: unknown };

/**
 * The differences between two JSON values, in the order of `after`, removed ones where they were. Linear in the size of both; the
 * order of keys does not count, the order of lists does. Lists are compared between their common beginning and their common end.
 */
export const marksOf = (before: unknown, after: unknown): Mark[] => marksAt(before, after, [], identities());

function marksAt(before: unknown, after: unknown, path: Path, idOf: Identities): Mark[] {
  if (idOf(before) === idOf(after)) return [];
  const kind = kindOf(before);
  if (!isContainer(before) || !isContainer(after) || kind !== kindOf(after) || path.length >= DIFF_DEPTH_MAX) {
    return [{ path, kind: 'changed', before, after }];
  }
  const marks =
    Array.isArray(before) && Array.isArray(after)
      ? listMarks(before, after, path, idOf)
      : objectMarks(before, after, path, idOf);
  return marks.length > MARKS_MAX ? [{ path, kind: 'changed', before, after }] : marks;
}

function objectMarks(before: object, after: object, path: Path, idOf: Identities): Mark[] {
  const marks: Mark[] = [];
  for (const [step, value] of entriesOf(before)) {
    if (!Object.hasOwn(after, step)) marks.push({ path: [...path, step], kind: 'removed', before: value });
  }
  for (const [step, value] of entriesOf(after)) {
    const inside: Path = [...path, step];
    if (!Object.hasOwn(before, step)) marks.push({ path: inside, kind: 'added', after: value });
    else for (const mark of marksAt(valueAt(before, step), value, inside, idOf)) marks.push(mark);
  }
  return marks;
}

/** Where the middle of two lists begins and ends: before and behind it they are the same. */
export type Middle = { start: number; endBefore: number; endAfter: number };

/** The part of two lists that is not the same beginning or the same end. */
export function middleOf(before: readonly unknown[], after: readonly unknown[], idOf: Identities): Middle {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && idOf(before[start]) === idOf(after[start])) start++;
  let end = 0;
  while (end < shorter - start && idOf(before.at(-1 - end)) === idOf(after.at(-1 - end))) end++;
  return { start, endBefore: before.length - end, endAfter: after.length - end };
}

function listMarks(before: readonly unknown[], after: readonly unknown[], path: Path, idOf: Identities): Mark[] {
  const { start, endBefore, endAfter } = middleOf(before, after, idOf);
  const both = Math.min(endBefore, endAfter);
  const marks: Mark[] = [];
  for (let at = start; at < both; at++) {
    for (const mark of marksAt(before[at], after[at], [...path, at], idOf)) marks.push(mark);
  }
  for (let at = both; at < endBefore; at++) marks.push({ path: [...path, at], kind: 'removed', before: before[at] });
  for (let at = both; at < endAfter; at++) marks.push({ path: [...path, at], kind: 'added', after: after[at] });
  return marks;
}

/** How many of each kind, for a line above a diff. */
export function countMarks(marks: readonly Mark[]): Record<Mark['kind'], number> {
  const counts = { added: 0, removed: 0, changed: 0 };
  for (const { kind } of marks) counts[kind]++;
  return counts;
}
