/** Rows as aligned columns, the first row being the head; numbers to the right. Control characters, which tools may send us, are made visible. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const cells = [head, ...rows].map((row) => row.map((cell) => visible(String(cell))));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const isNumber = (column: number): boolean => rows.length > 0 && rows.every((row) => typeof row[column] === 'number');
  return cells.map((row) =>
    row
      .map((cell, column) => (isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** A text as a terminal may show it: what somebody's app made up must not move the cursor or colour the terminal. */
export const visible = (text: string): string => text.replaceAll(/\p{C}/gu, '\u{fffd}');
