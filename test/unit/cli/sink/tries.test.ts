import { OTHER_PATHS, PATHS_MAX, TRIES_KEPT, tries } from '../../../../cli/sink/tries.ts';

const START_MS = Date.UTC(2026, 0, 5);
const at = (seconds: number): string => new Date(START_MS + seconds * 1_000).toISOString();

const aTry = (
  seconds: number,
  more: { answer?: number | string; asked?: number; ids?: string[]; path?: string } = {},
) => ({
  atMs: START_MS + seconds * 1_000,
  path: more.path ?? '/a',
  answer: more.answer ?? 200,
  isTaken: (more.answer ?? 200) === 200,
  messageIds: more.ids ?? ['m'],
  ...(more.asked !== undefined && { notBeforeMs: START_MS + more.asked * 1_000 }),
});

test('a try before the time that was asked for is early, one at it is not (R5)', () => {
  const books = tries();
  books.add(aTry(0, { answer: 429, asked: 2 }));
  books.add(aTry(1, { answer: 429, asked: 3 }));
  books.add(aTry(3));
  expect(books.of('m')).toEqual([
    { path: '/a', at: at(0), answer: 429, notBefore: at(2) },
    { path: '/a', at: at(1), answer: 429, notBefore: at(3), early: true },
    { path: '/a', at: at(3), answer: 200 },
  ]);
  expect(books.ledger()).toEqual({
    '/a': { requests: 3, events: 3, taken: 1, messageIds: 1, takenMessageIds: 1, asked: 2, early: 1 },
  });
});

test('a wish holds for the path and the event that it was said to', () => {
  const books = tries();
  books.add(aTry(0, { answer: 429, asked: 5 }));
  books.add(aTry(1, { path: '/b' }));
  books.add(aTry(1, { ids: ['n'] }));
  expect(Object.values(books.ledger()).map(({ early }) => early)).toEqual([0, 0]);
});

test('of a list, the event that was tried least decides; what has no messageId was never tried', () => {
  const books = tries();
  books.add(aTry(0, { ids: ['m', 'n'] }));
  books.add(aTry(1, { ids: ['m'] }));
  expect(books.before('/a', ['m'])).toBe(2);
  expect(books.before('/a', ['m', 'n'])).toBe(1);
  expect(books.before('/a', ['m', undefined])).toBe(0);
  expect(books.before('/b', ['m'])).toBe(0);
});

test('what is taken twice is one messageId, and two events', () => {
  const books = tries();
  for (const seconds of [0, 1]) books.add(aTry(seconds));
  expect(books.ledger()['/a']).toMatchObject({ taken: 2, messageIds: 1, takenMessageIds: 1 });
});

test('paths and tries that are remembered are bounded, counts are not', () => {
  const books = tries();
  for (let path = 0; path < PATHS_MAX + 10; path += 1) books.add(aTry(0, { path: `/p${path}` }));
  for (let count = 0; count < 3 * TRIES_KEPT; count += 1) books.add(aTry(count, { path: '/p0' }));
  const ledger = books.ledger();
  expect(Object.keys(ledger)).toHaveLength(PATHS_MAX + 1);
  expect(ledger[OTHER_PATHS]).toMatchObject({ requests: 10, events: 10 });
  expect(ledger['/p0']).toMatchObject({ events: 3 * TRIES_KEPT + 1 });
  expect(books.of('m').filter(({ path }) => path === '/p0')).toHaveLength(TRIES_KEPT);
  books.clear();
  expect(books.ledger()).toEqual({});
});
