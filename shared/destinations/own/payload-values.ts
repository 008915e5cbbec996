import { isJsonObject, type Json, type JsonObject, own } from '../../domain/json.ts';

/** Steps of a path that somebody wrote into a setting; longer ones lead nowhere. */
const PATH_STEPS_MAX = 20;

/** What lies at a key or a path with dots: a key that has dots itself goes first. `undefined` where there is nothing. */
export function valueAt(object: JsonObject, path: string): Json | undefined {
  const direct = own(object, path);
  if (direct !== undefined) return direct;
  let value: Json | undefined = object;
  for (const step of path.split('.', PATH_STEPS_MAX)) {
    if (!isJsonObject(value)) return undefined;
    value = own(value, step);
  }
  return value;
}

/** A text, number or boolean as text; nothing for what has no one text: null, lists, objects. Empty text is nothing, too. */
export function textOf(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return undefined;
}

/** The texts of a list, what has none left out. Something else than a list is a list of one. */
export const textsOf = (value: Json | undefined): string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((each) => {
    const text = textOf(each);
    return text === undefined ? [] : [text];
  });

/** A number, also where it came as text. */
export function numberOf(value: Json | undefined): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

export const objectOf = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
