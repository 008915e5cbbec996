import { matches, transform } from '@segment/tsub';
import { type Rule, routingRuleOf, type TsubOf } from '../../../../functions/cdn/routing-rules.ts';
import { aFilter } from '../../../builders/device-mode.ts';

/** Knows `<path> = "…"` only; what is no text under `properties.` it cannot judge. */
const tsubOf: TsubOf = (fql) => {
  const [, path, value] = /^([\w.]+) = "(\w+)"$/.exec(fql) ?? [];
  if (path === undefined) return undefined;
  const ir = JSON.stringify(['=', path, { value }]);
  const isText = ['=', ['typeof', path], { value: 'string' }];
  return path === 'event' ? { ir } : { ir, undecidable: JSON.stringify(['!', isText]) };
};
const ruleOf = (...filters: Parameters<typeof aFilter>[]): Rule =>
  routingRuleOf(
    'Braze',
    filters.map(([over], index) => aFilter({ id: `flt_${index}`, ...over })),
    tsubOf,
  );

/** What Analytics.js does with a rule, by the evaluator that it bundles. */
function apply(rule: Rule, event: Record<string, unknown>): unknown {
  if (rule.outcome === 'none') return event;
  // oxlint-disable-next-line typescript/no-explicit-any -- as the library types payloads.
  let payload: any = structuredClone(event);
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
        if: 'properties.a = "Viewed"',
        actions: [{ type: 'DROP' }, { type: 'DROP_PROPERTIES', fields: { properties: ['b'] } }],
      },
    ],
    [{ if: 'all', actions: [{ type: 'SAMPLE', percent: 0.5 }] }],
  );
  const ir = '["=","properties.a",{"value":"Viewed"}]';
  const undecidable = '["!",["=",["typeof","properties.a"],{"value":"string"}]]';
  expect(rule).toEqual({
    outcome: 'rule',
    rule: {
      scope: 'destinations',
      target_type: 'workspace::project::destination',
      destinationName: 'Braze',
      matchers: [
        { type: 'fql', ir: undecidable },
        { type: 'all' },
        { type: 'fql', ir },
        { type: 'all' },
        { type: 'fql', ir },
      ],
      transformers: [
        [{ type: 'drop' }],
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
    { if: 'properties.a = "x"', actions: [{ type: 'DROP_PROPERTIES', fields: { properties: ['b'] } }] },
  ]);
  expect(apply(rule, EVENT)).toBeNull();
  expect(apply(rule, { ...EVENT, properties: { a: 'y', b: 1 } })).toEqual({ ...EVENT, properties: { a: 'y', b: 1 } });
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
  ['a condition that tsub would judge otherwise', { if: 'length(a) < 1' }, /its condition is not for browsers/],
  ['a text that is no FQL', { if: 'event ===' }, /its condition is not for browsers/],
  [
    'a sample by a path, which tsub lets through whole',
    { if: 'all', actions: [{ type: 'SAMPLE', percent: 0.1, path: 'userId' }] },
    /SAMPLE so is not for browsers/,
  ],
  [
    'a path with an escape',
    { if: 'all', actions: [{ type: 'DROP_PROPERTIES', fields: { 'properties.a\\ b': ['x'] } }] },
    /DROP_PROPERTIES so is not for browsers/,
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
