import { createHash } from 'node:crypto';
import type { OpenApi } from '../../../shared/api/openapi.ts';
import { ERRORS } from '../../../shared/api/reference/shared-parts.ts';
import { RIGHTS, ROLES } from '../../../shared/domain/access.ts';
import { escaped, prose } from './html.ts';
import { fieldsHtml, operationHtml, type Shown, typeHtml } from './operation-html.ts';
import template from './reference.html';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/**
 * The reference page, made of the OpenAPI document alone: it reads without a script, which only adds the search. `origin` is what its examples call.
 */
export function referencePage(document: OpenApi, origin: string): string {
  const all = operationsOf(document);
  const offered = all.filter(({ operation }) => operation['x-effect'] !== 'later');
  const missing = all.filter(({ operation }) => operation['x-effect'] === 'later');
  const groups = document.tags.flatMap(({ name, description }) => {
    const shown = offered.filter(({ operation }) => operation.tags[0] === name);
    return shown.length === 0 ? [] : [{ name, description, shown }];
  });
  const main = [
    intro(document, origin, { offered: offered.length, missing: missing.length }),
    ...groups.map(
      ({ name, description, shown }) =>
        `<section id="${anchor(name)}"><h2>${escaped(name)}</h2>${description === undefined ? '' : `<p class="about">${prose(description)}</p>`}${shown.map((one) => operationHtml(one, document, origin)).join('')}</section>`,
    ),
    missingHtml(missing),
    shapesHtml(document, offered),
  ].join('\n');
  return template.replace('<!--nav-->', () => nav(groups)).replace('<!--main-->', () => main);
}

/** Nothing but the page's own script and style runs, and nothing may frame it (T3, T19). */
export const REFERENCE_PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': `default-src 'none'; script-src ${hashOf('script')}; style-src ${hashOf('style')}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=31536000',
};

function hashOf(tag: 'script' | 'style'): string {
  const text = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(template)?.[1] ?? '';
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

const operationsOf = ({ paths }: OpenApi): Shown[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const operation = methods[method];
      return operation === undefined
        ? []
        : [{ id: operation.operationId, method: method.toUpperCase(), path, operation }];
    }),
  );

/** Of a group; apart from the ids of operations and of the guide. */
const anchor = (name: string): string => `tag-${name.toLowerCase().replaceAll(/[^a-z\d]+/g, '-')}`;

function nav(groups: readonly { name: string; shown: readonly Shown[] }[]): string {
  const links = groups.map(
    ({ name, shown }) =>
      `<div class="group"><h2>${escaped(name)}</h2><ul>${shown
        .map(
          ({ id, method, path, operation }) =>
            `<li data-text="${escaped(`${operation.summary} ${id} ${method} ${path} ${name}`.toLowerCase())}"><a href="#${escaped(id)}"><span class="m ${method}">${method === 'DELETE' ? 'DEL' : method}</span>${escaped(operation.summary)}</a></li>`,
        )
        .join('')}</ul></div>`,
  );
  const guides = GUIDES.map(([id, title]) => `<li><a href="#${id}">${title}</a></li>`).join('');
  return `<nav class="side" aria-label="Reference"><a class="brand" href="#main">Tributary <span>API</span></a><button type="button" class="menu" aria-expanded="false" aria-controls="list">Contents</button><div class="list" id="list"><label class="find" hidden><span>Find an operation (press /)</span><input id="find" type="search" autocomplete="off" spellcheck="false"></label><p id="found" role="status" class="about"></p><div class="group"><h2>Guide</h2><ul>${guides}</ul></div>${links.join('')}<div class="group"><h2>More</h2><ul><li><a href="#not-offered">Not offered yet</a></li><li><a href="#shapes">Shapes</a></li></ul></div></div></nav>`;
}

const GUIDES = [
  ['sign-in', 'Tokens'],
  ['clients', 'Client libraries'],
  ['lists', 'Lists and pages'],
  ['queries', 'Queries'],
  ['changes', 'Changes'],
  ['limits', 'Limits'],
  ['errors', 'Errors'],
  ['rights', 'Rights and roles'],
] as const;

function intro(document: OpenApi, origin: string, counts: { offered: number; missing: number }): string {
  return `<div class="intro">
<h1>API reference</h1>
<p class="lead">${escaped(String(document.info['summary']))} ${counts.offered} operations; ${counts.missing} more are known and not offered yet.</p>
<p>This is Segment’s Public API, so its client libraries work against it, and under <code>/app-api</code> what it does not have. All of it is one <a href="/app-api/openapi.json">OpenAPI 3.1 document</a>, from which this page is made.</p>
<h2 id="sign-in">Tokens</h2>
<p>Send an API token with each request. It belongs to one workspace and has roles of its own; an owner makes one in the settings or with <code>POST /app-api/tokens</code>, and it is shown once. People who have signed in send their access token instead and, where they belong to several workspaces, name one in the header <code>x-tributary-workspace</code>.</p>
<figure><figcaption data-copy="the request">curl</figcaption><pre tabindex="0"><code>curl '${escaped(origin)}/' -H "Authorization: Bearer $TOKEN"</code></pre></figure>
<h2 id="clients">Client libraries</h2>
<p>Set the base path of Segment’s own libraries to <code>${escaped(origin)}</code>. In TypeScript:</p>
<figure><figcaption data-copy="the code">@segment/public-api-sdk-typescript</figcaption><pre tabindex="0"><code>${escaped(`const apis = configureApis(token);
for (const api of Object.values(apis)) api.basePath = '${origin}';
const { sources } = await unwrap(apis.sources.listSources({ count: 10 }));`)}</code></pre></figure>
<h2 id="lists">Lists and pages</h2>
<p>Lists come in pages of 200, or of <code>pagination[count]</code> entries up to 1,000. <code>pagination.next</code> of an answer is the cursor of the next page; it is absent on the last. A cursor is good for its list and workspace alone.</p>
<h2 id="queries">Queries</h2>
<p>Brackets, dots, repeated keys, JSON and commas are all understood: <code>pagination[count]=3</code> and <code>pagination.count=3</code>; <code>emails[0]=a&amp;emails[1]=b</code>, <code>emails=a&amp;emails=b</code>, <code>emails=a,b</code> and <code>emails=["a","b"]</code>.</p>
<h2 id="changes">Changes</h2>
<p>A change is in force within seconds, and its entry in the audit trail is written in the same transaction. <code>PATCH</code> changes the fields that are sent. A field that is not known is an error, and then nothing is changed. An answer about one thing may have an <code>ETag</code>: sent back as <code>If-Match</code>, it makes the change fail with 409 if somebody was faster. Deletes answer a body.</p>
<h2 id="limits">Limits</h2>
<p>A caller has 3,000 requests a minute. Headers of each answer say how many are used and left: <code>X-RateLimit-Consumed</code>, <code>X-RateLimit-Remaining</code>, <code>X-RateLimit-Reset</code>. A body has at most 1,000,000 bytes.</p>
<h2 id="errors">Errors</h2>
<p>Whatever is not 2xx holds <code>errors</code>, each with <code>type</code>, <code>message</code>, <code>status</code> and, where a field is at fault, <code>field</code>. The header <code>x-request-id</code> names the request.</p>
<figure><figcaption>422</figcaption><pre tabindex="0"><code>${escaped('{ "errors": [{ "type": "input-validation", "field": "slug", "message": "…", "status": 422 }] }')}</code></pre></figure>
<div class="wide"><table><thead><tr><th scope="col">Status</th><th scope="col">Meaning, and <code>type</code></th></tr></thead><tbody>${Object.entries(
    ERRORS,
  )
    .map(
      ([status, { meaning, types }]) =>
        `<tr id="error-${status}"><th scope="row">${status}</th><td>${prose(meaning)} ${types.map((type) => `<code>${escaped(type)}</code>`).join(' ')}</td></tr>`,
    )
    .join('')}</tbody></table></div>
<h2 id="rights">Rights and roles</h2>
<p>Each operation takes one right, which roles give. Roles are given to people, groups and tokens, for the workspace or for some sources.</p>
<div class="wide"><table><thead><tr><th scope="col">Right</th><th scope="col">Roles that give it</th></tr></thead><tbody>${RIGHTS.map((right) => `<tr><th scope="row"><code>${right}</code></th><td>${rolesWith(right)}</td></tr>`).join('')}</tbody></table></div>
</div>`;
}

function rolesWith(right: (typeof RIGHTS)[number]): string {
  if (right === 'workspace.read' || right === 'label.read') return 'every member';
  return ROLES.filter(({ rights }) => rights === 'all' || rights.includes(right))
    .map(({ name }) => escaped(name))
    .join(', ');
}

function missingHtml(missing: readonly Shown[]): string {
  const rows = missing.map(
    ({ id, method, path, operation }) =>
      `<tr id="${escaped(id)}"><td><span class="m ${method}">${method}</span></td><td><code>${escaped(path)}</code></td><td>${escaped(operation.summary)}</td></tr>`,
  );
  return `<section id="not-offered"><h2>Not offered yet</h2><p class="about">These are known, check the caller’s rights and answer 501. Shapes of those that are agreed are in the OpenAPI document.</p><div class="intro wide"><table><thead><tr><th scope="col">Method</th><th scope="col">Path</th><th scope="col">Operation</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

/** Every shape that an operation of the page refers to, directly or through another. */
function shapesHtml(document: OpenApi, offered: readonly Shown[]): string {
  const { schemas } = document.components;
  const wanted = new Set<string>();
  const collect = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (wanted.has(name)) continue;
      wanted.add(name);
      collect(schemas[name] ?? {});
    }
  };
  collect(offered.map(({ operation }) => operation));
  wanted.delete('Errors');
  const shown = [...wanted].toSorted().map((name) => {
    const schema = schemas[name] ?? {};
    const fields = fieldsHtml('', schema, schemas, 'answered');
    return `<div class="shape" id="shape-${escaped(name)}"><h3>${escaped(name)}</h3>${fields === '' ? `<p class="type">${typeHtml(schema)}</p>` : fields}</div>`;
  });
  return `<section id="shapes"><h2>Shapes</h2><p class="about">What answers and bodies are made of.</p>${shown.join('')}</section>`;
}
