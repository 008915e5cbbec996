import * as z from 'zod';
import { shape } from '../shape.ts';

export const ExportJob = shape('ExportJob', () =>
  z.strictObject({
    id: z.string(),
    what: z.enum(['SCHEMA', 'AUDIT_TRAIL', 'ISSUES', 'VIOLATIONS', 'INVENTORY']),
    status: z.enum(['RUNNING', 'FINISHED', 'FAILED']),
    createdAt: z.iso.datetime(),
    fileName: z.string(),
    /** Good for ten minutes. */
    url: z.string().nullable(),
  }),
);
