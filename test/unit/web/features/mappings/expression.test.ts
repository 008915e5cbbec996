/* oxlint-disable unicorn/no-thenable -- the mapping language has a member of that name */
import type { Json } from '../../../../../shared/domain/json.ts';
import { checkMapping } from '../../../../../shared/domain/mapping/check-mapping.ts';
import {
  kindOf,
  KINDS,
  type Kind,
  mappingPath,
  shownPath,
  withKind,
  withOption,
} from '../../../../../web/src/features/mappings/expression.ts';
import {
  changesOf,
  draftOf,
  errorsByField,
  withField,
} from '../../../../../web/src/features/mappings/mapping-draft.ts';

const PATH: Json = { '@path': '$.userId' };

test.each([
  ['literal', 'x'],
  ['literal', null],
  ['literal', ['a', 'b']],
  ['path', PATH],
  ['template', { '@template': 'Hi {{userId}}' }],
  ['coalesce', { '@if': { exists: PATH, then: PATH, else: 'x' } }],
  ['case', { '@case': { operator: 'upper', value: PATH } }],
  ['replace', { '@replace': { pattern: 'a', replacement: 'b', value: PATH } }],
  ['flatten', { '@flatten': { separator: '.', value: PATH } }],
  ['json', { '@json': { mode: 'encode', value: PATH } }],
  ['list', { '@arrayPath': ['$.properties.products', { id: { '@path': '$.id' } }] }],
  ['object', { a: PATH }],
  ['other', { '@if': { exists: PATH, then: 'yes', else: 'no' } }],
  ['other', { '@if': { blank: PATH, then: PATH } }],
  ['other', { '@merge': { objects: [], direction: 'left' } }],
  ['other', { '@replace': { pattern: 'a', replacement: 'b', value: PATH, global: false } }],
  ['other', { '@path': PATH }],
  ['other', [PATH]],
] satisfies [Kind, Json][])('%s shows %j', (kind, value) => {
  expect(kindOf(value)).toBe(kind);
});

test.each(Object.keys(KINDS) as Kind[])('what becomes “%s” is shown as such, and the API takes it', (kind) => {
  const made = withKind(PATH, kind);
  expect(kindOf(made)).toBe(kind === 'other' ? 'path' : kind);
  expect(checkMapping(made, 'field')).toEqual([]);
});

test('what was there stays within a function, and comes out of it again', () => {
  const upper = withOption(withKind(PATH, 'case'), 'operator', 'upper');
  expect(upper).toEqual({ '@case': { operator: 'upper', value: PATH } });
  expect(withKind(upper, 'path')).toEqual(PATH);
  expect(withKind(PATH, 'template')).toEqual({ '@template': '{{userId}}' });
  expect(withKind(PATH, 'coalesce')).toEqual({ '@if': { exists: PATH, then: PATH, else: { '@path': '' } } });
});

test('paths are shown as people write them', () => {
  expect(shownPath('$.properties.total')).toBe('properties.total');
  expect(shownPath('$.')).toBe('');
  expect(mappingPath(' traits.email ')).toBe('$.traits.email');
});

const SAVED = {
  id: 'map_1',
  name: 'One',
  actionId: 'a',
  actionSlug: 'send',
  destinationId: 'dst_1',
  enabled: true,
  settings: { b: 1, a: PATH },
  trigger: 'type = "track"',
};

test('only what is different is sent', () => {
  const draft = draftOf(SAVED);
  expect(changesOf(draftOf(SAVED), draft)).toEqual({});
  expect(changesOf(draftOf(SAVED), { ...draft, name: ' Two ' })).toEqual({ name: 'Two' });
  expect(changesOf(draftOf(SAVED), { ...draft, fields: withField(draft.fields, 'b', undefined) })).toEqual({
    settings: { a: PATH },
  });
});

test('an error is told at its field, whichever call says it', () => {
  expect(
    errorsByField({
      'input.trigger': 'cannot be read',
      'subscription.settings.url': 'is required',
      'settings.user.@path': 'is no path',
      name: 'is taken',
    }),
  ).toEqual({
    name: 'is taken',
    trigger: 'cannot be read',
    fields: { url: 'is required', user: '@path: is no path' },
  });
});
