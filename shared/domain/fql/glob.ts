import { findLeftmost, type Piece, pieceMatches, pieceOf } from './glob-piece.ts';
import { type GlobElement, readGlob } from './read-glob.ts';

/** Threat T10: a longer pattern is refused, in a text and at run time. */
export const GLOB_CHARS_MAX = 1_000;

export type CompiledGlob =
  | { outcome: 'compiled'; matches: (text: string) => boolean }
  | { outcome: 'malformed'; message: string };

/**
 * `* ? [abc] [a-z] [^a-z] \x` against the whole string, case-sensitive (C10); `?` and a class take one character, not one UTF-16 unit. Time
 * grows with the text times a 32nd of the pattern, whatever either holds: nothing is tried again.
 */
export function compileGlob(pattern: string): CompiledGlob {
  if (pattern.length > GLOB_CHARS_MAX) {
    return { outcome: 'malformed', message: `a pattern has at most ${GLOB_CHARS_MAX} characters: shorten it` };
  }
  const read = readGlob(pattern);
  if (read.outcome === 'malformed') return read;
  const { pieces } = read;
  return { outcome: 'compiled', matches: literalMatcher(pieces) ?? characterMatcher(pieces) };
}

/** For patterns of stars and plain characters, which nearly all are: searches of the engine's own. */
function literalMatcher(pieces: readonly (readonly GlobElement[])[]): ((text: string) => boolean) | undefined {
  const texts: string[] = [];
  for (const piece of pieces) {
    let text = '';
    for (const element of piece) {
      if (element.kind !== 'char') return undefined;
      text += String.fromCodePoint(element.code);
    }
    texts.push(text);
  }
  const [head = '', ...rest] = texts;
  const tail = rest.pop();
  if (tail === undefined) return (text) => text === head;
  return (text) => {
    const end = text.length - tail.length;
    if (end < head.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
    let from = head.length;
    for (const middle of rest) {
      const found = text.indexOf(middle, from);
      if (found === -1 || found + middle.length > end) return false;
      from = found + middle.length;
    }
    return true;
  };
}

function characterMatcher(pieces: readonly (readonly GlobElement[])[]): (text: string) => boolean {
  const [head = pieceOf([]), ...rest] = pieces.map(pieceOf);
  const tail = rest.pop();
  return (text) => {
    const codes = codePointsOf(text);
    if (tail === undefined) return codes.length === head.length && pieceMatches(head, codes, 0);
    const end = codes.length - tail.length;
    if (end < head.length || !pieceMatches(head, codes, 0) || !pieceMatches(tail, codes, end)) return false;
    return allInOrder(rest, codes, head.length, end);
  };
}

/** The leftmost place of each piece leaves the most room for the next, so no other need be tried. */
function allInOrder(pieces: readonly Piece[], codes: Uint32Array, start: number, end: number): boolean {
  let from = start;
  for (const piece of pieces) {
    const found = findLeftmost(piece, codes, from, end);
    if (found === undefined) return false;
    from = found + piece.length;
  }
  return true;
}

function codePointsOf(text: string): Uint32Array {
  const codes = new Uint32Array(text.length);
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.codePointAt(index) ?? 0;
    if (code > 0xff_ff) index += 1;
    codes[count] = code;
    count += 1;
  }
  return codes.subarray(0, count);
}
