import {
  addTried,
  failuresOf,
  hoursToLookInto,
  type Tried,
  type Tries,
} from '../../../../../shared/domain/health/failures.ts';

const NOW = '2026-11-26T10:30:20.000Z';

/** Tries by minute (`26T09:15`), as minutes and as the hours that they make. */
function triesAt(...entries: (readonly [string, number, Record<string, number>?])[]): Tries {
  const hours = new Map<string, Tried>();
  const minutes = new Map<string, Tried>();
  for (const [at, well, failed = {}] of entries) {
    const minute = `2026-11-${at}`;
    for (const [map, span] of [
      [minutes, minute],
      [hours, minute.slice(0, 13)],
    ] as const) {
      map.set(span, addTried(map.get(span) ?? { well: 0, failed: {} }, { well, failed }));
    }
  }
  return { hours, minutes };
}
const kindsOf = (tries: Tries): Record<string, string[]> =>
  Object.fromEntries(failuresOf(tries, NOW).map(({ code, kinds }) => [code, kinds]));

test('consistent: every try of the rolling 24 hours failed, and there was one (H01)', () => {
  expect(kindsOf(triesAt(['26T09:00', 0, { '500': 1 }]))).toEqual({ '500': ['CONSISTENT'] });
  expect(kindsOf(triesAt(['26T09:00', 1, { '500': 3 }]))).toEqual({ '500': ['DEGRADED'] });
  expect(kindsOf(triesAt())).toEqual({});
  // 24 hours ago to the minute: what went well at 10:30 of yesterday is no more in the window, at 10:31 it is.
  expect(kindsOf(triesAt(['25T10:30', 1], ['26T09:00', 0, { '500': 1 }]))).toEqual({ '500': ['CONSISTENT'] });
  expect(kindsOf(triesAt(['25T10:31', 1], ['26T09:00', 0, { '500': 1 }]))).toEqual({ '500': ['DEGRADED'] });
});

test('repeated: one code in three minutes or more, and ten times or more', () => {
  const of = (...counts: number[]) =>
    kindsOf(triesAt(['26T08:00', 10_000], ...counts.map((count, n) => [`26T09:0${n}`, 0, { '429': count }] as const)));
  expect(of(4, 3, 3)).toEqual({ '429': ['REPEATED'] });
  expect(of(3, 3, 3)).toEqual({});
  expect(of(50, 50)).toEqual({});
  // Three hours have three minutes at least, whatever was read of them.
  const hours = triesAt(
    ['26T08:00', 10_000],
    ['26T07:00', 0, { a: 4 }],
    ['26T08:01', 0, { a: 4 }],
    ['26T09:00', 0, { a: 4 }],
  );
  expect(kindsOf({ hours: hours.hours, minutes: new Map() })).toEqual({ a: ['REPEATED'] });
  // Other codes do not add up to one.
  expect(
    kindsOf(
      triesAt(['26T08:00', 10_000], ['26T09:00', 0, { a: 4 }], ['26T09:01', 0, { b: 4 }], ['26T09:02', 0, { c: 4 }]),
    ),
  ).toEqual({});
});

test('degraded: one per cent or more, and twice the share of the seven days before', () => {
  const before = (failed: number) => ['22T09:00', 1_000 - failed, { '500': failed }] as const;
  const today = (failed: number) => ['26T09:00', 1_000 - failed, { '500': failed }] as const;
  expect(kindsOf(triesAt(before(5), today(10)))).toEqual({ '500': ['DEGRADED'] });
  expect(kindsOf(triesAt(before(5), today(9)))).toEqual({});
  expect(kindsOf(triesAt(before(6), today(11)))).toEqual({});
  // Nothing was tried before: the hundredth alone counts.
  expect(kindsOf(triesAt(today(10)))).toEqual({ '500': ['DEGRADED'] });
  expect(kindsOf(triesAt(today(9)))).toEqual({});
  // None of the codes alone, all of them together.
  expect(kindsOf(triesAt(['22T09:00', 1_000], ['26T09:00', 985, { a: 8, b: 7 }]))).toEqual({ a: ['DEGRADED'] });
});

test('a line says how often, of what share, and since when it has come without a day of pause', () => {
  const worse = triesAt(
    ['20T03:00', 100, { '500': 1 }],
    ['24T23:10', 100, { '500': 5 }],
    ['25T20:05', 10, { '500': 5 }],
    ['26T09:40', 0, { '500': 5 }],
  );
  expect(failuresOf(worse, NOW)).toEqual([
    {
      code: '500',
      kinds: ['DEGRADED'],
      count: 10,
      share: 0.5,
      usual: 6 / 206,
      firstAt: '2026-11-24T23:10:00.000Z',
      lastAt: '2026-11-26T09:40:00.000Z',
    },
  ]);
});

test('minutes are read of few hours: where a code began, where it was last, and where it may be repeated', () => {
  const { hours } = triesAt(
    ['25T12:00', 0, { a: 1 }],
    ['26T01:00', 0, { a: 1 }],
    ['26T02:00', 0, { a: 1, b: 20 }],
    ['26T05:00', 0, { a: 1 }],
    ['20T01:00', 0, { c: 1 }],
  );
  expect(hoursToLookInto({ hours }, NOW).toSorted()).toEqual(['2026-11-25T12', '2026-11-26T02', '2026-11-26T05']);
});
