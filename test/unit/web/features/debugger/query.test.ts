import * as fc from 'fast-check';
import { parseDebugQuery } from '../../../../../shared/domain/debug-terms.ts';
import {
  apiQuery,
  isNarrowed,
  QUERY_CHARS_MAX,
  termSource,
  termText,
  termsIn,
  typesIn,
  withoutTerm,
} from '../../../../../web/src/features/debugger/query.ts';

const NOTHING = { types: [] };

test('what the address holds becomes what the API takes, and nothing is asked where nothing is narrowed', () => {
  expect(apiQuery(NOTHING)).toEqual({});
  expect(apiQuery({ q: '  ', types: [] })).toEqual({});
  expect(
    apiQuery({ q: ' red ', types: ['track', 'page'], status: 'BLOCKED', destinationId: 'd', reason: 'r' }),
  ).toEqual({ q: 'red', type: ['track', 'page'], status: 'BLOCKED', destinationId: 'd', reason: 'r' });
  expect(apiQuery({ q: 'x'.repeat(500), types: [] }).q).toHaveLength(QUERY_CHARS_MAX);
});

test('a list is narrowed by any of them, and not by spaces', () => {
  expect(isNarrowed({ q: ' ', types: [] })).toBe(false);
  expect(isNarrowed({ q: 'a', types: [] })).toBe(true);
  expect(isNarrowed({ types: ['page'] })).toBe(true);
  expect(isNarrowed({ types: [], status: 'INVALID' })).toBe(true);
});

test('words of an address that are no type are left out', () => {
  expect(typesIn('page,<script>,track,track')).toEqual(['track', 'page']);
  expect(typesIn(undefined)).toEqual([]);
});

test('terms are told as they are understood', () => {
  expect(termsIn('type:track event:"Order Completed" -event:Test -shoes red').map(termText)).toEqual([
    'Type is “track”',
    'Event is “Order Completed”',
    'Event is not “Test”',
    'lacks “shoes”',
    'contains “red”',
  ]);
});

test('a term is taken out, and the others stay what they are', () => {
  const terms = termsIn('type:track event:"Order Completed" -event:Test');
  expect(withoutTerm(terms, 1)).toBe('type:track -event:Test');
  expect(withoutTerm(termsIn('red'), 0)).toBeUndefined();
});

test('every term that is written can be read again, whatever its text without quotes', () => {
  fc.assert(
    fc.property(
      fc.record({
        key: fc.constantFrom('type' as const, 'event' as const, 'user' as const, undefined),
        text: fc.string({ minLength: 1, maxLength: 60, unit: 'binary' }).filter((text) => !text.includes('"')),
        isExcluded: fc.boolean(),
      }),
      (term) => {
        expect(parseDebugQuery(termSource(term))).toEqual([term]);
      },
    ),
  );
});
