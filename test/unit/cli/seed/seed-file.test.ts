import { readFileSync } from 'node:fs';
import { readSeed, readSeedWith } from '../../../../cli/seed/read-seed.ts';
import { SEED_BYTES_MAX, seedJsonSchema } from '../../../../cli/seed/seed-file.ts';
import { curlLine } from '../../../../cli/seed/curl-line.ts';
import { findDefinition } from '../../../../shared/destinations/catalog.ts';
import { aSeedText, findToolDefinition } from '../../../builders/seed.ts';

const faultsOf = (over: Record<string, unknown>): string[] => {
  const read = readSeed(aSeedText(over), findToolDefinition);
  return read.outcome === 'invalid' ? read.faults : [];
};
const tool = (over: Record<string, unknown>) => ({
  source: 'website',
  name: 'Tool',
  type: 'tool',
  settings: { apiKey: 'k' },
  ...over,
});

test('the JSON Schema in the documentation is that of the code', () => {
  expect(JSON.parse(readFileSync('docs/seed.schema.json', 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(seedJsonSchema())),
  );
});

test('the demo seed is valid, and so is the example of the documentation', async () => {
  const demo = readFileSync('cli/demo/demo-seed.json', 'utf8').replaceAll('{{sinkUrl}}', 'http://127.0.0.1:1');
  await expect(readSeedWith(demo, findDefinition)).resolves.toMatchObject({ outcome: 'valid' });
  const example = /```json\n([\s\S]*?)\n```/.exec(readFileSync('docs/seed-file.md', 'utf8'))?.[1] ?? '';
  await expect(readSeedWith(example, findDefinition)).resolves.toMatchObject({ outcome: 'valid' });
});

test('what is left out has its default', () => {
  expect(readSeed(aSeedText(), findToolDefinition)).toEqual({
    outcome: 'valid',
    seed: {
      workspace: { slug: 'shop', name: 'Shop' },
      sources: [{ slug: 'website', name: 'Website', kind: 'website', enabled: true, dedupHours: 24 }],
      destinations: [
        {
          source: 'website',
          name: 'Tool',
          type: 'tool',
          enabled: true,
          settings: { apiKey: 'canary-4711', region: 'eu' },
          filters: [],
        },
      ],
    },
  });
});

const hookSource = (hook: Record<string, unknown>, kind = 'webhook') => ({
  sources: [
    { slug: 'website', name: 'W', kind: 'website' },
    { slug: 'hook', name: 'H', kind, hook },
  ],
});

test.each([
  [
    'a path of a webhook’s mapping that is none',
    hookSource({ mapping: { userId: { '@path': '$.body[' } } }),
    'sources[1].hook.mapping.userId.@path: ',
  ],
  ['a field that no event has', hookSource({ mapping: { user: 'x' } }), 'sources[1].hook.mapping.user: '],
  ['a hook without a mapping', hookSource({}), 'sources[1].hook.mapping: '],
  ['a list that is no path', hookSource({ mapping: {}, each: '$..' }), 'sources[1].hook.each: '],
  [
    'a name that turns the direction of the text',
    { ...hookSource({ mapping: {} }), workspace: { slug: 'w', name: 'a\u202eb' } },
    'workspace.name: must have no control characters',
  ],
  [
    'a signature in a header of the connection',
    hookSource({ mapping: {}, signature: { scheme: 'token', header: 'Host', secret: 'canary-4711' } }),
    'sources[1].hook.signature.header: ',
  ],
  [
    'a delivery named by a header that never travels',
    hookSource({ mapping: {}, eventIdHeader: 'authorization' }),
    'sources[1].hook.eventIdHeader: ',
  ],
  [
    'a signature whose header nobody knows',
    hookSource({ mapping: {}, signature: { scheme: 'hmac-sha256', secret: 'canary-4711' } }),
    'sources[1].hook.signature.header: ',
  ],
  [
    'a secret that can be guessed',
    hookSource({ mapping: {}, signature: { scheme: 'slack', secret: 'x' } }),
    'sources[1].hook.signature.secret: ',
  ],
  ['a hook of a website', hookSource({ mapping: {} }, 'website'), 'sources[1].hook: only a source of kind "webhook"'],
  ['a field that nobody knows', { colour: 1 }, 'colour: is not known here'],
  [
    'a misspelt field of a source',
    { sources: [{ slug: 'website', name: 'W', kind: 'website', enabeld: true }] },
    'sources[0].enabeld: is not known here',
  ],
  [
    'a short write key',
    { sources: [{ slug: 'website', name: 'W', kind: 'website', writeKeys: ['ok0123456789abcdef', 'short'] }] },
    'sources[0].writeKeys[1]: ',
  ],
  ['a source that is not there', { destinations: [tool({ source: 'shop' })] }, 'destinations[0].source: no source has'],
  [
    'a type that is not there',
    { destinations: [tool({ type: 'tol' })] },
    'destinations[0].type: there is no destination "tol"',
  ],
  [
    'a setting of no such type',
    { destinations: [tool({ settings: { apiKey: 'k', apikey: 'k' } })] },
    'destinations[0].settings.apikey: tool has no such setting',
  ],
  [
    'a setting that is required',
    { destinations: [tool({ settings: {} })] },
    'destinations[0].settings.apiKey: is required',
  ],
  [
    'an empty one',
    { destinations: [tool({ settings: { apiKey: '' } })] },
    'destinations[0].settings.apiKey: is required',
  ],
  [
    'a secret that is no text',
    { destinations: [tool({ settings: { apiKey: 5 } })] },
    'destinations[0].settings.apiKey: a secret is a text',
  ],
  [
    'an action that is not there',
    { destinations: [tool({ mappings: [{ name: 'm', action: 'sned', trigger: 'type = "track"' }] })] },
    'destinations[0].mappings[0].action: tool has no action "sned"',
  ],
  [
    'a field that the action requires',
    { destinations: [tool({ mappings: [{ name: 'm', action: 'send', trigger: 'type = "track"' }] })] },
    'destinations[0].mappings[0].fields.to: is required',
  ],
  [
    'a name that is there twice',
    { destinations: [tool({}), tool({})] },
    'destinations[1].name: "Tool" is there twice for website',
  ],
  ['no source', { sources: [] }, 'sources: '],
  [
    'a trigger that cannot be read',
    { destinations: [tool({ mappings: [{ name: 'm', action: 'send', trigger: 'type = ', fields: { to: 'x' } }] })] },
    'destinations[0].mappings[0].trigger: ',
  ],
  [
    'a filter that cannot be read',
    { destinations: [tool({ filters: [{ title: 'f', if: '(all', actions: [{ type: 'DROP' }] }] })] },
    'destinations[0].filters[0].if: ',
  ],
  [
    'a filter title that is there twice',
    {
      destinations: [
        tool({
          filters: [
            { title: 'f', if: 'all', actions: [{ type: 'DROP' }] },
            { title: 'f', if: 'all', actions: [{ type: 'DROP' }] },
          ],
        }),
      ],
    },
    'destinations[0].filters[1].title: "f" is there twice',
  ],
  [
    'an address that is none (T1)',
    { sources: [{ slug: 'website', name: 'W', kind: 'website', allowedIps: ['10.0.0.0/8', '10.0.0.0/33'] }] },
    'sources[0].allowedIps[1]: must be an address',
  ],
  [
    'device mode of a type that no browser has code for (B09)',
    { destinations: [tool({ connectionMode: 'device' })] },
    'destinations[0].connectionMode: tool is cloud-only',
  ],
  [
    'a fifty-first mapping (B11)',
    {
      destinations: [
        tool({
          mappings: Array.from({ length: 51 }, (_, number) => ({
            name: `m${number}`,
            action: 'send',
            trigger: 'all',
            fields: { to: 'x' },
          })),
        }),
      ],
    },
    'destinations[0].mappings: ',
  ],
  [
    'an eleventh filter (C02)',
    {
      destinations: [
        tool({
          filters: Array.from({ length: 11 }, (_, number) => ({
            title: `f${number}`,
            if: 'all',
            actions: [{ type: 'DROP' }],
          })),
        }),
      ],
    },
    'destinations[0].filters: ',
  ],
  [
    'a filter title of more than 64 characters (C02)',
    { destinations: [tool({ filters: [{ title: 'x'.repeat(65), if: 'all', actions: [{ type: 'DROP' }] }] })] },
    'destinations[0].filters[0].title: ',
  ],
  [
    'a sample of more than all',
    { destinations: [tool({ filters: [{ title: 'f', if: 'all', actions: [{ type: 'SAMPLE', percent: 10 }] }] })] },
    'destinations[0].filters[0].actions[0].percent: ',
  ],
  [
    'a schema that names a destination that the source lacks',
    {
      sources: [
        { slug: 'website', name: 'W', kind: 'website', schema: { track: { Ping: { destinations: { Tol: false } } } } },
      ],
    },
    'sources[0].schema.track["Ping"].destinations: website has no destination "Tol"',
  ],
])('%s is named with its place', (_case, over, fault) => {
  const faults = faultsOf(over);
  expect(faults).toHaveLength(1);
  expect(faults[0]?.startsWith(fault)).toBe(true);
});

test('a webhook that is switched on needs a mapping with its URL, one that is off does not', async () => {
  const hook = { source: 'website', name: 'Hook', type: 'webhook' };
  await expect(readSeedWith(aSeedText({ destinations: [hook] }), findDefinition)).resolves.toEqual({
    outcome: 'invalid',
    faults: ['destinations[0].mappings: is required, because only you know the url of "All events"'],
  });
  const off = aSeedText({ destinations: [{ ...hook, enabled: false }] });
  await expect(readSeedWith(off, findDefinition)).resolves.toMatchObject({ outcome: 'valid' });
});

test('a destination that is off may lack its settings, but not have unknown ones', () => {
  expect(faultsOf({ destinations: [tool({ enabled: false, settings: {} })] })).toEqual([]);
  expect(faultsOf({ destinations: [tool({ enabled: false, settings: { x: 1 } })] })).toHaveLength(1);
});

test('names of every object’s prototype are no settings, and change nothing', () => {
  const text = aSeedText().replace('"region"', '"__proto__":{"polluted":1},"constructor"');
  expect(readSeed(text, findToolDefinition)).toMatchObject({ outcome: 'invalid' });
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('no file is too broken for a sentence', () => {
  expect(readSeed('{"workspace":', findToolDefinition)).toEqual({
    outcome: 'invalid',
    faults: [expect.stringMatching(/^the file: is not JSON: /)],
  });
  expect(readSeed('[]', findToolDefinition)).toMatchObject({ outcome: 'invalid' });
  expect(readSeed(' '.repeat(SEED_BYTES_MAX + 1), findToolDefinition)).toMatchObject({
    outcome: 'invalid',
    faults: ['the file: is larger than 2 MB'],
  });
});

test('the curl line has nothing that a shell would take for its own', () => {
  expect(curlLine('http://127.0.0.1:4747', 'abc')).toBe(
    `curl -u abc: -H 'Content-Type: application/json' -d '{"userId":"me","event":"Hello","properties":{"from":"curl"}}' http://127.0.0.1:4747/v1/track`,
  );
});

const amplitude = (settings: Record<string, unknown>) => ({
  source: 'website',
  name: 'Amplitude',
  type: 'amplitude',
  settings: { apiKey: 'k', secretKey: 's', ...settings },
});
const braze = (name: string, over: Record<string, unknown> = {}, settings: Record<string, unknown> = {}) => ({
  source: 'website',
  name,
  type: 'braze-web',
  connectionMode: 'device',
  settings: { api_key: 'k', endpoint: 'sdk.iad-01.braze.com', sdkVersion: '4.6', ...settings },
  ...over,
});
const SITES = [
  { slug: 'website', name: 'W', kind: 'website' },
  { slug: 'server', name: 'S', kind: 'server' },
];

test.each<[string, unknown[], string[]]>([
  ['what fits', [amplitude({ endpoint: 'europe' }), braze('Braze')], []],
  [
    'a choice that is none',
    [amplitude({ endpoint: 'nort_america' })],
    ['destinations[0].settings.endpoint: must be one of "north_america", "europe"'],
  ],
  ['a number for a text', [braze('B', {}, { api_key: 7 })], ['destinations[0].settings.api_key: must be a text']],
  [
    'a text for a truth value',
    [braze('B', {}, { noCookies: 'yes' })],
    ['destinations[0].settings.noCookies: must be true or false'],
  ],
  [
    'a tool in browsers that is said to be in the cloud',
    [braze('B', { connectionMode: undefined })],
    ['destinations[0].connectionMode: must be "device", since braze-web runs in browsers only'],
  ],
  [
    'a tool in browsers for a server',
    [braze('B', { source: 'server' })],
    ['destinations[0].source: braze-web runs in browsers only, and server is no website'],
  ],
  [
    'a second one of a type on one page (B08)',
    [braze('A'), braze('B')],
    ['destinations[1].type: website has a braze-web already'],
  ],
  ['a second one that is switched off', [braze('A'), braze('B', { enabled: false })], []],
])('settings and device mode: %s', async (_case, destinations, faults) => {
  const read = await readSeedWith(aSeedText({ sources: SITES, destinations }), findDefinition);
  expect(read.outcome === 'invalid' ? read.faults : []).toEqual(faults);
});
