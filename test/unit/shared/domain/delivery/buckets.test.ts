import { bucketAt, bucketsOf } from '../../../../../shared/domain/delivery/buckets.ts';

const of = (from: string, to: string, unit: 'minute' | 'hour' | 'day') =>
  bucketsOf(Date.parse(from), Date.parse(to), unit);

test('a range begins with its first minute, goes on at whole steps, and holds the minute in which it ends', () => {
  expect(of('2026-11-26T08:17:30.000Z', '2026-11-26T10:05:10.000Z', 'hour')).toEqual({
    from: '2026-11-26T08:17:00.000Z',
    to: '2026-11-26T10:06:00.000Z',
    starts: ['2026-11-26T08:17:00.000Z', '2026-11-26T09:00:00.000Z', '2026-11-26T10:00:00.000Z'],
  });
  expect(of('2026-11-26T08:00:00.000Z', '2026-11-26T08:03:00.000Z', 'minute').starts).toHaveLength(3);
  expect(of('2026-11-25T22:00:00.000Z', '2026-11-27T00:00:00.000Z', 'day').starts).toEqual([
    '2026-11-25T22:00:00.000Z',
    '2026-11-26T00:00:00.000Z',
  ]);
});

test('a moment lies in the bucket that begins last before it', () => {
  const buckets = of('2026-11-26T08:17:00.000Z', '2026-11-26T10:06:00.000Z', 'hour');
  const found = ['T08:16', 'T08:17', 'T08:59', 'T09:00', 'T10:05'].map((at) =>
    bucketAt(buckets, `2026-11-26${at}:00.000Z`),
  );
  expect(found).toEqual([undefined, 0, 0, 1, 2]);
});
