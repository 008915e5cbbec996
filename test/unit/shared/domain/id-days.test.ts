import {
  countByDay,
  differenceByDay,
  type IdDays,
  idDaysOf,
  isExact,
  mergeIdDays,
  noIdDays,
} from '../../../../shared/domain/id-days.ts';
import { idHash } from '../../../../shared/aws/id-hash.ts';

const hash = idHash('ws_1');
const idsFrom = (from: number, to: number): bigint[] =>
  Array.from({ length: to - from }, (_, index) => hash(`id ${from + index}`));
const shown = ({ ids, days, below }: IdDays) => ({ ids: [...ids], days: [...days], below });

test('ids count once, on the first day on which they were seen, whatever the order', () => {
  const first = idDaysOf([3n, 1n, 3n], 2);
  const second = idDaysOf([1n, 2n], 1);
  const expected = { ids: [1n, 2n, 3n], days: [1, 1, 2], below: undefined };
  expect(shown(mergeIdDays(first, second))).toEqual(expected);
  expect(shown(mergeIdDays(second, first))).toEqual(expected);
  expect(countByDay(mergeIdDays(first, second), 3)).toEqual([2, 3, 3]);
});

test('what is merged twice, and what is merged with nothing, stays as it is', () => {
  const set = mergeIdDays(idDaysOf(idsFrom(0, 500), 1), idDaysOf(idsFrom(400, 900), 5), 300);
  expect(shown(mergeIdDays(set, set, 300))).toEqual(shown(set));
  expect(shown(mergeIdDays(noIdDays(), set, 300))).toEqual(shown(set));
  expect(isExact(set)).toBe(false);
});

test('beyond the bound the same sample is kept in whatever order and grouping parts come', () => {
  const parts = Array.from({ length: 20 }, (_, part) => idDaysOf(idsFrom(part * 70, part * 70 + 150), (part % 7) + 1));
  const inOrder = parts.reduce((sum, part) => mergeIdDays(sum, part, 256), noIdDays());
  const reversed = parts.toReversed().reduce((sum, part) => mergeIdDays(sum, part, 256), noIdDays());
  const halves = [parts.slice(0, 9), parts.slice(9)].map((half) =>
    half.reduce((sum, part) => mergeIdDays(part, sum, 256), noIdDays()),
  );
  const grouped = halves.reduce((sum, half) => mergeIdDays(half, sum, 256), noIdDays());
  expect(shown(reversed)).toEqual(shown(inOrder));
  expect(shown(grouped)).toEqual(shown(inOrder));
  expect(inOrder.ids).toHaveLength(256);
});

test('exactly at the bound nothing is estimated, one beyond it is', () => {
  expect(isExact(mergeIdDays(idDaysOf(idsFrom(0, 99), 1), idDaysOf(idsFrom(99, 100), 1), 100))).toBe(true);
  const beyond = mergeIdDays(idDaysOf(idsFrom(0, 100), 1), idDaysOf(idsFrom(100, 101), 1), 100);
  expect(isExact(beyond)).toBe(false);
  expect(Math.abs((countByDay(beyond, 1)[0] ?? 0) - 101)).toBeLessThan(30);
});

test('estimates lie within three standard errors, of differences too', () => {
  const keep = 4_096;
  const all = mergeIdDays(noIdDays(), idDaysOf(idsFrom(0, 100_000), 1), keep);
  const tied = mergeIdDays(noIdDays(), idDaysOf(idsFrom(30_000, 110_000), 2), keep);
  const error = 3 / Math.sqrt(keep);
  expect(Math.abs((countByDay(all, 1)[0] ?? 0) / 100_000 - 1)).toBeLessThan(error);
  const [before = 0, after = 0] = differenceByDay(all, tied, 2);
  expect(Math.abs(before / 100_000 - 1)).toBeLessThan(error);
  // Of so many ids a share of keep/100,000 is looked at.
  expect(Math.abs(after / 30_000 - 1)).toBeLessThan(3 / Math.sqrt(keep * 0.3));
});

test('an id leaves the difference on the day on which the other set has it', () => {
  const a = mergeIdDays(idDaysOf([1n, 2n], 1), idDaysOf([3n], 3));
  const b = mergeIdDays(idDaysOf([2n], 2), idDaysOf([3n, 9n], 1));
  expect(differenceByDay(a, b, 4)).toEqual([2, 1, 1, 1]);
});
