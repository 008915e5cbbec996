import { isJsonObject, type Json } from '../json.ts';

/** Words of Segment's mapping language that are understood here. `@liquid` is not: its engine is larger than all the rest (decision 028). */
const DIRECTIVES = [
  '@path',
  '@template',
  '@if',
  '@case',
  '@replace',
  '@arrayPath',
  '@literal',
  '@flatten',
  '@json',
  '@merge',
  '@transform',
  '@excludeWhenNull',
] as const;
export type DirectiveName = (typeof DIRECTIVES)[number];

/** Nesting of a mapping. */
export const MAPPING_DEPTH_MAX = 20;

/** An expression that is a directive: an object with a key that begins with `@`, beside which only `_metadata` may stand. */
export function directiveOf(expression: Json): { name: string; value: Json; isAlone: boolean } | undefined {
  if (!isJsonObject(expression)) return undefined;
  const keys = Object.keys(expression).filter((key) => key !== '_metadata');
  const name = keys.find((key) => key.startsWith('@'));
  if (name === undefined) return undefined;
  return { name, value: expression[name] ?? null, isAlone: keys.length === 1 };
}

export const isDirectiveName = (name: string): name is DirectiveName => DIRECTIVES.some((known) => known === name);
