import * as z from 'zod';
import { EXPORT_KINDS, EXPORTS_LISTED_MAX } from '../../domain/export-file.ts';
import { operation } from '../operation.ts';
import { ExportJob } from './export-shapes.ts';
import { rangeQuery } from './range-shapes.ts';

/** A file takes reads of some MB, and is written once. */
const EXPORTS_PER_MINUTE_MAX = 10;

/** Long lists as files. Each takes the right to what is in it, when it is made and whenever it is read: others do not find it. */
export const appExportsOperations = {
  createExport: operation({
    method: 'POST',
    path: '/app-api/exports',
    tag: 'Exports',
    stability: 'own',
    effect: 'works',
    access: { right: 'source.read', of: 'visible' },
    summary: 'Writes a long list as CSV. What is beyond 4 MB is cut, and the last line says so.',
    status: 201,
    perMinuteMax: EXPORTS_PER_MINUTE_MAX,
    body: () =>
      z.strictObject({
        what: z.enum(EXPORT_KINDS),
        /** Of a schema, needed. */
        sourceId: z.string().max(64).optional(),
        /** Of a schema, one at a time: TRACK where nothing is said. */
        type: z.enum(['TRACK', 'IDENTIFY', 'GROUP']).optional(),
        /** Of a schema 7d or 30d; of the audit trail 90 days where nothing is said. */
        ...rangeQuery(),
      }),
    answer: () => z.strictObject({ export: ExportJob() }),
  }),
  listExports: operation({
    method: 'GET',
    path: '/app-api/exports',
    tag: 'Exports',
    stability: 'own',
    effect: 'works',
    access: { right: 'source.read', of: 'visible' },
    summary: 'Files of the last 14 days, the newest first.',
    answer: () => z.strictObject({ exports: z.array(ExportJob()).max(EXPORTS_LISTED_MAX) }),
  }),
  getExport: operation({
    method: 'GET',
    path: '/app-api/exports/{exportId}',
    tag: 'Exports',
    stability: 'own',
    effect: 'works',
    access: { right: 'source.read', of: 'visible' },
    summary: 'What a file holds, and where it is.',
    answer: () => z.strictObject({ export: ExportJob() }),
  }),
  getExportFile: operation({
    method: 'GET',
    path: '/app-api/exports/{exportId}/file',
    tag: 'Exports',
    stability: 'own',
    effect: 'works',
    access: { right: 'source.read', of: 'visible' },
    summary: 'The file.',
    contentType: 'text/csv; charset=utf-8',
    answer: () => z.string(),
  }),
};
