import type { SettingDefinition } from '../../../../shared/destinations/destination-definition.ts';

/** A field as the catalog defines it: a setting, or a field of an action. */
export type FormField = Omit<SettingDefinition, 'secret'> & { secret?: boolean };
export type FormValues = Readonly<Record<string, unknown>>;

/** What the API shows in the place of a secret that is kept; sent back, it leaves the secret as it is. */
export const KEPT_SECRET = '••••••••';

/** Choices from which on one may type to find. */
export const SEARCHED_CHOICES_MIN = 8;

export const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** Whether the value is that of a secret which the system keeps and does not show. */
export const isKept = (value: unknown): boolean =>
  value === KEPT_SECRET || (Array.isArray(value) && value.length > 0 && value.every((one) => one === KEPT_SECRET));

type Condition = { fieldKey?: string; operator?: string; value?: unknown };

/** Whether a field is there for people, by the values of others: as the catalog's `dependsOn` says it. */
export function isShown({ hidden, dependsOn }: FormField, values: FormValues): boolean {
  if (hidden === true) return false;
  if (typeof dependsOn !== 'object' || dependsOn === null || Array.isArray(dependsOn)) return true;
  const conditions = (dependsOn['conditions'] ?? []) as readonly Condition[];
  const holds = conditions.map(({ fieldKey = '', operator, value }) => {
    const wanted: readonly unknown[] = Array.isArray(value) ? value : [value];
    const has = values[fieldKey];
    const isOne = wanted.some((one) => one === has || (isEmpty(one) && isEmpty(has)));
    return operator === 'is_not' ? !isOne : isOne;
  });
  if (holds.length === 0) return true;
  return dependsOn['match'] === 'any' ? holds.some(Boolean) : holds.every(Boolean);
}

/** The values with which a new form begins: the defaults of its fields. */
export const defaultsOf = (fields: readonly FormField[]): FormValues =>
  Object.fromEntries(fields.flatMap((field) => (field.default === undefined ? [] : [[field.key, field.default]])));

/** What a form must say before it does: keys of required fields that are shown and empty. */
export const missingOf = (fields: readonly FormField[], values: FormValues): string[] =>
  fields.flatMap((field) =>
    field.required && isShown(field, values) && isEmpty(values[field.key]) ? [field.key] : [],
  );

/** What is to be saved: what differs from before, `null` for what was taken away. Secrets that are kept are not in it. */
export function patchOf(fields: readonly FormField[], before: FormValues, after: FormValues): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  for (const { key } of fields) {
    const [was, is] = [before[key], after[key]];
    if (isKept(is) && isKept(was)) continue;
    if (isEmpty(is) ? isEmpty(was) : JSON.stringify(is) === JSON.stringify(was)) continue;
    patch[key] = isEmpty(is) ? null : is;
  }
  return patch;
}

/** The API's messages by key: `settings.apiKey` and `settings.urls.0` are those of the fields `apiKey` and `urls`. */
export function settingErrors(errors: Readonly<Record<string, string>>, prefix = 'settings'): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [field, message] of Object.entries(errors)) {
    const [head, key] = field.split('.');
    if (head === prefix && key !== undefined) found[key] ??= sentence(message);
  }
  return found;
}

const sentence = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** A text of the catalog in parts: plain, code between backticks, links in Markdown. */
export type HelpPart =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'link'; text: string; url: string };

const PART = /\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)|`([^`]+)`/g;

/** Reads the little Markdown that help texts have; whatever else stands there is text. */
export function helpParts(text: string): HelpPart[] {
  const parts: HelpPart[] = [];
  let at = 0;
  for (const found of text.matchAll(PART)) {
    if (found.index > at) parts.push({ kind: 'text', text: text.slice(at, found.index) });
    const [whole, label, url, code] = found;
    if (label !== undefined && url !== undefined) parts.push({ kind: 'link', text: label, url });
    else parts.push({ kind: 'code', text: code ?? whole });
    at = found.index + whole.length;
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) });
  return parts;
}
