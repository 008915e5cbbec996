import fc from 'fast-check';
import { batchSizeOf, groupIntoBatches } from '../../../../shared/destinations/batches.ts';
import type { JsonObject } from '../../../../shared/domain/json.ts';

test('each event is in exactly one batch, alike in its keys with its neighbours, in order, and no batch is too large', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ url: fc.constantFrom('a', 'b', '["a"]'), method: fc.constantFrom('x', 'y') }), {
        maxLength: 60,
      }),
      fc.integer({ min: 1, max: 10 }),
      (events, sizeMax) => {
        const keys: JsonObject = { url: 1, method: 1 };
        const batches = groupIntoBatches(events, keys, sizeMax, (_fields, event) => event);
        expect(batches.flat().toSorted((a, b) => a - b)).toEqual(events.map((_, index) => index));
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(sizeMax);
          expect(batch).toEqual(batch.toSorted((a, b) => a - b));
          expect(new Set(batch.map((index) => JSON.stringify(events[index]))).size).toBe(1);
        }
      },
    ),
  );
});

test('without keys nothing is resolved, and all go together', () => {
  const resolve = (): never => {
    throw new Error('not asked');
  };
  expect(groupIntoBatches([{}, {}, {}], {}, 2, resolve)).toEqual([[0, 1], [2]]);
});

test.each([
  [0, 200],
  [undefined, 200],
  ['many', 200],
  [-1, 200],
  [1, 1],
  [2.9, 2],
  [5_000, 200],
])('a batch size of %j means at most %i', (value, size) => {
  expect(batchSizeOf(value)).toBe(size);
});
