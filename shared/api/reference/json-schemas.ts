import * as z from 'zod';

/** A JSON Schema of draft 2020-12, which is what OpenAPI 3.1 takes. */
export type JsonSchema = { readonly [key: string]: unknown };

const COMPONENTS = '#/components/schemas/';

export type SchemaBook = {
  /** Those with a name, by name. */
  readonly schemas: Record<string, JsonSchema>;
  /**
   * What a client has to send (`input`) or gets (`output`), as JSON Schema. Shapes with a name go into `schemas` and are referred to. Throws where one
   * name would stand for two shapes.
   */
  add(schema: z.ZodType, io: 'input' | 'output'): JsonSchema;
};

export function schemaBook(): SchemaBook {
  const schemas: Record<string, JsonSchema> = {};
  return {
    schemas,
    add: (schema, io) => {
      const made = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
      const text = JSON.stringify(made)
        // What has no name and refers to itself: any JSON. The library numbers those anew in each document.
        .replaceAll(/\{"\$ref":"#\/\$defs\/__schema\d+"\}/g, '{}')
        .replaceAll('"#/$defs/', `"${COMPONENTS}`);
      const { $defs = {}, $schema: _dialect, ...root } = JSON.parse(text) as JsonSchema & { $defs?: object };
      const rootId = z.globalRegistry.get(schema)?.id;
      // The library puts a named shape among the definitions where it is met twice, and leaves it at the root otherwise.
      const isAtRoot = rootId !== undefined && root['$ref'] === undefined;
      const definitions = Object.entries($defs).filter(([id]) => !id.startsWith('__schema'));
      const named = [...definitions, ...(isAtRoot ? [[rootId, root] as const] : [])];
      for (const [id, one] of named) {
        const plain = plainer(one) as JsonSchema;
        const known = schemas[id];
        if (known !== undefined && JSON.stringify(known) !== JSON.stringify(plain)) {
          throw new Error(`${id} is the name of two shapes: ${JSON.stringify(known)} and ${JSON.stringify(plain)}`);
        }
        schemas[id] = plain;
      }
      return rootId === undefined ? (plainer(root) as JsonSchema) : { $ref: `${COMPONENTS}${rootId}` };
    },
  };
}

/** The shape that a reference names, or the shape itself. */
export function resolved(schema: JsonSchema, schemas: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const ref = schema['$ref'];
  return typeof ref === 'string' ? (schemas[ref.slice(COMPONENTS.length)] ?? {}) : schema;
}

/** The name behind a reference. */
export const refName = (schema: JsonSchema): string | undefined => {
  const ref = schema['$ref'];
  return typeof ref === 'string' ? ref.slice(COMPONENTS.length) : undefined;
};

/** Without what says nothing: bounds of what a double can hold, names of keys that are texts, and "anything, or null". */
function plainer(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainer);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key, one]) => !saysNothing(key, one));
  const object = Object.fromEntries(kept.map(([key, one]) => [key, plainer(one)]));
  const either = object['anyOf'];
  return Array.isArray(either) && either.some((one) => Object.keys(one as object).length === 0)
    ? Object.fromEntries(Object.entries(object).filter(([key]) => key !== 'anyOf'))
    : object;
}

const saysNothing = (key: string, value: unknown): boolean =>
  key === 'id' && typeof value === 'string'
    ? true
    : (key === 'maximum' && value === Number.MAX_SAFE_INTEGER) ||
      (key === 'minimum' && value === Number.MIN_SAFE_INTEGER) ||
      (key === 'propertyNames' && JSON.stringify(value) === '{"type":"string"}');
