import type { DebugFilter } from '../../../../shared/domain/debug-query.ts';
import { SourceId } from '../../../../shared/domain/ids.ts';
import {
  entriesOfIntake,
  type LivePosition,
  readLive,
  searchKept,
  type SearchPosition,
} from '../../../../shared/pipeline/search-debug.ts';
import { aDebugEntry, fakeDebugReader } from '../../../builders/debug-items.ts';
import { intakeIdOf } from '../../../builders/ledger-rows.ts';

const NOW = new Date('2026-11-27T10:20:00.000Z');
const sourceId = SourceId.parse('src_1');
const ALL: DebugFilter = { terms: [] };
const at = (second: number, ms = 0) =>
  new Date(Date.parse('2026-11-27T10:15:00.000Z') + second * 1_000 + ms).toISOString();

test('a live read tells each event once, also those that become readable late, over an hour’s end', async () => {
  const { reader, write } = fakeDebugReader();
  let after: LivePosition = { at: '2026-11-27T10:59:58.000Z', told: [] };
  const told: number[] = [];
  const poll = async (now: string) => {
    const read = await readLive(reader, { sourceId, now: new Date(now), after, filter: ALL });
    after = read.position;
    told.push(...read.entries.map(({ index }) => index));
  };
  write('2026-11-27T10:59:59.000Z', [aDebugEntry(1, { index: 1 })]);
  await poll('2026-11-27T10:59:59.500Z');
  write('2026-11-27T11:00:00.500Z', [aDebugEntry(2, { index: 2 })]);
  // Another writer's clock is behind.
  write('2026-11-27T10:59:58.500Z', [aDebugEntry(3, { index: 3 })]);
  await poll('2026-11-27T11:00:01.000Z');
  await poll('2026-11-27T11:00:02.000Z');
  expect(told).toHaveLength(3);
  expect(new Set(told)).toEqual(new Set([1, 2, 3]));
});

test('what is too much for one live answer comes with the next', async () => {
  const { reader, write } = fakeDebugReader(50);
  for (let number = 0; number < 30; number += 1) {
    write(
      at(number),
      Array.from({ length: 40 }, (_, index) => aDebugEntry(number, { index })),
    );
  }
  let after: LivePosition = { at: at(-10), told: [] };
  const sizes: number[] = [];
  for (let read = 0; read < 4; read += 1) {
    const { entries, position } = await readLive(reader, { sourceId, now: NOW, after, filter: ALL });
    sizes.push(entries.length);
    after = position;
  }
  expect(sizes).toEqual([480, 480, 240, 0]);
});

test('a search goes on where it ended, and finds each event once, newest first', async () => {
  const { reader, write } = fakeDebugReader();
  for (let number = 0; number < 20; number += 1) {
    const receivedAt = at(number * 600 - 11_000);
    write(
      receivedAt,
      [0, 1, 2].map((index) => aDebugEntry(number, { index, receivedAt })),
    );
  }
  const seen: string[] = [];
  let before: SearchPosition | undefined;
  for (let page = 0; page < 40; page += 1) {
    const found = await searchKept(reader, { sourceId, now: NOW, filter: ALL, before, limit: 4 });
    seen.push(...found.entries.map(({ receivedAt, index }) => `${receivedAt} ${index}`));
    before = found.next;
    if (before === undefined) break;
  }
  expect(seen).toHaveLength(60);
  expect(new Set(seen).size).toBe(60);
  expect(seen).toEqual(seen.toSorted().toReversed());
});

test('an answer says from when it is, how much is kept, and of how many', async () => {
  const { reader, write } = fakeDebugReader();
  write(at(0), [aDebugEntry(1)], { seen: 10 });
  write(at(1), [aDebugEntry(2), aDebugEntry(3)], { seen: 10 });
  const { coverage, next } = await searchKept(reader, { sourceId, now: NOW, filter: { terms: [], messageId: 'm2' } });
  expect([coverage, next]).toEqual([
    { from: '2026-11-26T10:20:00.000Z', to: NOW.toISOString(), kept: 3, received: 20, isWhole: true },
    undefined,
  ]);
});

test('a search reads so many bytes at most, and says where it stopped', async () => {
  const { reader, write } = fakeDebugReader(50);
  for (let number = 0; number < 40; number += 1) write(at(number), [aDebugEntry(number)], { bytes: 100_000 });
  const { coverage, next } = await searchKept(reader, { sourceId, now: NOW, filter: { terms: [], messageId: 'none' } });
  expect(coverage).toMatchObject({ kept: 30, isWhole: false, from: at(10) });
  const rest = await searchKept(reader, { sourceId, now: NOW, filter: { terms: [], messageId: 'm3' }, before: next });
  expect(rest.entries).toHaveLength(1);
});

test('what is older than a day is not looked at', async () => {
  const { reader, write } = fakeDebugReader();
  write('2026-11-26T10:10:00.000Z', [aDebugEntry(1)]);
  const { entries } = await searchKept(reader, { sourceId, now: NOW, filter: ALL });
  expect(entries).toEqual([]);
});

test('the entries of one request are found near its time alone', async () => {
  const { reader, write, reads } = fakeDebugReader();
  for (let number = 0; number < 9; number += 1)
    write(at(number), [aDebugEntry(number), aDebugEntry(number, { index: 1 })]);
  const found = await entriesOfIntake(reader, sourceId, { intakeId: intakeIdOf(4), receivedAt: at(4) });
  expect(found.entries.map(({ intakeId, index }) => [intakeId, index])).toEqual([
    [intakeIdOf(4), 0],
    [intakeIdOf(4), 1],
  ]);
  expect(reads()).toBeLessThan(5);
});

test('items that unpack to far more than they weigh are counted by their text, so that nobody can fill a reader’s memory (T9)', async () => {
  const { reader, write } = fakeDebugReader(900);
  let unpacked = 0;
  for (let number = 0; number < 400; number += 1) {
    // 19 events padded with one letter: 1,100 bytes of 575,000 characters.
    const entries = [aDebugEntry(number)];
    const text = () => {
      unpacked += 575_000;
      return JSON.stringify(entries);
    };
    write(at(number / 10), entries, { bytes: 1_100, chars: 575_000, text, entries: () => JSON.parse(text()) as never });
  }
  const filter = { terms: [], messageId: 'none' };
  const search = await searchKept(reader, { sourceId, now: NOW, filter });
  expect([search.coverage.isWhole, search.coverage.kept]).toEqual([false, 52]);
  const live = await readLive(reader, { sourceId, now: NOW, after: { at: at(-10), told: [] }, filter });
  expect([live.coverage.isWhole, live.coverage.kept]).toEqual([false, 52]);
  const { isWhole } = await entriesOfIntake(reader, sourceId, { intakeId: intakeIdOf(999), receivedAt: at(0) });
  expect([isWhole, unpacked]).toEqual([false, (52 + 52 + 34) * 575_000]);
});

test('an answer is bounded by what its events are, not by what events of their items are on average', async () => {
  const { reader, write } = fakeDebugReader(900);
  const pad = 'a'.repeat(30_000);
  for (let number = 0; number < 300; number += 1) {
    const small = Array.from({ length: 99 }, (_, index) => aDebugEntry(number, { index, verdict: 'BLOCKED' }));
    write(at(number), [aDebugEntry(number, { raw: { pad }, index: 99 }), ...small]);
  }
  const found = await searchKept(reader, { sourceId, now: NOW, filter: { terms: [], verdict: 'ALLOWED' } });
  expect(JSON.stringify(found.entries).length).toBeLessThan(3_600_000);
  expect(found.entries.length).toBeGreaterThan(90);
});
