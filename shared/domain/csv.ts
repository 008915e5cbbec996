/** What makes a spreadsheet take a cell for a formula: `=`, `+`, `-`, `@`, tab and line ends, and the full-width forms of the first four (T4). */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** Rows as RFC 4180 writes them, CRLF included. A cell that a spreadsheet might calculate gets an apostrophe before it, which shows it as text. */
export const csvOf = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');

function cellOf(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
