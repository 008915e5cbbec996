/** What a text of FQL says, once read: filters and triggers are kept as text, judged as this. */
export type FqlLiteral = string | number | boolean | null;

/** With the number of what each takes; `length`, `match` and the rest as the FQL reference has them (C08). */
export const FQL_FUNCTIONS = {
  contains: 2,
  match: 2,
  length: 1,
  lowercase: 1,
  uppercase: 1,
  snakecase: 1,
  kebabcase: 1,
  titlecase: 1,
  typeof: 1,
  bool: 1,
  string: 1,
  number: 1,
} as const;
export type FqlFunction = keyof typeof FQL_FUNCTIONS;

export type FqlCall = { kind: 'call'; name: FqlFunction; args: readonly FqlValue[] };
export type FqlPath = { kind: 'path'; path: readonly string[] };
export type FqlValue =
  | FqlPath
  | { kind: 'literal'; value: FqlLiteral }
  | { kind: 'list'; items: readonly FqlLiteral[] }
  | FqlCall;

export type NumberOperator = '<' | '<=' | '>' | '>=';
export type EqualOperator = '=' | '!=';

/** A condition. `and` and `or` have two or more members, and none of their own kind: `a and b and c` is one `and`. */
export type FqlExpression =
  | { kind: 'all' }
  | { kind: 'and'; of: readonly FqlExpression[] }
  | { kind: 'or'; of: readonly FqlExpression[] }
  | { kind: 'not'; of: FqlExpression }
  | { kind: 'equal'; operator: EqualOperator; left: FqlValue; right: FqlValue }
  | { kind: 'order'; operator: NumberOperator; left: FqlValue; right: FqlValue }
  | { kind: 'in'; left: FqlValue; right: FqlValue }
  /** A value alone: true only where it is literally true. */
  | { kind: 'is'; value: FqlValue };

/** Parentheses, `!` and functions inside each other, in one text. Whatever walks an expression may recurse: it is never deeper. */
export const FQL_DEPTH_MAX = 50;

/** What a group takes of a member: of a group of its own kind, the members. */
export const membersOf = (word: 'and' | 'or', expression: FqlExpression): readonly FqlExpression[] =>
  (expression.kind === 'and' || expression.kind === 'or') && expression.kind === word ? expression.of : [expression];
