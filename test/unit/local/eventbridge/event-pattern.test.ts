import { parseEventPattern } from '../../../../local/eventbridge/event-pattern.ts';

const EVENT = {
  source: 'tributary',
  'detail-type': 'ConfigurationChanged',
  resources: ['arn:aws:a', 'arn:aws:b'],
  detail: {
    v: 1,
    kind: 'source',
    tags: ['new', 'blue'],
    note: null,
    live: true,
    owner: { name: 'Ann' },
    list: [
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ],
  },
};

test.each<[string, unknown, boolean]>([
  ['a value', { source: ['tributary'] }, true],
  ['one of several values', { source: ['other', 'tributary'] }, true],
  ['none of the values', { source: ['other'] }, false],
  ['a value in another case', { source: ['Tributary'] }, false],
  ['all fields', { source: ['tributary'], detail: { v: [1] } }, true],
  ['all fields but one', { source: ['tributary'], detail: { v: [2] } }, false],
  ['null', { detail: { note: [null] } }, true],
  ['null where the field is absent', { detail: { gone: [null] } }, false],
  ['true', { detail: { live: [true] } }, true],
  ['a number written as text', { detail: { v: ['1'] } }, false],
  ['any of an event’s values', { resources: ['arn:aws:b'] }, true],
  ['a field of an inner object', { detail: { owner: { name: ['Ann'] } } }, true],
  ['fields of one object in a list', { detail: { list: { a: [3], b: [4] } } }, true],
  ['fields of two objects in a list', { detail: { list: { a: [1], b: [4] } } }, false],
  ['an object where a value is asked', { detail: { owner: ['Ann'] } }, false],
  ['a value where an object is asked', { detail: { kind: { name: ['Ann'] } } }, false],
  ['a prefix', { detail: { kind: [{ prefix: 'sou' }] } }, true],
  ['a prefix that is none', { detail: { kind: [{ prefix: 'our' }] } }, false],
  ['a prefix of a number', { detail: { v: [{ prefix: '1' }] } }, false],
  ['a suffix', { detail: { kind: [{ suffix: 'rce' }] } }, true],
  ['text in any case', { detail: { kind: [{ 'equals-ignore-case': 'SOURCE' }] } }, true],
  ['what exists', { detail: { note: [{ exists: true }] } }, true],
  ['what does not exist, asked to exist', { detail: { gone: [{ exists: true }] } }, false],
  ['what does not exist', { detail: { gone: [{ exists: false }] } }, true],
  ['what does not exist in an object that does not', { detail: { gone: { deep: [{ exists: false }] } } }, true],
  ['anything but another value', { detail: { kind: [{ 'anything-but': 'destination' }] } }, true],
  ['anything but the value', { detail: { kind: [{ 'anything-but': 'source' }] } }, false],
  ['anything but several', { detail: { kind: [{ 'anything-but': ['source', 'x'] }] } }, false],
  ['anything but a number', { detail: { v: [{ 'anything-but': [2, 3] }] } }, true],
  ['anything but one of an event’s two values', { detail: { tags: [{ 'anything-but': 'new' }] } }, true],
  ['anything but all of an event’s values', { detail: { tags: [{ 'anything-but': ['new', 'blue'] }] } }, false],
  ['anything but a prefix', { detail: { kind: [{ 'anything-but': { prefix: 'des' } }] } }, true],
  ['anything but its prefix', { detail: { kind: [{ 'anything-but': { prefix: 'sou' } }] } }, false],
  ['anything but something, where nothing is', { detail: { gone: [{ 'anything-but': 'x' }] } }, false],
  ['a number', { detail: { v: [{ numeric: ['=', 1] }] } }, true],
  ['a number in a range', { detail: { v: [{ numeric: ['>', 0, '<=', 1] }] } }, true],
  ['a number at the open end of a range', { detail: { v: [{ numeric: ['>', 1, '<=', 5] }] } }, false],
  ['a number where text is', { detail: { kind: [{ numeric: ['>', 0] }] } }, false],
  ['a value or an operator', { detail: { kind: ['x', { prefix: 'so' }] } }, true],
])('%s', (_case, pattern, fits) => {
  expect(parseEventPattern(pattern)(EVENT)).toBe(fits);
});

test.each<[string, unknown, string]>([
  ['no pattern', undefined, 'it is no object'],
  ['an empty pattern', {}, 'it is empty'],
  ['an empty list', { source: [] }, 'at source is wrong: the list of alternatives is empty'],
  ['a value without a list', { source: 'x' }, 'alternatives stand in a list'],
  [
    'an unknown operator',
    { detail: { a: [{ wildcard: '*' }] } },
    'at detail.a is wrong: the local cloud does not know the operator wildcard',
  ],
  ['another unknown operator', { detail: { a: [{ cidr: '10.0.0.0/8' }] } }, 'does not know the operator cidr'],
  [
    'an operator within another',
    { detail: { a: [{ 'anything-but': { wildcard: '*' } }] } },
    'does not know the operator wildcard',
  ],
  ['$or', { $or: [{ source: ['x'] }] }, 'at $or is wrong: the local cloud does not know it'],
  ['two operators in one', { a: [{ prefix: 'x', suffix: 'y' }] }, 'an operator stands alone in its object'],
  ['a list in a list', { a: [['x']] }, 'an alternative is a value or an operator'],
  ['a prefix that is no text', { a: [{ prefix: 1 }] }, 'prefix takes text'],
  ['anything but a mixture', { a: [{ 'anything-but': ['x', 1] }] }, 'anything-but takes texts, numbers or an operator'],
  ['a comparison by what is none', { a: [{ numeric: ['~', 1] }] }, 'numeric does not compare by ~'],
  ['a comparison that is too large', { a: [{ numeric: ['>', 6e9] }] }, 'numeric takes numbers to 5e9'],
  ['a range with both ends alike', { a: [{ numeric: ['>', 1, '>', 5] }] }, 'a range begins with > or >='],
  ['exists with a word', { a: [{ exists: 'yes' }] }, 'exists is true or false'],
  ['more than 2,048 characters', { a: ['x'.repeat(2_050)] }, 'over 2048 characters'],
])('%s is an error that says where', (_case, pattern, message) => {
  expect(() => parseEventPattern(pattern)).toThrow(message);
});
