import * as z from 'zod';
import { freeMap, shape } from '../shape.ts';
import { Exchange } from './event-shapes.ts';

/** Subscriptions that one issue names. */
const SUBSCRIPTIONS_MAX = 50;

export const DeliveryIssue = shape('DeliveryIssue', () =>
  z.strictObject({
    id: z.string(),
    destinationId: z.string(),
    sourceId: z.string(),
    /** Where one alone has it. */
    subscriptionId: z.string().nullable(),
    /** Of which subscriptions sends have ended with this code. */
    subscriptions: z.array(z.strictObject({ subscriptionId: z.string(), ended: z.int() })).max(SUBSCRIPTIONS_MAX),
    code: z.string(),
    message: z.string(),
    /** Whether some of them were tried again. */
    retried: z.boolean(),
    /** Tries that came to this; of what our own side ended, sends. */
    count: z.int(),
    /** Sends that have ended with this code, whatever the message. */
    ended: z.int(),
    firstSeenAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
    /** What people can do about it. */
    advice: z.string(),
  }),
);

/** An event that met an issue. Where no request was made there are no exchanges. */
export const IssueSample = shape('IssueSample', () =>
  z.strictObject({
    messageId: z.string(),
    at: z.iso.datetime(),
    subscriptionId: z.string().nullable(),
    code: z.string(),
    message: z.string().nullable(),
    /** What the sender sent, as the destination was to get it; secrets are redacted, and what is personal for those who may not see it. */
    event: freeMap(),
    isMasked: z.boolean(),
    exchanges: z.array(Exchange()),
  }),
);
