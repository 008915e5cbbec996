import type { DetailStore, DetailStores } from '../../shared/ports/detail-store.ts';
import type { RollupStore } from '../../shared/ports/rollup-store.ts';
import { runBooksWorld } from '../builders/books-world.ts';

/** By `BOOKS_SEEDS=5000 npx jest …`, or `BOOKS_SEED=17` for one alone. */
const SEEDS = Number(process.env['BOOKS_SEEDS'] ?? 200);
const seeds =
  process.env['BOOKS_SEED'] === undefined
    ? Array.from({ length: SEEDS }, (_, seed) => seed)
    : [Number(process.env['BOOKS_SEED'])];

// Runs that are killed say so in their logs, thousands of times.
beforeAll(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterAll(() => {
  jest.restoreAllMocks();
});

test('runs that are double, late, overlapping, missed or killed leave the totals of a recount, and every read is exact (R13)', async () => {
  const wrong: string[] = [];
  for (const seed of seeds) wrong.push(...(await runBooksWorld(seed)));
  expect(wrong.slice(0, 5)).toEqual([]);
}, 240_000);

/** Takes no second put. */
const onceOnly = <D>(store: DetailStore<D>): DetailStore<D> => ({
  ...store,
  put: async (hour, detail, over) => over.head !== undefined || (await store.put(hour, detail, over)),
});

test('details of hours that stay as they were put first are found out by the same test', async () => {
  const details = (stores: DetailStores): DetailStores => ({
    source: (id) => onceOnly(stores.source(id)),
    destination: (id) => onceOnly(stores.destination(id)),
  });
  const found: string[] = [];
  for (const seed of seeds) {
    found.push(...(await runBooksWorld(seed, { details })));
    if (found.length > 0) break;
  }
  expect(found[0]).toContain('detail');
}, 240_000);

test.each<[string, (store: RollupStore) => RollupStore]>([
  [
    'marks that are cleared although another row has put them anew',
    (store) => ({
      ...store,
      clearLateHour: async (late) => {
        const { nonce } =
          (await store.lateHours(1_000)).find(
            ({ hour, subject }) => hour === late.hour && JSON.stringify(subject) === JSON.stringify(late.subject),
          ) ?? late;
        await store.clearLateHour({ ...late, nonce });
      },
    }),
  ],
  [
    'a watermark that is ahead of what was rolled up',
    (store) => ({ ...store, getWatermark: async () => '2026-12-31T00' }),
  ],
  ['marks that nobody sees', (store) => ({ ...store, lateHours: async () => [] })],
])(
  '%s are found out by the same test',
  async (_case, rollups) => {
    for (const seed of seeds) {
      if ((await runBooksWorld(seed, { rollups })).length > 0) return;
    }
    throw new Error(`None of ${seeds.length} seeds found it`);
  },
  240_000,
);
