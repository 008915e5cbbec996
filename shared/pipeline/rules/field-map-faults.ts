import { isJsonObject, type Json, own } from '../../domain/json.ts';

/** Nesting of a field map. */
export const FIELD_MAP_DEPTH_MAX = 20;
/** A field map as JSON text (T23): an item of DynamoDB holds 400 KB. */
export const FIELD_MAP_BYTES_MAX = 100_000;
/** B17: characters of a Liquid template, as the library runs it. */
export const LIQUID_CHARS_MAX = 1_000;
/** Of the texts of `@replace`, as the library takes them. */
const REPLACE_CHARS_MAX = 10;
/** Faults told of one map. */
const FAULTS_MAX = 20;

/** `path`: where in the map, from the field on. */
export type FieldMapFault = { path: readonly (string | number)[]; message: string };

type Tell = (path: readonly (string | number)[], message: string) => void;
type Check = (value: Json, path: readonly (string | number)[], depth: number, tell: Tell) => void;

/**
 * What is wrong with the field map of an action: fields that it does not have, and directives that the library could not run. Whether all required
 * fields are there is another question (`missingFields`): what is switched off may be unfinished.
 */
export function fieldMapFaults(
  rules: readonly { key: string }[],
  map: Readonly<Record<string, Json>>,
): FieldMapFault[] {
  const faults: FieldMapFault[] = [];
  const tell: Tell = (path, message) => {
    if (faults.length < FAULTS_MAX) faults.push({ path, message });
  };
  if (JSON.stringify(map).length > FIELD_MAP_BYTES_MAX) {
    return [{ path: [], message: `is larger than ${FIELD_MAP_BYTES_MAX} bytes` }];
  }
  const known = new Set(rules.map(({ key }) => key));
  for (const [key, value] of Object.entries(map)) {
    if (known.has(key)) check(value, [key], 0, tell);
    else tell([key], 'The action has no such field.');
  }
  return faults;
}

/** What is wrong with one expression, whatever it is applied to. */
const check: Check = (value, path, depth, tell) => {
  if (depth > FIELD_MAP_DEPTH_MAX) return tell(path, `is nested more than ${FIELD_MAP_DEPTH_MAX} deep`);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) check(item, [...path, index], depth + 1, tell);
    return;
  }
  if (!isJsonObject(value)) return;
  const names = Object.keys(value).filter((key) => key !== '_metadata');
  const directive = names.find((key) => key.startsWith('@'));
  if (directive === undefined) {
    for (const key of names) check(value[key] ?? null, [...path, key], depth + 1, tell);
    return;
  }
  if (names.length > 1) tell(path, `has other keys beside ${directive}`);
  const rule = Object.hasOwn(DIRECTIVES, directive) ? DIRECTIVES[directive] : undefined;
  if (rule === undefined) tell([...path, directive], `${directive} is no directive`);
  else rule(value[directive] ?? null, [...path, directive], depth, tell);
};

const isDirective = (value: Json): boolean =>
  isJsonObject(value) && Object.keys(value).some((key) => key.startsWith('@'));

const textOrDirective: Check = (value, path, depth, tell) => {
  if (typeof value === 'string') return;
  if (isDirective(value)) check(value, path, depth + 1, tell);
  else tell(path, 'must be a text, or a directive that gives one');
};

const text =
  (charsMax: number): Check =>
  (value, path, _depth, tell) => {
    if (typeof value !== 'string' || value.length > charsMax) {
      tell(path, `must be a text of at most ${charsMax} characters`);
    }
  };

const word =
  (...words: readonly string[]): Check =>
  (value, path, _depth, tell) => {
    if (typeof value !== 'string' || !words.includes(value)) tell(path, `must be ${words.join(' or ')}`);
  };

const flag: Check = (value, path, _depth, tell) => {
  if (typeof value !== 'boolean') tell(path, 'must be true or false');
};

const anything: Check = (value, path, depth, tell) => check(value, path, depth + 1, tell);

const list: Check = (value, path, depth, tell) => {
  if (Array.isArray(value)) check(value, path, depth + 1, tell);
  else tell(path, 'must be a list');
};

/** An object with these members and no other. */
const options =
  (members: Readonly<Record<string, Check>>, required: readonly string[]): Check =>
  (value, path, depth, tell) => {
    if (!isJsonObject(value)) return tell(path, `must be an object with ${Object.keys(members).join(', ')}`);
    for (const key of required) if (own(value, key) === undefined) tell([...path, key], 'is required');
    for (const [key, inner] of Object.entries(value)) {
      const rule = Object.hasOwn(members, key) ? members[key] : undefined;
      if (rule === undefined) tell([...path, key], 'is not known here');
      else rule(inner, [...path, key], depth, tell);
    }
  };

const arrayPath: Check = (value, path, depth, tell) => {
  if (!Array.isArray(value) || value.length === 0 || value.length > 2) {
    return tell(path, 'must be a list of a path and of what each item becomes');
  }
  textOrDirective(value[0] ?? null, [...path, 0], depth, tell);
  if (value[1] !== undefined) check(value[1], [...path, 1], depth + 1, tell);
};

/** Segment's mapping directives, as the library that delivers knows them. */
const DIRECTIVES: Readonly<Record<string, Check>> = {
  '@path': textOrDirective,
  '@template': textOrDirective,
  '@literal': anything,
  '@excludeWhenNull': anything,
  '@liquid': text(LIQUID_CHARS_MAX),
  '@if': options(Object.fromEntries(['exists', 'blank', 'then', 'else'].map((key) => [key, anything])), []),
  '@case': options({ operator: word('lower', 'upper'), value: textOrDirective }, ['operator', 'value']),
  '@replace': options(
    {
      pattern: text(REPLACE_CHARS_MAX),
      replacement: text(REPLACE_CHARS_MAX),
      pattern2: text(REPLACE_CHARS_MAX),
      replacement2: text(REPLACE_CHARS_MAX),
      value: textOrDirective,
      ignorecase: flag,
      global: flag,
    },
    ['pattern', 'value'],
  ),
  '@arrayPath': arrayPath,
  '@flatten': options({ value: anything, separator: text(REPLACE_CHARS_MAX), omitArrays: flag }, ['value']),
  '@json': options({ value: anything, mode: word('encode', 'decode') }, ['value', 'mode']),
  '@merge': options({ objects: list, direction: word('left', 'right') }, ['objects']),
  '@transform': options({ apply: anything, mapping: anything }, ['apply', 'mapping']),
};
