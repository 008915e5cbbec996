import type { Access, Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { type JsonSchema, refName, resolved, type SchemaBook, schemaBook } from './reference/json-schemas.ts';
import { wordsFor } from './reference/field-words.ts';
import { OPERATION_WORDS, TAG_WORDS } from './reference/operation-words.ts';
import { ERROR_SCHEMA, HEADERS, IF_MATCH, RESPONSES, WORKSPACE_PARAMETER } from './reference/shared-parts.ts';

/** One operation of the document. `x-` fields are ours: see `OpenApi`. */
export type OpenApiOperation = {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: JsonSchema[];
  requestBody?: { required: boolean; content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, JsonSchema>;
  security?: Record<string, string[]>[];
  deprecated?: true;
  'x-effect': Operation['effect'];
  'x-issue'?: number;
  'x-right': string;
  'x-right-of': string;
  'x-stability': Operation['stability'];
  'x-requests-per-minute'?: number;
  'x-audit-events'?: readonly string[];
};

/**
 * The whole API as OpenAPI 3.1. `x-effect`: whether an operation works, is stored and obeyed by nothing yet, or is answered 501 (`later`), `x-issue` being
 * the issue that builds it. `x-right` and `x-right-of`: what the caller must be allowed to do, and to what.
 */
export type OpenApi = {
  openapi: '3.1.1';
  info: JsonSchema;
  servers: { url: string; description: string }[];
  security: Record<string, string[]>[];
  tags: { name: string; description?: string }[];
  paths: Record<string, Record<string, OpenApiOperation>>;
  components: {
    securitySchemes: Record<string, JsonSchema>;
    parameters: Record<string, JsonSchema>;
    headers: Record<string, JsonSchema>;
    responses: Record<string, JsonSchema>;
    schemas: Record<string, JsonSchema>;
  };
};

const BEARER: Record<string, string[]>[] = [{ apiToken: [] }, { person: [] }];

/** Made of the very operations that the router, the check of input and the policy read. Takes some 100 ms: to be made when it is asked for. */
export function openApiOf(operations: Readonly<Record<string, Operation>> = OPERATIONS): OpenApi {
  const book = schemaBook();
  const paths: OpenApi['paths'] = {};
  const parts = Object.entries(operations).map(([id, operation]) => ({
    id,
    operation,
    bodies: answerOf(operation, book),
  }));
  for (const { id, operation, bodies } of parts) {
    (paths[operation.path] ??= {})[operation.method.toLowerCase()] = describe(id, operation, bodies, book);
  }
  const schemas = Object.fromEntries(
    Object.entries({ ...book.schemas, Errors: ERROR_SCHEMA })
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, schema]) => [name, inWords(name, schema)]),
  );
  return {
    openapi: '3.1.1',
    info: {
      title: 'Tributary',
      version: '1',
      summary: 'Sources, destinations, filters, people and what became of events.',
      description:
        'Segment’s Public API, as its client libraries call it, and under `/app-api` what it does not have. Answers are `{"data": …}` or `{"errors": [ … ]}`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'Where this document came from.' }],
    security: BEARER,
    tags: tagsOf(Object.values(operations)),
    paths,
    components: {
      securitySchemes: {
        apiToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API token. It belongs to one workspace and has roles of its own.',
        },
        person: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The access token of somebody who has signed in.',
        },
      },
      parameters: { Workspace: WORKSPACE_PARAMETER, IfMatch: IF_MATCH },
      headers: HEADERS,
      responses: RESPONSES,
      schemas,
    },
  };
}

function tagsOf(operations: readonly Operation[]): OpenApi['tags'] {
  const used = new Set(operations.map(({ tag }) => tag));
  const known = Object.keys(TAG_WORDS).filter((tag) => used.has(tag));
  return [...known, ...[...used].filter((tag) => !known.includes(tag)).toSorted()].map((name) => {
    const description = TAG_WORDS[name];
    return { name, ...(description !== undefined && { description }) };
  });
}

/** What a good answer holds, by content type. */
function answerOf({ answer, bare, contentType }: Operation, book: SchemaBook): Record<string, { schema: JsonSchema }> {
  if (contentType !== undefined) return { [contentType.split(';')[0] ?? '']: { schema: {} } };
  const data = answer === undefined ? {} : book.add(answer(), 'output');
  const schema = bare === true ? data : { type: 'object', properties: { data }, required: ['data'] };
  return { 'application/json': { schema } };
}

function describe(
  id: string,
  operation: Operation,
  content: Record<string, { schema: JsonSchema }>,
  book: SchemaBook,
): OpenApiOperation {
  const { access, effect, issue, stability, perMinuteMax, audits = [] } = operation;
  const isPublic = access.of === 'nobody';
  const description = OPERATION_WORDS[id] ?? operation.summary;
  const parameters = [
    ...pathParameters(operation),
    ...queryParameters(operation, book),
    ...(access.of === 'nobody' || access.of === 'person' ? [] : [{ $ref: '#/components/parameters/Workspace' }]),
    ...(heedsIfMatch(operation) ? [{ $ref: '#/components/parameters/IfMatch' }] : []),
  ];
  const body = operation.body?.();
  return {
    operationId: id,
    tags: [operation.tag],
    summary: titleOf(id),
    ...(description !== undefined && { description }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      requestBody: {
        required: operation.bodyOptional !== true,
        content: { 'application/json': { schema: inWords(undefined, book.add(body, 'input')) } },
      },
    }),
    responses: responsesOf(operation, content),
    ...(isPublic && { security: [] }),
    'x-effect': effect,
    ...(issue !== undefined && { 'x-issue': issue }),
    'x-right': access.right,
    'x-right-of': placeOf(access),
    'x-stability': stability,
    ...(perMinuteMax !== undefined && { 'x-requests-per-minute': perMinuteMax }),
    ...(audits.length > 0 && { 'x-audit-events': audits }),
  };
}

const heedsIfMatch = ({ method, effect, ifMatch }: Operation): boolean =>
  (method === 'PATCH' || method === 'PUT') && effect !== 'later' && ifMatch !== false;

/** What the right must be held for, in words. */
function placeOf(access: Access): string {
  if (access.of === 'nobody') return 'nobody need be signed in';
  if (access.of === 'person') return 'anybody who has signed in';
  if (access.of === 'visible') return 'any source; the answer holds those for which the caller has it';
  if (access.of === 'source') return `the source that \`${access.param}\` names`;
  if (access.of !== 'workspace') return `the source of the ${access.of} that \`${access.param}\` names`;
  const { also } = access;
  return also === undefined
    ? 'the workspace'
    : `the workspace, and ${also.right} for the source that \`${also.param}\` names`;
}

/** `createWriteKeyForSource` is "Create write key for source". */
export const titleOf = (id: string): string => {
  const words = id
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(' ');
  const small = words.map((word) => (/^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase()));
  const text = small.join(' ').replaceAll('etl', 'ETL').replaceAll('open API', 'OpenAPI');
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
};

const pathParameters = ({ path }: Operation): JsonSchema[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    description: PATH_WORDS[name] ?? `Id of the ${nounOf(name)}.`,
    schema: { type: 'string' },
  }));

const PATH_WORDS: Readonly<Record<string, string>> = {
  key: 'Key of the label, percent-encoded.',
  value: 'Value of the label, percent-encoded.',
  writeKey: 'The write key.',
  id: 'Its id.',
};

const nounOf = (parameter: string): string =>
  parameter
    .replace(/Id$/, '')
    .replaceAll(/([A-Z])/g, ' $1')
    .toLowerCase();

/**
 * A parameter for each field of the query. Objects go in brackets (`pagination[count]=10`), lists as repeated keys, lists of objects as JSON: the server
 * takes each of these forms for each of them.
 */
function queryParameters({ query }: Operation, book: SchemaBook): JsonSchema[] {
  if (query === undefined) return [];
  const whole = resolved(book.add(query(), 'output'), book.schemas);
  const required = (whole['required'] ?? []) as string[];
  return Object.entries((whole['properties'] ?? {}) as Record<string, JsonSchema>).map(([name, schema]) => {
    const { description: own, ...bare } = schema;
    const description = typeof own === 'string' ? own : wordsFor(undefined, name);
    const isRequired = required.includes(name);
    const common = {
      name,
      in: 'query',
      ...(isRequired && { required: true }),
      ...(description !== undefined && { description }),
    };
    const target = resolved(bare, book.schemas);
    if (target['type'] === 'object') return { ...common, style: 'deepObject', explode: true, schema: bare };
    if (target['type'] !== 'array') return { ...common, schema: bare };
    const items = resolved((target['items'] ?? {}) as JsonSchema, book.schemas);
    return items['type'] === 'object'
      ? { ...common, content: { 'application/json': { schema: bare } } }
      : { ...common, style: 'form', explode: true, schema: bare };
  });
}

function responsesOf(
  operation: Operation,
  content: Record<string, { schema: JsonSchema }>,
): Record<string, JsonSchema> {
  const { access, method, effect, body, path } = operation;
  const isPublic = access.of === 'nobody';
  const isOurs = path.startsWith('/app-api');
  const errors = [
    ...(isPublic ? [] : ['401']),
    ...(isOurs && !isPublic && access.of !== 'person' ? ['403'] : []),
    ...(isPublic ? [] : ['404']),
    ...(method === 'GET' ? [] : ['409']),
    ...(body === undefined ? [] : ['413']),
    '422',
    '429',
    '500',
    ...(effect === 'later' ? ['501'] : []),
    '503',
  ];
  return {
    [String(operation.status ?? 200)]: {
      description: effect === 'later' ? 'What it will answer once it is built.' : 'Done.',
      headers: Object.fromEntries(Object.keys(HEADERS).map((name) => [name, { $ref: `#/components/headers/${name}` }])),
      content,
    },
    ...Object.fromEntries(errors.map((status) => [status, { $ref: `#/components/responses/${status}` }])),
  };
}

/** The schema with descriptions of its fields, those within it included. */
function inWords(name: string | undefined, schema: JsonSchema): JsonSchema {
  const properties = schema['properties'] as Record<string, JsonSchema> | undefined;
  const items = schema['items'] as JsonSchema | undefined;
  return {
    ...schema,
    ...(items !== undefined && { items: inWords(undefined, items) }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([field, one]) => {
          const words = typeof one['description'] === 'string' ? undefined : wordsFor(name, field);
          // Beside a reference, 3.1 takes a description.
          const inner = refName(one) === undefined ? inWords(undefined, one) : one;
          return [field, words === undefined ? inner : { ...inner, description: words }];
        }),
      ),
    }),
  };
}
