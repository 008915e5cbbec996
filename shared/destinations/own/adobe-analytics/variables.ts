import type { Json, JsonObject } from '../../../domain/json.ts';
import { invalidSettings } from '../discard-error.ts';
import { textOf, textsOf, valueAt } from '../payload-values.ts';
import { cutBytes, type XmlElement } from '../xml.ts';

/** Adobe's custom variables: how many there are, the bytes that each keeps (Adobe cuts the rest), and what joins a list in one. */
const KINDS = {
  eVars: { tag: 'eVar', count: 250, bytesMax: 255, delimiter: ',' },
  props: { tag: 'prop', count: 75, bytesMax: 100, delimiter: '|' },
  hVars: { tag: 'hier', count: 5, bytesMax: 255, delimiter: ',' },
  lVars: { tag: 'list', count: 3, bytesMax: undefined, delimiter: ',' },
} as const;
export type VariableKind = keyof typeof KINDS;

/** Each value in a list variable; the variable itself has no bound. */
const LIST_VALUE_BYTES_MAX = 255;
/** `context.locale` and the like, beside keys of the properties. */
const CONTEXT_PREFIX = 'context.';

export type VariableSource = { event?: string; properties: JsonObject; context: JsonObject };

/** What a map's left side names: a property, by key or by a path with dots, or a field of the context. */
export const sourceValue = ({ properties, context }: VariableSource, key: string): Json | undefined =>
  valueAt(properties, key) ??
  (key.startsWith(CONTEXT_PREFIX) ? valueAt(context, key.slice(CONTEXT_PREFIX.length)) : undefined);

/** `eVar4`, `evar4` or `4` as `eVar4`. Throws where the setting names no variable of this kind. */
export function variableName(kind: VariableKind, text: Json | undefined): string {
  const { tag, count } = KINDS[kind];
  const match = new RegExp(`^(?:${tag})?([1-9]\\d{0,2})$`, 'i').exec(textOf(text)?.trim() ?? '');
  const number = Number(match?.[1]);
  if (!(number >= 1 && number <= count)) {
    throw invalidSettings(`${kind}: ${JSON.stringify(text ?? null)} is none of ${tag}1 to ${tag}${count}`);
  }
  return `${tag}${number}`;
}

/**
 * The elements that a map of a setting gives: `{ plan: 'eVar4' }` and properties with a plan make `<eVar4>`. What the event lacks is left out;
 * where two keys lead to one variable, the last in the map that the event has wins. An event's name may be mapped to an eVar, whose value is then the name.
 */
export function variableElements(
  kind: VariableKind,
  map: JsonObject,
  delimiters: JsonObject,
  source: VariableSource,
): XmlElement[] {
  const elements = new Map<string, string>();
  for (const [key, target] of Object.entries(map)) {
    const name = variableName(kind, target);
    const isOfEvent = kind === 'eVars' && key === source.event;
    const texts = isOfEvent ? [key] : textsOf(sourceValue(source, key));
    if (texts.length === 0) continue;
    elements.set(name, joined(kind, texts, textOf(valueAt(delimiters, name)) ?? KINDS[kind].delimiter));
  }
  return [...elements];
}

function joined(kind: VariableKind, texts: readonly string[], delimiter: string): string {
  const { bytesMax } = KINDS[kind];
  if (bytesMax !== undefined) return cutBytes(texts.join(delimiter), bytesMax);
  return texts.map((text) => cutBytes(text, LIST_VALUE_BYTES_MAX)).join(delimiter);
}
