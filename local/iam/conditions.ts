import { matchesArn, matchesWildcard } from './wildcard.ts';

/** What a request says of itself; a key that is absent was not sent. Keys in lower case, as IAM compares them. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

export type PolicyCondition = {
  key: string;
  values: readonly string[];
  /** `null` asks whether the key is there at all. */
  test: 'null' | ((pattern: string, actual: string) => boolean);
  negated: boolean;
  ifExists: boolean;
  set: 'any' | 'all' | undefined;
};

const same = (pattern: string, actual: string) => pattern === actual;
const sameInAnyCase = (pattern: string, actual: string) => pattern.toLowerCase() === actual.toLowerCase();
type Operator = Pick<PolicyCondition, 'test' | 'negated'>;
const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { test: same, negated: false },
  StringNotEquals: { test: same, negated: true },
  StringEqualsIgnoreCase: { test: sameInAnyCase, negated: false },
  StringLike: { test: matchesWildcard, negated: false },
  StringNotLike: { test: matchesWildcard, negated: true },
  ArnEquals: { test: matchesArn, negated: false },
  ArnLike: { test: matchesArn, negated: false },
  ArnNotEquals: { test: matchesArn, negated: true },
  ArnNotLike: { test: matchesArn, negated: true },
  Bool: { test: sameInAnyCase, negated: false },
  Null: { test: 'null', negated: false },
};

/**
 * Condition keys whose value, or absence, the local cloud knows for sure. Another key would be judged as absent, and some operators hold for an
 * absent key: so a policy that uses one is refused.
 */
const KNOWN_KEYS = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalisawsservice',
  'aws:principalservicename',
  'aws:requestedregion',
  'aws:resourceaccount',
  'aws:securetransport',
  'aws:sourceaccount',
  'aws:sourcearn',
  'cloudwatch:namespace',
  'dynamodb:enclosingoperation',
  'dynamodb:leadingkeys',
  'ses:fromaddress',
  'kms:calleraccount',
  'kms:encryptioncontextkeys',
  'kms:viaservice',
]);
const KNOWN_PREFIX = 'kms:encryptioncontext:';

/** The conditions of a statement. Throws for an operator or key that is not evaluated here: a policy is never taken and then not obeyed. */
export function parseConditions(
  block: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  where: string,
): PolicyCondition[] {
  return Object.entries(block).flatMap(([operatorName, keys]) => {
    const [, quantifier, name = '', ifExists] =
      /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operatorName) ?? [];
    const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
    if (operator === undefined)
      throw new Error(`${where}: the local cloud does not evaluate the condition ${operatorName}.`);
    return Object.entries(keys).map(([key, value]) => {
      const lowerCased = key.toLowerCase();
      if (!KNOWN_KEYS.has(lowerCased) && !lowerCased.startsWith(KNOWN_PREFIX)) {
        throw new Error(`${where}: the local cloud does not evaluate the condition key ${key}.`);
      }
      const values = [value].flat().map(String);
      if (values.some((text) => text.includes('${')))
        throw new Error(`${where}: policy variables are not filled: ${key}`);
      const set = quantifier === undefined ? undefined : quantifier === 'ForAllValues' ? 'all' : 'any';
      return { key: lowerCased, values, ...operator, ifExists: ifExists !== undefined, set };
    });
  });
}

/** Whether all conditions hold, as the IAM reference has it for absent keys, negated operators and sets of values. */
export const conditionsHold = (conditions: readonly PolicyCondition[], context: RequestContext): boolean =>
  conditions.every((condition) => conditionHolds(condition, context));

function conditionHolds(
  { key, values, test, negated, ifExists, set }: PolicyCondition,
  context: RequestContext,
): boolean {
  const found = context[key];
  if (test === 'null') return values.includes(String(found === undefined));
  const actual = found === undefined ? [] : [found].flat();
  const one = (value: string) => values.some((pattern) => test(pattern, value)) !== negated;
  if (set === 'all') return actual.every(one);
  if (actual.length === 0) return ifExists || (negated && set === undefined);
  return negated && set === undefined ? actual.every(one) : actual.some(one);
}
