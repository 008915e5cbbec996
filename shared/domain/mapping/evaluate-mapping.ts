import { isJsonObject, type Json, type JsonObject, own } from '../json.ts';
import { jsonOverrun } from '../json-bounds.ts';
import { inside, REPLACE_CHARS_MAX } from './check-mapping.ts';
import { type DirectiveName, directiveOf, isDirectiveName, MAPPING_DEPTH_MAX } from './directives.ts';
import { sizeOf } from './json-size.ts';
import { parsePath, PATH_CHARS_MAX, type PathStep, valueAtPath } from './mapping-path.ts';
import { TEMPLATE_CHARS_MAX, type TemplatePiece, templatePieces } from './mapping-template.ts';

/** `undefined`: the expression stands for nothing here. `at` of a fault: the place in the mapping. */
export type Evaluated =
  | { outcome: 'value'; value: Json | undefined }
  | { outcome: 'fault'; fault: 'wrong-type' | 'too-much'; at: string; message: string };

/**
 * What one evaluation may cost: a unit for each character that is made and STEP_UNITS for each part of the mapping that is looked at. A mapping is
 * small, and a body is 500 KB: together, without a bound, they make gigabytes.
 */
export const MAPPING_UNITS_MAX = 131_072;
const STEP_UNITS = 8;
/** The same for all evaluations over one request. */
const REQUEST_UNITS_MAX = 64 * MAPPING_UNITS_MAX;
/** Of text that `@json` reads (T12). */
const DECODED_DEPTH_MAX = 100;
const DECODED_KEYS_MAX = 10_000;

/** What is left for the evaluations over one request. */
export type MappingBudget = { unitsLeft: number };
export const mappingBudget = (): MappingBudget => ({ unitsLeft: REQUEST_UNITS_MAX });

/**
 * The value of an expression of the mapping language for one payload. Pure and deterministic but for the budget that it uses up. Never throws, whatever
 * the payload is. Values that a path finds are the payload's own objects, not copies.
 */
export function evaluateMapping(expression: Json, root: Json, at: string, budget: MappingBudget): Evaluated {
  const meter: Meter = { left: MAPPING_UNITS_MAX, budget };
  try {
    return { outcome: 'value', value: valueOf(expression, { root, at, depth: 0, meter }) };
  } catch (error) {
    if (error instanceof Fault) return { outcome: 'fault', fault: error.fault, at: error.at, message: error.message };
    throw error;
  }
}

type Meter = { left: number; budget: MappingBudget };
type Place = { root: Json; at: string; depth: number; meter: Meter };

/** Leaves the recursion at once; it never leaves this file. */
class Fault extends Error {
  readonly fault: 'wrong-type' | 'too-much';
  readonly at: string;
  constructor(fault: Fault['fault'], at: string, message: string) {
    super(message);
    this.fault = fault;
    this.at = at;
  }
}

const wrong = (at: string, message: string): Fault => new Fault('wrong-type', at, message);

function spend({ meter, at }: Place, units: number): void {
  meter.left -= units;
  meter.budget.unitsLeft -= units;
  if (meter.left < 0 || meter.budget.unitsLeft < 0)
    throw new Fault('too-much', at, 'makes more than an event may hold');
}

function valueOf(expression: Json, place: Place): Json | undefined {
  spend(place, STEP_UNITS);
  if (typeof expression !== 'object' || expression === null) return expression;
  if (place.depth > MAPPING_DEPTH_MAX) throw wrong(place.at, `is nested more than ${MAPPING_DEPTH_MAX} deep`);
  if (Array.isArray(expression)) {
    return expression.map((item, index) => valueOf(item, deeper(place, `${place.at}[${index}]`)) ?? null);
  }
  const directive = directiveOf(expression);
  if (directive === undefined) {
    return objectOf(
      Object.entries(expression).map(([key, inner]) => [key, valueOf(inner, deeper(place, inside(place.at, key)))]),
    );
  }
  const { name, value } = directive;
  if (!isDirectiveName(name)) throw wrong(place.at, `${name} is not known here`);
  return RUNS[name](value, { ...place, at: inside(place.at, name) });
}

const deeper = (place: Place, at: string): Place => ({ ...place, at, depth: place.depth + 1 });

/** Keys stay data, `__proto__` included; those that stand for nothing are left out. */
const objectOf = (entries: readonly (readonly [string, Json | undefined])[]): JsonObject =>
  Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== undefined));

type Run = (value: Json, place: Place) => Json | undefined;

const RUNS: Record<DirectiveName, Run> = {
  '@path': (value, place) => valueAtPath(place.root, stepsOf(textOf(value, place), place.at)),
  '@template': (value, place) => rendered(textOf(value, place), place),
  '@literal': (value, place) => valueOf(value, deeper(place, place.at)),
  '@if': (value, place) => {
    const options = requireOptions(value, place);
    const { exists, blank } = { exists: own(options, 'exists'), blank: own(options, 'blank') };
    const asked = option(options, exists === undefined ? 'blank' : 'exists', place);
    if (exists === undefined && blank === undefined) throw wrong(place.at, 'needs exists or blank');
    const holds = asked !== undefined && asked !== null && (exists !== undefined || asked !== '');
    return option(options, holds ? 'then' : 'else', place);
  },
  '@case': (value, place) => {
    const options = requireOptions(value, place);
    const text = option(options, 'value', place);
    if (typeof text !== 'string') return text;
    // A letter may become three.
    spend(place, 3 * text.length);
    const operator = own(options, 'operator');
    if (operator === 'lower') return text.toLowerCase();
    if (operator === 'upper') return text.toUpperCase();
    throw wrong(inside(place.at, 'operator'), 'must be lower or upper');
  },
  '@replace': replaced,
  '@arrayPath': (value, place) => {
    if (!Array.isArray(value)) throw wrong(place.at, 'must be a list of a path and of what each item becomes');
    const [path = null, shape] = value;
    const found =
      typeof path === 'string'
        ? valueAtPath(place.root, stepsOf(path, place.at))
        : valueOf(path, deeper(place, place.at));
    if (!isJsonObject(shape) || Object.keys(shape).length === 0) return found;
    if (typeof found !== 'object' || found === null) return found;
    const items = Array.isArray(found) ? found : [found];
    return items.map((item) => valueOf(shape, { ...deeper(place, `${place.at}[1]`), root: item }) ?? null);
  },
  '@flatten': (value, place) => {
    const options = requireOptions(value, place);
    const separator = option(options, 'separator', place);
    if (typeof separator !== 'string') throw wrong(inside(place.at, 'separator'), 'must be a text');
    const nested = option(options, 'value', place);
    if (typeof nested !== 'object' || nested === null) return nested;
    const flat = new Map<string, Json>();
    flatten(nested, '', { separator, keepsLists: own(options, 'omitArrays') === true, flat, place });
    return Object.fromEntries(flat);
  },
  '@json': (value, place) => {
    const options = requireOptions(value, place);
    const inner = option(options, 'value', place);
    return own(options, 'mode') === 'decode' ? decoded(inner, place) : encoded(inner, place);
  },
  '@merge': (value, place) => {
    const options = requireOptions(value, place);
    const listed = own(options, 'objects');
    if (!Array.isArray(listed)) throw wrong(inside(place.at, 'objects'), 'must be a list');
    const at = inside(place.at, 'objects');
    const objects = listed.map((item, index) => valueOf(item, deeper(place, `${at}[${index}]`)));
    if (option(options, 'direction', place) === 'left') objects.reverse();
    const merged = objects.flatMap((object) => {
      if (!isJsonObject(object)) return [];
      const entries = Object.entries(object);
      spend(place, entries.length);
      return entries;
    });
    return Object.fromEntries(merged);
  },
  '@transform': (value, place) => {
    const options = requireOptions(value, place);
    const root = option(options, 'apply', place) ?? null;
    return valueOf(own(options, 'mapping') ?? null, { ...deeper(place, inside(place.at, 'mapping')), root });
  },
  '@excludeWhenNull': (value, place) => withoutNulls(valueOf(value, deeper(place, place.at)), place),
};

function requireOptions(value: Json, { at }: Place): JsonObject {
  if (isJsonObject(value)) return value;
  throw wrong(at, 'must be an object');
}

const option = (options: JsonObject, key: string, place: Place): Json | undefined => {
  const expression = own(options, key);
  return expression === undefined ? undefined : valueOf(expression, deeper(place, inside(place.at, key)));
};

function textOf(value: Json, place: Place): string {
  const text = typeof value === 'string' ? value : valueOf(value, deeper(place, place.at));
  if (typeof text === 'string') return text;
  throw wrong(place.at, 'must be a text');
}

/** Paths and templates are of mappings, which stay: each is read once. */
const READ_MAX = 1_000;
const paths = new Map<string, PathStep[] | undefined>();
const templates = new Map<string, readonly TemplatePiece[]>();

function remembered<T>(known: Map<string, T>, text: string, read: (text: string) => T): T {
  const found = known.get(text);
  if (found !== undefined) return found;
  const made = read(text);
  if (known.size >= READ_MAX) known.clear();
  known.set(text, made);
  return made;
}

function stepsOf(path: string, at: string): PathStep[] {
  // A path may come from the payload.
  const steps = path.length > PATH_CHARS_MAX ? undefined : remembered(paths, path, parsePath);
  if (steps !== undefined) return steps;
  throw wrong(at, `${JSON.stringify(path.slice(0, 100))} is no path`);
}

function rendered(template: string, place: Place): string {
  if (template.length > TEMPLATE_CHARS_MAX) throw wrong(place.at, `is longer than ${TEMPLATE_CHARS_MAX} characters`);
  return remembered(templates, template, templatePieces)
    .map((piece) => {
      const text =
        'text' in piece ? piece.text : filledIn(valueAtPath(place.root, stepsOf(piece.path, place.at)), place);
      spend(place, text.length);
      return text;
    })
    .join('');
}

/** Absent and null are nothing; an object or list is its JSON. */
function filledIn(value: Json | undefined, place: Place): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? (encoded(value, place) ?? '') : String(value);
}

function encoded(value: Json | undefined, place: Place): string | undefined {
  if (value === undefined) return undefined;
  spend(place, sizeOf(value, place.meter.left));
  const text = JSON.stringify(value);
  spend(place, text.length);
  return text;
}

/** What is no JSON stays as it is. */
function decoded(value: Json | undefined, place: Place): Json | undefined {
  if (typeof value !== 'string') return value;
  spend(place, value.length);
  if (jsonOverrun(value, DECODED_DEPTH_MAX, DECODED_KEYS_MAX) !== undefined) {
    throw new Fault('too-much', place.at, 'the text is nested too deep or has too many keys');
  }
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

function replaced(value: Json, place: Place): Json | undefined {
  const options = requireOptions(value, place);
  const found = option(options, 'value', place);
  if (typeof found === 'object' || found === undefined) return found;
  const flags = `${own(options, 'global') === false ? '' : 'g'}${own(options, 'ignorecase') === true ? 'i' : ''}`;
  const shortText = (key: string): string => {
    const text = own(options, key) ?? '';
    if (typeof text === 'string' && text.length <= REPLACE_CHARS_MAX) return text;
    throw wrong(inside(place.at, key), `must be a text of at most ${REPLACE_CHARS_MAX} characters`);
  };
  const replace = (text: string, patternKey: string, replacementKey: string): string => {
    const pattern = shortText(patternKey);
    const replacement = shortText(replacementKey);
    if (pattern === '') return text;
    spend(place, text.length);
    // All that means something in a pattern is escaped: it takes linear time. The replacement is text, too.
    const escaped = pattern.replaceAll(/[-[\]{}()*+?.,\\^$|#\s/]/g, String.raw`\$&`);
    const made = text.replace(new RegExp(escaped, flags), () => replacement);
    spend(place, made.length);
    return made;
  };
  return replace(replace(String(found), 'pattern', 'replacement'), 'pattern2', 'replacement2');
}

type Flattening = { separator: string; keepsLists: boolean; flat: Map<string, Json>; place: Place };

function flatten(value: JsonObject | Json[], prefix: string, task: Flattening): void {
  for (const [key, inner] of Object.entries(value)) {
    const name = prefix === '' ? key : `${prefix}${task.separator}${key}`;
    spend(task.place, STEP_UNITS + name.length);
    const isNested = typeof inner === 'object' && inner !== null && !(Array.isArray(inner) && task.keepsLists);
    if (isNested && Object.keys(inner).length > 0) flatten(inner, name, task);
    else task.flat.set(name, inner);
  }
}

/** Of an object, what is null at any depth of objects goes; lists stay. */
function withoutNulls(value: Json | undefined, place: Place): Json | undefined {
  if (value === null) return undefined;
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value);
  spend(place, entries.length);
  return objectOf(entries.map(([key, inner]) => [key, withoutNulls(inner, place)]));
}
