import { closePrototypes } from '../../../../shared/destinations/close-prototypes.ts';
import type { Engine } from '../../../../shared/destinations/engine.ts';
import type { Json, JsonObject } from '../../../../shared/domain/json.ts';
import { cpuMsOf } from '../../../builders/cpu-of.ts';
import { bundledDestinations } from '../../../builders/destination-bundle.ts';
import { divertedDials, TOOL_ADDRESS } from '../../../builders/diverted-dials.ts';

type Bundle = Awaited<ReturnType<typeof bundledDestinations>>;
let bundle: Bundle;
/** What the action of the destination was given, newest last. */
let payloads: unknown[] = [];

let world: Awaited<ReturnType<typeof divertedDials>>;

beforeAll(async () => {
  bundle = await bundledDestinations(['webhook']);
  world = await divertedDials();
}, 60_000);
afterAll(async () => await world?.close());
beforeEach(() => {
  payloads = [];
});

/** A destination whose one action has a text and an object for fields, and sends. */
const anyAction = () => ({
  name: 'Own',
  mode: 'cloud',
  actions: {
    go: {
      title: 'Go',
      description: '',
      fields: {
        a: { label: '', description: '', type: 'string' },
        o: { label: '', description: '', type: 'object' },
      },
      perform: async (
        request: (url: string, options: object) => Promise<unknown>,
        { payload }: { payload: unknown },
      ) => {
        payloads.push(payload);
        await request(`https://${TOOL_ADDRESS}/`, { method: 'POST' });
      },
    },
  },
});

function anEngine(definition: unknown = anyAction()): Engine {
  const http = world.divert(bundle.guardedHttp(bundle.targetRules('', '')));
  const loaders = { own: async () => ({ default: { default: definition } }) };
  return bundle.createEngine({ http, now: () => new Date('2026-11-24T10:00:00.000Z'), loaders });
}

const anEvent = (over: JsonObject): JsonObject => ({ type: 'track', event: 'E', messageId: 'm', userId: 'u', ...over });

async function send(engine: Engine, fields: Record<string, Json>, event: JsonObject) {
  const mapping = { action: 'go', trigger: 'type = "track"', fields };
  const [call] = await engine.callsOf({ slug: 'own', settings: {}, mapping, events: [event], hopThroughUs: 1 });
  return (await call?.run())?.[0]?.outcome;
}

/** T10. */
const CPU_MS_MAX = 50;
const filled = (piece: string, chars: number): string => piece.repeat(Math.ceil(chars / piece.length)).slice(0, chars);
const KB_100 = 100_000;

const BRACES = [
  '{',
  '{{',
  '{{{',
  '{{{x',
  '{{x',
  '{{ x }',
  '{{x}',
  '{{{x}}',
  '}',
  '}}',
  '}{',
  '{{a}}',
  '{{{a}}}',
  '{{ a.b }}',
  '{{{{a}}}}',
  '{{\n',
  '{{\u00a0',
];
const PATHS = [
  '.',
  'a.',
  'a..',
  '[',
  ']',
  '[0]',
  "['a']",
  '["a"]',
  "['",
  "[1'",
  '1]',
  '$.',
  '$.[',
  '\\',
  "'",
  '"',
  '[0',
  'a[',
  '.]',
  '0.',
];
const REPLACED = [
  'a',
  '(',
  '(a+)+',
  '.*',
  '\\',
  '[a-',
  '^',
  '$',
  '|',
  'a|a',
  '+',
  '?',
  '{1,9}',
  '(?=',
  '\\1',
  '[^',
  '*',
  ' ',
  '.',
  '$&',
];
const FILTERS = [
  'append: p',
  'prepend: p',
  'replace: "a", "aaaa"',
  'replace: "", "a"',
  'replace_first: "a", "b"',
  'remove: "a"',
  'split: ""',
  'split: "" | join: "ab"',
  'escape',
  'escape_once',
  'xml_escape',
  'json',
  'inspect',
  'url_encode',
  'url_decode',
  'cgi_escape',
  'uri_escape',
  'base64_encode',
  'base64_decode',
  'strip_html',
  'strip_newlines',
  'strip',
  'lstrip',
  'rstrip',
  'slugify',
  'slugify: "pretty"',
  'normalize_whitespace',
  'number_of_words',
  'number_of_words: "auto"',
  'truncate: 99999',
  'truncatewords: 99999',
  'upcase',
  'capitalize',
  'squish',
  'date: "%Y"',
  'size',
  'first',
  'last',
  'sum',
  'compact',
  'where: "a"',
  'slice: 0, 99999',
  'default: p',
  'raw',
];
const LIQUID = [
  '{{ (1..90000000) | size }}',
  '{{ (1..9000000) | join }}',
  '{{ (1..900000) | join | size }}',
  '{{ (-9007199254740991..9007199254740991) }}',
  '{{ "now" | date: "%50000000d" }}',
  '{{ "now" | date: "%999999999999d" }}',
  '{{ p | date: "%500000000Y" }}',
  `{% assign a = p %}${'{% assign a = a | append: a %}'.repeat(28)}{{ a }}`,
  `{% capture a %}${'{{ p }}'.repeat(100)}{% endcapture %}{{ a }}{{ a }}{{ a }}`,
  '{% if p %}'.repeat(90),
  '{{'.repeat(500),
  '{%'.repeat(500),
  `{{ "${'\\"'.repeat(400)}`,
  `{{ p${'[0]'.repeat(300)} }}`,
  `{{ p${'.a'.repeat(400)} }}`,
  `{% liquid\n${'assign a = p | append: p\n'.repeat(30)} echo a %}`,
  '{% for i in (1..9) %}{% endfor %}',
  '{% tablerow i in (1..9) %}{% endtablerow %}',
  '{% include "x" %}',
  '{% render "/etc/passwd" %}',
  '{% layout "x" %}',
  '{% raw %}'.repeat(100),
  `{% comment %}${'{'.repeat(900)}`,
  `{% cycle ${"'a',".repeat(200)} %}`,
];

/** Mappings with something in them that a slow reader would be slow at; `p` of the event is 100 kB of the same. */
const HOSTILE: readonly (readonly [string, Json, string])[] = [
  ...BRACES.flatMap((piece): [string, Json, string][] => [
    [`a template of ${JSON.stringify(piece)}`, { '@template': filled(piece, KB_100) }, ''],
    [`a template of the event, ${JSON.stringify(piece)}`, { '@template': { '@path': '$.properties.p' } }, piece],
  ]),
  ...PATHS.flatMap((piece): [string, Json, string][] => [
    [`a path of ${piece}`, { '@path': filled(piece, KB_100) }, ''],
    [`a path of the event, ${piece}`, { '@path': { '@path': '$.properties.p' } }, piece],
    [`a path in a template, ${piece}`, { '@template': `{{${filled(piece, KB_100)}}}` }, ''],
    [`a path of an array, ${piece}`, { '@arrayPath': [filled(piece, KB_100), { b: { '@path': '$.c' } }] }, ''],
  ]),
  ...REPLACED.map((pattern): [string, Json, string] => [
    `a replacement of ${pattern}`,
    {
      '@replace': {
        pattern,
        replacement: '$&$&$&$&$&',
        value: { '@path': '$.properties.p' },
        ignorecase: true,
        pattern2: 'a',
        replacement2: 'bbbbbbbbb',
      },
    },
    'a',
  ]),
  ...FILTERS.flatMap((filter): [string, Json, string][] => [
    [`${filter} once`, { '@liquid': `{% assign p = properties.p %}{{ p | ${filter} }}` }, '<a&" '],
    [
      `${filter} again and again`,
      { '@liquid': `{% assign p = properties.p %}{{ p ${filled(`| ${filter} `, 900).replace(/\|[^|]*$/, '')} }}` },
      '<a&" ',
    ],
  ]),
  ...LIQUID.map((template): [string, Json, string] => [
    template.slice(0, 40),
    { '@liquid': template.replaceAll(/\bp\b/g, 'properties.p') },
    'a',
  ]),
  ['deep JSON in a text', { '@json': { mode: 'decode', value: { '@path': '$.properties.p' } } }, '['],
  ['flattening', { '@flatten': { separator: '.', value: { '@path': '$.properties' } } }, 'a'],
];

test('there are at least 200 hostile mappings', () => {
  expect(HOSTILE.length).toBeGreaterThanOrEqual(200);
});

test('no mapping takes longer than 50 ms, whatever it and its event hold (T10)', async () => {
  const engine = anEngine();
  const slow: unknown[] = [];
  for (const [name, a, piece] of HOSTILE) {
    const event = anEvent({ properties: { p: filled(piece === '' ? 'x' : piece, KB_100) } });
    const cpuMs = await cpuMsOf(() => send(engine, { a }, event));
    if (cpuMs > CPU_MS_MAX) slow.push({ name, cpuMs });
  }
  expect(slow).toEqual([]);
}, 120_000);

test('templates and Liquid do what they did: the bounds are far from what people write', async () => {
  const engine = anEngine();
  const event = anEvent({ properties: { name: 'Ada', list: ['a', 'b'], price: 3 } });
  const cases: [Json, unknown][] = [
    [{ '@template': 'Hello {{properties.name}}, {{{ properties.name }}}!' }, 'Hello Ada, Ada!'],
    [{ '@template': '{"a": "{{properties.name}}"}' }, '{"a": "Ada"}'],
    [{ '@template': '<{{ properties.nothing }}>' }, '<>'],
    [{ '@liquid': '{{ properties.name | upcase }} pays {{ properties.price | times: 2 }}' }, 'ADA pays 6'],
    [{ '@liquid': '{% if properties.price > 2 %}much{% else %}little{% endif %}' }, 'much'],
    [{ '@liquid': '{{ properties.list | join: "-" }}' }, 'a-b'],
  ];
  for (const [a] of cases) await expect(send(engine, { a }, event)).resolves.toEqual({ outcome: 'delivered' });
  expect(payloads).toEqual(cases.map(([, a]) => ({ a })));
  expect(world.trapped()).toBe(0);
});

const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'constructor.prototype',
  '__proto__.polluted',
  'a.__proto__.polluted',
  "a['__proto__'].polluted",
  '__proto__[polluted]',
  'toString',
  'hasOwnProperty',
];
const POLLUTING = '{"polluted":true,"prototype":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
const namesOf = (prototype: object): PropertyKey[] => Reflect.ownKeys(prototype);

/** A mapping and an event with a hostile key in each place that a key may have. */
const POLLUTIONS: readonly (readonly [string, string, string])[] = KEYS.flatMap((key): [string, string, string][] => {
  const name = JSON.stringify(key);
  const path = JSON.stringify(`$.${key}`);
  return [
    [
      `${key} in an event`,
      '{"o":{"@path":"$.properties"}}',
      `{${name}:${POLLUTING},"properties":{${name}:${POLLUTING}}}`,
    ],
    [`${key} as a field of a mapping`, `{${name}:${POLLUTING},"a":"x"}`, '{}'],
    [`${key} in a field of a mapping`, `{"o":{${name}:${POLLUTING},"b":{${name}:${POLLUTING}}}}`, '{}'],
    [`${key} as a path`, `{"o":{"@path":${path}}}`, '{}'],
    [`${key} as a path of properties`, `{"o":{"@path":${JSON.stringify(`$.properties.${key}`)}}}`, '{"properties":{}}'],
    [`${key} in a template`, `{"a":{"@template":${JSON.stringify(`{{${key}}}`)}}}`, '{}'],
    [`${key} in Liquid`, `{"a":{"@liquid":${JSON.stringify(`{% assign x = ${key} %}{{ x.polluted }}`)}}}`, '{}'],
    [
      `${key} in a merge`,
      `{"o":{"@merge":{"direction":"right","objects":[{"@path":"$.properties"},{"@path":${path}},{${name}:${POLLUTING}}]}}}`,
      `{"properties":{${name}:${POLLUTING}}}`,
    ],
    [
      `${key} in a flattening`,
      `{"o":{"@flatten":{"separator":".","value":{"@path":"$.properties"}}}}`,
      `{"properties":{${name}:${POLLUTING},"a":{${name}:${POLLUTING}}}}`,
    ],
    [
      `${key} in items`,
      `{"o":{"@arrayPath":["$.properties.list",{${name}:{"@path":${path}}}]}}`,
      `{"properties":{"list":[{${name}:${POLLUTING}}]}}`,
    ],
    [
      `${key} in JSON in a text`,
      `{"o":{"@json":{"mode":"decode","value":{"@path":"$.properties.text"}}}}`,
      `{"properties":{"text":${JSON.stringify(`{${name}:${POLLUTING}}`)}}}`,
    ],
    [
      `${key} in a transformation`,
      `{"o":{"@transform":{"apply":{${name}:{"@path":"$.properties"}},"mapping":{"@path":${path}}}}}`,
      `{"properties":${POLLUTING}}`,
    ],
  ];
});

test('whatever keys events, mappings and settings have, nothing that all objects inherit changes (T11)', async () => {
  const before = [Object.prototype, Array.prototype, Function.prototype].map(namesOf);
  const engine = anEngine();
  for (const [name, fields, event] of POLLUTIONS) {
    const given = JSON.parse(event) as JsonObject;
    await send(engine, JSON.parse(fields) as Record<string, Json>, { ...anEvent({}), ...given });
    expect([name, ({} as Record<string, unknown>)['polluted']]).toEqual([name, undefined]);
    expect([name, ([] as unknown as Record<string, unknown>)['polluted']]).toEqual([name, undefined]);
  }
  const settings = JSON.parse(`{"__proto__":${POLLUTING},"constructor":${POLLUTING}}`) as Record<string, Json>;
  const mapping = { action: 'go', trigger: 'type = "track"', fields: { a: 'x' } };
  const calls = await engine.callsOf({ slug: 'own', settings, mapping, events: [anEvent({})], hopThroughUs: 1 });
  await calls[0]?.run();
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect([Object.prototype, Array.prototype, Function.prototype].map(namesOf)).toEqual(before);
  expect(POLLUTIONS.length).toBeGreaterThanOrEqual(120);
});

test('a destination that writes to what all objects inherit fails by itself, and nobody else sees it (T11)', async () => {
  closePrototypes();
  const careless = {
    name: 'Own',
    mode: 'cloud',
    actions: {
      go: {
        title: 'Go',
        description: '',
        fields: { a: { label: '', description: '', type: 'string' } },
        perform: () => {
          'use strict';
          const target = ({} as Record<string, Record<string, unknown>>)['__proto__'];
          if (target !== undefined) target['polluted'] = true;
        },
      },
    },
  };
  await expect(send(anEngine(careless), { a: 'x' }, anEvent({}))).resolves.toMatchObject({
    outcome: 'discarded',
    code: 'INTERNAL',
  });
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  await expect(send(anEngine(), { a: 'x' }, anEvent({}))).resolves.toEqual({ outcome: 'delivered' });
});
