import { type GlobElement, takes } from './read-glob.ts';

/**
 * What stands between two stars, made ready for a search that follows all its beginnings at once, a bit for each element (shift-and). Bit i of
 * a mask says whether element i takes the character. Characters that no element tells apart share a mask, so there are at most twice as many
 * as the pattern has characters, and one more, whatever the text holds.
 */
export type Piece = {
  elements: readonly GlobElement[];
  length: number;
  words: number;
  /** The first code points of those groups, but for the first of all, in order. */
  bounds: Uint32Array;
  masks: (Uint32Array | undefined)[];
};

export function pieceOf(elements: readonly GlobElement[]): Piece {
  const bounds = new Set(elements.flatMap(boundsOf));
  return {
    elements,
    length: elements.length,
    words: Math.ceil(elements.length / 32),
    bounds: Uint32Array.from(bounds).toSorted(),
    masks: [],
  };
}

function boundsOf(element: GlobElement): number[] {
  if (element.kind === 'any') return [];
  if (element.kind === 'char') return [element.code, element.code + 1];
  return element.ranges.flatMap((range) => [range.from, range.to + 1]);
}

/** Whether a piece stands at an index; the text has room for it there. */
export function pieceMatches(piece: Piece, codes: Uint32Array, at: number): boolean {
  return piece.elements.every((element, index) => takes(element, codes[at + index] ?? 0));
}

/** The first index from which a piece matches, ending by `end`. */
export function findLeftmost(piece: Piece, codes: Uint32Array, from: number, end: number): number | undefined {
  const { words, length } = piece;
  const state = new Uint32Array(words);
  const lastWord = words - 1;
  const lastBit = 1 << ((length - 1) % 32);
  for (let index = from; index < end; index += 1) {
    const mask = maskOf(piece, codes[index] ?? 0);
    // The beginning is entered at each character: a 1 shifts in from below.
    let carry = 1;
    for (let word = 0; word < words; word += 1) {
      const bits = state[word] ?? 0;
      state[word] = ((bits << 1) | carry) & (mask[word] ?? 0);
      carry = bits >>> 31;
    }
    if (((state[lastWord] ?? 0) & lastBit) !== 0) return index + 1 - length;
  }
  return undefined;
}

function maskOf(piece: Piece, code: number): Uint32Array {
  const group = groupOf(piece.bounds, code);
  const kept = piece.masks[group];
  if (kept !== undefined) return kept;
  const mask = new Uint32Array(piece.words);
  for (const [index, element] of piece.elements.entries()) {
    if (takes(element, code)) mask[index >>> 5] = (mask[index >>> 5] ?? 0) | (1 << (index & 31));
  }
  piece.masks[group] = mask;
  return mask;
}

/** How many bounds are not above a code point. */
function groupOf(bounds: Uint32Array, code: number): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bounds[middle] ?? 0) <= code) low = middle + 1;
    else high = middle;
  }
  return low;
}
