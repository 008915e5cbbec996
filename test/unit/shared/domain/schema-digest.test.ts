import type { JsonObject } from '../../../../shared/domain/json.ts';
import { learn, nothingKnown } from '../../../../shared/domain/known-schema.ts';
import {
  pathsOf,
  SCHEMA_NAMES_MAX,
  SCHEMA_PATHS_MAX,
  SCHEMA_PROPERTIES_MAX,
  SCHEMA_TRAITS_MAX,
  schemaDigestOf,
  SchemaSum,
  SeenSchema,
  seenIn,
  SEEN_TYPES,
} from '../../../../shared/domain/schema-digest.ts';

const T1 = '2026-11-24T10:00:00.000Z';
const T2 = '2026-11-24T10:05:00.000Z';
const track = (event: string, properties: JsonObject = {}): JsonObject => ({ type: 'track', event, properties });

const shownPaths = (object: JsonObject) =>
  Object.fromEntries([...pathsOf(object)].map(([path, types]) => [path, [...types].map((type) => SEEN_TYPES[type])]));

test('members are joined by dots, what arrays hold is at .$, and each path has its types (F09)', () => {
  const properties = {
    total: 1,
    paid: true,
    note: null,
    at: '2026-11-24',
    when: '2026-11-24T10:00:00+01:00',
    name: 'x',
    products: [{ sku: 'a', tags: ['b'] }, 7],
    'a.b': {},
  };
  expect(shownPaths(properties)).toEqual({
    total: ['number'],
    paid: ['boolean'],
    note: ['null'],
    at: ['date'],
    when: ['date'],
    name: ['string'],
    products: ['array'],
    'products.$': ['object', 'number'],
    'products.$.sku': ['string'],
    'products.$.tags': ['array'],
    'products.$.tags.$': ['string'],
    'a\\.b': ['object'],
  });
});

test('a digest counts events, properties and traits, with first and last, and is the same in any order within a message', () => {
  const events = [
    track('Order Completed', { total: 1 }),
    track('Order Completed', { total: 'one', coupon: 'X' }),
    { type: 'page', name: 'Home', properties: { path: '/' } },
    { type: 'page', name: 'Cart', properties: { path: '/cart' } },
    { type: 'identify', traits: { plan: 'pro', address: { city: 'Ulm' } } },
    { type: 'alias', previousId: 'p' },
  ];
  const digest = schemaDigestOf([
    { receivedAt: T2, events },
    { receivedAt: T1, events: events.slice(0, 1) },
  ]);
  const [first, last] = [Date.parse(T1), Date.parse(T2)];
  expect(digest).toEqual({
    v: 1,
    left: 0,
    names: [
      [
        'identify',
        '',
        1,
        last,
        last,
        [
          ['address', 1, last, last, 0, 0, 0, 0, 1, 0, 0],
          ['address.city', 1, last, last, 0, 0, 1, 0, 0, 0, 0],
          ['plan', 1, last, last, 0, 0, 1, 0, 0, 0, 0],
        ],
      ],
      ['page', '', 2, last, last, [['path', 2, last, last, 0, 0, 2, 0, 0, 0, 0]]],
      [
        'track',
        'Order Completed',
        3,
        first,
        last,
        [
          ['coupon', 1, last, last, 0, 0, 1, 0, 0, 0, 0],
          ['total', 3, first, last, 0, 2, 1, 0, 0, 0, 0],
        ],
      ],
    ],
  });
  expect(
    schemaDigestOf([
      { receivedAt: T1, events: events.slice(0, 1) },
      { receivedAt: T2, events: events.toReversed() },
    ]),
  ).toEqual(digest);
  expect(SeenSchema.parse(JSON.parse(JSON.stringify(digest)))).toEqual(digest);
  expect(JSON.stringify(digest)).not.toMatch(/Ulm|cart"|one"/);
});

test('sums of digests are the digest of all, in any order', () => {
  const parts = [[track('A', { x: 1 })], [track('B', { y: [1, 'z'] }), track('A', { x: null })], [track('A')]];
  const digests = parts.map((events, index) => seenIn(schemaDigestOf([{ receivedAt: index === 1 ? T2 : T1, events }])));
  const whole = new SchemaSum();
  for (const [index, events] of parts.entries())
    for (const event of events) whole.addEvent(event, Date.parse(index === 1 ? T2 : T1));
  for (const order of [digests, digests.toReversed()]) {
    const sum = new SchemaSum();
    for (const digest of order) sum.add(digest);
    expect(sum.seen()).toEqual(whole.seen());
  }
});

test('names of a source, properties of a name, traits of a call and paths of a digest have bounds, and what is left out is counted (F10)', () => {
  const names = Array.from({ length: SCHEMA_NAMES_MAX + 5 }, (_, index) => track(`E${index}`));
  expect(schemaDigestOf([{ receivedAt: T1, events: names }])).toMatchObject({
    left: 5,
    names: { length: SCHEMA_NAMES_MAX },
  });

  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, 1]));
  const wide = schemaDigestOf([
    { receivedAt: T1, events: [track('E', many(SCHEMA_PROPERTIES_MAX + 2))] },
  ]) as SeenSchema;
  expect([wide.names[0]?.[5].length, wide.left]).toEqual([SCHEMA_PROPERTIES_MAX, 2]);
  const traits = schemaDigestOf([
    { receivedAt: T1, events: [{ type: 'identify', traits: many(SCHEMA_TRAITS_MAX + 3) }] },
  ]) as SeenSchema;
  expect([traits.names[0]?.[5].length, traits.left]).toEqual([SCHEMA_TRAITS_MAX, 3]);

  const events = Array.from({ length: 80 }, (_, index) => track(`W${index}`, many(SCHEMA_PROPERTIES_MAX)));
  const all = schemaDigestOf([{ receivedAt: T1, events }]) as SeenSchema;
  expect(all.names.reduce((sum, [, , , , , paths]) => sum + paths.length, 0)).toBe(SCHEMA_PATHS_MAX);
});

test('hostile payloads: prototype keys are names like others, depth and width are cut, and no control is in a path', () => {
  let deep: JsonObject = {};
  for (let level = 0; level < 500; level += 1) deep = { d: deep };
  const event = JSON.parse(
    '{"type":"track","event":"__proto__","properties":{"__proto__":{"x":1},"constructor":1,"a\\u0000\\u202eb":2}}',
  ) as JsonObject;
  const digest = schemaDigestOf([
    { receivedAt: T1, events: [event, track('Deep', deep), track('List', { l: Array(30_000).fill(0) })] },
  ]) as SeenSchema;
  const of = (name: string) => digest.names.find(([, each]) => each === name)?.[5].map(([path]) => path);
  expect(of('__proto__')).toEqual(['__proto__', '__proto__.x', 'a\uFFFD\uFFFDb', 'constructor']);
  expect(of('Deep')).toHaveLength(20);
  expect(of('List')).toEqual(['l', 'l.$']);
  expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
});

test('a digest of before there were schemas says nothing', () => {
  expect(seenIn({})).toEqual({ v: 1, names: [], left: 0 });
});

test('what is known keeps the first names in order, and what is gone makes room for others (F10)', () => {
  const digest = (count: number, prefix: string, at: string) =>
    seenIn(
      schemaDigestOf([
        { receivedAt: at, events: Array.from({ length: count }, (_, index) => track(`${prefix}${index}`)) },
      ]),
    );
  const full = learn(nothingKnown(), digest(SCHEMA_NAMES_MAX, 'E', T1));
  expect(learn(full, digest(3, 'New', T2)).names).toEqual(full.names);
  expect(learn(full, digest(1, 'E', T2)).names.find(([name]) => name === 'track\nE0')).toEqual([
    'track\nE0',
    Date.parse(T1),
    Date.parse(T2),
  ]);
  const freed = learn(full, digest(3, 'New', T2), (_tab, [name]) => name === 'track\nE7');
  expect(freed.names).toHaveLength(SCHEMA_NAMES_MAX);
  expect(freed.names.at(-1)?.[0]).toBe('track\nNew0');
});
