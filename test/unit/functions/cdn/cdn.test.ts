import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { cdn } from '../../../../functions/cdn/cdn.ts';
import { API_PLACE, CDN_PLACE, snippetOf, WRITE_KEY_PLACE } from '../../../../functions/cdn/snippet.ts';
import { CONFIG_CHECK_MS } from '../../../../shared/config/limits.ts';
import { WriteKey } from '../../../../shared/domain/ids.ts';
import { aFilter, deviceTarget, PLACES } from '../../../builders/device-mode.ts';
import { aWorkspaceConfig } from '../../../builders/workspace-config.ts';
import { aSource } from '../../../builders/workspace-things.ts';

const KEY = WriteKey.parse('wk_0123456789abcdef');
const SCRIPT = readFileSync(
  join(import.meta.dirname, '../../../../node_modules/@segment/analytics-next/dist/umd/standalone.js'),
  'utf8',
);

function setUp(config = aWorkspaceConfig([])) {
  const warned: string[] = [];
  const source = aSource();
  const answer = cdn({
    sources: { findByWriteKey: async (key) => (key === KEY ? source : undefined) },
    config: { workspaceConfig: async () => config },
    script: async () => SCRIPT,
    places: PLACES,
    integrationNames: () => [],
    warn: (warning) => warned.push(warning),
  });
  const get = async (rawPath: string): Promise<APIGatewayProxyStructuredResultV2> =>
    await answer({ rawPath } as APIGatewayProxyEventV2);
  return { get, warned };
}

test('settings are JSON for every origin, fresh for eight seconds at the edge and in the browser, and still good for an hour while we fail', async () => {
  const { get } = setUp();
  const answer = await get(`/v1/projects/${KEY}/settings`);
  expect(answer).toEqual({
    statusCode: 200,
    headers: {
      'Access-Control-Allow-Origin': '*',
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'public, max-age=8, s-maxage=8, stale-if-error=3600',
    },
    body: expect.any(String),
  });
  expect(JSON.parse(answer.body ?? '')).toMatchObject({ integrations: { 'Segment.io': { apiKey: KEY } } });
});

test('a change of settings is in force in a browser within 30 s, if no cache says how old its answer is', async () => {
  const { get } = setUp();
  const { headers } = await get(`/v1/projects/${KEY}/settings`);
  const seconds = (directive: string) =>
    Number(new RegExp(`(?:^|[ ,])${directive}=(\\d+)`).exec(String(headers?.['Cache-Control']))?.[1]);
  const ours = CONFIG_CHECK_MS / 1_000;
  const tiers = 2;
  expect(ours + tiers * seconds('s-maxage') + seconds('max-age')).toBeLessThanOrEqual(30);
});

test.each([
  ['settings of a key that nobody owns', '/v1/projects/wk_ffffffffffffffff/settings', 'No source has this write key'],
  [
    'a script for a key that nobody owns',
    '/analytics.js/v1/wk_ffffffffffffffff/analytics.min.js',
    'No source has this write key',
  ],
  ['a key that could not be one', '/v1/projects/a b/settings', 'There is no such file'],
  [
    'a key that would end a string',
    "/analytics.js/v1/0123456789abcdef';alert(1)//x/analytics.min.js",
    'There is no such file',
  ],
  ['another path', '/v1/projects', 'There is no such file'],
])('%s is a 404 in JSON that every origin may read, remembered shortly', async (_case, path, message) => {
  const { get } = setUp();
  expect(await get(path)).toEqual({
    statusCode: 404,
    headers: {
      'Access-Control-Allow-Origin': '*',
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'public, max-age=10',
    },
    body: JSON.stringify({ message }),
  });
});

test.each([
  '/analytics.js/v1/wk_0123456789abcdef/analytics.min.js',
  '/analytics.js/v1/wk_0123456789abcdef/platform/analytics.min.js',
])('%s is Analytics.js with the write key and our hosts', async (path) => {
  const { get } = setUp();
  const { statusCode, headers, body = '' } = await get(path);
  expect({ statusCode, headers }).toEqual({
    statusCode: 200,
    headers: {
      'Access-Control-Allow-Origin': '*',
      'Content-Type': 'application/javascript; charset=utf-8',
      'Cache-Control': 'public, max-age=300, s-maxage=300, stale-if-error=3600',
    },
  });
  expect(body).toContain(`window.analyticsWriteKey="${KEY}"`);
  expect(body).toContain('"https://cdn.example.com/analytics-next/bundles/"');
  expect(body).toContain('"t.example.com/v1"');
  expect(body).not.toMatch(/__WRITE_KEY__|cdn\.segment\.com|api\.segment\.io|sourceMappingURL/);
});

test('the package holds what is replaced in it, where it was looked at', () => {
  const countOf = (text: string) => SCRIPT.split(text).length - 1;
  expect([WRITE_KEY_PLACE, CDN_PLACE, API_PLACE].map(countOf)).toEqual([1, 3, 1]);
});

test('a host that could end a string is no host', () => {
  expect(() => snippetOf(SCRIPT, KEY, { ...PLACES, cdnUrl: 'javascript:alert(1)' })).toThrow(
    'cannot stand in a script',
  );
});

test('a warning that quotes what no header can carry takes no settings away', async () => {
  const fields = { 'properties.a\\.日\n本': ['x'] };
  const filter = aFilter({ if: 'all', actions: [{ type: 'DROP_PROPERTIES', fields }] });
  const { get } = setUp(aWorkspaceConfig([deviceTarget({}, [filter])]));
  const { statusCode, headers } = await get(`/v1/projects/${KEY}/settings`);
  expect(statusCode).toBe(200);
  expect(headers?.['Tributary-Warning']).toMatch(/^[\x20-\x7E]+$/);
});

test('a filter that closes a tool is in a header, and logged once for each version of the configuration', async () => {
  const { get, warned } = setUp(aWorkspaceConfig([deviceTarget({}, [aFilter({ if: 'uppercase(event) = "A"' })])]));
  const said = 'destination dst_braze gets nothing from browsers: filter flt_1: browsers have no function uppercase';
  for (let round = 0; round < 3; round += 1) {
    const { headers } = await get(`/v1/projects/${KEY}/settings`);
    expect(headers).toMatchObject({ 'Tributary-Warning': said });
  }
  expect(warned).toEqual([said]);
});
