import * as z from 'zod';
import { shape } from '../shape.ts';

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
