/** What a text is as JSON: its value, or why it is none, with the line where it goes wrong as far as the browser says it. */
export type JsonRead =
  | { isJson: true; value: unknown }
  | { isJson: false; message: string; line: number | undefined; column: number | undefined };

const EMPTY = 'There is nothing here yet. Write JSON, such as {"type": "track"}.';

/** Reads JSON, and says in words where it cannot be read. */
export function readJson(text: string): JsonRead {
  if (text.trim() === '') return { isJson: false, message: EMPTY, line: undefined, column: undefined };
  try {
    return { isJson: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    const at = placeOf(said, text);
    const where = at === undefined ? '' : ` Line ${at.line}, column ${at.column}:`;
    const isAtEnd = at !== undefined && at.offset >= text.trimEnd().length;
    const reason = isAtEnd ? TOO_EARLY : reasonOf(said);
    return { isJson: false, message: `This is no JSON.${where} ${reason}`, line: at?.line, column: at?.column };
  }
}

type Place = { line: number; column: number; offset: number };

/** Browsers say `at position 20`, `(line 2 column 3)`, `at line 2 column 3 of the JSON data`, that the end came too early, or nothing. */
function placeOf(said: string, text: string): Place | undefined {
  const named = /line (\d+) column (\d+)/.exec(said);
  if (named !== null) {
    const [line, column] = [Number(named[1]), Number(named[2])];
    const before = text.split('\n').slice(0, line - 1);
    return { line, column, offset: before.reduce((sum, { length }) => sum + length + 1, 0) + column - 1 };
  }
  const position = /position (\d+)/.exec(said)?.[1];
  if (position !== undefined) return placeAt(text, Number(position));
  if (/end of/i.test(said)) return placeAt(text, text.length);
  const odd = firstOdd(text);
  return odd === undefined ? undefined : placeAt(text, odd);
}

function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, offset };
}

const TOKEN = /\s+|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/y;

/** Where something stands that no JSON has; undefined where all of it is tokens of JSON, in an order that is none. */
function firstOdd(text: string): number | undefined {
  const token = new RegExp(TOKEN);
  for (let at = 0; at < text.length; at = token.lastIndex) {
    token.lastIndex = at;
    if (!token.test(text)) return at;
  }
  return undefined;
}

const TOO_EARLY = 'it ends too early; a bracket or quote is not closed.';

function reasonOf(said: string): string {
  if (/end of|unterminated/i.test(said)) return TOO_EARLY;
  if (/control character/i.test(said)) return 'a text goes over a line; write \\n for a new line.';
  if (/',' or|after property value|after array element/i.test(said)) return 'a comma or a closing bracket is missing.';
  if (/':'|after property name/i.test(said)) return 'a colon is missing behind the key.';
  if (/double-quoted|property name/i.test(said))
    return 'a key in double quotes was expected; is there a comma too many?';
  return 'this character does not belong here.';
}

/** A value as the editor shows it. */
export const jsonText = (value: unknown): string => JSON.stringify(value, undefined, 2) ?? '';
