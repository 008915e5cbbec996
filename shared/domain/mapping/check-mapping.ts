import { isJsonObject, type Json, own } from '../json.ts';
import { type DirectiveName, directiveOf, isDirectiveName, MAPPING_DEPTH_MAX } from './directives.ts';
import { parsePath, PATH_CHARS_MAX } from './mapping-path.ts';
import { TEMPLATE_CHARS_MAX, templatePieces } from './mapping-template.ts';

/** `at`: where in the mapping, as one writes it in JavaScript. */
export type MappingFault = { at: string; message: string };

/** Faults that are told of one mapping. */
const FAULTS_MAX = 20;
/** As mapping-kit has them. */
export const REPLACE_CHARS_MAX = 10;

/** What is wrong with an expression whatever it is applied to, outermost first; empty: nothing. */
export function checkMapping(expression: Json, at: string): MappingFault[] {
  const faults: MappingFault[] = [];
  const tell = (where: string, message: string): void => {
    if (faults.length < FAULTS_MAX) faults.push({ at: where, message });
  };
  check(expression, at, 0, tell);
  return faults;
}

type Tell = (at: string, message: string) => void;

function check(expression: Json, at: string, depth: number, tell: Tell): void {
  if (depth > MAPPING_DEPTH_MAX) {
    tell(at, `is nested more than ${MAPPING_DEPTH_MAX} deep`);
    return;
  }
  if (Array.isArray(expression)) {
    for (const [index, item] of expression.entries()) check(item, `${at}[${index}]`, depth + 1, tell);
    return;
  }
  if (!isJsonObject(expression)) return;
  const directive = directiveOf(expression);
  if (directive === undefined) {
    for (const [key, value] of Object.entries(expression)) check(value, inside(at, key), depth + 1, tell);
    return;
  }
  const { name, value, isAlone } = directive;
  if (!isAlone) tell(at, `has other keys beside ${name}`);
  if (!isDirectiveName(name)) tell(at, `${name} is not known here`);
  else CHECKS[name](value, inside(at, name), depth, tell);
}

/** `a.b`, or `a['b c']` where a dot would be misread. */
export const inside = (at: string, key: string): string =>
  /^@?[\w$]+$/.test(key) ? (at === '' ? key : `${at}.${key}`) : `${at}[${JSON.stringify(key)}]`;

const CHECKS: Record<DirectiveName, (value: Json, at: string, depth: number, tell: Tell) => void> = {
  '@path': (value, at, depth, tell) => {
    if (typeof value === 'string') checkPath(value, at, tell);
    else if (directiveOf(value) === undefined) tell(at, 'must be a path such as $.body.id');
    else check(value, at, depth + 1, tell);
  },
  '@template': (value, at, depth, tell) => {
    if (typeof value === 'string') checkTemplate(value, at, tell);
    else if (directiveOf(value) === undefined) tell(at, 'must be a text with {{paths}} in it');
    else check(value, at, depth + 1, tell);
  },
  '@literal': (value, at, depth, tell) => check(value, at, depth + 1, tell),
  '@excludeWhenNull': (value, at, depth, tell) => check(value, at, depth + 1, tell),
  '@if': (value, at, depth, tell) => {
    options(value, at, depth, tell, ['exists', 'blank', 'then', 'else'], []);
    if (isJsonObject(value) && own(value, 'exists') === undefined && own(value, 'blank') === undefined) {
      tell(at, 'needs exists or blank');
    }
  },
  '@case': (value, at, depth, tell) => {
    options(value, at, depth, tell, ['operator', 'value'], ['operator', 'value']);
    oneOf(value, 'operator', ['lower', 'upper'], at, tell);
  },
  '@replace': (value, at, depth, tell) => {
    const known = ['pattern', 'replacement', 'pattern2', 'replacement2', 'value', 'ignorecase', 'global'];
    options(value, at, depth, tell, known, ['pattern', 'value']);
    for (const key of ['pattern', 'replacement', 'pattern2', 'replacement2']) {
      const text = isJsonObject(value) ? own(value, key) : undefined;
      if (text === undefined) continue;
      if (typeof text !== 'string' || text.length > REPLACE_CHARS_MAX) {
        tell(inside(at, key), `must be a text of at most ${REPLACE_CHARS_MAX} characters`);
      }
    }
  },
  '@arrayPath': (value, at, depth, tell) => {
    if (!Array.isArray(value) || value.length === 0 || value.length > 2) {
      tell(at, 'must be a list of a path and of what each item becomes');
      return;
    }
    const [path, shape] = value;
    if (typeof path === 'string') checkPath(path, `${at}[0]`, tell);
    else check(path ?? null, `${at}[0]`, depth + 1, tell);
    if (shape !== undefined) check(shape, `${at}[1]`, depth + 1, tell);
  },
  '@flatten': (value, at, depth, tell) =>
    options(value, at, depth, tell, ['value', 'separator', 'omitArrays'], ['value', 'separator']),
  '@json': (value, at, depth, tell) => {
    options(value, at, depth, tell, ['value', 'mode'], ['value', 'mode']);
    oneOf(value, 'mode', ['encode', 'decode'], at, tell);
  },
  '@merge': (value, at, depth, tell) => {
    options(value, at, depth, tell, ['objects', 'direction'], ['objects', 'direction']);
    oneOf(value, 'direction', ['left', 'right'], at, tell);
    const objects = isJsonObject(value) ? own(value, 'objects') : undefined;
    if (objects !== undefined && !Array.isArray(objects)) tell(inside(at, 'objects'), 'must be a list');
  },
  '@transform': (value, at, depth, tell) => options(value, at, depth, tell, ['apply', 'mapping'], ['apply', 'mapping']),
};

function options(
  value: Json,
  at: string,
  depth: number,
  tell: Tell,
  known: readonly string[],
  required: readonly string[],
): void {
  if (!isJsonObject(value)) {
    tell(at, `must be an object with ${(required.length > 0 ? required : known).join(' and ')}`);
    return;
  }
  for (const key of required) if (own(value, key) === undefined) tell(inside(at, key), 'is required');
  for (const [key, inner] of Object.entries(value)) {
    if (known.includes(key)) check(inner, inside(at, key), depth + 1, tell);
    else tell(inside(at, key), 'is not known here');
  }
}

function oneOf(value: Json, key: string, words: readonly string[], at: string, tell: Tell): void {
  const word = isJsonObject(value) ? own(value, key) : undefined;
  if (word !== undefined && !words.some((one) => one === word)) tell(inside(at, key), `must be ${words.join(' or ')}`);
}

function checkPath(path: string, at: string, tell: Tell): void {
  if (path.length > PATH_CHARS_MAX) tell(at, `is longer than ${PATH_CHARS_MAX} characters`);
  else if (parsePath(path) === undefined) tell(at, `${JSON.stringify(path)} is no path`);
}

function checkTemplate(template: string, at: string, tell: Tell): void {
  if (template.length > TEMPLATE_CHARS_MAX) {
    tell(at, `is longer than ${TEMPLATE_CHARS_MAX} characters`);
    return;
  }
  for (const piece of templatePieces(template)) if ('path' in piece) checkPath(piece.path, at, tell);
}
