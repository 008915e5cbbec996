import type { Json } from '../../domain/json.ts';

/** A setting as its definition has it. Where `type` or `choices` are left out, every value is taken. */
export type SettingRule = {
  key: string;
  secret: boolean;
  required: boolean;
  type?: string;
  multiple?: boolean;
  choices?: readonly { value: string | number | boolean }[];
};

/** `key`: of the setting at fault. */
export type SettingFault = { key: string; message: string };

const TYPE_CHECKS: Readonly<Record<string, { words: string; holds: (value: unknown) => boolean }>> = {
  string: { words: 'must be a text', holds: (value) => typeof value === 'string' },
  text: { words: 'must be a text', holds: (value) => typeof value === 'string' },
  password: { words: 'must be a text', holds: (value) => typeof value === 'string' },
  number: { words: 'must be a number', holds: (value) => typeof value === 'number' },
  integer: { words: 'must be a whole number', holds: Number.isInteger },
  boolean: { words: 'must be true or false', holds: (value) => typeof value === 'boolean' },
  object: {
    words: 'must be an object',
    holds: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  },
};

/** What is wrong with a setting's value by its type and choices. An empty text stands for nothing, which `required` judges. */
function valueFault({ type, multiple, choices }: SettingRule, value: unknown): string | undefined {
  if (value === '' || value === null) return undefined;
  if (multiple === true && !Array.isArray(value)) return 'must be a list';
  const values: readonly unknown[] = multiple === true && Array.isArray(value) ? value : [value];
  const check = type === undefined || !Object.hasOwn(TYPE_CHECKS, type) ? undefined : TYPE_CHECKS[type];
  if (check !== undefined && !values.every(check.holds)) return check.words;
  if (
    choices === undefined ||
    choices.length === 0 ||
    values.every((one) => choices.some((choice) => choice.value === one))
  ) {
    return undefined;
  }
  return `must be one of ${choices.map((choice) => JSON.stringify(choice.value)).join(', ')}`;
}

const isListOfTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/**
 * What is wrong with values that somebody gives to settings of a type: names that it does not have, wrong types, choices that there are not. Whether
 * all is there is another question: `missingSettings`.
 */
export function settingFaults(
  type: string,
  rules: readonly SettingRule[],
  given: Readonly<Record<string, unknown>>,
): SettingFault[] {
  const known = new Map(rules.map((rule) => [rule.key, rule]));
  return Object.entries(given).flatMap(([key, value]) => {
    const rule = known.get(key);
    if (rule === undefined) return [{ key, message: `${type} has no such setting` }];
    if (rule.secret && typeof value !== 'string' && !(rule.multiple === true && isListOfTexts(value))) {
      return [
        { key, message: rule.multiple === true ? 'a secret is a text, or a list of texts' : 'a secret is a text' },
      ];
    }
    // Of a secret list the text is one, too: what is shown of it comes back as one.
    const message = valueFault(rule.secret && typeof value === 'string' ? { ...rule, multiple: false } : rule, value);
    return message === undefined ? [] : [{ key, message }];
  });
}

/** Settings that a destination must have before it may be switched on (B06) and does not. */
export const missingSettings = (
  rules: readonly SettingRule[],
  settings: Readonly<Record<string, unknown>>,
): SettingFault[] =>
  rules.flatMap(({ key, required }) => {
    const value = Object.hasOwn(settings, key) ? settings[key] : undefined;
    return required && (value === undefined || value === '' || value === null) ? [{ key, message: 'is required' }] : [];
  });

/** Fields that an action requires and a mapping leaves out. What a field within an object is given stands for the object (B18). */
export const missingFields = (
  fields: readonly { key: string; required: boolean }[],
  given: Readonly<Record<string, Json | undefined>>,
): string[] => fields.filter(({ key, required }) => required && !Object.hasOwn(given, key)).map(({ key }) => key);
