import * as z from 'zod';
import { shape } from '../shape.ts';

export const ReplayFilter = shape('ReplayFilter', () =>
  z.strictObject({
    destinationId: z.string(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    /** Of what was not delivered, or of everything that was archived. */
    of: z.enum(['DEAD_LETTERS', 'ARCHIVE']),
    codes: z.array(z.string().max(128)).max(100).optional(),
    if: z.string().max(8_192).optional(),
  }),
);
export const ReplayRun = shape('ReplayRun', () =>
  z.strictObject({
    id: z.string(),
    filter: ReplayFilter(),
    status: z.enum(['COUNTING', 'RUNNING', 'FINISHED', 'CANCELLED', 'FAILED']),
    createdAt: z.iso.datetime(),
    createdBy: z.string(),
    finishedAt: z.iso.datetime().nullable(),
    events: z.int(),
    sent: z.int(),
    delivered: z.int(),
    failed: z.int(),
  }),
);
