import type { Json } from '../json.ts';
import { typeOf, UNDECIDABLE, type Undecidable } from './values.ts';
import { utf8Length } from './utf8-length.ts';

type Result = Json | Undecidable;

/** Every character that starts a word of letters and digits after a space, or the text. */
const WORD_START = /(^| )([^ ])/gu;

const ofString =
  (convert: (text: string) => string) =>
  (value: Json): Result => {
    if (typeof value === 'string') return convert(value);
    return value === null ? null : UNDECIDABLE;
  };

/** What a function of one value gives. null is null-safe (C09); a type that the reference does not list for a function is undecidable. */
export const UNARY = {
  lowercase: ofString((text) => text.toLowerCase()),
  uppercase: ofString((text) => text.toUpperCase()),
  snakecase: ofString((text) => text.replaceAll(' ', '_')),
  kebabcase: ofString((text) => text.replaceAll(' ', '-')),
  titlecase: ofString((text) => text.replace(WORD_START, (start) => start.toUpperCase())),
  typeof: (value: Json): Result => typeOf(value),
  length: (value: Json): Result => {
    if (value === null) return 0;
    if (typeof value === 'string') return utf8Length(value);
    return Array.isArray(value) ? value.length : UNDECIDABLE;
  },
  bool: (value: Json): Result => {
    if (typeof value === 'boolean') return value;
    if (typeof value === 'number') return value !== 0;
    if (Array.isArray(value)) return value.length > 0;
    if (value === null || value === '' || value === 'false') return false;
    return value === 'true' ? true : UNDECIDABLE;
  },
  string: (value: Json): Result => {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    if (value === null) return '';
    return Array.isArray(value) ? jsonOf(value) : UNDECIDABLE;
  },
  number: (value: Json): Result => {
    if (typeof value === 'number' || value === null) return value;
    return typeof value === 'string' ? numberIn(value) : UNDECIDABLE;
  },
} as const;

const NUMBER = /^[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

function numberIn(text: string): Result {
  const number = NUMBER.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : UNDECIDABLE;
}

/** JSON.stringify recurses: a list too deep for the stack has no text. */
function jsonOf(list: Json[]): Result {
  try {
    return JSON.stringify(list);
  } catch {
    return UNDECIDABLE;
  }
}
