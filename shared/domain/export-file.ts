import * as z from 'zod';
import { Timestamp } from './timestamp.ts';
import { SOURCES_MAX } from './workspace.ts';

/** Lists that are written as files. */
export const EXPORT_KINDS = ['SCHEMA', 'AUDIT_TRAIL', 'ISSUES'] as const;
/** F13: how long files are kept. */
export const EXPORT_DAYS = 14;
/** Of one file, before it is packed: Lambda takes 6 MB in an answer, and characters may grow in JSON. */
export const EXPORT_BYTES_MAX = 4_000_000;
/** Files of a workspace that are listed: the newest. */
export const EXPORTS_LISTED_MAX = 200;

/** What a file holds; the file itself lies apart. */
export const ExportFile = z.object({
  id: z.string().max(64),
  what: z.enum(EXPORT_KINDS),
  /** Of the audit trail there are none: whoever reads the file must see them all. */
  sourceIds: z.array(z.string().max(64)).max(SOURCES_MAX),
  createdAt: Timestamp,
  createdBy: z.string().max(320),
  expiresAt: Timestamp,
  fileName: z.string().max(300),
  rows: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  isCut: z.boolean(),
});
export type ExportFile = z.infer<typeof ExportFile>;
