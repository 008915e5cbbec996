import { matches, transform } from '@segment/tsub';
import * as fc from 'fast-check';
import { type Rule, routingRuleOf } from '../../../../functions/cdn/routing-rules.ts';
import type { TributaryEvent } from '../../../../shared/domain/event.ts';
import { applyFilters } from '../../../../shared/domain/filter-verdict.ts';
import { aFilter } from '../../../builders/device-mode.ts';

const ruleOf = (...filters: Parameters<typeof aFilter>[]): Rule =>
  routingRuleOf(
    'Braze',
    filters.map(([over], index) => aFilter({ id: `flt_${index}`, ...over })),
  );

/** What Analytics.js does with a rule, by the evaluator that it bundles. */
function apply(rule: Rule, event: Record<string, unknown>): unknown {
  if (rule.outcome === 'none') return event;
  // oxlint-disable-next-line typescript/no-explicit-any -- as the library types payloads.
  let payload: any = JSON.parse(JSON.stringify(event));
  for (const [index, matcher] of rule.rule.matchers.entries()) {
    if (!matches(payload, matcher as never)) continue;
    payload = transform(payload, rule.rule.transformers[index] as never);
    if (payload === null) return null;
  }
  return payload;
}

const EVENT = { type: 'track', event: 'Viewed', properties: { a: 1, b: 2, list: [{ x: 1, y: 2 }] } };

test('no filter, or none that is on, is no rule', () => {
  expect(ruleOf()).toEqual({ outcome: 'none' });
  expect(ruleOf([{ enabled: false, if: 'nobody reads this' }])).toEqual({ outcome: 'none' });
});

test('all filters are one rule, in the order of application (C01): a client may read only the last rule', () => {
  const rule = ruleOf(
    [{ if: 'all', actions: [{ type: 'ALLOW_PROPERTIES', fields: { properties: ['a', 'list'] } }] }],
    [
      {
        if: 'properties.a',
        actions: [{ type: 'DROP' }, { type: 'DROP_PROPERTIES', fields: { properties: ['b'] } }],
      },
    ],
    [{ if: 'all', actions: [{ type: 'SAMPLE', percent: 0.5 }] }],
  );
  expect(rule).toEqual({
    outcome: 'rule',
    rule: {
      scope: 'destinations',
      target_type: 'workspace::project::destination',
      destinationName: 'Braze',
      matchers: [
        { type: 'all' },
        { type: 'fql', ir: '"properties.a"' },
        { type: 'all' },
        { type: 'fql', ir: '"properties.a"' },
      ],
      transformers: [
        [{ type: 'sample_event', config: { sample: { percent: 0.5, path: '' } } }],
        [{ type: 'drop' }],
        [{ type: 'allow_properties', config: { allow: { properties: ['a', 'list'] } } }],
        [{ type: 'drop_properties', config: { drop: { properties: ['b'] } } }],
      ],
    },
  });
});

test('what one condition does is one step: tsub asks a condition of what the steps before have left', () => {
  const rule = ruleOf(
    [{ if: 'event = "Viewed"', actions: [{ type: 'ALLOW_PROPERTIES', fields: { properties: ['a'] } }] }],
    [{ if: 'event = "Viewed"', actions: [{ type: 'DROP_PROPERTIES', fields: { '': ['event'] } }] }],
  );
  expect(rule).toMatchObject({ outcome: 'rule', rule: { matchers: [{ type: 'fql' }] } });
  expect(apply(rule, EVENT)).toEqual({ type: 'track', properties: { a: 1 } });
});

test('a condition that cannot be judged for an event lets nothing out (C05)', () => {
  const rule = ruleOf([
    { if: 'properties.a < 5', actions: [{ type: 'DROP_PROPERTIES', fields: { properties: ['b'] } }] },
  ]);
  expect(apply(rule, { ...EVENT, properties: { a: 'four', b: 1 } })).toBeNull();
  expect(apply(rule, { ...EVENT, properties: { a: 4, b: 1 } })).toEqual({ ...EVENT, properties: { a: 4 } });
  expect(apply(rule, { ...EVENT, properties: { a: 6, b: 1 } })).toEqual({ ...EVENT, properties: { a: 6, b: 1 } });
});

test('an event in which a path of fields leads through a list does not go out: tsub would leave the fields in it (C13)', () => {
  const rule = ruleOf([
    { if: 'event = "Viewed"', actions: [{ type: 'DROP_PROPERTIES', fields: { 'properties.list.card': ['number'] } }] },
  ]);
  const withCard = (list: unknown) => ({ ...EVENT, properties: { list } });
  expect(apply(rule, withCard([{ card: { number: 1 } }]))).toBeNull();
  expect(apply(rule, withCard({ card: { number: 1 } }))).toEqual(withCard({ card: {} }));
  expect(apply(rule, { ...withCard([{ card: { number: 1 } }]), event: 'Other' })).not.toBeNull();
});

test.each([
  ['DROP drops what it is about', { actions: [{ type: 'DROP' }], if: 'event = "Viewed"' }, null],
  ['DROP passes the rest', { actions: [{ type: 'DROP' }], if: 'event = "Other"' }, EVENT],
  ['SAMPLE of none drops all', { actions: [{ type: 'SAMPLE', percent: 0 }], if: 'all' }, null],
  ['SAMPLE of all passes all', { actions: [{ type: 'SAMPLE', percent: 1 }], if: 'all' }, EVENT],
  [
    'DROP_PROPERTIES takes keys from each object of a list (C13)',
    { actions: [{ type: 'DROP_PROPERTIES', fields: { 'properties.list': ['x'] } }], if: 'all' },
    { ...EVENT, properties: { a: 1, b: 2, list: [{ y: 2 }] } },
  ],
  [
    'DROP_PROPERTIES takes keys of the event itself (C14)',
    { actions: [{ type: 'DROP_PROPERTIES', fields: { '': ['event'] } }], if: 'all' },
    { type: 'track', properties: EVENT.properties },
  ],
  [
    'the type and the messageId stay, whatever a filter says',
    { actions: [{ type: 'DROP_PROPERTIES', fields: { '': ['type', 'event', 'messageId'] } }], if: 'all' },
    { type: 'track', properties: EVENT.properties },
  ],
  [
    'they stay, too, where only other fields are allowed',
    { actions: [{ type: 'ALLOW_PROPERTIES', fields: { '': ['event'] } }], if: 'all' },
    { type: 'track', event: 'Viewed' },
  ],
  [
    'ALLOW_PROPERTIES keeps only what it names',
    { actions: [{ type: 'ALLOW_PROPERTIES', fields: { properties: ['b'] } }], if: 'all' },
    { ...EVENT, properties: { b: 2 } },
  ],
])('in the browser %s', (_case, filter, expected) => {
  expect(apply(ruleOf([filter]), EVENT)).toEqual(expected);
});

test.each([
  [
    'a condition that tsub would judge otherwise',
    { if: 'uppercase(event) = "A"' },
    /browsers have no function uppercase/,
  ],
  ['a text that is no FQL', { if: 'event ===' }, /its condition is no FQL/],
  [
    'a sample by a path, which tsub lets through whole',
    { if: 'all', actions: [{ type: 'SAMPLE', percent: 0.1, path: 'userId' }] },
    /browsers cannot sample by a path/,
  ],
  [
    'a path with an escape',
    { if: 'all', actions: [{ type: 'DROP_PROPERTIES', fields: { 'properties.a\\ b': ['x'] } }] },
    /knows no "\\"/,
  ],
  [
    'a path that leads a browser elsewhere',
    { if: 'all', actions: [{ type: 'DROP_PROPERTIES', fields: { 'properties.a.constructor': ['x'] } }] },
    /finds "constructor" at values/,
  ],
])('%s closes the destination, whatever its other filters say (C05)', (_case, filter, because) => {
  const rule = ruleOf([{ if: 'event = "Other"' }], [filter]);
  expect(rule).toMatchObject({ outcome: 'closed', because: expect.stringMatching(because) });
  expect(apply(rule, EVENT)).toBeNull();
});

test.each([
  ['the field itself', { properties: ['c'] }, 'properties.c = "x"'],
  ['an object around it', { '': ['properties'] }, 'properties.c.d = "x"'],
  ['a part of it', { 'properties.c': ['d'] }, 'properties.c = "x"'],
])('a filter that takes away %s closes the destination to another one that reads it', (_case, fields, condition) => {
  const taking = { if: 'all', actions: [{ type: 'DROP_PROPERTIES', fields }] };
  const reading = { if: condition, actions: [{ type: 'DROP_PROPERTIES', fields: { properties: ['z'] } }] };
  expect(ruleOf([taking], [reading])).toMatchObject({
    outcome: 'closed',
    because: 'filter flt_1: another filter takes away what its condition reads',
  });
  // The other way round the condition is asked first.
  expect(ruleOf([reading], [taking])).toMatchObject({ outcome: 'rule' });
});

test('what others are allowed to keep, a condition may read', () => {
  const keeping = { if: 'all', actions: [{ type: 'ALLOW_PROPERTIES', fields: { properties: ['a'] } }] };
  const reading = (path: string) => ({
    if: `${path} = "x"`,
    actions: [{ type: 'DROP_PROPERTIES', fields: { properties: ['z'] } }],
  });
  expect(ruleOf([keeping], [reading('properties.a')])).toMatchObject({ outcome: 'rule' });
  expect(ruleOf([keeping], [reading('properties.b')])).toMatchObject({ outcome: 'closed' });
});

const CONDITIONS = [
  'all',
  'event = "A"',
  'properties.a = 1',
  'properties.a < 5',
  'properties.b',
  '!(properties.c.d = null) and type = "track"',
  'contains(properties.t, "x") or properties.a > 3',
  'properties.t in ["x", "y"]',
  'length(properties.l) > 0',
];
const FIELDS = [
  { properties: ['a'] },
  { properties: ['a', 'c', 'l', 't'] },
  { '': ['event', 'userId', 'type'] },
  { 'properties.c': ['d'] },
  { 'properties.l': ['x'] },
  { 'properties.l.x': ['y'], properties: ['t'] },
];
const anAction = fc.oneof(
  fc.constant({ type: 'DROP' }),
  fc.constantFrom(0, 1).map((percent) => ({ type: 'SAMPLE', percent })),
  fc.record({ type: fc.constantFrom('DROP_PROPERTIES', 'ALLOW_PROPERTIES'), fields: fc.constantFrom(...FIELDS) }),
);
const someFilters = fc.array(
  fc.record({
    if: fc.constantFrom(...CONDITIONS),
    actions: fc.array(anAction, { minLength: 1, maxLength: 3 }),
    enabled: fc.boolean(),
  }),
  { maxLength: 4 },
);
const aValue = fc.oneof(
  fc.constantFrom(null, true, 1, 4, 7, 'x', 'xy', ''),
  fc.constantFrom([], [{ x: { y: 1, z: 2 } }, { x: 1 }], { x: { y: 1 } }, { d: 1, e: 2 }, [1, 'x']),
);
const anEvent = fc.record(
  {
    event: fc.constantFrom('A', 'B'),
    userId: fc.constant('u'),
    properties: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'l', 't'), aValue),
  },
  { requiredKeys: ['properties'] },
);

test('what a browser lets through is what the server would, for any filters; where it cannot be, it lets nothing through', () => {
  let same = 0;
  fc.assert(
    fc.property(someFilters, anEvent, (given, over) => {
      const filters = given.map((filter, index) => aFilter({ id: `flt_${index}`, ...filter }));
      const event = { type: 'track', messageId: 'm', ...over } as unknown as TributaryEvent;
      const onServer = applyFilters(event, filters);
      const inBrowser = apply(routingRuleOf('Braze', filters), event);
      if (inBrowser === null) return;
      expect({ verdict: 'passes', event: inBrowser }).toEqual(onServer);
      same += 1;
    }),
    { numRuns: 3_000 },
  );
  // It is no proof if everything is closed.
  expect(same).toBeGreaterThan(500);
});
