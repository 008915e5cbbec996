import fc from 'fast-check';
import qs from 'qs';
import type { OpenApi, OpenApiOperation } from '../../../shared/api/openapi.ts';
import type { JsonSchema } from '../../../shared/api/reference/json-schemas.ts';
import type { GoodInput } from './good-inputs.ts';
import { fitting, mutated, mutation, type Pools } from './inputs-of-schema.ts';

export type FuzzOperation = { id: string; method: string; path: string; operation: OpenApiOperation };
/** `text`: the body as it goes over the wire. */
export type FuzzRequest = { path: string; query: string; text: string | undefined };

export const operationsOf = ({ paths }: OpenApi): FuzzOperation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );

const ODD_SEGMENTS = [
  '%2F',
  '%00',
  '%E0%A4%A',
  '..',
  '.',
  '%2e%2e',
  '__proto__',
  'constructor',
  ' ',
  '%20',
  'a%2Fb',
  '☃',
  '%F0%9F%92%A9',
  '*',
  '~',
  'x'.repeat(3_000),
];

/** Bodies that are no JSON, or hardly. */
const ODD_TEXTS = [
  '',
  ' ',
  'null',
  'true',
  '[]',
  '{}',
  '"text"',
  '{"a":',
  '{"__proto__":{"enabled":true}}',
  '{"constructor":{"prototype":{"x":1}}}',
  '\ufeff{}',
  `${'['.repeat(200)}${']'.repeat(200)}`,
  `${'{"a":'.repeat(150)}1${'}'.repeat(150)}`,
  '{"a":1e999}',
  '{"a":1,"a":2}',
  `"${'x'.repeat(1_000_001)}"`,
];

/** Requests to one operation: some in good faith, the rest broken in one place or several, or not JSON at all. */
export function requestsTo(
  { path, operation }: FuzzOperation,
  document: OpenApi,
  { pools, cursors, good = {} }: { pools: Pools; cursors: readonly string[]; good?: GoodInput | undefined },
): fc.Arbitrary<FuzzRequest> {
  const { schemas } = document.components;
  const parameters = (operation.parameters ?? []).filter((one) => one['$ref'] === undefined);
  const query = valuesOf(
    parameters.filter((one) => one['in'] === 'query'),
    schemas,
    { ...pools, cursor: cursors },
  );
  const body = operation.requestBody?.content['application/json']?.schema;
  const segment = (name: string): fc.Arbitrary<string> => {
    const usual = (pools[`path.${name}`] ?? pools[name] ?? ['x']) as readonly string[];
    return fc.oneof(
      { weight: 8, arbitrary: fc.constant(encodeURIComponent(good.path?.[name] ?? usual[0] ?? 'x')) },
      { weight: 4, arbitrary: fc.constantFrom(...usual.map(encodeURIComponent)) },
      { weight: 1, arbitrary: fc.constantFrom(...ODD_SEGMENTS) },
      { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).map(encodedSafely) },
    );
  };
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return fc
    .record({
      segments: fc.record(Object.fromEntries(names.map((name) => [name, segment(name)]))),
      query: brokenFrom(good.query, query),
      form: fc.constantFrom('indices', 'repeat', 'dots', 'comma', 'json'),
      extra: fc.oneof(
        { weight: 16, arbitrary: fc.constant('') },
        { weight: 1, arbitrary: fc.constantFrom(...ODD_QUERIES) },
      ),
      text: body === undefined ? oddTexts(6, fc.constant(undefined)) : bodyTexts(body, document, pools, good.body),
    })
    .map(({ segments: chosen, query: values, form, extra, text }) => ({
      path: path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => String(chosen[name])),
      query: [queryText(values, form), extra].filter((part) => part !== '').join('&'),
      text,
    }));
}

const ODD_QUERIES = [
  '__proto__[x]=1',
  'a',
  '=',
  '%',
  '&&&',
  'pagination=1',
  'pagination[count]=0',
  'pagination[cursor][x]=1',
  `${'a[b]'.repeat(40)}=1`,
  'x='.repeat(900),
];

const oddTexts = <T>(weight: number, usual: fc.Arbitrary<T>): fc.Arbitrary<T | string | undefined> =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: fc.constantFrom(undefined, ...ODD_TEXTS) });

const bodyTexts = (
  schema: JsonSchema,
  document: OpenApi,
  pools: Pools,
  good: unknown,
): fc.Arbitrary<string | undefined> =>
  oddTexts(
    10,
    brokenFrom(good, fitting(schema, document.components.schemas, pools)).map((value) => JSON.stringify(value)),
  );

/** A good value, if there is one, or one that fits the schema; as it is, or with one to three things wrong. */
const brokenFrom = (good: unknown, fits: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => {
  const base =
    good === undefined ? fits : fc.oneof({ weight: 3, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: fits });
  const mutations = fc.array(mutation(), { minLength: 1, maxLength: 3 });
  return fc.oneof(
    { weight: 2, arbitrary: base },
    { weight: 3, arbitrary: fc.tuple(base, mutations).map(([one, all]) => all.reduce(mutated, one)) },
  );
};
function valuesOf(
  parameters: readonly JsonSchema[],
  schemas: Readonly<Record<string, JsonSchema>>,
  pools: Pools,
): fc.Arbitrary<unknown> {
  const entries = parameters.map((one) => {
    const content = one['content'] as Record<string, { schema: JsonSchema }> | undefined;
    const schema = (one['schema'] ?? content?.['application/json']?.schema ?? {}) as JsonSchema;
    return [String(one['name']), fitting(schema, schemas, pools, String(one['name']))] as const;
  });
  const requiredKeys = parameters.filter((one) => one['required'] === true).map((one) => String(one['name']));
  return fc.record(Object.fromEntries(entries), { requiredKeys });
}

function queryText(value: unknown, form: 'indices' | 'repeat' | 'dots' | 'comma' | 'json'): string {
  if (typeof value !== 'object' || value === null)
    return value === undefined ? '' : `q=${encodedSafely(JSON.stringify(value))}`;
  if (form === 'json') {
    return Object.entries(value)
      .map(
        ([name, one]) => `${encodedSafely(name)}=${encodedSafely(typeof one === 'string' ? one : JSON.stringify(one))}`,
      )
      .join('&')
      .slice(0, QUERY_CHARS_MAX);
  }
  try {
    return qs
      .stringify(value, { arrayFormat: form === 'dots' ? 'indices' : form, allowDots: form === 'dots' })
      .slice(0, QUERY_CHARS_MAX);
  } catch {
    return '';
  }
}

/** API Gateway takes no more. */
const QUERY_CHARS_MAX = 10_000;

/** Lone surrogates cannot be percent-encoded; clients send a replacement. */
const encodedSafely = (text: string): string => encodeURIComponent(text.toWellFormed());
