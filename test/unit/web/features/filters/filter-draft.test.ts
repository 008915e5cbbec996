import {
  draftFault,
  draftOf,
  fieldsOfPaths,
  type FilterAction,
  filterWords,
  inOrder,
  NEW_FILTER,
  rulesOf,
  type SavedFilter,
} from '../../../../../web/src/features/filters/filter-draft.ts';
import { judgeAll } from '../../../../../web/src/features/filters/verdicts.ts';

const aSaved = (text: string, ...actions: FilterAction[]): SavedFilter => ({
  id: 'flt_1',
  sourceId: 'src_1',
  destinationId: 'dst_1',
  title: 'One',
  if: text,
  actions,
  enabled: true,
  createdAt: '',
  updatedAt: '',
});

test.each([
  ['Do not send events where event is “A”', aSaved("event = 'A'", { type: 'DROP' })],
  ['Only send events where event is “A”', aSaved("!( event = 'A' )", { type: 'DROP' })],
  ['Send 12.5% of every event, by userId', aSaved('all', { type: 'SAMPLE', percent: 0.125, path: 'userId' })],
  [
    'Remove userId, properties.email from page calls',
    aSaved("type = 'page'", { type: 'DROP_PROPERTIES', fields: { '': ['userId'], properties: ['email'] } }),
  ],
  [
    'Keep only properties.products.sku in every event',
    aSaved('all', { type: 'ALLOW_PROPERTIES', fields: { 'properties.products': ['sku'] } }),
  ],
])('“%s” is what it says, and comes back from the builder as it was', (words, saved) => {
  expect(filterWords(saved)).toBe(words);
  const draft = draftOf(saved);
  expect(draft && rulesOf(draft)).toEqual({ if: saved.if, actions: saved.actions });
});

test('what does several things at once is not the builder’s', () => {
  expect(draftOf(aSaved('all', { type: 'DROP' }, { type: 'SAMPLE', percent: 1 }))).toBeUndefined();
});

test('fields stand under the object that holds them', () => {
  expect(fieldsOfPaths(['userId', 'properties.a', String.raw`properties.b\.c`])).toEqual({
    '': ['userId'],
    properties: ['a', 'b.c'],
  });
});

test.each([
  ['no field', { ...NEW_FILTER, kind: 'drop-fields' as const }, 'Name at least one field'],
  ['a share beyond all', { ...NEW_FILTER, kind: 'sample' as const, percent: 2 }, 'Enter a share from 0 to 100 %'],
  ['a condition that cannot be read', { ...NEW_FILTER, condition: 'event = ' }, 'Finish the conditions'],
  ['nothing wrong', NEW_FILTER, undefined],
])('of a draft with %s is told: %s', (_case, draft, fault) => {
  expect(draftFault(draft)).toBe(fault);
});

test('filters stand in the order in which they are applied (C01)', () => {
  const types = ['ALLOW_PROPERTIES', 'DROP', 'DROP_PROPERTIES', 'SAMPLE'] as const;
  const listed = inOrder(types.map((type) => aSaved('all', { type, fields: {}, percent: 1 })));
  expect(listed.map(({ actions: [action] }) => action?.type)).toEqual([
    'SAMPLE',
    'DROP',
    'DROP_PROPERTIES',
    'ALLOW_PROPERTIES',
  ]);
});

test('an event is sent, sent in part, or not sent (C15)', () => {
  const event = { type: 'track', event: 'A', messageId: 'm1', properties: { email: 'a@b.test' } };
  const verdictOf = (rules: { if: string; actions: FilterAction[] }) =>
    judgeAll([{ messageId: 'm1', name: 'A', receivedAt: '', isMasked: false, event }], rules, 'new')[0];
  expect(verdictOf({ if: "event = 'B'", actions: [{ type: 'DROP' }] })?.verdict).toBe('sent');
  expect(verdictOf({ if: "event = 'A'", actions: [{ type: 'DROP' }] })?.verdict).toBe('not-sent');
  expect(verdictOf({ if: 'lowercase(properties) = 1', actions: [{ type: 'DROP' }] })?.verdict).toBe('unreadable');
  const partly = verdictOf({ if: 'all', actions: [{ type: 'DROP_PROPERTIES', fields: { properties: ['email'] } }] });
  expect(partly).toMatchObject({ verdict: 'partly', after: { properties: {} } });
});
