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
    return { isJson: false, message: `This is no JSON.${where} ${reasonOf(said)}`, line: at?.line, column: at?.column };
  }
}

/** Browsers say `at position 20`, `(line 2 column 3)`, `at line 2 column 3 of the JSON data`, or that the end came too early. */
function placeOf(said: string, text: string): { line: number; column: number } | undefined {
  const named = /line (\d+) column (\d+)/.exec(said);
  if (named !== null) return { line: Number(named[1]), column: Number(named[2]) };
  const position = /position (\d+)/.exec(said)?.[1];
  if (position !== undefined) return lineOf(text, Number(position));
  return /end of/i.test(said) ? lineOf(text, text.length) : undefined;
}

function lineOf(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function reasonOf(said: string): string {
  if (/end of/i.test(said) || /unterminated/i.test(said)) return 'it ends too early; a bracket or quote is not closed.';
  if (/control character/i.test(said)) return 'a text goes over a line; write \\n for a new line.';
  if (/',' or|after property value|after array element/i.test(said)) return 'a comma or a closing bracket is missing.';
  if (/double-quoted|property name/i.test(said))
    return 'a key in double quotes was expected; is there a comma too many?';
  if (/':'|after property name/i.test(said)) return 'a colon is missing behind the key.';
  return 'this character does not belong here.';
}

/** A value as the editor shows it. */
export const jsonText = (value: unknown): string => JSON.stringify(value, undefined, 2) ?? '';
