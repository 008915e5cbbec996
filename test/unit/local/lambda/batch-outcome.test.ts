import * as fc from 'fast-check';
import { succeededOf } from '../../../../local/lambda/batch-outcome.ts';

const IDS = ['a', 'b', 'c'];
const succeeded = (payload: unknown, reports = true) => [...succeededOf(IDS, { ok: true, payload }, reports)];
const failing = (...items: unknown[]) => ({ batchItemFailures: items });

// AWS, "Reporting batch item failures" for SQS: success and failure conditions (trap Q1).
test.each([
  ['a null answer', null],
  ['no answer', undefined],
  ['an empty answer', {}],
  ['an answer without the list', { other: 1 }],
  ['a null list', { batchItemFailures: null }],
  ['an empty list', failing()],
])('%s means that all succeeded', (_case, payload) => {
  expect(succeeded(payload)).toEqual(IDS);
});

test.each([
  ['an empty identifier', failing({ itemIdentifier: '' })],
  ['a null identifier', failing({ itemIdentifier: null })],
  ['a number for an identifier', failing({ itemIdentifier: 1 })],
  ['a wrong key name', failing({ itemIdentifer: 'a' })],
  ['an identifier that is not of the batch', failing({ itemIdentifier: 'z' })],
  ['one good and one bad identifier', failing({ itemIdentifier: 'a' }, { itemIdentifier: '' })],
  ['an item that is no object', failing('a')],
  ['a list that is none', { batchItemFailures: 'a' }],
  ['an answer that is a text', 'fine'],
  ['an answer that is a list', []],
])('%s means that all failed', (_case, payload) => {
  expect(succeeded(payload)).toEqual([]);
});

test('a function that failed fails all, reporting or not', () => {
  const result = { ok: false, errorType: 'Error', errorMessage: 'no' } as const;
  expect([...succeededOf(IDS, result, true), ...succeededOf(IDS, result, false)]).toEqual([]);
});

test('without ReportBatchItemFailures what the answer says does not matter', () => {
  expect(succeeded(failing({ itemIdentifier: 'a' }), false)).toEqual(IDS);
});

test('otherwise exactly those that were not named succeeded', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 10 }),
      fc.infiniteStream(fc.boolean()),
      (ids, coins) => {
        const failed = ids.filter(() => coins.next().value);
        const payload = { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
        const left = succeededOf(ids, { ok: true, payload }, true);
        expect([...left]).toEqual(ids.filter((id) => !failed.includes(id)));
      },
    ),
  );
});
