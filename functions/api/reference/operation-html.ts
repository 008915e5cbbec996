import type { OpenApi, OpenApiOperation } from '../../../shared/api/openapi.ts';
import { type JsonSchema, refName, resolved } from '../../../shared/api/reference/json-schemas.ts';
import { colouredJson, escaped, prose } from './html.ts';
import { exampleOf } from './example.ts';

export type Shown = { id: string; method: string; path: string; operation: OpenApiOperation };
type Schemas = OpenApi['components']['schemas'];

const EFFECT_WORDS = { works: '', stored: 'Stored, obeyed by nothing yet', later: 'Not offered yet' } as const;

/** One operation: words on the left, what goes over the wire on the right. */
export function operationHtml({ id, method, path, operation }: Shown, document: OpenApi, origin: string): string {
  const { schemas } = document.components;
  const parameters = (operation.parameters ?? []).filter((one) => one['$ref'] === undefined);
  const ofPath = parameters.filter((one) => one['in'] === 'path');
  const ofQuery = parameters.filter((one) => one['in'] === 'query');
  const body = operation.requestBody?.content['application/json']?.schema;
  const answer = answerSchema(operation);
  const effect = EFFECT_WORDS[operation['x-effect']];
  const stability = operation['x-stability'];
  return `<article id="${escaped(id)}" aria-labelledby="h-${escaped(id)}">
<div>
<h3 id="h-${escaped(id)}"><a href="#${escaped(id)}">${escaped(operation.summary)}</a>${effect === '' ? '' : `<span class="tag ${operation['x-effect']}">${effect}</span>`}${stability === 'alpha' || stability === 'beta' ? `<span class="tag" title="As the original calls it">${stability}</span>` : ''}</h3>
<p class="route"><span class="m ${method}">${method}</span> <code>${escaped(path)}</code></p>
${operation.description === undefined ? '' : `<p>${prose(operation.description)}</p>`}
<p class="takes">${takes(operation)}</p>
${section(
  'Path',
  ofPath.map((one) => parameterHtml(one, schemas)),
)}
${section(
  'Query',
  ofQuery.map((one) => parameterHtml(one, schemas)),
)}
${body === undefined ? '' : fieldsHtml('Body', body, schemas, 'sent')}
${answer === undefined ? '' : fieldsHtml('Answer, in <code>data</code>', answer, schemas, 'answered')}
${errorsHtml(operation)}
</div>
<div class="shown"><div class="stick">
<figure><figcaption data-copy="the request">curl</figcaption><pre tabindex="0"><code>${escaped(curlOf({ method, path, parameters, body }, schemas, origin, operation))}</code></pre></figure>
${answer === undefined ? '' : `<figure><figcaption>${escaped(goodStatus(operation))}</figcaption><pre tabindex="0"><code>${colouredJson({ data: exampleOf(answer, schemas) })}</code></pre></figure>`}
</div></div>
</article>`;
}

function takes({
  'x-right': right,
  'x-right-of': place,
  'x-audit-events': audits,
  'x-requests-per-minute': perMinute,
}: OpenApiOperation): string {
  const who =
    right === 'public'
      ? 'Nobody need be signed in.'
      : right === 'signed-in'
        ? 'Anybody who has signed in may call it.'
        : `Takes <a href="#rights"><code>${escaped(right)}</code></a> for ${prose(place)}.`;
  const trail = audits === undefined ? '' : ` Audit trail: ${audits.map(escaped).join(', ')}.`;
  return `${who}${trail}${perMinute === undefined ? '' : ` At most ${perMinute} times a minute.`}`;
}

const section = (title: string, rows: readonly string[]): string =>
  rows.length === 0 ? '' : `<h4>${title}</h4><dl>${rows.join('')}</dl>`;

function parameterHtml(parameter: JsonSchema, schemas: Schemas): string {
  const content = parameter['content'] as Record<string, { schema: JsonSchema }> | undefined;
  const schema = (parameter['schema'] ?? content?.['application/json']?.schema ?? {}) as JsonSchema;
  const name = String(parameter['name']);
  const target = resolved(schema, schemas);
  const row = fieldRow(
    name,
    schema,
    markOf(parameter['required'] === true, 'sent'),
    parameter['description'] as string | undefined,
  );
  if (parameter['in'] !== 'query' || target['type'] !== 'object') return row;
  const inner = (target['properties'] ?? {}) as Record<string, JsonSchema>;
  const required = (target['required'] ?? []) as string[];
  return Object.entries(inner)
    .map(([field, one]) =>
      fieldRow(
        `${name}[${field}]`,
        one,
        markOf(required.includes(field), 'sent'),
        one['description'] as string | undefined,
      ),
    )
    .join('');
}

/** What is told of a field beside its type: of what is sent whether it must be, of what is answered whether it may be missing. */
export type Side = 'sent' | 'answered';

/** The fields of an object; of a named one those of its shape. */
export function fieldsHtml(title: string, schema: JsonSchema, schemas: Schemas, side: Side): string {
  const target = resolved(schema, schemas);
  const properties = Object.entries((target['properties'] ?? {}) as Record<string, JsonSchema>);
  if (properties.length === 0) return '';
  const required = (target['required'] ?? []) as string[];
  const rows = properties.map(([field, one]) =>
    fieldRow(field, one, markOf(required.includes(field), side), one['description'] as string | undefined),
  );
  return `${title === '' ? '' : `<h4>${title}</h4>`}<dl>${rows.join('')}</dl>`;
}

const markOf = (isRequired: boolean, side: Side): string => {
  if (side === 'sent') return isRequired ? '<span class="must">required</span>' : '';
  return isRequired ? '' : '<span class="may">may be absent</span>';
};

const fieldRow = (name: string, schema: JsonSchema, mark: string, words: string | undefined): string =>
  `<div class="field"><dt><code>${escaped(name)}</code><span class="type">${typeHtml(schema)}</span>${mark}</dt>${words === undefined ? '' : `<dd>${prose(words)}</dd>`}</div>`;

/** A type in words: a link where it has a name. */
export function typeHtml(schema: JsonSchema): string {
  const name = refName(schema);
  if (name !== undefined) return `<a href="#shape-${escaped(name)}">${escaped(name)}</a>`;
  const either = (schema['anyOf'] ?? schema['oneOf']) as JsonSchema[] | undefined;
  if (either !== undefined) return either.map(typeHtml).join(' or ');
  const choices = schema['enum'] as unknown[] | undefined;
  if (choices !== undefined) return `one of ${choices.map((one) => `<code>${escaped(String(one))}</code>`).join(' ')}`;
  if ('const' in schema) return `<code>${escaped(String(schema['const']))}</code>`;
  const type = schema['type'];
  if (type === 'array') return `list of ${typeHtml((schema['items'] ?? {}) as JsonSchema)}`;
  if (type === 'object') return 'object';
  if (type === undefined) return 'any JSON';
  const bounds = boundsOf(schema);
  return `${type === 'string' ? 'text' : typeof type === 'string' ? type : 'any JSON'}${bounds === '' ? '' : `, ${bounds}`}`;
}

function boundsOf(schema: JsonSchema): string {
  const [low, high] = [schema['minimum'], schema['maximum']];
  if (low !== undefined && high !== undefined) return `${Number(low)} to ${Number(high).toLocaleString('en')}`;
  if (schema['format'] === 'date-time') return 'ISO 8601';
  const length = schema['maxLength'];
  return length === undefined ? '' : `at most ${Number(length).toLocaleString('en')} characters`;
}

function errorsHtml({ responses }: OpenApiOperation): string {
  const statuses = Object.keys(responses).filter((status) => Number(status) >= 400);
  return `<h4>Errors</h4><ul class="errors">${statuses.map((status) => `<li><a href="#error-${status}">${status}</a></li>`).join('')}</ul>`;
}

const goodStatus = ({ responses }: OpenApiOperation): string =>
  Object.keys(responses).find((status) => Number(status) < 300) ?? '200';

/** What lies in `data` of a good answer; `undefined` where there is no envelope. */
function answerSchema(operation: OpenApiOperation): JsonSchema | undefined {
  const response = operation.responses[goodStatus(operation)] as
    | { content?: Record<string, { schema?: JsonSchema }> }
    | undefined;
  const schema = response?.content?.['application/json']?.schema;
  const data = (schema?.['properties'] as Record<string, JsonSchema> | undefined)?.['data'];
  return data === undefined || Object.keys(data).length === 0 ? undefined : data;
}

/** A command that can be pasted into a shell: what is required, and no more. */
function curlOf(
  {
    method,
    path,
    parameters,
    body,
  }: { method: string; path: string; parameters: readonly JsonSchema[]; body: JsonSchema | undefined },
  schemas: Schemas,
  origin: string,
  operation: OpenApiOperation,
): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    String(exampleOf({ type: 'string' }, schemas, name)),
  );
  const query = parameters
    .filter((one) => one['in'] === 'query' && one['required'] === true)
    .map((one) => queryText(one, schemas))
    .join('&');
  const lines = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}'${origin}${filled}${query === '' ? '' : `?${query}`}'`,
    ...(operation.security?.length === 0 ? [] : [`-H "Authorization: Bearer $TOKEN"`]),
    ...(body === undefined
      ? []
      : [
          `-H 'Content-Type: application/json'`,
          `-d '${JSON.stringify(requiredOnly(exampleOf(body, schemas), body, schemas), undefined, 2).replaceAll("'", `'\\''`)}'`,
        ]),
  ];
  return lines.join(' \\\n  ');
}

function queryText(parameter: JsonSchema, schemas: Schemas): string {
  const name = String(parameter['name']);
  const content = parameter['content'] as Record<string, { schema: JsonSchema }> | undefined;
  const value = exampleOf(
    (parameter['schema'] ?? content?.['application/json']?.schema ?? {}) as JsonSchema,
    schemas,
    name,
  );
  if (!Array.isArray(value)) return `${name}=${encodeURIComponent(String(value))}`;
  return value
    .flatMap((one: unknown, index) =>
      typeof one === 'object' && one !== null
        ? Object.entries(one).map(([key, inner]) => `${name}[${index}][${key}]=${encodeURIComponent(String(inner))}`)
        : [`${name}=${encodeURIComponent(String(one))}`],
    )
    .join('&');
}

/** Of an example, the fields that must be there, or all where none must. */
function requiredOnly(example: unknown, schema: JsonSchema, schemas: Schemas): unknown {
  const target = resolved(schema, schemas);
  const required = (target['required'] ?? []) as string[];
  if (typeof example !== 'object' || example === null || required.length === 0) return example;
  return Object.fromEntries(Object.entries(example).filter(([key]) => required.includes(key)));
}
