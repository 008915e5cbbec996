import { identities, type Identities } from './identities.ts';
import { DIFF_DEPTH_MAX, middleOf } from './diff.ts';
import { entriesOf, isContainer, kindOf, type Step, sizeOf, valueAt } from './values.ts';

/** What happened to a line: it is in both, only after, only before, or has another value. */
export type Sign = 'same' | 'added' | 'removed' | 'changed';

/** One line of two values written as one. */
export type DiffRow = {
  sign: Sign;
  depth: number;
  step: Step | undefined;
  /** A bracket, or both of what is empty or too deep; `undefined` of a value without parts. */
  text?: string;
  /** A value without parts. */
  value?: unknown;
  /** The former value of a changed line, without parts too. */
  was?: unknown;
  role: 'open' | 'close' | 'value';
};

/** Lines beyond this are not made; the caller says so. */
export const DIFF_ROWS_MAX = 20_000;

/** Two values as one list of lines, in the order of `after`, what was removed before what took its place. */
export function diffRows(before: unknown, after: unknown): { rows: DiffRow[]; cut: boolean } {
  const rows: DiffRow[] = [];
  const writer: Writer = { rows, idOf: identities() };
  writeBoth(writer, before, after, undefined, 0);
  return { rows, cut: rows.length >= DIFF_ROWS_MAX };
}

type Writer = { rows: DiffRow[]; idOf: Identities };

function push({ rows }: Writer, row: DiffRow): void {
  if (rows.length < DIFF_ROWS_MAX) rows.push(row);
}

function writeBoth(writer: Writer, before: unknown, after: unknown, step: Step | undefined, depth: number): void {
  if (writer.rows.length >= DIFF_ROWS_MAX) return;
  if (writer.idOf(before) === writer.idOf(after)) return writeOne(writer, 'same', after, step, depth);
  if (!isContainer(before) && !isContainer(after)) {
    return push(writer, {
      sign: 'changed',
      depth,
      step,
      value: after,
      was: before,
      role: 'value',
    });
  }
  if (!isContainer(before) || !isContainer(after) || kindOf(before) !== kindOf(after) || depth >= DIFF_DEPTH_MAX) {
    writeOne(writer, 'removed', before, step, depth);
    return writeOne(writer, 'added', after, step, depth);
  }
  const [open, close] = Array.isArray(after) ? ['[', ']'] : ['{', '}'];
  push(writer, { sign: 'same', depth, step, text: open, role: 'open' });
  if (Array.isArray(before) && Array.isArray(after)) writeLists(writer, before, after, depth + 1);
  else writeObjects(writer, before, after, depth + 1);
  push(writer, { sign: 'same', depth, step: undefined, text: close, role: 'close' });
}

/** Keys of `after` in their order; those only in `before` right behind the key that they followed there. */
function writeObjects(writer: Writer, before: object, after: object, depth: number): void {
  const removedBehind = new Map<Step | undefined, Step[]>();
  let last: Step | undefined;
  for (const [step] of entriesOf(before)) {
    if (Object.hasOwn(after, step)) last = step;
    else {
      const behind = removedBehind.get(last);
      if (behind === undefined) removedBehind.set(last, [step]);
      else behind.push(step);
    }
  }
  const writeRemoved = (behind: Step | undefined) => {
    for (const step of removedBehind.get(behind) ?? []) writeOne(writer, 'removed', valueAt(before, step), step, depth);
  };
  writeRemoved(undefined);
  for (const [step, value] of entriesOf(after)) {
    if (Object.hasOwn(before, step)) writeBoth(writer, valueAt(before, step), value, step, depth);
    else writeOne(writer, 'added', value, step, depth);
    writeRemoved(step);
  }
}

function writeLists(writer: Writer, before: readonly unknown[], after: readonly unknown[], depth: number): void {
  const { start, endBefore, endAfter } = middleOf(before, after, writer.idOf);
  const both = Math.min(endBefore, endAfter);
  for (let at = 0; at < start; at++) writeOne(writer, 'same', after[at], at, depth);
  for (let at = start; at < both; at++) writeBoth(writer, before[at], after[at], at, depth);
  for (let at = both; at < endBefore; at++) writeOne(writer, 'removed', before[at], at, depth);
  for (let at = both; at < endAfter; at++) writeOne(writer, 'added', after[at], at, depth);
  for (let at = endAfter; at < after.length; at++) writeOne(writer, 'same', after[at], at, depth);
}

/** Writes one value with all its parts under one sign. Deeper than the bound, only that there is more. */
function writeOne(writer: Writer, sign: Sign, value: unknown, step: Step | undefined, depth: number): void {
  if (writer.rows.length >= DIFF_ROWS_MAX) return;
  if (!isContainer(value)) return push(writer, { sign, depth, step, value, role: 'value' });
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (sizeOf(value) === 0 || depth >= DIFF_DEPTH_MAX) {
    return push(writer, {
      sign,
      depth,
      step,
      text: sizeOf(value) === 0 ? `${open}${close}` : `${open}…${close}`,
      role: 'value',
    });
  }
  push(writer, { sign, depth, step, text: open, role: 'open' });
  for (const [inner, part] of entriesOf(value)) writeOne(writer, sign, part, inner, depth + 1);
  push(writer, { sign, depth, step: undefined, text: close, role: 'close' });
}

/** A stretch of lines that are shown, or of unchanged ones that are folded. */
export type Stretch = { folded: boolean; start: number; end: number };

/** Shows changed lines, `context` lines around them and the lines that lead to them; folds runs of two and more of the rest. */
export function stretchesOf(rows: readonly DiffRow[], context: number): Stretch[] {
  const keep = new Uint8Array(rows.length);
  const opened: number[] = [];
  const kept = new Set<number>();
  for (const [at, { sign, role }] of rows.entries()) {
    if (role === 'open') opened.push(at);
    if (sign !== 'same') {
      for (let near = Math.max(0, at - context); near <= Math.min(rows.length - 1, at + context); near++)
        keep[near] = 1;
      for (let up = opened.length - 1; up >= 0 && !kept.has(opened[up] ?? -1); up--) kept.add(opened[up] ?? -1);
    }
    if (role === 'close') {
      const open = opened.pop();
      if (open === undefined || !kept.has(open)) continue;
      keep[open] = 1;
      keep[at] = 1;
    }
  }
  const stretches: Stretch[] = [];
  for (let at = 0; at < rows.length; ) {
    const folded = keep[at] === 0;
    let end = at + 1;
    while (end < rows.length && (keep[end] === 0) === folded) end++;
    const last = stretches.at(-1);
    if (folded && end - at === 1 && last !== undefined) last.end = end;
    else if (!folded && last !== undefined && !last.folded) last.end = end;
    else stretches.push({ folded: folded && end - at > 1, start: at, end });
    at = end;
  }
  return stretches;
}
