import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { OPERATIONS } from '../../../../shared/api/operations.ts';
import { colouredJson, escaped, prose } from '../../../../functions/api/reference/html.ts';
import { exampleOf } from '../../../../functions/api/reference/example.ts';
import { openApiOf } from '../../../../shared/api/openapi.ts';
import { apiWorld } from '../../../builders/api-world.ts';

const asked = { bearer: null, headers: { host: 'api.shop.test' } };

test('the reference page is served to anybody, with each operation that is offered, its right and an example', async () => {
  const { call } = await apiWorld();
  const { status, headers, text } = await call('GET', '/docs', asked);
  expect([status, headers['Content-Type']]).toEqual([200, 'text/html; charset=utf-8']);
  for (const [id, { effect, path }] of Object.entries(OPERATIONS)) {
    expect(text).toContain(effect === 'later' ? `<tr id="${id}">` : `<article id="${id}"`);
    expect(text).toContain(`<code>${path}</code>`);
  }
  expect(text).toContain('curl &#39;https://api.shop.test/sources&#39;');
  expect(text).toContain('<code>source.create</code></a> for the workspace.');
});

test('the page is one document: one h1, headings that skip no level, each id once, no address but its own', async () => {
  const { call } = await apiWorld();
  const { text } = await call('GET', '/docs', asked);
  const levels = [...text.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
  // The contents come first, as headings of their own.
  const inMain = [...(text.split('<main')[1] ?? '').matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
  expect(levels.filter((level) => level === 1)).toHaveLength(1);
  expect(inMain.filter((level, index) => index > 0 && level > (inMain[index - 1] ?? 0) + 1)).toEqual([]);
  const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(ids).toHaveLength(new Set(ids).size);
  const links = [...text.matchAll(/ href="([^"]+)"/g)].map(([, href = '']) => href);
  const dead = links.filter((href) => href.startsWith('#') && !ids.includes(href.slice(1)));
  expect(dead).toEqual([]);
  expect(links.filter((href) => !href.startsWith('#'))).toEqual(['/app-api/openapi.json']);
});

test('nothing but its own script and style may run in the page (T3, T19)', async () => {
  const { call } = await apiWorld();
  const { text, headers } = await call('GET', '/docs', asked);
  for (const tag of ['script', 'style']) {
    const inner = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(text)?.[1] ?? '';
    const hash = createHash('sha256').update(inner).digest('base64');
    expect(headers['Content-Security-Policy']).toContain(`${tag}-src 'sha256-${hash}'`);
  }
  expect(text).not.toMatch(/ (?:style|on\w+)=/);
  expect(headers['Content-Security-Policy']).toContain("frame-ancestors 'none'");
});

test.each([
  ['of a script', '"><script>alert(1)</script>'],
  ['of a quote', "x'onload='y"],
  ['that is absent', ''],
])('a host name %s does not get into the page (T19)', async (_case, host) => {
  const { call } = await apiWorld();
  const { text } = await call('GET', '/docs', { bearer: null, headers: { host } });
  expect(text).toContain('https://api.example.com/sources');
  expect(text).not.toContain('alert(1)');
  expect(text).not.toContain('onload');
});

test('behind a proxy the page calls what its reader called, and on one machine it calls that by http', async () => {
  const { call } = await apiWorld();
  const page = async (headers: Record<string, string>) => (await call('GET', '/docs', { bearer: null, headers })).text;
  expect(await page({ host: '127.0.0.1:4000' })).toContain('http://127.0.0.1:4000/sources');
  expect(await page({ host: 'shop.test', 'x-forwarded-proto': 'http' })).toContain('http://shop.test/sources');
});

test('the document is served to anybody, packed for who can unpack it', async () => {
  const { call } = await apiWorld();
  const plain = await call('GET', '/app-api/openapi.json', { bearer: null });
  expect(JSON.parse(plain.text)).toEqual(JSON.parse(JSON.stringify(openApiOf())));
  expect(plain.headers).toMatchObject({ 'Cache-Control': 'public, max-age=3600', 'Access-Control-Allow-Origin': '*' });
});

test('a page that is asked for in gzip comes in gzip', async () => {
  const { call } = await apiWorld();
  const { text, headers } = await call('GET', '/docs', {
    bearer: null,
    headers: { host: 'a.test', 'accept-encoding': 'br, gzip' },
  });
  expect(headers['Content-Encoding']).toBe('gzip');
  expect(gunzipSync(Buffer.from(text, 'base64')).toString()).toContain('<h1>API reference</h1>');
});

test('each example fits the shape that it is an example of, as far as required fields and choices go', () => {
  const { components } = openApiOf();
  for (const [name, schema] of Object.entries(components.schemas)) {
    const example = exampleOf({ $ref: `#/components/schemas/${name}` }, components.schemas);
    const choices = schema['enum'] as unknown[] | undefined;
    if (choices !== undefined) expect(choices).toContain(example);
    else if (schema['type'] === 'object')
      expect(Object.keys(example as object)).toEqual(expect.arrayContaining((schema['required'] ?? []) as string[]));
  }
});

test('texts are escaped, code is marked, and JSON is coloured without losing a character', () => {
  expect(escaped(`<a href="x">'&`)).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;');
  expect(prose('Use `<b>`.')).toBe('Use <code>&lt;b&gt;</code>.');
  const value = { 'a "b"': [1.5, -2e3, true, null, 'x:\\"y"'], c: {} };
  const shown = colouredJson(value).replaceAll(/<[^>]+>/g, '');
  expect(shown.replaceAll('&quot;', '"')).toBe(JSON.stringify(value, undefined, 2));
});
