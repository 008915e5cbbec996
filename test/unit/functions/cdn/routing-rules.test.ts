import { matches, transform } from '@segment/tsub';
import { type Rule, routingRuleOf } from '../../../../functions/cdn/routing-rules.ts';
import { aFilter } from '../../../builders/device-mode.ts';

/** Knows `event = "…"` only. */
const tsubOf = (fql: string): string | undefined => {
  const event = /^event = "(\w+)"$/.exec(fql)?.[1];
  return event === undefined ? undefined : JSON.stringify(['=', 'event', { value: event }]);
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
        if: 'event = "Viewed"',
        actions: [{ type: 'DROP_PROPERTIES', fields: { 'properties.list': ['x'] } }, { type: 'DROP' }],
      },
    ],
    [{ if: 'all', actions: [{ type: 'SAMPLE', percent: 0.5 }] }],
  );
  const ir = '["=","event",{"value":"Viewed"}]';
  expect(rule).toEqual({
    outcome: 'rule',
    rule: {
      scope: 'destinations',
      target_type: 'workspace::project::destination',
      destinationName: 'Braze',
      matchers: [{ type: 'all' }, { type: 'fql', ir }, { type: 'fql', ir }, { type: 'all' }],
      transformers: [
        [{ type: 'sample_event', config: { sample: { percent: 0.5, path: '' } } }],
        [{ type: 'drop' }],
        [{ type: 'drop_properties', config: { drop: { 'properties.list': ['x'] } } }],
        [{ type: 'allow_properties', config: { allow: { properties: ['a', 'list'] } } }],
      ],
    },
  });
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
