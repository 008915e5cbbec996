export type CodeRange = { from: number; to: number };
export type GlobElement =
  | { kind: 'char'; code: number }
  | { kind: 'any' }
  /** Ranges in order, none touching another. */
  | { kind: 'class'; ranges: readonly CodeRange[]; negated: boolean };

/** A pattern cut at its stars: one piece = no star; the first and the last are bound to the ends of the text. */
export type ReadGlob =
  | { outcome: 'read'; pieces: readonly (readonly GlobElement[])[] }
  | { outcome: 'malformed'; message: string };

/** Thrown and caught in this file alone. */
class MalformedGlob extends Error {}

const UNCLOSED = 'a "[" of the pattern is missing its "]": close it, or write \\[ for the character itself';

/** Linear in the pattern. `]` outside a class stands for itself. */
export function readGlob(pattern: string): ReadGlob {
  const chars = Array.from(pattern, (char) => char);
  const pieces: GlobElement[][] = [];
  let piece: GlobElement[] = [];
  let index = 0;
  try {
    while (index < chars.length) {
      const char = chars[index];
      if (char === '*') {
        pieces.push(piece);
        piece = [];
        index += 1;
        continue;
      }
      const [element, next] = elementAt(chars, index);
      piece.push(element);
      index = next;
    }
  } catch (error) {
    if (!(error instanceof MalformedGlob)) throw error;
    return { outcome: 'malformed', message: error.message };
  }
  pieces.push(piece);
  return { outcome: 'read', pieces: withoutEmptyMiddles(pieces) };
}

/** `a**b` is `a*b`. */
const withoutEmptyMiddles = (pieces: readonly GlobElement[][]): GlobElement[][] =>
  pieces.filter((piece, index) => piece.length > 0 || index === 0 || index === pieces.length - 1);

function elementAt(chars: readonly string[], index: number): [GlobElement, number] {
  const char = chars[index];
  if (char === '?') return [{ kind: 'any' }, index + 1];
  if (char === '[') return classAt(chars, index + 1);
  const [code, next] = codeAt(chars, index);
  return [{ kind: 'char', code }, next];
}

/** A character that may stand behind a `\`. */
function codeAt(chars: readonly string[], index: number): [number, number] {
  const isEscaped = chars[index] === '\\';
  const code = chars[isEscaped ? index + 1 : index]?.codePointAt(0);
  if (code === undefined) {
    throw new MalformedGlob('the pattern ends in \\: write the character that it stands before, or \\\\ for a \\');
  }
  return [code, index + (isEscaped ? 2 : 1)];
}

function classAt(chars: readonly string[], start: number): [GlobElement, number] {
  const negated = chars[start] === '^';
  const ranges: CodeRange[] = [];
  let index = negated ? start + 1 : start;
  while (chars[index] !== ']' || ranges.length === 0) {
    const [from, afterFrom] = memberAt(chars, index);
    if (chars[afterFrom] !== '-') {
      ranges.push({ from, to: from });
      index = afterFrom;
      continue;
    }
    const [to, afterTo] = memberAt(chars, afterFrom + 1);
    if (to < from) throw new MalformedGlob('a range of the pattern runs backwards: write the lower character first');
    ranges.push({ from, to });
    index = afterTo;
  }
  return [{ kind: 'class', ranges: merged(ranges), negated }, index + 1];
}

function memberAt(chars: readonly string[], index: number): [number, number] {
  const char = chars[index];
  if (char === undefined) throw new MalformedGlob(UNCLOSED);
  if (char === ']' || char === '-') {
    throw new MalformedGlob(
      `"${char}" cannot stand there in [ ] of the pattern: write \\${char} for the character itself`,
    );
  }
  return codeAt(chars, index);
}

function merged(ranges: readonly CodeRange[]): CodeRange[] {
  const result: CodeRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && range.from <= last.to + 1) last.to = Math.max(last.to, range.to);
    else result.push({ ...range });
  }
  return result;
}

/** Whether an element takes a character. Logarithmic in the ranges of a class. */
export function takes(element: GlobElement, code: number): boolean {
  if (element.kind === 'any') return true;
  if (element.kind === 'char') return element.code === code;
  return isWithin(element.ranges, code) !== element.negated;
}

function isWithin(ranges: readonly CodeRange[], code: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = ranges[middle];
    if (range === undefined || code < range.from) high = middle;
    else if (code > range.to) low = middle + 1;
    else return true;
  }
  return false;
}
