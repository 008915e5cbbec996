import * as z from 'zod';

type Schema = {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string | undefined;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minItems?: number;
  minLength?: number;
  minimum?: number;
  format?: string;
};

/** Values for fields by name, where a shape alone does not say what is valid. */
export type Known = Readonly<Record<string, unknown>>;

/** Something that a shape takes: what it requires, and every field that `known` has a value for. */
export function sampleOf(shape: z.ZodType, known: Known): unknown {
  const root = z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' }) as Schema;
  return sampler(root, known)(root, '');
}

function sampler({ $defs = {} }: Schema, known: Known) {
  return sample;

  function sample(schema: Schema, name: string): unknown {
    if (schema.$ref !== undefined) return sample($defs[schema.$ref.slice('#/$defs/'.length)] ?? {}, name);
    if (Object.hasOwn(known, name)) {
      const value = known[name];
      return schema.type === 'array' && !Array.isArray(value) ? [value] : value;
    }
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return schema.enum[0];
    if (schema.anyOf !== undefined) return sample(schema.anyOf[0] ?? {}, name);
    if (schema.type === 'object') return sampleObject(schema);
    if (schema.type === 'array') return (schema.minItems ?? 0) > 0 ? [sample(schema.items ?? {}, name)] : [];
    if (schema.type === 'number' || schema.type === 'integer') return Math.max(schema.minimum ?? 1, 1);
    if (schema.type === 'boolean') return true;
    if (schema.format === 'date-time') return '2026-11-26T10:00:00.000Z';
    return 'sample'.padEnd(schema.minLength ?? 0, 'x');
  }

  function sampleObject({ properties = {}, required = [] }: Schema): Record<string, unknown> {
    const names = Object.keys(properties).filter((name) => required.includes(name) || Object.hasOwn(known, name));
    return Object.fromEntries(names.map((name) => [name, sample(properties[name] ?? {}, name)]));
  }
}
