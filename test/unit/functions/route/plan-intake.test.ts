import fc from 'fast-check';
import { partsOf } from '../../../../shared/pipeline/parts.ts';
import { type Catalog, planIntake, targetsOf } from '../../../../functions/route/plan-intake.ts';
import { readIntake } from '../../../../shared/pipeline/read-intake.ts';
import { bitmapOf, membersOf } from '../../../../shared/domain/bitmap.ts';
import { idHashOf, NO_KIND, packHashes } from '../../../../shared/domain/event-kind.ts';
import { EVENT_TYPES } from '../../../../shared/domain/event.ts';
import type { WorkspaceConfig } from '../../../../shared/domain/workspace.ts';
import { aBatch, anIntakeMessage, aTrack } from '../../../builders/intake-message.ts';
import { aTarget, aWorkspaceConfig } from '../../../builders/workspace-config.ts';
import { aFilter, aMapping, aSource, aSourceSchema } from '../../../builders/workspace-things.ts';

const catalog: Catalog = (type) =>
  ({
    webhook: { supportedTypes: EVENT_TYPES, integrationNames: ['Webhook', 'Webhooks'] },
    trackers: { supportedTypes: ['track' as const], integrationNames: ['Trackers'] },
  })[type];

const plan = (
  message: ReturnType<typeof anIntakeMessage>,
  destinations: WorkspaceConfig['destinations'],
  duplicates: readonly string[] = [],
) => {
  const config = aWorkspaceConfig(destinations);
  return planIntake(readIntake(message, config.sources[0]), new Set(duplicates), targetsOf(config, 'src_1', catalog));
};

const reasonFor = (payload: Record<string, unknown>, target = aTarget('a')) =>
  plan(aBatch([payload]), [target]).destinations[0]?.filtered;

test('each event goes to every mapping that wants it, in parts that the plan records', () => {
  const message = aBatch([aTrack('a'), { type: 'page', userId: 'u', messageId: 'b' }, aTrack('c'), aTrack('d')]);
  const found = plan(
    message,
    [aTarget('x', ['type = "track"', 'type = "alias"', 'event = "Order Completed"']), aTarget('y', ['type = "page"'])],
    ['d'],
  );
  expect(found).toEqual({
    received: 4,
    invalid: {},
    duplicate: 1,
    suppressed: 0,
    blocked: {},
    routed: 3,
    types: { track: 2, page: 1 },
    routedBitmap: bitmapOf([0, 1, 2]),
    destinations: [
      {
        destinationId: 'dst_x',
        filtered: { NO_MATCHING_MAPPING: 1 },
        queued: 2,
        sends: 4,
        mappings: ['map_x_0', 'map_x_2'],
        bitmap: bitmapOf([0, 1, 4, 5]),
        cuts: [4],
      },
      {
        destinationId: 'dst_y',
        filtered: { NO_MATCHING_MAPPING: 2 },
        queued: 1,
        sends: 1,
        mappings: ['map_y_0'],
        bitmap: bitmapOf([1]),
        cuts: [1],
      },
    ],
    // One reason of all that was not routed, and one filter reason of each destination: which they were follows.
    bytes: Buffer.byteLength(JSON.stringify(message.body)),
    kinds: [
      ['track', 'Order Completed', ''],
      ['page', '', ''],
    ],
    kindOf: [0, 1, 0, 0],
    idHashes: packHashes(['a', 'b', 'c', 'd'].map(idHashOf)),
  });
});

test.each([
  [
    'a call that the destination does not know comes before all rules (C17)',
    { type: 'page', userId: 'u', integrations: { All: false } },
    aTarget('a', ['type = "page"'], { type: 'trackers' }),
    'UNSUPPORTED_EVENT_TYPE',
  ],
  [
    'a destination whose type nobody knows',
    aTrack('a'),
    aTarget('a', ['type = "track"'], { type: 'gone' }),
    'UNSUPPORTED_EVENT_TYPE',
  ],
  ['All false (1.12)', aTrack('a', { integrations: { All: false } }), aTarget('a'), 'FILTERED_BY_INTEGRATIONS_OBJECT'],
  [
    'an alias of its name false (1.12)',
    aTrack('a', { integrations: { Webhooks: false } }),
    aTarget('a'),
    'FILTERED_BY_INTEGRATIONS_OBJECT',
  ],
  ['no mapping wants it', aTrack('a'), aTarget('a', ['type = "page"']), 'NO_MATCHING_MAPPING'],
  ['no mapping at all', aTrack('a'), aTarget('a', []), 'NO_MATCHING_MAPPING'],
  [
    'a trigger that does not parse lets nothing out (trap 9, T26)',
    aTrack('a'),
    aTarget('a', ['and and (']),
    'INVALID_TRIGGER',
  ],
])('%s: filtered, with its reason', (_case, payload, target, reason) => {
  expect(reasonFor(payload, target)).toEqual({ [reason]: 1 });
});

test.each([
  ['All false and the own name true (1.12)', { All: false, Webhook: true }],
  ['options for the destination count as true (1.12)', { All: false, Webhook: { key: 1 } }],
  ['another destination false', { webhook: false }],
])('integrations %s: queued', (_case, integrations) => {
  expect(plan(aBatch([aTrack('a', { integrations })]), [aTarget('a')]).destinations[0]).toMatchObject({ queued: 1 });
});

test('a mapping that cannot be read does not keep the others from their events', () => {
  const found = plan(anIntakeMessage(), [aTarget('a', ['(', 'type = "track"'])]);
  expect(found.destinations[0]).toMatchObject({ queued: 1, sends: 1, mappings: ['map_a_1'], filtered: {} });
});

test('destinations that are off or of another source, and mappings that are off, have no part in it', () => {
  const off = aTarget('off', ['type = "track"'], { enabled: false });
  const elsewhere = aTarget('elsewhere', ['type = "track"'], { sourceId: 'src_2' });
  const muted = { destination: aTarget('muted').destination, mappings: [aMapping({ enabled: false })] };
  expect(plan(anIntakeMessage(), [off, elsewhere, muted]).destinations).toEqual([
    expect.objectContaining({ destinationId: 'dst_muted', filtered: { NO_MATCHING_MAPPING: 1 }, sends: 0, cuts: [] }),
  ]);
});

test('events of a source that was deleted are blocked and counted, none is lost silently', () => {
  const message = aBatch([aTrack('a'), aTrack('a'), 7]);
  expect(planIntake(readIntake(message, undefined), new Set(), [])).toEqual({
    received: 3,
    invalid: { not_an_object: 1 },
    duplicate: 1,
    suppressed: 0,
    blocked: { source_deleted: 1 },
    routed: 0,
    types: {},
    routedBitmap: '',
    destinations: [],
    bytes: Buffer.byteLength(JSON.stringify(message.body)),
    kinds: [['track', 'Order Completed', ''], NO_KIND],
    kindOf: [0, 0, 1],
    unrouted: {
      duplicate: bitmapOf([1]),
      'invalid.not_an_object': bitmapOf([2]),
      'blocked.source_deleted': bitmapOf([0]),
    },
    idHashes: packHashes([idHashOf('a'), idHashOf('a'), 0]),
  });
});

const payload = fc.oneof(
  { arbitrary: fc.jsonValue({ maxDepth: 3 }), weight: 1 },
  {
    arbitrary: fc.record(
      {
        type: fc.constantFrom(...EVENT_TYPES, 'nonsense'),
        userId: fc.oneof(fc.constant('u'), fc.constant(''), fc.constant(null)),
        anonymousId: fc.constant('a'),
        event: fc.constantFrom('A', 'B', ''),
        groupId: fc.constant('g'),
        messageId: fc.constantFrom('1', '2', '3', '4', 'm'.repeat(100)),
        timestamp: fc.constantFrom('2026-11-24T10:00:00Z', 'x'),
        integrations: fc.constantFrom({ All: false }, { Webhook: false }, {}),
        properties: fc.dictionary(fc.string(), fc.string({ unit: 'binary', maxLength: 50 })),
      },
      { requiredKeys: ['type'] },
    ),
    weight: 5,
  },
);
const triggers = fc.array(fc.constantFrom('type = "track"', 'event = "A"', 'userId != null', '('), { maxLength: 4 });
const setting = fc.record({
  batch: fc.array(payload, { maxLength: 30 }),
  triggers: fc.array(triggers, { maxLength: 3 }),
  duplicates: fc.subarray(['1', '2', '3']),
});

type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never;

const planOf = ({ batch, triggers, duplicates }: Setting) => {
  const message = aBatch(structuredClone(batch));
  const config = aWorkspaceConfig(triggers.map((texts, number) => aTarget(String(number), texts)));
  const reading = readIntake(message, aSource());
  return { reading, plan: planIntake(reading, new Set(duplicates), targetsOf(config, 'src_1', catalog)) };
};

const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0);

test('every plan adds up: for the source, and for each destination', () => {
  fc.assert(
    fc.property(setting, (given) => {
      const { plan: found, reading } = planOf(given);
      expect(found.received).toBe(Math.max(given.batch.length, 1));
      expect(total(found.invalid) + found.duplicate + total(found.blocked) + found.routed).toBe(found.received);
      expect(total(found.types)).toBe(found.routed);
      expect(membersOf(found.routedBitmap)).toHaveLength(found.routed);
      for (const destination of found.destinations) {
        expect(total(destination.filtered) + destination.queued).toBe(found.routed);
        expect(membersOf(destination.bitmap)).toHaveLength(destination.sends);
        expect(total(destination.cuts as never)).toBe(destination.sends);
        const parts = partsOf(reading, destination);
        expect(parts.flatMap(({ part }) => part.sends)).toHaveLength(destination.sends);
      }
    }),
  );
});

test('deciding again gives the same plan', () => {
  fc.assert(
    fc.property(setting, (given) => {
      expect(planOf(given)).toEqual(planOf(given));
    }),
  );
});

test('C23: what the schema blocks goes nowhere, and counts as blocked with its reason, at the source and for each destination', () => {
  const schema = aSourceSchema({ track: { 'Debug Ping': { enabled: false } } });
  const message = aBatch([aTrack('a'), aTrack('b', { event: 'Debug Ping' })]);
  const config = aWorkspaceConfig([aTarget('a')]);
  const found = planIntake(
    readIntake(message, config.sources[0]),
    new Set(),
    targetsOf({ ...config, schemas: [schema] }, 'src_1', catalog),
    { schema },
  );
  expect(found).toMatchObject({
    received: 2,
    blocked: { event_setting: 1 },
    routed: 1,
    routedBitmap: bitmapOf([0]),
    destinations: [{ queued: 1, filtered: {} }],
  });
});

test('a filter keeps events from its own destination only, and triggers see what it leaves of the others', () => {
  const strict = {
    ...aTarget('strict', ['properties.email != null', 'type = "track"']),
    filters: [
      aFilter({ destinationId: 'dst_strict', if: 'userId = "secret"' }),
      aFilter({
        id: 'flt_2',
        destinationId: 'dst_strict',
        if: 'all',
        actions: [{ type: 'DROP_PROPERTIES', fields: { properties: ['email'] } }],
      }),
    ],
  };
  const properties = { email: 'a@b.c' };
  const message = aBatch([aTrack('a', { properties }), aTrack('b', { properties, userId: 'secret' })]);
  expect(plan(message, [strict, aTarget('open', ['properties.email != null'])]).destinations).toMatchObject([
    {
      destinationId: 'dst_strict',
      filtered: { FILTERED_BY_RULES: 1 },
      queued: 1,
      sends: 1,
      mappings: ['map_strict_1'],
    },
    { destinationId: 'dst_open', filtered: {}, queued: 2, sends: 2 },
  ]);
});

test('T26: a filter that cannot be read keeps everything from its destination, and the counts say so', () => {
  const broken = { ...aTarget('a'), filters: [aFilter({ destinationId: 'dst_a', if: 'type = ', enabled: true })] };
  expect(plan(anIntakeMessage(), [broken]).destinations).toMatchObject([{ filtered: { INVALID_FILTER: 1 }, sends: 0 }]);
});

test('C16: what filters keep from every destination is routed all the same, so the archive has it', () => {
  const closed = { ...aTarget('a'), filters: [aFilter({ destinationId: 'dst_a', if: 'all' })] };
  expect(plan(anIntakeMessage(), [closed])).toMatchObject({
    routed: 1,
    routedBitmap: bitmapOf([0]),
    destinations: [{ filtered: { FILTERED_BY_RULES: 1 }, sends: 0 }],
  });
});

test('C24: what the integrations object says of a type holds for all its destinations', () => {
  const found = plan(aBatch([aTrack('a', { integrations: { Webhook: false } })]), [aTarget('a'), aTarget('b')]);
  expect(found.destinations.map(({ filtered }) => filtered)).toEqual([
    { FILTERED_BY_INTEGRATIONS_OBJECT: 1 },
    { FILTERED_BY_INTEGRATIONS_OBJECT: 1 },
  ]);
});
