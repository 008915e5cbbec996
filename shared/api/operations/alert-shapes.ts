import * as z from 'zod';
import { ALERT_CHANNELS_MAX, ALERT_KINDS, ALERT_MINUTES_MAX, AREAS, USAGE_MEASURES } from '../../domain/alert.ts';
import { TRANSITIONS } from '../../domain/notification.ts';
import { NAME_CHARS_MAX, SECRET_CHARS_MAX } from '../../domain/workspace.ts';
import { shape } from '../shape.ts';

/** An address that carries a token: answered as dots, which on the way back stand for the one that is kept. */
const secretUrl = () => z.string().min(1).max(2_048);
/** Beside an address in answers: where it leads, without what is secret. */
const host = () => z.string().max(255).optional();
/** Beside an address in answers: goes back with its dots, which without it stand for nothing. */
const channelId = () => z.string().max(64).optional();

export const AlertChannel = shape('AlertChannel', () =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('IN_APP') }),
    z.strictObject({ type: z.literal('EMAIL'), address: z.email().max(254) }),
    z.strictObject({
      type: z.literal('SLACK'),
      webhookUrl: secretUrl(),
      channel: z.string().min(1).max(80).optional(),
      host: host(),
      id: channelId(),
    }),
    z.strictObject({
      type: z.literal('WEBHOOK'),
      url: secretUrl(),
      /** Signs what is sent, as the webhook destination does. */
      secret: z.string().min(1).max(SECRET_CHARS_MAX).optional(),
      host: host(),
      id: channelId(),
    }),
  ]),
);

/** Fields by which alerts of some kind are told what to look at: which kind needs which is in docs/alerts.md. */
const condition = () => ({
  sourceId: z.string().max(64).optional(),
  destinationId: z.string().max(64).optional(),
  subscriptionId: z.string().max(64).optional(),
  /** For EVENT: a type of audit event. */
  event: z.string().min(1).max(128).optional(),
  percent: z.number().min(0).max(1_000).optional(),
  count: z.int().min(1).max(1_000_000_000_000).optional(),
  minutes: z.int().min(5).max(ALERT_MINUTES_MAX).optional(),
  seconds: z.int().min(60).max(1_209_600).optional(),
  measure: z.enum(USAGE_MEASURES).optional(),
});
/** A condition in a change: null takes a field away. */
const changedCondition = () =>
  Object.fromEntries(
    Object.entries(condition()).map(([key, value]) => [key, value.unwrap().nullable().optional()]),
  ) as {
    [K in keyof ReturnType<typeof condition>]: z.ZodOptional<
      z.ZodNullable<ReturnType<ReturnType<typeof condition>[K]['unwrap']>>
    >;
  };
const rest = () => ({
  name: z.string().min(1).max(NAME_CHARS_MAX),
  channels: z.array(AlertChannel()).min(1).max(ALERT_CHANNELS_MAX),
  enabled: z.boolean(),
});

export const AlertInput = shape('AlertInput', () =>
  z.strictObject({ ...rest(), kind: z.enum(ALERT_KINDS), ...condition() }),
);
export const AlertChange = shape('AlertChange', () => z.strictObject({ ...rest(), ...changedCondition() }).partial());

const ChannelState = shape('AlertChannelState', () =>
  z.strictObject({
    type: z.string(),
    /** Place of the channel in the alert. */
    channel: z.int().nonnegative(),
    sent: z.boolean(),
    /** What the other side answered, or why nothing was sent. */
    message: z.string(),
    at: z.iso.datetime(),
  }),
);
export const Alert = shape('Alert', () =>
  z.strictObject({
    id: z.string(),
    ...AlertInput().shape,
    /** All for who may change it; others see whether it is in the app. */
    channels: z.array(AlertChannel()).max(ALERT_CHANNELS_MAX),
    /** It exists without being made, and cannot be deleted. */
    isDefault: z.boolean(),
    createdBy: z.string().nullable(),
    createdAt: z.iso.datetime().nullable(),
    lastTriggeredAt: z.iso.datetime().nullable(),
    /** What channels answered last. */
    lastAnswers: z.array(ChannelState()),
    /** Whether the caller may change it (H09). */
    mayEdit: z.boolean(),
  }),
);
export const Notification = shape('Notification', () =>
  z.strictObject({
    id: z.string(),
    at: z.iso.datetime(),
    /** The alert that it comes from. */
    alertId: z.string().nullable(),
    area: z.enum(AREAS),
    /** Whether something began, still stands, is over, happened once, or was a test. */
    kind: z.enum(TRANSITIONS),
    title: z.string(),
    lines: z.array(z.string()),
    /** Title and lines in one. */
    text: z.string(),
    /** Where in the app it leads. */
    path: z.string().nullable(),
    read: z.boolean(),
  }),
);
