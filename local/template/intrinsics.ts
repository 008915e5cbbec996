import { type Created, LOCAL_ACCOUNT, LOCAL_REGION } from '../types.ts';
import { TemplateError } from './template-error.ts';

/** What the functions of a template may ask for while a stack is made. */
export type Scope = {
  stackName: string;
  stackId: string;
  parameters: Readonly<Record<string, unknown>>;
  mappings: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  conditions: Readonly<Record<string, unknown>>;
  /** A resource that exists already, or undefined: unknown, not yet made, or left out by its condition. */
  created(logicalId: string): Created | undefined;
  /** The value that an earlier stack exports under this name. */
  imported(exportName: string): unknown;
};

/** Nesting of a template. CloudFormation's own bound is its 1 MB; a condition that refers to itself ends here. */
const DEPTH_MAX = 100;
const NO_VALUE = Symbol('AWS::NoValue');

/**
 * The value with every intrinsic function resolved, pure otherwise; AWS::NoValue takes its property or element away. An unknown function, name or
 * attribute throws TemplateError that names it and the place.
 */
export function resolveValue(value: unknown, scope: Scope, path: string): unknown {
  const resolved = valueOf(value, { scope, path, depth: 0 });
  return resolved === NO_VALUE ? undefined : resolved;
}

/** Whether the named condition of the template holds. */
export function holds(conditionName: string, scope: Scope, path: string): boolean {
  return conditionHolds({ Condition: conditionName }, { scope, path, depth: 0 });
}

/** All names that Ref, Fn::GetAtt and Fn::Sub mention, in any branch: logical ids, parameters, pseudo parameters. */
export function namesIn(value: unknown, into = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const element of value) namesIn(element, into);
  else if (isObject(value)) {
    const { Ref: ref, 'Fn::GetAtt': getAtt, 'Fn::Sub': sub } = value;
    if (typeof ref === 'string') into.add(ref);
    if (Array.isArray(getAtt)) into.add(String(getAtt[0]));
    const [text, variables]: unknown[] = Array.isArray(sub) ? sub : [sub];
    if (typeof text === 'string') {
      for (const [, literal, name = ''] of text.matchAll(VARIABLE)) {
        const [head = ''] = name.split('.');
        if (literal === '' && !(isObject(variables) && Object.hasOwn(variables, name))) into.add(head);
      }
    }
    for (const member of Object.values(value)) namesIn(member, into);
  }
  return into;
}

type Place = { scope: Scope; path: string; depth: number };
// ${Name}, ${Name.Attribute}; ${!Literal} is the text ${Literal}.
const VARIABLE = /\$\{(!?)([^}]*)\}/g;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const at = (place: Place, step: string | number): Place => ({
  scope: place.scope,
  path: `${place.path}.${step}`,
  depth: place.depth + 1,
});

const fail = (place: Place, message: string): TemplateError =>
  new TemplateError(`Stack ${place.scope.stackName}, ${place.path}: ${message}`);

function valueOf(value: unknown, place: Place): unknown {
  if (place.depth > DEPTH_MAX) throw fail(place, `nested deeper than ${DEPTH_MAX}`);
  if (Array.isArray(value)) {
    return value.map((element, index) => valueOf(element, at(place, index))).filter((element) => element !== NO_VALUE);
  }
  if (typeof value === 'string' && value.includes('{{resolve:')) {
    throw fail(place, `dynamic references such as ${value} are not resolved by the local cloud`);
  }
  if (!isObject(value)) return value;
  const keys = Object.keys(value);
  const name = keys.find((key) => key === 'Ref' || key.startsWith('Fn::'));
  // A property may be called Ref as well as anything else, but a function stands alone in its object.
  if (name !== undefined && keys.length === 1) {
    const run = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (run === undefined) throw fail(place, `the local cloud does not know the intrinsic function ${name}`);
    return run(value[name], at(place, name));
  }
  if (name?.startsWith('Fn::')) throw fail(place, `${name} stands beside other keys`);
  const resolved: [string, unknown][] = [];
  for (const key of keys) {
    const member = valueOf(value[key], at(place, key));
    if (member !== NO_VALUE) resolved.push([key, member]);
  }
  return Object.fromEntries(resolved);
}

const FUNCTIONS: Record<string, (argument: unknown, place: Place) => unknown> = {
  Ref: (name, place) => refOf(String(name), place),
  'Fn::GetAtt': (argument, place) => {
    const [logicalId, attribute] = list(argument, place, 2);
    return attributeOf(String(logicalId), text(valueOf(attribute, place), place), place);
  },
  'Fn::Sub': (argument, place) => {
    const [template, given]: unknown[] = Array.isArray(argument) ? argument : [argument, {}];
    if (typeof template !== 'string') throw fail(place, 'Fn::Sub takes text');
    const variables = isObject(given) ? given : {};
    return template.replaceAll(VARIABLE, (_whole, literal: string, variable: string) => {
      if (literal !== '') return `\${${variable}}`;
      if (Object.hasOwn(variables, variable)) return text(valueOf(variables[variable], at(place, variable)), place);
      const dot = variable.indexOf('.');
      const found =
        dot < 0 ? refOf(variable, place) : attributeOf(variable.slice(0, dot), variable.slice(dot + 1), place);
      return text(found, place);
    });
  },
  'Fn::Join': (argument, place) => {
    const [separator, parts] = list(argument, place, 2);
    return list(valueOf(parts, place), place)
      .map((part) => text(part, place))
      .join(text(separator, place));
  },
  'Fn::Select': (argument, place) => {
    const [index, from] = list(valueOf(argument, place), place, 2);
    const position = Number(index);
    const choices = list(from, place);
    if (!Number.isInteger(position) || position < 0 || position >= choices.length) {
      throw fail(place, `there is no element ${String(index)} in a list of ${choices.length}`);
    }
    return choices[position];
  },
  'Fn::Split': (argument, place) => {
    const [separator, whole] = list(valueOf(argument, place), place, 2);
    if (separator === '') throw fail(place, 'Fn::Split needs a separator');
    return text(whole, place).split(text(separator, place));
  },
  'Fn::If': (argument, place) => {
    const [condition, then, otherwise] = list(argument, place, 3);
    return conditionHolds({ Condition: condition }, place)
      ? valueOf(then, at(place, 1))
      : valueOf(otherwise, at(place, 2));
  },
  'Fn::FindInMap': (argument, place) => {
    const [map, first, second] = list(valueOf(argument, place), place, 3).map((key) => text(key, place));
    const found = place.scope.mappings[map ?? '']?.[first ?? '']?.[second ?? ''];
    if (found === undefined) throw fail(place, `the mapping ${map} has no entry ${first}, ${second}`);
    return found;
  },
  'Fn::ImportValue': (argument, place) => {
    const name = text(valueOf(argument, place), place);
    const found = place.scope.imported(name);
    if (found === undefined) throw fail(place, `no earlier stack exports ${name}`);
    return found;
  },
  'Fn::Base64': (argument, place) => Buffer.from(text(valueOf(argument, place), place)).toString('base64'),
  'Fn::GetAZs': () => ['a', 'b', 'c'].map((zone) => `${LOCAL_REGION}${zone}`),
};

function conditionHolds(condition: unknown, place: Place): boolean {
  if (place.depth > DEPTH_MAX) throw fail(place, `nested deeper than ${DEPTH_MAX}`);
  const [name = '', argument]: [string?, unknown?] = isObject(condition) ? (Object.entries(condition)[0] ?? []) : [];
  const each = (least: number) => {
    const parts = list(argument, place);
    if (parts.length < least || parts.length > 10) throw fail(place, `${name} takes ${least} to 10 conditions`);
    return parts.map((part, index) => conditionHolds(part, at(place, index)));
  };
  switch (name) {
    case 'Condition': {
      const { conditions } = place.scope;
      const key = String(argument);
      if (!Object.hasOwn(conditions, key)) throw fail(place, `there is no condition ${key}`);
      return conditionHolds(conditions[key], at(place, key));
    }
    case 'Fn::Equals': {
      const [left, right] = list(valueOf(argument, at(place, name)), place, 2);
      return JSON.stringify(left) === JSON.stringify(right);
    }
    case 'Fn::And':
      return each(2).every(Boolean);
    case 'Fn::Or':
      return each(2).some(Boolean);
    case 'Fn::Not':
      return !each(1)[0];
    default:
      throw fail(place, `the local cloud does not know the condition function ${name}`);
  }
}

function refOf(name: string, place: Place): unknown {
  const { scope } = place;
  const pseudo: Record<string, unknown> = {
    'AWS::AccountId': LOCAL_ACCOUNT,
    'AWS::Region': LOCAL_REGION,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': scope.stackName,
    'AWS::StackId': scope.stackId,
    'AWS::NotificationARNs': [],
    'AWS::NoValue': NO_VALUE,
  };
  if (Object.hasOwn(pseudo, name)) return pseudo[name];
  if (Object.hasOwn(scope.parameters, name)) return scope.parameters[name];
  const created = scope.created(name);
  if (created === undefined) throw fail(place, `nothing is called ${name}, or its condition leaves it out`);
  return created.ref;
}

function attributeOf(logicalId: string, attribute: string, place: Place): unknown {
  const created = place.scope.created(logicalId);
  if (created === undefined) throw fail(place, `nothing is called ${logicalId}, or its condition leaves it out`);
  if (!Object.hasOwn(created.attributes, attribute)) {
    throw fail(place, `the local cloud gives ${logicalId} no attribute ${attribute}`);
  }
  return created.attributes[attribute];
}

function list(value: unknown, place: Place, length?: number): unknown[] {
  if (!Array.isArray(value)) throw fail(place, 'a list is needed here');
  if (length !== undefined && value.length !== length) throw fail(place, `${length} elements are needed here`);
  return value;
}

function text(value: unknown, place: Place): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === NO_VALUE) return '';
  throw fail(place, 'text is needed here');
}
