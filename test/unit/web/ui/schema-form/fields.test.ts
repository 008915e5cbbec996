import { MASKED } from '../../../../../shared/domain/audit.ts';
import {
  defaultsOf,
  type FormField,
  helpParts,
  isShown,
  KEPT_SECRET,
  missingOf,
  patchOf,
  settingErrors,
} from '../../../../../web/src/ui/schema-form/fields.ts';

const field = (key: string, more: Partial<FormField> = {}): FormField => ({
  key,
  label: key,
  description: '',
  type: 'string',
  required: false,
  multiple: false,
  ...more,
});

test('what stands for a kept secret is what the API shows', () => {
  expect(KEPT_SECRET).toBe(MASKED);
});

test('only what differs is saved: null for what is taken away, nothing of secrets that are kept', () => {
  const fields = [field('key', { secret: true }), field('url'), field('region'), field('lists', { multiple: true })];
  const before = { key: KEPT_SECRET, url: 'https://a.example', region: 'eu', lists: ['a'] };
  expect(patchOf(fields, before, before)).toEqual({});
  expect(patchOf(fields, before, { ...before, key: '', url: 'https://b.example', lists: [] })).toEqual({
    key: null,
    url: 'https://b.example',
    lists: null,
  });
  expect(patchOf(fields, before, { ...before, key: 'new' })).toEqual({ key: 'new' });
  expect(patchOf(fields, {}, { key: '', url: undefined })).toEqual({});
});

test.each<[string, unknown, object, boolean]>([
  [
    'is, and it is',
    { conditions: [{ fieldKey: 'region', operator: 'is', value: 'custom' }] },
    { region: 'custom' },
    true,
  ],
  [
    'is, and it is not',
    { conditions: [{ fieldKey: 'region', operator: 'is', value: 'custom' }] },
    { region: 'eu' },
    false,
  ],
  [
    'is one of a list',
    { conditions: [{ fieldKey: 'region', operator: 'is', value: ['us', 'eu'] }] },
    { region: 'eu' },
    true,
  ],
  ['is not', { conditions: [{ fieldKey: 'region', operator: 'is_not', value: 'eu' }] }, { region: 'eu' }, false],
  [
    'any of two',
    {
      match: 'any',
      conditions: [
        { fieldKey: 'a', operator: 'is', value: 1 },
        { fieldKey: 'b', operator: 'is', value: 2 },
      ],
    },
    { a: 0, b: 2 },
    true,
  ],
  ['nothing that can be read', 'region', {}, true],
])('a field is shown by the values of others: %s', (_case, dependsOn, values, shown) => {
  expect(isShown(field('apiUri', { dependsOn: dependsOn as never }), values as Record<string, unknown>)).toBe(shown);
});

test('what is required, shown and empty is missing; defaults are there from the beginning', () => {
  const fields = [
    field('key', { required: true }),
    field('region', { required: true, default: 'eu' }),
    field('uri', {
      required: true,
      dependsOn: { conditions: [{ fieldKey: 'region', operator: 'is', value: 'custom' }] },
    }),
  ];
  expect(missingOf(fields, defaultsOf(fields))).toEqual(['key']);
  expect(missingOf(fields, { key: 'k', region: 'custom' })).toEqual(['uri']);
});

test('the API’s messages stand at their fields, of lists and objects too', () => {
  expect(
    settingErrors({
      'settings.key': 'is required',
      'settings.urls.0': 'must be a text',
      name: 'is taken',
      'settings.urls.1': 'no',
    }),
  ).toEqual({ key: 'Is required', urls: 'Must be a text' });
});

test('of a help text only links to the web are links', () => {
  expect(helpParts('See [the docs](https://a.example/x) or `key`, not [this](javascript:alert(1)).')).toEqual([
    { kind: 'text', text: 'See ' },
    { kind: 'link', text: 'the docs', url: 'https://a.example/x' },
    { kind: 'text', text: ' or ' },
    { kind: 'code', text: 'key' },
    { kind: 'text', text: ', not [this](javascript:alert(1)).' },
  ]);
});
