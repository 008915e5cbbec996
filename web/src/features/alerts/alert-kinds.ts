import type { AlertKind } from '../../../../shared/domain/alert.ts';
import type { DataOf, InputOf } from '../../api/calls.ts';
import { compact, counted, duration } from '../../ui/format.ts';

export type Alert = DataOf<'listAlerts'>['alerts'][number];
export type AlertInput = InputOf<'createAlert'>['body'];
export type Channel = AlertInput['channels'][number];

/** Fields of a condition that a form has. */
export type ConditionField =
  | 'sourceId'
  | 'destinationId'
  | 'subscriptionId'
  | 'percent'
  | 'count'
  | 'minutes'
  | 'seconds'
  | 'measure'
  | 'event';

export type KindText = {
  title: string;
  /** When it tells people, for the choice of a kind. */
  about: string;
  /** What its form asks for, in order. The same as ALERT_NEEDS of the domain, which a test compares. */
  fields: readonly ConditionField[];
  /** What a form begins with. */
  first: Partial<Pick<AlertInput, 'percent' | 'count' | 'minutes' | 'seconds' | 'measure' | 'event'>>;
};

/** Kinds of alerts in the order in which they are offered. */
export const KINDS: Readonly<Record<AlertKind, KindText>> = {
  SOURCE_VOLUME: {
    title: 'Event volume changes',
    about: 'A source sends far more or far less than the day before.',
    fields: ['sourceId', 'percent'],
    first: { percent: 50 },
  },
  DELIVERY_RATE: {
    title: 'Delivery rate falls',
    about: 'A destination takes fewer of its tries than it should.',
    fields: ['destinationId', 'percent', 'minutes', 'count'],
    first: { percent: 90, minutes: 1_440, count: 1 },
  },
  SUBSCRIPTION_DELIVERY_RATE: {
    title: 'Delivery rate of one mapping falls',
    about: 'The sends of one mapping fail, whatever its destination does otherwise.',
    fields: ['destinationId', 'subscriptionId', 'percent', 'count'],
    first: { percent: 90, count: 1 },
  },
  NEW_ERROR: {
    title: 'A new error appears',
    about: 'A destination answers with a code that it has not answered with in 7 days.',
    fields: ['destinationId'],
    first: {},
  },
  DEAD_LETTERS: {
    title: 'Events are not delivered',
    about: 'Events have run out of tries and wait for you to replay them.',
    fields: ['destinationId', 'count', 'minutes'],
    first: { count: 1, minutes: 60 },
  },
  LANE_AGE: {
    title: 'Events wait too long',
    about: 'The oldest event on its way to a destination has waited longer than a time.',
    fields: ['destinationId', 'seconds'],
    first: { seconds: 900 },
  },
  LEDGER_MISMATCH: {
    title: 'The books do not add up',
    about: 'The hourly check finds an event that is neither delivered nor accounted for.',
    fields: ['destinationId'],
    first: {},
  },
  USAGE: {
    title: 'Usage reaches a number',
    about: 'API calls or tracked users of the month reach a number.',
    fields: ['measure', 'count'],
    first: { measure: 'API_CALLS', count: 1_000_000 },
  },
  EVENT: {
    title: 'Somebody changes something',
    about: 'The audit trail gets an entry of a type that you choose.',
    fields: ['event', 'sourceId', 'destinationId'],
    first: { event: 'Source Modified' },
  },
};

/** Kinds that can be about one source, about one destination, or about the whole workspace. */
export const kindsFor = (about: 'source' | 'destination' | undefined): AlertKind[] => {
  const all = Object.keys(KINDS) as AlertKind[];
  if (about === 'source') return ['SOURCE_VOLUME', 'DELIVERY_RATE', 'NEW_ERROR', 'DEAD_LETTERS', 'EVENT'];
  if (about === 'destination') return all.filter((kind) => KINDS[kind].fields.includes('destinationId'));
  return all;
};

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

const inTime = (minutes: number): string =>
  minutes === DAY_MINUTES
    ? '24 hours'
    : minutes % 60 === 0
      ? counted(minutes / 60, 'hour')
      : duration(minutes * MINUTE_MS);

type Condition = Pick<Alert, 'kind'> & Partial<Alert>;
const SENTENCES: Readonly<Record<AlertKind, (alert: Condition) => string>> = {
  SOURCE_VOLUME: ({ percent = 0 }) => `Events in 24 hours are ${percent}% above or below those of the day before`,
  DELIVERY_RATE: ({ percent = 0, minutes = DAY_MINUTES, count = 1 }) =>
    `Less than ${percent}% of tries are delivered in ${inTime(minutes)}${fromCount(count)}`,
  SUBSCRIPTION_DELIVERY_RATE: ({ percent = 0, count = 1 }) =>
    `Less than ${percent}% of a mapping’s sends are delivered in 24 hours${fromCount(count)}`,
  NEW_ERROR: () => 'An error code appears that was not seen in 7 days',
  LANE_AGE: ({ seconds = 0 }) => `The oldest event waits longer than ${duration(seconds * SECOND_MS)}`,
  DEAD_LETTERS: ({ count = 1, minutes = 60 }) =>
    `${counted(count, 'event')} or more could not be delivered in ${inTime(minutes)}`,
  LEDGER_MISMATCH: () => 'The hourly check of the books finds a difference',
  USAGE: ({ measure, count = 1 }) =>
    `${measure === 'MTU' ? 'Tracked users' : 'API calls'} of the month reach ${compact(count)}`,
  EVENT: ({ event = '' }) => `The audit trail says “${event}”`,
};

/** What an alert is told by, as a sentence without its source or destination. */
export const alertSentence = (alert: Condition): string => SENTENCES[alert.kind](alert);

const fromCount = (count: number): string => (count > 1 ? `, once there are ${counted(count, 'try', 'tries')}` : '');

/** A channel in words: "E-mail to ops@example.com". */
export function channelText(channel: Channel): string {
  if (channel.type === 'EMAIL') return `E-mail to ${channel.address}`;
  if (channel.type === 'SLACK') return channel.channel === undefined ? 'Slack' : `Slack ${channel.channel}`;
  return channel.type === 'WEBHOOK' ? `Webhook ${channel.host ?? ''}`.trim() : 'In the app';
}

/** Names of channels by the type that a test answers. */
export const CHANNEL_NAMES: Readonly<Record<string, string>> = {
  IN_APP: 'In the app',
  EMAIL: 'E-mail',
  SLACK: 'Slack',
  WEBHOOK: 'Webhook',
};

/** Types of audit entries that an alert is offered for: those that people hear of by default, which a test compares, and changes of mappings. */
export const AUDIT_TYPES: readonly string[] = [
  'Source Created',
  'Source Modified',
  'Source Enabled',
  'Source Disabled',
  'Source Deleted',
  'Source Settings Modified',
  'Write Key Created',
  'Write Key Deleted',
  'Integration Created',
  'Integration Modified',
  'Integration Enabled',
  'Integration Disabled',
  'Integration Deleted',
  'Destination Subscription Created',
  'Destination Subscription Modified',
  'Destination Subscription Deleted',
  'Destination Filter Created',
  'Destination Filter Modified',
  'Destination Filter Enabled',
  'Destination Filter Disabled',
  'Destination Filter Deleted',
  'Tracking Plan Created',
  'Tracking Plan Modified',
  'Tracking Plan Deleted',
  'User Invited',
  'Access Requested',
];
