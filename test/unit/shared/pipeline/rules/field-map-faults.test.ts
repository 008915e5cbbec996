/* oxlint-disable unicorn/no-thenable -- a directive has a member of that name */
import { SYNC_MODE_FIELD } from '../../../../../shared/destinations/destination-definition.ts';
import { fieldMapFaults } from '../../../../../shared/pipeline/rules/field-map-faults.ts';
import type { Json } from '../../../../../shared/domain/json.ts';
import { bundledDestinations } from '../../../../builders/destination-bundle.ts';

const faultsOf = (value: Json) =>
  fieldMapFaults([{ key: 'a' }], { a: value }).map(({ path, message }) => `${path.join('.')}: ${message}`);

test.each<[string, Json]>([
  ['a fixed text', 'x'],
  ['a path', { '@path': '$.properties.a' }],
  ['a path that a directive gives', { '@path': { '@template': '$.{{a}}' } }],
  ['what the editor writes beside a directive', { '@path': '$.a', _metadata: { label: 'A' } }],
  ['nested objects and lists', { b: [{ c: { '@template': '{{userId}}' } }] }],
  ['coalesce', { '@if': { exists: { '@path': '$.a' }, then: { '@path': '$.a' }, else: null } }],
  ['each item of a list', { '@arrayPath': ['$.properties.products', { id: { '@path': '$.id' } }] }],
  [
    'all the other functions',
    [
      { '@case': { operator: 'upper', value: { '@path': '$.a' } } },
      { '@replace': { pattern: 'a', replacement: '', value: 'aaa', global: true, ignorecase: false } },
      { '@json': { mode: 'encode', value: { '@path': '$.' } } },
      { '@flatten': { value: { '@path': '$.traits' }, separator: '.', omitArrays: true } },
      { '@merge': { objects: [{ '@path': '$.a' }, {}], direction: 'right' } },
      { '@transform': { apply: { a: { '@path': '$.b' } }, mapping: { '@path': '$.a' } } },
      { '@liquid': '{{ event.name | upcase }}' },
      { '@excludeWhenNull': { '@path': '$.a' } },
      { '@literal': true },
    ],
  ],
])('%s is no fault', (_case, value) => {
  expect(faultsOf(value)).toEqual([]);
});

test.each<[string, Json, string]>([
  ['two directives at once', { '@path': '$.a', '@literal': 1 }, 'a: has other keys beside @path'],
  ['a number for a path', { '@path': 1 }, 'a.@path: must be a text, or a directive that gives one'],
  [
    'a pattern of eleven characters',
    { '@replace': { pattern: 'x'.repeat(11), value: 'a' } },
    'a.@replace.pattern: must be a text of at most 10 characters',
  ],
  [
    'an option that there is not',
    { '@flatten': { value: 1, seperator: '.' } },
    'a.@flatten.seperator: is not known here',
  ],
  ['a name of every object’s prototype', { '@constructor': 1 }, 'a.@constructor: @constructor is no directive'],
  ['a fault deep within', { b: [1, { c: { '@nope': 1 } }] }, 'a.b.1.c.@nope: @nope is no directive'],
])('%s is told where it stands', (_case, value, fault) => {
  expect(faultsOf(value)).toContain(fault);
});

test('what nests without end is cut off, and so is the number of faults', () => {
  let deep: Json = 1;
  for (let n = 0; n < 30; n += 1) deep = { a: deep };
  expect(faultsOf(deep)).toEqual([expect.stringContaining('nested more than 20 deep')]);
  expect(faultsOf(Array.from({ length: 100 }, () => ({ '@nope': 1 })))).toHaveLength(20);
});

test('presets of the library and its defaults have no faults: nobody could save them else', async () => {
  const slugs = [
    'webhook',
    'slack',
    'amplitude',
    'mixpanel',
    'google-analytics-4',
    'customerio',
    'hubspot',
    'klaviyo',
    'braze',
  ];
  const bundle = await bundledDestinations(slugs);
  const common = ['enable_batching', 'batch_size', 'batch_keys', SYNC_MODE_FIELD].map((key) => ({ key }));
  for (const slug of slugs) {
    const definition = await bundle.findDefinition(slug);
    for (const { name, action, fields } of definition?.presets ?? []) {
      const rules = definition?.actions.find(({ key }) => key === action)?.fields ?? [];
      expect([slug, name, fieldMapFaults([...rules, ...common], fields)]).toEqual([slug, name, []]);
    }
  }
}, 60_000);
