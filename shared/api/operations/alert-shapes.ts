import * as z from 'zod';
import { shape } from '../shape.ts';

export const AlertChannel = shape('AlertChannel', () =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('EMAIL'), address: z.email().max(254) }),
    z.strictObject({
      type: z.literal('SLACK'),
      webhookUrl: z.url().max(2_048),
      channel: z.string().max(80).optional(),
    }),
    z.strictObject({ type: z.literal('IN_APP') }),
  ]),
);
/** Share of one hundred. */
const PERCENT_MAX = 100;
export const AlertInput = shape('AlertInput', () =>
  z.strictObject({
    name: z.string().min(1).max(256),
    kind: z.enum(['SOURCE_VOLUME', 'DELIVERY_RATE', 'SUBSCRIPTION_DELIVERY_RATE', 'NEW_FIELD', 'VIOLATIONS', 'EVENT']),
    sourceId: z.string().optional(),
    destinationId: z.string().optional(),
    subscriptionId: z.string().optional(),
    /** For EVENT: a type of audit event. */
    event: z.string().max(128).optional(),
    percent: z.number().min(0).max(PERCENT_MAX).optional(),
    channels: z.array(AlertChannel()).min(1).max(5),
    enabled: z.boolean(),
  }),
);
export const Alert = shape('Alert', () =>
  z.strictObject({
    id: z.string(),
    ...AlertInput().shape,
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    lastTriggeredAt: z.iso.datetime().nullable(),
  }),
);
export const Notification = shape('Notification', () =>
  z.strictObject({
    id: z.string(),
    at: z.iso.datetime(),
    kind: z.string(),
    text: z.string(),
    /** Where in the app it leads. */
    path: z.string().nullable(),
    read: z.boolean(),
  }),
);
