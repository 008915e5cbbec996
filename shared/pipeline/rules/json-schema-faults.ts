import { RULE_BYTES_MAX, RULE_DEPTH_MAX } from '../../domain/governance.ts';
import { isJsonObject, type Json } from '../../domain/json.ts';

/** Characters of one pattern. */
const PATTERN_CHARS_MAX = 1_000;

/**
 * What speaks against keeping a JSON Schema, before anything ever runs it (T15): its size, its nesting, references that leave it, patterns that are no
 * text. Whether it is a good schema is not judged here. Null is none.
 */
export function jsonSchemaFault(schema: Json): string | undefined {
  if (schema === null) return undefined;
  if (!isJsonObject(schema)) return 'must be a JSON Schema (an object), or null';
  if (JSON.stringify(schema).length > RULE_BYTES_MAX) return `has ${RULE_BYTES_MAX} bytes at most`;
  return faultIn(schema, 0);
}

function faultIn(value: Json, depth: number): string | undefined {
  if (depth > RULE_DEPTH_MAX) return `is nested ${RULE_DEPTH_MAX} levels deep at most`;
  if (Array.isArray(value)) return firstFault(value, depth);
  if (!isJsonObject(value)) return undefined;
  const { $ref: reference, pattern } = value;
  if (typeof reference === 'string' && !reference.startsWith('#'))
    return `refers to ${reference.slice(0, 128)}: only references within it are taken`;
  if (typeof pattern === 'string' && pattern.length > PATTERN_CHARS_MAX) {
    return `has a pattern of more than ${PATTERN_CHARS_MAX} characters`;
  }
  return firstFault(Object.values(value), depth);
}

function firstFault(values: readonly Json[], depth: number): string | undefined {
  for (const value of values) {
    const fault = faultIn(value, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
