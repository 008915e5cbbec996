import { matchesFilter, mayHold } from '../../../../shared/domain/debug-query.ts';
import { parseDebugQuery, QUERY_TERMS_MAX } from '../../../../shared/domain/debug-terms.ts';
import { aDebugEntry } from '../../../builders/debug-items.ts';

test('fields, quotes, exclusions and words are told apart (F04)', () => {
  expect(
    parseDebugQuery('type:track event:"Order Completed" user:1 -event:Y status:blocked free "two words" -no'),
  ).toEqual([
    { key: 'type', text: 'track', isExcluded: false },
    { key: 'event', text: 'Order Completed', isExcluded: false },
    { key: 'user', text: '1', isExcluded: false },
    { key: 'event', text: 'Y', isExcluded: true },
    { key: 'status', text: 'blocked', isExcluded: false },
    { key: undefined, text: 'free', isExcluded: false },
    { key: undefined, text: 'two words', isExcluded: false },
    { key: undefined, text: 'no', isExcluded: true },
  ]);
});

test.each([
  ['an unknown key is text', 'colour:red', [{ key: undefined, text: 'colour:red', isExcluded: false }]],
  ['a quote that does not end ends with the text', 'event:"a b', [{ key: 'event', text: 'a b', isExcluded: false }]],
  [
    'a dash alone is text',
    '- -',
    [
      { key: undefined, text: '-', isExcluded: false },
      { key: undefined, text: '-', isExcluded: false },
    ],
  ],
  ['a key without a value is text', 'event:', [{ key: undefined, text: 'event:', isExcluded: false }]],
  ['nothing is nothing', '  ', []],
])('%s', (_case, text, terms) => {
  expect(parseDebugQuery(text)).toEqual(terms);
});

test('a hostile query has a bounded number of terms', () => {
  expect(parseDebugQuery('-"'.repeat(50_000))).toHaveLength(QUERY_TERMS_MAX);
  expect(parseDebugQuery('a '.repeat(50_000))).toHaveLength(QUERY_TERMS_MAX);
});

const filterOf = (text: string) => ({ terms: parseDebugQuery(text) });
const entry = aDebugEntry(7, {
  raw: { type: 'track', event: 'Say "Hi"', userId: 'U1', properties: { note: 'Ärger' } },
  verdict: 'BLOCKED',
  reason: 'event_setting',
  event: { type: 'track', event: 'Say "Hi"', userId: 'U1', messageId: 'made-7' },
});
test.each([
  ['ärger', true],
  ['made-7', true],
  ['say', true],
  ['event:"say "', false],
  ['user:u1 status:BLOCKED', true],
  ['-user:u1', false],
  ['reason:event_setting', true],
  ['-nothing', true],
  ['ärger -hi', false],
])('"%s" finds: %s', (text, isFound) => {
  expect(matchesFilter(entry, filterOf(text))).toBe(isFound);
  // The cheap look never loses what the exact one finds.
  if (isFound) expect(mayHold(JSON.stringify([entry]), filterOf(text))).toBe(true);
});

test('a quote in a word is looked for as it stands in JSON', () => {
  const quoted = { terms: [{ key: undefined, text: '"hi"', isExcluded: false }] };
  expect(matchesFilter(entry, quoted)).toBe(true);
  expect(mayHold(JSON.stringify([entry]), quoted)).toBe(true);
});

test('a reason of a destination is found with and without naming the destination', () => {
  const filtered = aDebugEntry(1, {
    destinations: [
      { id: 'dst_x', reason: 'FILTERED_BY_RULES' },
      { id: 'dst_y', mappings: ['map_1'] },
    ],
  });
  const found = (more: object) => matchesFilter(filtered, { terms: [], reason: 'FILTERED_BY_RULES', ...more });
  expect([found({}), found({ destinationId: 'dst_x' }), found({ destinationId: 'dst_y' })]).toEqual([
    true,
    true,
    false,
  ]);
  expect(matchesFilter(entry, { terms: [], reason: 'event_setting' })).toBe(true);
  expect(matchesFilter(entry, { terms: [], reason: 'event_setting', destinationId: 'dst_x' })).toBe(false);
});
