import type { FqlExpression, FqlLiteral, FqlValue } from './expression.ts';

/** The text of a condition. `parseFql` reads it back to the same expression; white space and needless parentheses of the original are gone. */
export function printFql(expression: FqlExpression): string {
  if (expression.kind === 'all') return 'all';
  if (expression.kind === 'is') return printValue(expression.value);
  if (expression.kind === 'not') {
    const { of } = expression;
    return of.kind === 'is' || of.kind === 'not' ? `!${printFql(of)}` : `!( ${printFql(of)} )`;
  }
  if (expression.kind === 'and' || expression.kind === 'or') {
    return expression.of.map((member) => printMember(member)).join(` ${expression.kind} `);
  }
  const operator = expression.kind === 'in' ? 'in' : expression.operator;
  return `${printValue(expression.left)} ${operator} ${printValue(expression.right)}`;
}

const printMember = (member: FqlExpression): string =>
  member.kind === 'and' || member.kind === 'or' ? `( ${printFql(member)} )` : printFql(member);

function printValue(value: FqlValue): string {
  if (value.kind === 'path') return printPath(value.path);
  if (value.kind === 'literal') return printLiteral(value.value);
  if (value.kind === 'list') return `[${value.items.map(printLiteral).join(', ')}]`;
  return `${value.name}(${value.args.map(printValue).join(', ')})`;
}

const printLiteral = (value: FqlLiteral): string =>
  typeof value === 'string' ? `'${value.replaceAll(/[\\']/g, '\\$&')}'` : String(value);

/** Words that mean something else when they stand alone. */
const NOT_A_FIELD = /^(?:and|or|in|true|false|null|all|nan|infinity)$/i;

/** A path as FQL writes it: `\` before whatever is not A-Z a-z 0-9 _ - (C12), and before a first name that would be read as something else. */
function printPath(path: readonly string[]): string {
  const names = path.map((name) => name.replaceAll(/[^A-Za-z0-9_-]/gu, '\\$&'));
  const [first = ''] = names;
  const isWord = path.length === 1 && NOT_A_FIELD.test(first);
  if (isWord || /^[0-9-]/.test(first)) names[0] = `\\${first}`;
  return names.join('.');
}
