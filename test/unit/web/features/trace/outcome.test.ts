import { BLOCKED_REASONS, FILTERED_REASONS, INVALID_REASONS } from '../../../../../shared/domain/outcomes.ts';
import { causeOf } from '../../../../../web/src/features/trace/causes.ts';
import {
  outcomeAt,
  outcomeOf,
  type Trace,
  type TraceSend,
  type TraceTarget,
} from '../../../../../web/src/features/trace/outcome.ts';
import { sourceSteps, targetSteps } from '../../../../../web/src/features/trace/timeline.ts';

const AT = '2026-11-27T10:00:00.000Z';
const aTry = (change: Partial<TraceSend['tries'][number]> = {}): TraceSend['tries'][number] => ({
  hop: 0,
  dueAt: AT,
  settledAt: '2026-11-27T10:00:00.120Z',
  outcome: 'DELIVERED',
  code: null,
  message: null,
  latencyMs: 20,
  exchanges: [],
  ...change,
});
const aSend = (change: Partial<TraceSend> = {}): TraceSend => ({
  subscriptionId: 'map_1',
  subscriptionName: 'All',
  state: 'DELIVERED',
  code: null,
  tries: [aTry()],
  nextTryAt: null,
  deadLetterKept: false,
  ...change,
});
const aTarget = (name: string, change: Partial<TraceTarget> = {}): TraceTarget => ({
  destinationId: `dst_${name}`,
  name,
  verdict: 'QUEUED',
  reason: null,
  sees: null,
  sends: [aSend()],
  ...change,
});
const filtered = (name: string, reason: string): TraceTarget =>
  aTarget(name, { verdict: 'FILTERED', reason, sends: [] });
const aTrace = (change: Partial<Trace> = {}): Trace => ({
  messageId: 'm-1',
  isMasked: false,
  sourceId: 'src_1',
  intakeId: 'in_1',
  index: 0,
  receivedAt: AT,
  plannedAt: '2026-11-27T10:00:00.010Z',
  foundBy: 'CLAIM',
  verdict: 'ALLOWED',
  reason: null,
  duplicateOf: null,
  config: { decidedBy: 1, present: 1, isSame: true },
  payload: {},
  payloadFrom: 'DEBUGGER',
  normalised: {},
  stages: [],
  destinations: [],
  gaps: [],
  lookedBackTo: null,
  ...change,
});

test.each([
  [
    'by a filter',
    filtered('Mixpanel', 'FILTERED_BY_RULES'),
    'Only buyers',
    'Not sent to Mixpanel: filter “Only buyers” dropped it',
  ],
  [
    'by a filter nobody knows',
    filtered('Mixpanel', 'FILTERED_BY_RULES'),
    undefined,
    'Not sent to Mixpanel: a filter dropped it',
  ],
  ['by its mappings', filtered('Braze', 'NO_MATCHING_MAPPING'), undefined, 'No mapping of Braze matches it'],
  [
    'by an answer',
    aTarget('Webhook', { sends: [aSend({ state: 'DISCARDED', code: '401' })] }),
    undefined,
    'Refused by Webhook: 401, the credentials are not accepted',
  ],
  [
    'by an answer without words',
    aTarget('Webhook', { sends: [aSend({ state: 'DISCARDED', code: '418' })] }),
    undefined,
    'Refused by Webhook: 418, it refuses the request',
  ],
  [
    'by a code that nobody has words for',
    aTarget('Webhook', { sends: [aSend({ state: 'DEAD_LETTERED', code: 'odd_code' })] }),
    undefined,
    'Could not be delivered to Webhook: odd_code',
  ],
  [
    'for a while',
    aTarget('Webhook', { sends: [aSend({ state: 'WAITING', tries: [aTry({ outcome: 'FAILED', code: '503' })] })] }),
    undefined,
    'Waiting to be sent to Webhook again: 503, it is not available',
  ],
  [
    'not at all',
    aTarget('Webhook', { sends: [aSend({ tries: [aTry({ outcome: 'FAILED' }), aTry({ hop: 1 })] })] }),
    undefined,
    'Delivered to Webhook at try 2',
  ],
])('an event that is kept back %s is told of with its cause', (_how, target, filter, sentence) => {
  expect(outcomeAt(target, filter).sentence).toBe(sentence);
});

test('the worst of several mappings is what is told of a destination', () => {
  const sends = [aSend(), aSend({ subscriptionId: 'map_2', state: 'DISCARDED', code: '400' })];
  expect(outcomeAt(aTarget('Webhook', { sends })).tone).toBe('bad');
});

test('a name like a word of ours, or of objects, is a name, and a long one is cut', () => {
  expect(outcomeAt(filtered('constructor', 'toString')).sentence).toBe('Not sent to constructor: toString');
  expect(outcomeAt(aTarget('x'.repeat(500))).sentence.length).toBeLessThan(100);
});

test('the headline names what went worst, and how the others fared', () => {
  const trace = aTrace({
    destinations: [
      aTarget('Inbox'),
      aTarget('Webhook', { sends: [aSend({ state: 'DISCARDED', code: '401' })] }),
      filtered('Braze', 'NO_MATCHING_MAPPING'),
    ],
  });
  expect(outcomeOf(trace)).toMatchObject({
    tone: 'bad',
    sentence: 'Refused by Webhook: 401, the credentials are not accepted',
    rest: 'Delivered to 1 of 3 destinations, 1 not meant to get it',
  });
});

test('where all is delivered the headline says no more', () => {
  expect(outcomeOf(aTrace({ destinations: [aTarget('A'), aTarget('B')] }))).toMatchObject({
    tone: 'good',
    sentence: 'Delivered to all 2 destinations',
  });
  expect(outcomeOf(aTrace({ destinations: [aTarget('A')] })).sentence).toBe('Delivered to A');
  expect(outcomeOf(aTrace()).sentence).toBe('Sent nowhere: its source has no destination that is switched on');
  expect(outcomeOf(aTrace({ gaps: [{ what: 'destinations', why: 'not seen' }] })).sentence).toBe(
    'Allowed at its source',
  );
});

test.each([
  ['BLOCKED', 'event_setting', 'Blocked at its source: the schema of its source does not let it pass', 'schema'],
  ['INVALID', 'id_required', 'Not taken: it has neither a userId nor an anonymousId', 'validated'],
  ['DUPLICATE', null, 'Left out as a duplicate: an event with the same id came before', 'duplicate'],
  ['SUPPRESSED', null, 'Sent nowhere: its user is suppressed', 'privacy'],
] as const)('an event that is %s ends at its source, and the timeline with it', (verdict, reason, sentence, last) => {
  const trace = aTrace({ verdict, reason, plannedAt: AT });
  expect(outcomeOf(trace).sentence).toBe(sentence);
  expect(sourceSteps(trace).at(-1)?.id).toBe(last);
});

test('every reason of ours has words', () => {
  for (const reason of [...INVALID_REASONS, ...BLOCKED_REASONS, ...FILTERED_REASONS]) {
    if (/^(consent|device|empty)_/.test(reason)) continue;
    expect(`${reason}: ${causeOf(reason)}`).not.toBe(`${reason}: ${reason}`);
  }
});

test('the timeline of a destination leads to what decided', () => {
  const trace = aTrace();
  const [stop] = targetSteps(filtered('Mixpanel', 'FILTERED_BY_RULES'), trace, { id: 'flt_1', title: 'Only buyers' });
  expect(stop).toMatchObject({
    title: 'Filter “Only buyers”',
    detail: 'dropped it',
    link: { path: 'destinations/dst_Mixpanel/filters/flt_1' },
  });
  const steps = targetSteps(filtered('Braze', 'NO_MATCHING_MAPPING'), trace);
  expect(steps.map(({ id }) => id)).toEqual(['filters', 'stop']);
  expect(steps.at(-1)?.link?.path).toBe('destinations/dst_Braze/mappings');
});

test('each try is a step with its cause; only the last says what to do', () => {
  const sends = [
    aSend({
      state: 'DISCARDED',
      code: '400',
      tries: [
        aTry({ outcome: 'FAILED', code: '503' }),
        aTry({ hop: 1, outcome: 'DISCARDED', code: '400', message: 'no such field' }),
      ],
    }),
  ];
  const steps = targetSteps(aTarget('Webhook', { sends }), aTrace()).slice(-2);
  expect(steps.map(({ title }) => title)).toEqual(['Try 1: failed', 'Try 2: refused']);
  expect(steps[0]?.advice).toBeUndefined();
  expect(steps[1]).toMatchObject({ detail: '400, it finds the request malformed · it said “no such field”' });
  expect(steps[1]?.advice).toContain('correct the mapping');
});
