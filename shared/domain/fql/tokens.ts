/** A part of an FQL text that people can be shown: `at` and `length` in UTF-16 units, within the text. */
export type FqlFault = { message: string; at: number; length: number };

export type Punctuation = '(' | ')' | '[' | ']' | ',' | '!' | '=' | '!=' | '<' | '<=' | '>' | '>=';

export type Token = { at: number; length: number } & (
  | { kind: 'punctuation'; text: Punctuation }
  | { kind: 'string'; value: string }
  | { kind: 'number'; value: number }
  /** A word or a dotted path. `plain`: one name without an escape, which may be a keyword or a function. */
  | { kind: 'name'; path: readonly string[]; plain: boolean }
  | { kind: 'end' }
);

/** How strings are read: `escaped` knows `\\`, `\'` and `\"`; `raw` ends at the next quote, as in mapping triggers. */
export type StringRule = 'escaped' | 'raw';

/** Thrown while a text is read and caught by the parser alone: it never leaves this folder. */
export class UnreadableFql extends Error {
  readonly fault: FqlFault;
  constructor(message: string, at: number, length: number) {
    super(message);
    this.fault = { message, at, length };
  }
}

const NAME_CHAR = /[A-Za-z0-9_-]/;
const NAME_START = /[A-Za-z_\\]/;
const SPACE = /\s/;
const NUMBER = /[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const PUNCTUATION: readonly Punctuation[] = ['!=', '<=', '>=', '(', ')', '[', ']', ',', '!', '=', '<', '>'];

/** The tokens of a text, the last of them `end`. Throws UnreadableFql. Linear in the text, whose size the parser bounds. */
export function tokensOf(text: string, strings: StringRule): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (SPACE.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const token = tokenAt(text, at, strings);
    tokens.push(token);
    at += token.length;
  }
  tokens.push({ kind: 'end', at: text.length, length: 0 });
  return tokens;
}

function tokenAt(text: string, at: number, strings: StringRule): Token {
  const char = text.charAt(at);
  if (char === '"' || char === "'") return stringAt(text, at, strings);
  if (NAME_START.test(char)) return nameAt(text, at);
  if (/[0-9+-]/.test(char)) return numberAt(text, at);
  const punctuation = PUNCTUATION.find((mark) => text.startsWith(mark, at));
  if (punctuation !== undefined) return { kind: 'punctuation', text: punctuation, at, length: punctuation.length };
  throw strayCharacter(text, at);
}

const INSTEAD: Record<string, string> = {
  '&': 'write "and" instead of "&"',
  '|': 'write "or" instead of "|"',
  '`': 'put strings in \' or " instead of a backtick',
  '“': 'put strings in straight quotes, \' or "',
  '”': 'put strings in straight quotes, \' or "',
  '‘': 'put strings in straight quotes, \' or "',
  '’': 'put strings in straight quotes, \' or "',
  '.': 'a path starts with a name; a number starts with a digit',
};

function strayCharacter(text: string, at: number): UnreadableFql {
  const char = characterAt(text, at);
  const advice = INSTEAD[char] ?? `put it in quotes, or in the name of a field write it as \\${char}`;
  return new UnreadableFql(`"${char}" means nothing here: ${advice}`, at, char.length);
}

/** The whole character at an index, a pair of surrogates included; '' at the end. */
function characterAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function stringAt(text: string, at: number, rule: StringRule): Token {
  const quote = text.charAt(at);
  let value = '';
  let index = at + 1;
  while (index < text.length && text.charAt(index) !== quote) {
    const next = text.charAt(index + 1);
    const isEscape = rule === 'escaped' && text.charAt(index) === '\\' && ['\\', '"', "'"].includes(next);
    value += isEscape ? next : text.charAt(index);
    index += isEscape ? 2 : 1;
  }
  if (index >= text.length) {
    const inside = rule === 'escaped' ? `, and write a ${quote} inside it as \\${quote}` : '';
    throw new UnreadableFql(`a string is missing its end: close it with ${quote}${inside}`, at, text.length - at);
  }
  if (!value.isWellFormed()) {
    throw new UnreadableFql('the string holds half of a character: write it anew', at, index + 1 - at);
  }
  return { kind: 'string', value, at, length: index + 1 - at };
}

function numberAt(text: string, at: number): Token {
  NUMBER.lastIndex = at;
  const found = NUMBER.exec(text)?.[0];
  if (found === undefined) {
    throw new UnreadableFql(
      'a sign must be followed by a number: FQL does not calculate, and strings are put in quotes',
      at,
      1,
    );
  }
  const after = characterAt(text, at + found.length);
  if (NAME_CHAR.test(after) || after === '.' || after === '\\') {
    throw new UnreadableFql(
      'this is not a number: put strings in quotes, and start the name of a field that begins with a digit with \\',
      at,
      found.length + after.length,
    );
  }
  const value = Number(found);
  if (!Number.isFinite(value)) throw new UnreadableFql('the number is too large', at, found.length);
  return { kind: 'number', value, at, length: found.length };
}

function nameAt(text: string, at: number): Token {
  const path: string[] = [];
  let escaped = false;
  let index = at;
  do {
    if (path.length > 0) index += 1;
    let name = '';
    for (;;) {
      const char = text.charAt(index);
      if (char === '\\') {
        const literal = characterAt(text, index + 1);
        if (literal === '') {
          throw new UnreadableFql('a \\ is followed by the character that it stands before', index, 1);
        }
        name += literal;
        index += 1 + literal.length;
        escaped = true;
      } else if (char !== '' && NAME_CHAR.test(char)) {
        name += char;
        index += 1;
      } else break;
    }
    if (name === '') {
      const before = text.slice(at, index);
      throw new UnreadableFql(
        `the path "${before}" lacks a name after its last dot: characters other than A-Z a-z 0-9 _ - are written with \\ before them`,
        at,
        index - at,
      );
    }
    path.push(name);
  } while (text.charAt(index) === '.');
  return { kind: 'name', path, plain: path.length === 1 && !escaped, at, length: index - at };
}
