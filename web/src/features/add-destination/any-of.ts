/** The API's bound of a trigger's text. */
const TRIGGER_CHARS_MAX = 5_000;

/** Triggers as one: an event matches that any of them matches. Undefined where there is none, or the text would be too long. */
export function anyOf(triggers: readonly string[]): string | undefined {
  const unique = [...new Set(triggers)];
  const text = unique.length === 1 ? (unique[0] ?? '') : unique.map((one) => `(${one})`).join(' or ');
  return text === '' || text.length > TRIGGER_CHARS_MAX ? undefined : text;
}
