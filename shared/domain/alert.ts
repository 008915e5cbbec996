import * as z from 'zod';
import { AlertId, DestinationId, MappingId, SourceId, WorkspaceId } from './ids.ts';
import { Email } from './people.ts';
import { SealedValue } from './sealed-value.ts';
import { NAME_CHARS_MAX, stored } from './workspace.ts';

/** Of one workspace, those that exist without being made left out (T23). */
export const ALERTS_MAX = 200;
/** Of one person or token that is no owner. */
export const ALERTS_PER_MAKER_MAX = 20;
export const ALERT_CHANNELS_MAX = 5;
/** The longest time that an alert looks back on. */
export const ALERT_MINUTES_MAX = 1_440;

/**
 * What an alert looks at. `SOURCE_VOLUME`: H06. `DELIVERY_RATE`, `SUBSCRIPTION_DELIVERY_RATE`: H07, by destination and by mapping. `NEW_ERROR`: a code that
 * a destination has not answered with in NEW_ERROR_DAYS. `LANE_AGE`: how long the oldest message waits. `EVENT`: an entry of the audit trail (H10).
 */
export const ALERT_KINDS = [
  'SOURCE_VOLUME',
  'DELIVERY_RATE',
  'SUBSCRIPTION_DELIVERY_RATE',
  'NEW_ERROR',
  'LANE_AGE',
  'DEAD_LETTERS',
  'LEDGER_MISMATCH',
  'USAGE',
  'EVENT',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** Where a message goes. Addresses that carry tokens are sealed under the alert; of those `host` is what people are shown. */
export const AlertChannel = z.discriminatedUnion('type', [
  z.object({ type: z.literal('IN_APP') }),
  z.object({ type: z.literal('EMAIL'), address: Email }),
  z.object({
    type: z.literal('SLACK'),
    webhookUrl: SealedValue,
    host: z.string().max(255),
    channel: z.string().max(80).optional(),
  }),
  z.object({
    type: z.literal('WEBHOOK'),
    url: SealedValue,
    host: z.string().max(255),
    secret: SealedValue.optional(),
  }),
]);
export type AlertChannel = z.infer<typeof AlertChannel>;
/** The fields that secrets of channels are sealed under, with the alert's id. */
export const SLACK_URL_FIELD = 'slack.webhookUrl';
export const WEBHOOK_URL_FIELD = 'webhook.url';
export const WEBHOOK_SECRET_FIELD = 'webhook.secret';

export const USAGE_MEASURES = ['API_CALLS', 'MTU'] as const;

/** What an alert is told by; which of them a kind needs says ALERT_NEEDS. */
export const alertCondition = {
  sourceId: SourceId.optional(),
  destinationId: DestinationId.optional(),
  subscriptionId: MappingId.optional(),
  /** A type of audit entry, as `Source Created`. */
  event: z.string().min(1).max(128).optional(),
  /** Of a hundred. Of SOURCE_VOLUME how far from the day before, and so above a hundred, too. */
  percent: z.number().min(0).max(1_000).optional(),
  /** DEAD_LETTERS, USAGE: so many or more. DELIVERY_RATE: fewer tries than that say nothing. */
  count: z.int().min(1).max(1_000_000_000_000).optional(),
  /** How far back DELIVERY_RATE (a day where nothing is said) and DEAD_LETTERS (an hour) look. */
  minutes: z.int().min(5).max(ALERT_MINUTES_MAX).optional(),
  /** LANE_AGE: longer than that. */
  seconds: z.int().min(60).max(1_209_600).optional(),
  measure: z.enum(USAGE_MEASURES).optional(),
};

export const Alert = z.object({
  id: AlertId,
  workspaceId: WorkspaceId,
  name: z.string().trim().min(1).max(NAME_CHARS_MAX),
  kind: z.enum(ALERT_KINDS),
  ...alertCondition,
  channels: z.array(AlertChannel).min(1).max(ALERT_CHANNELS_MAX),
  enabled: z.boolean(),
  /** Who made it, and so who sees it beside owners (H09). Absent: it exists without being made. */
  createdBy: z.object({ id: z.string().max(64), name: z.string().max(320) }).optional(),
  ...stored,
});
export type Alert = z.infer<typeof Alert>;

type ConditionField = keyof typeof alertCondition;
/** What each kind must be told, and what it may be. What it does not know is refused: it would be without effect. */
export const ALERT_NEEDS: Readonly<Record<AlertKind, { must: ConditionField[]; may: ConditionField[] }>> = {
  SOURCE_VOLUME: { must: ['percent'], may: ['sourceId'] },
  DELIVERY_RATE: { must: ['percent'], may: ['destinationId', 'minutes', 'count'] },
  SUBSCRIPTION_DELIVERY_RATE: { must: ['percent', 'destinationId', 'subscriptionId'], may: ['count'] },
  NEW_ERROR: { must: [], may: ['destinationId'] },
  LANE_AGE: { must: ['seconds'], may: ['destinationId'] },
  DEAD_LETTERS: { must: ['count'], may: ['destinationId', 'minutes'] },
  LEDGER_MISMATCH: { must: [], may: ['destinationId'] },
  USAGE: { must: ['measure', 'count'], may: [] },
  EVENT: { must: ['event'], may: ['sourceId', 'destinationId'] },
};

/** What is wrong with a condition, by field. A rate of a hundred or more of a hundred cannot be passed. */
export function conditionFaults(alert: Pick<Alert, 'kind' | ConditionField>): { field: string; message: string }[] {
  const { must, may } = ALERT_NEEDS[alert.kind];
  const fields = Object.keys(alertCondition) as ConditionField[];
  const faults = must
    .filter((field) => alert[field] === undefined)
    .map((field) => ({ field, message: `An alert of the kind ${alert.kind} needs it.` }));
  for (const field of fields) {
    if (alert[field] === undefined || must.includes(field) || may.includes(field)) continue;
    faults.push({ field, message: `An alert of the kind ${alert.kind} does not look at it: leave it out.` });
  }
  if (alert.kind !== 'SOURCE_VOLUME' && (alert.percent ?? 0) > 100) {
    faults.push({ field: 'percent', message: 'A rate is 100 at most.' });
  }
  return faults;
}

const EPOCH = '2020-01-01T00:00:00.000Z';
const inApp = [{ type: 'IN_APP' as const }];

type DefaultAlert = Omit<Alert, 'workspaceId' | 'version' | 'createdAt' | 'updatedAt'>;
const standing = (
  name: string,
  text: string,
  condition: Partial<DefaultAlert> & { kind: AlertKind },
): DefaultAlert => ({
  id: AlertId.parse(`alr_default_${name}`),
  name: text,
  channels: inApp,
  enabled: true,
  ...condition,
});

/** Types of audit entries that people hear of without asking (H10), with the part of the app that each belongs to. */
export const DEFAULT_EVENTS: Readonly<Record<string, Area>> = {
  'Source Created': 'sources',
  'Source Deleted': 'sources',
  'Source Enabled': 'sources',
  'Source Disabled': 'sources',
  'Source Modified': 'sources',
  'Source Settings Modified': 'sources',
  'Write Key Created': 'sources',
  'Write Key Deleted': 'sources',
  'Integration Created': 'destinations',
  'Integration Deleted': 'destinations',
  'Integration Enabled': 'destinations',
  'Integration Disabled': 'destinations',
  'Integration Modified': 'destinations',
  'Destination Filter Created': 'destinations',
  'Destination Filter Deleted': 'destinations',
  'Destination Filter Enabled': 'destinations',
  'Destination Filter Disabled': 'destinations',
  'Destination Filter Modified': 'destinations',
  'Tracking Plan Created': 'trackingPlans',
  'Tracking Plan Deleted': 'trackingPlans',
  'Tracking Plan Modified': 'trackingPlans',
  'User Invited': 'people',
  'Access Requested': 'people',
};

/** Parts of the app that people choose their notifications by. */
export const AREAS = ['sources', 'destinations', 'delivery', 'trackingPlans', 'people', 'workspace'] as const;
export type Area = (typeof AREAS)[number];

/** What every workspace is told of without having asked: trouble that nobody wants to find out by chance, and what others change. */
const DEFAULT_ALERTS: readonly DefaultAlert[] = [
  standing('delivery_failing', 'A destination fails', {
    kind: 'DELIVERY_RATE',
    percent: 50,
    minutes: 10,
    count: 10,
  }),
  standing('dead_letters', 'Events were not delivered', { kind: 'DEAD_LETTERS', count: 1, minutes: 60 }),
  standing('ledger_mismatch', 'The books do not add up', { kind: 'LEDGER_MISMATCH' }),
  ...Object.keys(DEFAULT_EVENTS).map((event) =>
    standing(event.toLowerCase().replaceAll(' ', '_'), event, { kind: 'EVENT', event }),
  ),
];

export const isDefaultAlert = ({ id }: Pick<Alert, 'id'>): boolean => id.startsWith('alr_default_');

/** All alerts of a workspace: those that are saved, and the default ones that nobody has changed, with version 0. */
export function alertsOf(workspaceId: WorkspaceId, saved: readonly Alert[]): Alert[] {
  const known = new Set(saved.map(({ id }) => id));
  const untouched = DEFAULT_ALERTS.filter(({ id }) => !known.has(id)).map((alert) => ({
    ...alert,
    channels: [...alert.channels],
    workspaceId,
    version: 0,
    createdAt: EPOCH,
    updatedAt: EPOCH,
  }));
  return [...untouched, ...saved];
}

/** The part of the app that an alert belongs to. */
export const areaOf = ({ kind, event }: Pick<Alert, 'kind' | 'event'>): Area => {
  if (kind === 'SOURCE_VOLUME') return 'sources';
  if (kind === 'USAGE' || kind === 'LEDGER_MISMATCH') return 'workspace';
  if (kind !== 'EVENT') return 'delivery';
  return DEFAULT_EVENTS[event ?? ''] ?? 'workspace';
};
