import * as z from 'zod';
import { EXPORT_KINDS } from '../../domain/export-file.ts';
import { shape } from '../shape.ts';

export const ExportJob = shape('ExportJob', () =>
  z.strictObject({
    id: z.string(),
    what: z.enum(EXPORT_KINDS),
    sourceId: z.string().nullable(),
    /** The file is whole when this is answered. */
    status: z.enum(['FINISHED']),
    createdAt: z.iso.datetime(),
    createdBy: z.string(),
    /** The file is kept until then: 14 days. */
    expiresAt: z.iso.datetime(),
    fileName: z.string(),
    rows: z.int().nonnegative(),
    bytes: z.int().nonnegative(),
    /** Its last line says that there was more. */
    isCut: z.boolean(),
    /** Path of the file. It needs the same sign-in and the same rights, looked at anew each time: a link that gets around opens nothing. */
    url: z.string(),
  }),
);
