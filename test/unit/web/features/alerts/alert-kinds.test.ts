import {
  ALERT_CHANNELS_MAX,
  ALERT_KINDS,
  ALERT_NEEDS,
  conditionFaults,
  DEFAULT_EVENTS,
} from '../../../../../shared/domain/alert.ts';
import { changeOf, draftFrom, draftOf, withKind } from '../../../../../web/src/features/alerts/alert-draft.ts';
import {
  type Alert,
  alertSentence,
  AUDIT_TYPES,
  KINDS,
  kindsFor,
} from '../../../../../web/src/features/alerts/alert-kinds.ts';

const EMAIL = 'ada@example.com';
const SOURCE = { sourceId: 'src_1' };

test.each(ALERT_KINDS)('%s: the form asks for what the domain takes, and for nothing else', (kind) => {
  const { must, may } = ALERT_NEEDS[kind];
  expect([...KINDS[kind].fields].toSorted()).toEqual([...must, ...may].toSorted());
});

test('every entry that people hear of by default can be chosen', () => {
  expect(AUDIT_TYPES).toEqual(expect.arrayContaining(Object.keys(DEFAULT_EVENTS)));
});

test.each(ALERT_KINDS)('%s: what a form begins with lacks nothing but what must be chosen', (kind) => {
  const chosen = { destinationId: 'dst_1', ...(kind === 'SUBSCRIPTION_DELIVERY_RATE' && { subscriptionId: 'map_1' }) };
  const draft = { ...draftOf(kind, chosen, EMAIL), ...(kind === 'SUBSCRIPTION_DELIVERY_RATE' && chosen) };
  expect(conditionFaults(draft as never)).toEqual([]);
  expect(draft.channels.length).toBeLessThanOrEqual(ALERT_CHANNELS_MAX);
});

test('of a source only kinds that can be about one are offered; of a destination likewise', () => {
  expect(kindsFor('source')).toContain('SOURCE_VOLUME');
  expect(kindsFor('source')).not.toContain('USAGE');
  expect(kindsFor('destination')).not.toContain('SOURCE_VOLUME');
  expect(kindsFor(undefined)).toHaveLength(ALERT_KINDS.length);
});

test('another kind keeps name and channels, and what both know of', () => {
  const before = {
    ...draftOf('DELIVERY_RATE', { destinationId: 'dst_1' }, EMAIL),
    name: 'Mine',
    channels: [{ type: 'IN_APP' as const }],
  };
  expect(withKind(before, 'DEAD_LETTERS', {}, EMAIL)).toEqual({
    kind: 'DEAD_LETTERS',
    name: 'Mine',
    enabled: true,
    count: 1,
    minutes: 60,
    destinationId: 'dst_1',
    channels: [{ type: 'IN_APP' }],
  });
  expect(withKind(before, 'SOURCE_VOLUME', SOURCE, EMAIL)).not.toHaveProperty('destinationId');
});

const alert = (own: Partial<Alert>): Alert =>
  ({
    id: 'alr_1',
    name: 'A',
    kind: 'DELIVERY_RATE',
    percent: 90,
    enabled: true,
    channels: [{ type: 'IN_APP' }],
    ...own,
  }) as Alert;

test('only what differs is sent; what is taken away is null', () => {
  const before = alert({ minutes: 60 });
  expect(changeOf(before, draftFrom(before))).toEqual({});
  const { minutes: _gone, ...draft } = draftFrom(before);
  expect(changeOf(before, { ...draft, percent: 95 })).toEqual({ percent: 95, minutes: null });
});

test.each([
  [{ kind: 'SOURCE_VOLUME', percent: 50 }, 'Events in 24 hours are 50% above or below those of the day before'],
  [{ kind: 'DELIVERY_RATE', percent: 90 }, 'Less than 90% of tries are delivered in 24 hours'],
  [
    { kind: 'DELIVERY_RATE', percent: 50, minutes: 10, count: 10 },
    'Less than 50% of tries are delivered in 10 min, once there are 10 tries',
  ],
  [{ kind: 'DEAD_LETTERS', count: 1, minutes: 60 }, '1 event or more could not be delivered in 1 hour'],
  [{ kind: 'LANE_AGE', seconds: 900 }, 'The oldest event waits longer than 15 min'],
  [{ kind: 'USAGE', measure: 'MTU', count: 2_000_000 }, 'Tracked users of the month reach 2M'],
  [{ kind: 'EVENT', event: '<b>X</b>' }, 'The audit trail says “<b>X</b>”'],
] as const)('%p in words', (own, sentence) => {
  expect(alertSentence(own as Alert)).toBe(sentence);
});
