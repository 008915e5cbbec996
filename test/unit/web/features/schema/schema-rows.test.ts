import {
  countedBy,
  isArchivable,
  isMixed,
  isYoungAt,
  placeOf,
  receivingText,
  type SchemaKey,
  typesText,
} from '../../../../../web/src/features/schema/schema-rows.ts';

const row = (change: Partial<SchemaKey> = {}): SchemaKey => ({
  key: 'track.QQ',
  name: 'A',
  planned: null,
  allowed: true,
  archived: false,
  isNew: false,
  changeable: true,
  firstSeenAt: null,
  lastSeenAt: null,
  lastSeenPrecision: 'EXACT',
  allowedCount: 0,
  blockedCount: 0,
  properties: [],
  types: [],
  withheldFrom: [],
  ...change,
});

test('only what is blocked or not planned may be archived, and once (F11)', () => {
  expect(isArchivable(row())).toBe(false);
  expect(isArchivable(row({ planned: true }))).toBe(false);
  expect(isArchivable(row({ planned: false }))).toBe(true);
  expect(isArchivable(row({ allowed: false }))).toBe(true);
  expect(isArchivable(row({ allowed: false, archived: true }))).toBe(false);
});

test('pages and screens are counted by call, tracks by name, traits not at all', () => {
  expect(countedBy(row())).toBe('track A');
  expect(countedBy(row({ key: 'page', name: 'Page Viewed' }))).toBe('page');
  expect(countedBy(row({ key: 'identify.QQ' }))).toBeUndefined();
});

test('a place within others is told by its depth, items of arrays at $, a dot within a key as a dot', () => {
  expect(placeOf('total')).toEqual({ depth: 0, label: 'total' });
  expect(placeOf('products.$.sku')).toEqual({ depth: 2, label: 'sku' });
  expect(placeOf(String.raw`a\.b.c\.d`)).toEqual({ depth: 1, label: 'c.d' });
});

test('several types are a hint at a mistake, but a value that is at times null is none', () => {
  const types = [
    { type: 'string', count: 2 },
    { type: 'number', count: 9 },
  ];
  expect(typesText(types)).toBe('number, string');
  expect(isMixed(types)).toBe(true);
  expect(
    isMixed([
      { type: 'string', count: 2 },
      { type: 'null', count: 9 },
    ]),
  ).toBe(false);
});

test('destinations that get an event are counted in words', () => {
  expect([receivingText(0, 3), receivingText(1, 3), receivingText(3, 3), receivingText(0, 0)]).toEqual([
    'all 3',
    '2 of 3',
    '0 of 3',
    'none',
  ]);
});

test('lines are by the hour while all that was seen is of the last day', () => {
  const now = '2026-11-27T12:00:00.000Z';
  expect(isYoungAt([row({ firstSeenAt: '2026-11-27T01:00:00.000Z' }), row()], now)).toBe(true);
  expect(isYoungAt([row({ firstSeenAt: '2026-11-20T01:00:00.000Z' })], now)).toBe(false);
  expect(isYoungAt([], now)).toBe(false);
});
