import { cachedShelf } from '../../../../functions/api/cached-shelf.ts';
import { bookShelf } from '../../../../shared/books/book.ts';
import { aPlanRow } from '../../../builders/ledger-rows.ts';
import { fakeRollupStore } from '../../../builders/rollup-store.ts';

const { sourceId } = aPlanRow();

function setUp() {
  let nowMs = Date.parse('2026-11-24T10:30:00.000Z');
  const reads: string[] = [];
  let isAway = false;
  const ledger = {
    plansOfHour: async (_: string, hour: string) => {
      reads.push(hour);
      if (isAway) throw new Error('away');
      return [];
    },
    donesOfHour: async () => [],
    unreadableOfHour: async () => [],
  };
  const shelf = cachedShelf(
    bookShelf({ ledger, rollups: fakeRollupStore(async () => void reads.push('roll-up')) }),
    () => new Date(nowMs),
  );
  return {
    book: shelf.source(sourceId),
    reads,
    pass: (ms: number) => (nowMs += ms),
    fail: (away: boolean) => (isAway = away),
  };
}

test('past hours and roll-ups are read once a minute, the present hour each time', async () => {
  const { book, reads, pass } = setUp();
  const readAll = () =>
    Promise.all([
      book.ofRows('2026-11-24T09'),
      book.ofRows('2026-11-24T10'),
      book.store.hours('2026-11-24T00', '2026-11-24T08'),
      book.store.days('2026-11-20', '2026-11-23'),
      book.store.lastDayBefore('2026-11-20'),
    ]);
  await readAll();
  expect(reads).toHaveLength(5);
  pass(59_999);
  await readAll();
  expect(reads.slice(5)).toEqual(['2026-11-24T10']);
  pass(1);
  await readAll();
  expect(reads).toHaveLength(11);
});

test('a read that failed is not remembered', async () => {
  const { book, fail } = setUp();
  fail(true);
  await expect(book.ofRows('2026-11-24T09')).rejects.toThrow('away');
  fail(false);
  await expect(book.ofRows('2026-11-24T09')).resolves.toMatchObject({ received: 0 });
});
