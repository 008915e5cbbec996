import { isJsonObject, type Json, type JsonObject, own } from './json.ts';

/** Keys by the path of the object that holds them, as filters name them. */
export type FieldsByPath = Readonly<Record<string, readonly string[]>>;

/** Without these nobody could say what an event is or whether it came before: no filter takes them away. */
const KEPT_AT_TOP: ReadonlySet<string> = new Set(['type', 'messageId']);

/** The steps of a dotted path; a backslash takes the meaning from the character behind it (C12). The empty path is the event itself. */
export function pathSteps(path: string): string[] {
  if (path === '') return [];
  const steps: string[] = [];
  let step = '';
  for (let at = 0; at < path.length; at += 1) {
    const char = path[at];
    if (char === '\\' && at + 1 < path.length) {
      step += path[at + 1];
      at += 1;
    } else if (char === '.') {
      steps.push(step);
      step = '';
    } else {
      step += char;
    }
  }
  return [...steps, step];
}

/** A copy without the named fields (C14). A path through a list means each object in it (C13). What is not there is passed over. */
export const dropFields = (event: JsonObject, fields: FieldsByPath): JsonObject =>
  changeObjects(event, fields, (object, keys, isTop) => {
    const gone = new Set(keys);
    return keep(object, (key) => !gone.has(key) || (isTop && KEPT_AT_TOP.has(key)));
  });

/** A copy in which each named object holds the named fields only; objects that are not named stay as they are. */
export const allowFields = (event: JsonObject, fields: FieldsByPath): JsonObject =>
  changeObjects(event, fields, (object, keys, isTop) => {
    const allowed = new Set(keys);
    return keep(object, (key) => allowed.has(key) || (isTop && KEPT_AT_TOP.has(key)));
  });

type Change = (object: JsonObject, keys: readonly string[], isTop: boolean) => JsonObject;

function changeObjects(event: JsonObject, fields: FieldsByPath, change: Change): JsonObject {
  let changed = event;
  for (const [path, keys] of Object.entries(fields)) {
    const steps = pathSteps(path);
    const next = changeAt(changed, steps, (object) => change(object, keys, steps.length === 0));
    if (isJsonObject(next)) changed = next;
  }
  return changed;
}

/** Copies only what lies on the way to a change. */
function changeAt(value: Json, steps: readonly string[], change: (object: JsonObject) => JsonObject): Json {
  if (Array.isArray(value)) return value.map((inner) => changeAt(inner, steps, change));
  if (!isJsonObject(value)) return value;
  const [step, ...rest] = steps;
  if (step === undefined) return change(value);
  const inner = own(value, step);
  if (inner === undefined) return value;
  return keep(value, () => true, step, changeAt(inner, rest, change));
}

/** A copy of the chosen own keys, `__proto__` included as data; `step` gets another value. */
function keep(object: JsonObject, isKept: (key: string) => boolean, step?: string, value?: Json): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, inner]) =>
      isKept(key) ? [[key, key === step && value !== undefined ? value : inner] as const] : [],
    ),
  );
}

/** What lies at a path; `undefined` where nothing does. Lists are not looked into. */
export function valueAt(event: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = event;
  for (const step of pathSteps(path)) value = isJsonObject(value) ? own(value, step) : undefined;
  return value;
}
