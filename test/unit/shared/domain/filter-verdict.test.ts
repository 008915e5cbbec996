import { applyFilters } from '../../../../shared/domain/filter-verdict.ts';
import type { JsonObject } from '../../../../shared/domain/json.ts';
import { anEvent } from '../../../builders/an-event.ts';
import { aFilter } from '../../../builders/workspace-things.ts';

const event = anEvent({ properties: { email: 'a@b.c', total: 12, products: [{ sku: 'a', price: 1 }] } });
const NOT_SENT = { verdict: 'filtered', reason: 'FILTERED_BY_RULES' };
const anAction = (type: string, over: JsonObject = {}, condition = 'all', id = 'flt_1') =>
  aFilter({ id, if: condition, actions: [{ type, ...over }] });

test.each([
  ['a drop whose condition holds', [anAction('DROP', {}, 'type = "track"')], NOT_SENT],
  ['a drop whose condition does not hold', [anAction('DROP', {}, 'type = "page"')], { verdict: 'passes', event }],
  ['a filter that is switched off', [aFilter({ if: 'all', enabled: false })], { verdict: 'passes', event }],
  ['no filters', [], { verdict: 'passes', event }],
  [
    'only send: a drop of the complement',
    [anAction('DROP', {}, '!(event = "Order Completed")')],
    { verdict: 'passes', event },
  ],
  [
    'two "only send" that intersect in nothing (C04)',
    [anAction('DROP', {}, '!(type = "track")'), anAction('DROP', {}, '!(type = "page")', 'flt_2')],
    NOT_SENT,
  ],
  [
    'a condition that cannot be read (C05)',
    [anAction('DROP', {}, 'type = ')],
    { verdict: 'filtered', reason: 'INVALID_FILTER' },
  ],
  [
    'a condition that cannot be read, of a filter that only takes fields (C05)',
    [anAction('DROP_PROPERTIES', { fields: { properties: ['email'] } }, '(((')],
    { verdict: 'filtered', reason: 'INVALID_FILTER' },
  ],
  ['a sample of none', [anAction('SAMPLE', { percent: 0 })], { verdict: 'filtered', reason: 'FILTERED_BY_SAMPLING' }],
  ['a sample of all', [anAction('SAMPLE', { percent: 1 })], { verdict: 'passes', event }],
  [
    'a sample of events that this is not one of',
    [anAction('SAMPLE', { percent: 0 }, 'type = "page"')],
    { verdict: 'passes', event },
  ],
])('C03: %s', (_case, filters, expected) => {
  expect(applyFilters(event, filters)).toEqual(expected);
});

test('C01: samples come before drops, drops before fields, dropped fields before allowed ones, however they are listed', () => {
  const sample = anAction('SAMPLE', { percent: 0 }, 'all', 'flt_4');
  const drop = anAction('DROP', {}, 'all', 'flt_3');
  const dropEmail = anAction('DROP_PROPERTIES', { fields: { properties: ['email'] } }, 'all', 'flt_2');
  const allow = anAction('ALLOW_PROPERTIES', { fields: { properties: ['email', 'total'] } }, 'all', 'flt_1');
  expect(applyFilters(event, [allow, dropEmail, drop, sample])).toMatchObject({ reason: 'FILTERED_BY_SAMPLING' });
  expect(applyFilters(event, [allow, dropEmail, drop])).toMatchObject({ reason: 'FILTERED_BY_RULES' });
  expect(applyFilters(event, [allow, dropEmail])).toEqual({
    verdict: 'passes',
    event: { ...event, properties: { total: 12 } },
  });
});

test('conditions look at the event as it came: what one filter takes away does not blind another', () => {
  const dropEmail = anAction('DROP_PROPERTIES', { fields: { properties: ['email'] } });
  const dropTotal = anAction(
    'DROP_PROPERTIES',
    { fields: { properties: ['total'] } },
    'properties.email != null',
    'flt_2',
  );
  expect(applyFilters(event, [dropEmail, dropTotal])).toEqual(applyFilters(event, [dropTotal, dropEmail]));
});

test('one filter may have several actions', () => {
  const filter = aFilter({
    if: 'all',
    actions: [
      { type: 'ALLOW_PROPERTIES', fields: { properties: ['products'] } },
      { type: 'DROP_PROPERTIES', fields: { 'properties.products': ['price'] } },
    ],
  });
  expect(applyFilters(event, [filter])).toMatchObject({ event: { properties: { products: [{ sku: 'a' }] } } });
});

test('a sample by a path lets in or out all events of a value; without one each event draws for itself', () => {
  const byUser = anAction('SAMPLE', { percent: 0.5, path: 'userId' });
  const passed = (userId: string, messageId: string, filter = byUser) =>
    applyFilters(anEvent({ userId, messageId }), [filter]).verdict === 'passes';
  const users = Array.from({ length: 400 }, (_, number) => `user-${number}`);
  const inSample = users.filter((user) => passed(user, 'a'));
  expect(inSample.length).toBeGreaterThan(150);
  expect(inSample.length).toBeLessThan(250);
  expect(users.filter((user) => passed(user, 'another message'))).toEqual(inSample);
  const each = anAction('SAMPLE', { percent: 0.5 });
  const messages = Array.from({ length: 400 }, (_, number) => `message-${number}`);
  const chosen = messages.filter((id) => passed('u1', id, each));
  expect(chosen.length).toBeGreaterThan(150);
  expect(chosen.length).toBeLessThan(250);
});

test('a sample by a path that an event lacks draws by its messageId', () => {
  const byUser = anAction('SAMPLE', { percent: 0.5, path: 'properties.missing' });
  const verdicts = Array.from({ length: 50 }, (_, number) =>
    applyFilters(anEvent({ messageId: `m${number}` }), [byUser]),
  );
  expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['passes', 'filtered']));
});
