import fc from 'fast-check';
import qs from 'qs';
import type { OpenApi, OpenApiOperation } from '../../../shared/api/openapi.ts';
import type { JsonSchema } from '../../../shared/api/reference/json-schemas.ts';
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

/** Requests to one operation: a third in good faith, the rest broken in one place or several, or not JSON at all. */
export function requestsTo(
  { path, operation }: FuzzOperation,
  document: OpenApi,
  pools: Pools,
  cursors: readonly string[],
): fc.Arbitrary<FuzzRequest> {
  const { schemas } = document.components;
  const parameters = (operation.parameters ?? []).filter((one) => one['$ref'] === undefined);
  const query = valuesOf(
    parameters.filter((one) => one['in'] === 'query'),
    schemas,
    { ...pools, cursor: cursors },
  );
  const body = operation.requestBody?.content['application/json']?.schema;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const segments = fc.record(
    Object.fromEntries(
      names.map((name) => [
        name,
        fc.oneof(
          {
            weight: 6,
            arbitrary: fc.constantFrom(
              ...((pools[`path.${name}`] ?? pools[name] ?? ['x']) as string[]).map(encodeURIComponent),
            ),
          },
          { weight: 1, arbitrary: fc.constantFrom(...ODD_SEGMENTS) },
          { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).map(encodedSafely) },
        ),
      ]),
    ),
  );
  return fc
    .record({
      segments,
      query: broken(query),
      form: fc.constantFrom('indices', 'repeat', 'dots', 'comma', 'json'),
      extra: fc.oneof(
        { weight: 12, arbitrary: fc.constant('') },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
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
          ),
        },
      ),
      text:
        body === undefined
          ? fc.oneof(
              { weight: 5, arbitrary: fc.constant(undefined) },
              { weight: 1, arbitrary: fc.constantFrom(...ODD_TEXTS) },
            )
          : bodyTexts(body, document, pools),
    })
    .map(({ segments: chosen, query: values, form, extra, text }) => ({
      path: path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => String((chosen as Record<string, string>)[name])),
      query: [queryText(values, form), extra].filter((part) => part !== '').join('&'),
      text,
    }));
}

const bodyTexts = (schema: JsonSchema, document: OpenApi, pools: Pools): fc.Arbitrary<string | undefined> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: broken(fitting(schema, document.components.schemas, pools)).map((value) => JSON.stringify(value)),
    },
    { weight: 1, arbitrary: fc.constantFrom(undefined, ...ODD_TEXTS) },
  );

/** The value as it is, or with one to three things wrong. */
const broken = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 2, arbitrary: value },
    {
      weight: 3,
      arbitrary: fc
        .tuple(value, fc.array(mutation(), { minLength: 1, maxLength: 3 }))
        .map(([one, all]) => all.reduce(mutated, one)),
    },
  );

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
