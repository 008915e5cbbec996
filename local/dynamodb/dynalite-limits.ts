import { validation } from './attribute-values.ts';

/**
 * Where dynalite 4 would answer something else than DynamoDB without a word (found side by side with DynamoDB Local): put right where
 * that is possible, refused by name where it is not.
 */

type Expression = { type?: string; name?: string; args?: unknown[] };

const isExpression = (value: unknown): value is Expression =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && 'args' in value;

const isListOrMap = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && ('L' in value || 'M' in value);

/** Lists and maps would never be equal. */
function refuseListComparison(expression: Expression): void {
  const args = expression.args ?? [];
  const compares = expression.type === 'function' ? expression.name === 'contains' : true;
  if (compares && args.some(isListOrMap))
    throw validation('The local cloud does not compare lists or maps in a condition');
  for (const arg of args) if (isExpression(arg)) refuseListComparison(arg);
}

type Section = { type: string; path: (string | number)[] };

/** List elements would be removed one after the other, each removal moving the next: from the end, and last, none is moved. */
function removeFromTheEnd(sections: Section[]): Section[] {
  const index = ({ type, path }: Section) => {
    const last = path.at(-1);
    return type === 'remove' && typeof last === 'number' ? last : undefined;
  };
  const removals = sections.filter((section) => index(section) !== undefined);
  const others = sections.filter((section) => index(section) === undefined);
  return [...others, ...removals.toSorted((a, b) => (index(b) ?? 0) - (index(a) ?? 0))];
}

/** Goes over a request whose expressions are parsed. Throws ValidationException. */
export function correctExpressions(valid: Record<string, unknown>): void {
  for (const member of ['_condition', '_filter']) {
    const parsed = valid[member] as { expression: Expression } | undefined;
    if (parsed !== undefined) refuseListComparison(parsed.expression);
  }
  const updates = valid['_updates'] as { sections: Section[] } | undefined;
  if (updates !== undefined) updates.sections = removeFromTheEnd(updates.sections);
}
