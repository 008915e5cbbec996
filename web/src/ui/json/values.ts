/** A step into a value: a key of an object or an index of an array. */
export type Step = string | number;
/** A way into a value, from its root. */
export type Path = readonly Step[];

/** What a value is, for showing it. */
export type Kind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/** Sorts a value into what JSON knows; what JSON does not know is shown as null, as JSON would write it in a list. */
export function kindOf(value: unknown): Kind {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'object' && value !== null) return 'object';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'null';
}

/** Whether a value can hold others. */
export const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The values of a container with their steps, in order. Only its own: `__proto__` is a key like any other. */
export function entriesOf(container: object): [Step, unknown][] {
  return Array.isArray(container) ? [...container.entries()] : Object.entries(container);
}

/** How many values a container holds. */
export const sizeOf = (container: object): number =>
  Array.isArray(container) ? container.length : Object.keys(container).length;

/** The own value at a step; `undefined` where there is none. */
export function valueAt(container: unknown, step: Step): unknown {
  if (!isContainer(container) || !Object.hasOwn(container, step)) return undefined;
  return (container as Record<Step, unknown>)[step];
}

/** A path as text (RFC 6901): a key for maps, one for each path. */
export const pointerOf = (path: Path): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** A path as people read it: `properties.items[0]["odd key"]`. */
export function dottedPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${quoted(step)}]`;
  }
  return text;
}

/** Marks that turn the direction of text, and ones without width: a payload could pass one value off as another with them. */
const UNSEEN = /[\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF\u007F-\u009F]/g;

/** A text with what could not be seen written out. */
export const unseenWritten = (text: string): string =>
  text.replace(UNSEEN, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A string as JSON writes it, with what could not be seen written out. */
export const quoted = (text: string): string => unseenWritten(JSON.stringify(text));

/** A value without parts, as JSON writes it. */
export const scalarText = (value: unknown): string =>
  typeof value === 'string' ? quoted(value) : kindOf(value) === 'null' ? 'null' : String(value);

/** A value as indented JSON. One nested too deeply to be written gives the reason instead of text. */
export function prettyJson(value: unknown): { text: string } | { tooDeep: true } {
  try {
    return { text: JSON.stringify(value, null, 2) ?? 'null' };
  } catch {
    return { tooDeep: true };
  }
}
