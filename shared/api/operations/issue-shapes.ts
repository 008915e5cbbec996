import * as z from 'zod';
import { shape } from '../shape.ts';

export const DeliveryIssue = shape('DeliveryIssue', () =>
  z.strictObject({
    id: z.string(),
    destinationId: z.string(),
    subscriptionId: z.string().nullable(),
    code: z.string(),
    message: z.string(),
    /** Whether it is tried again. */
    retried: z.boolean(),
    count: z.int(),
    firstSeenAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
    /** What people can do about it. */
    advice: z.string(),
  }),
);
