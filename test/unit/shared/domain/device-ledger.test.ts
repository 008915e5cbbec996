import {
  entriesOf,
  indexOf,
  judgeInOrder,
  newestOf,
  verdictOn,
  type Want,
} from '../../../../shared/domain/device-ledger.ts';
import { ownerOf } from '../../../builders/claims.ts';

const aWant = (owner: number, hash: string, receivedAtMs = 1_000, windowMs = 100): Want => ({
  owner: ownerOf(owner),
  receivedAtMs,
  windowMs,
  hash,
});
const known = () => indexOf([{ owner: ownerOf(1), receivedAtMs: 1_000, hashes: ['a', 'b'] }]);

test.each([
  ['of the same request is its own, however old', aWant(1, 'a', 9_000), 'own'],
  ['of another within the window is taken', aWant(2, 'a', 1_100), 'taken'],
  ['of another is free one ms after the window', aWant(2, 'a', 1_101), 'free'],
  ['of a request that came later is taken: the event at hand is the late one', aWant(2, 'a', 10), 'taken'],
  ['that nobody claimed is free', aWant(2, 'c'), 'free'],
])('a messageId %s', (_case, want, verdict) => {
  expect(verdictOn(known(), want)).toBe(verdict);
});

test('wants are judged as if each were claimed before the next, and the rest is left where enough are fresh', () => {
  const wants = [aWant(2, 'a'), aWant(2, 'c'), aWant(3, 'c'), aWant(2, 'd'), aWant(3, 'e'), aWant(3, 'd')];
  expect(judgeInOrder(known(), wants, 10)).toEqual({
    fresh: [wants[1], wants[3], wants[4]],
    taken: [wants[0], wants[2], wants[5]],
    rest: [],
  });
  expect(judgeInOrder(known(), wants, 2)).toEqual({
    fresh: [wants[1], wants[3]],
    taken: [wants[0], wants[2]],
    rest: [wants[4], wants[5]],
  });
});

test('a request has one entry, and the newest time is that of any of them', () => {
  const entries = entriesOf([aWant(2, 'c', 5), aWant(3, 'e', 9), aWant(2, 'd', 5)]);
  expect(entries).toEqual([
    { owner: ownerOf(2), receivedAtMs: 5, hashes: ['c', 'd'] },
    { owner: ownerOf(3), receivedAtMs: 9, hashes: ['e'] },
  ]);
  expect([newestOf(entries, 3), newestOf(entries, 12)]).toEqual([9, 12]);
});
