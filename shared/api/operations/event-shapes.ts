import * as z from 'zod';
import { freeMap, shape } from '../shape.ts';

/** An event as it came, and what became of it at its source. Values are masked for who may not see personal data. */
export const SeenEvent = shape('SeenEvent', () =>
  z.strictObject({
    messageId: z.string(),
    type: z.enum(['track', 'identify', 'page', 'screen', 'group', 'alias']),
    name: z.string().nullable(),
    receivedAt: z.iso.datetime(),
    userId: z.string().nullable(),
    anonymousId: z.string().nullable(),
    verdict: z.enum(['ALLOWED', 'BLOCKED', 'INVALID', 'DUPLICATE', 'SUPPRESSED']),
    reason: z.string().nullable(),
    violations: z.array(z.strictObject({ field: z.string(), message: z.string() })),
    payload: freeMap(),
  }),
);
/** One call to a tool. Secrets are redacted. */
export const Exchange = shape('Exchange', () =>
  z.strictObject({
    method: z.string(),
    url: z.string(),
    requestHeaders: z.record(z.string(), z.string()),
    requestBody: z.string(),
    status: z.int().nullable(),
    responseHeaders: z.record(z.string(), z.string()),
    responseBody: z.string(),
    latencyMs: z.number(),
  }),
);
