import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { openApiOf, titleOf } from '../../../../shared/api/openapi.ts';
import { operation } from '../../../../shared/api/operation.ts';
import { OPERATIONS } from '../../../../shared/api/operations.ts';
import { OPERATION_WORDS } from '../../../../shared/api/reference/operation-words.ts';
import { schemaBook } from '../../../../shared/api/reference/json-schemas.ts';

const document = openApiOf();
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, one]) => ({ path, method, one })),
);

test('docs/openapi.json is the document of the operations as they are: run `node cli/generate-openapi.ts` after a change', () => {
  expect(readFileSync('docs/openapi.json', 'utf8')).toBe(`${JSON.stringify(document, undefined, 1)}\n`);
});

test('every operation of the router is in the document once, with its method and path', () => {
  const wanted = Object.entries(OPERATIONS).map(([id, { method, path }]) => `${id} ${method} ${path}`);
  const found = operations.map(({ path, method, one }) => `${one.operationId} ${method.toUpperCase()} ${path}`);
  expect(found.toSorted()).toEqual(wanted.toSorted());
});

test('each reference leads to a part of the document', () => {
  const text = JSON.stringify(document);
  const refs = new Set(
    [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)].map(([, kind, name]) => `${kind}/${name}`),
  );
  const known = new Set(
    Object.entries(document.components).flatMap(([kind, parts]) => Object.keys(parts).map((name) => `${kind}/${name}`)),
  );
  expect([...refs].filter((ref) => !known.has(ref))).toEqual([]);
  expect(refs.size).toBeGreaterThan(100);
  expect(text).not.toContain('$defs');
});

test('the parameters of a path are those of its template, and each operation says what went wrong in the envelope', () => {
  for (const { path, one } of operations) {
    const declared = (one.parameters ?? []).filter((parameter) => parameter['in'] === 'path').map(({ name }) => name);
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect({ id: one.operationId, declared }).toEqual({ id: one.operationId, declared: inPath });
    expect(Object.keys(one.responses)).toEqual(expect.arrayContaining(['422', '429', '500', '503']));
  }
});

test('each operation says which right it takes, and every one that is answered 501 says so', () => {
  for (const { one } of operations) {
    const { access, effect } = OPERATIONS[one.operationId] ?? {};
    expect([one['x-right'], one['x-effect'], '501' in one.responses]).toEqual([
      access?.right,
      effect,
      effect === 'later',
    ]);
  }
});

test('what works or is stored is described in words', () => {
  const silent = operations.filter(({ one }) => one['x-effect'] !== 'later' && one.description === undefined);
  expect(silent.map(({ one }) => one.operationId)).toEqual([]);
  expect(Object.keys(OPERATION_WORDS).filter((id) => OPERATIONS[id] === undefined)).toEqual([]);
});

test('one name for two shapes is an error, not a document that lies', () => {
  const book = schemaBook();
  book.add(z.strictObject({ a: z.string().meta({ id: 'Twice' }) }), 'output');
  expect(() => book.add(z.strictObject({ a: z.number().meta({ id: 'Twice' }) }), 'output')).toThrow(
    /Twice is the name of two/,
  );
});

test('a query is typed by what it means, though it travels as text', () => {
  const { parameters = [] } = document.paths['/tracking-plans/{trackingPlanId}/rules']?.['delete'] ?? {};
  expect(parameters.find(({ name }) => name === 'rules')).toMatchObject({
    required: true,
    content: {
      'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/RemoveRuleV1' } } },
    },
  });
  expect(document.components.schemas['PaginationInput']?.['properties']).toMatchObject({
    count: { type: 'integer', minimum: 1, maximum: 1_000 },
  });
});

test('an operation beside ours gets a place, too: tag, title, body and no security where it is public', () => {
  const own = openApiOf({
    createGreetingForETL: operation({
      method: 'POST',
      path: '/greetings/{name}',
      tag: 'Greetings',
      stability: 'own',
      effect: 'works',
      access: { right: 'public', of: 'nobody' },
      body: () => z.strictObject({ text: z.string() }),
      bodyOptional: true,
    }),
  });
  expect(own.paths['/greetings/{name}']?.['post']).toMatchObject({
    summary: 'Create greeting for ETL',
    security: [],
    requestBody: {
      required: false,
      content: { 'application/json': { schema: { properties: { text: { type: 'string' } } } } },
    },
  });
  expect(titleOf('listRegulationsFromSource')).toBe('List regulations from source');
});
