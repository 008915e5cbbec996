import * as z from 'zod';
import { operation } from '../operation.ts';
import { ExportJob } from './export-shapes.ts';
import { rangeQuery } from './range-shapes.ts';

const ISSUE = 6;

/** Things found by name, and long lists as files. */
export const appLookupOperations = {
  search: operation({
    method: 'GET',
    path: '/app-api/search',
    tag: 'Overview',
    stability: 'own',
    effect: 'later',
    issue: ISSUE,
    access: { right: 'workspace.read', of: 'workspace' },
    summary: 'Finds things of the workspace by a part of their name or id.',
    query: () => z.strictObject({ q: z.string().min(1).max(256) }),
    answer: () =>
      z.strictObject({
        results: z
          .array(
            z.strictObject({
              kind: z.string(),
              id: z.string(),
              name: z.string(),
              detail: z.string(),
              path: z.string(),
            }),
          )
          .max(50),
      }),
  }),
  createExport: operation({
    method: 'POST',
    path: '/app-api/exports',
    tag: 'Exports',
    stability: 'own',
    effect: 'later',
    issue: ISSUE,
    access: { right: 'source.read', of: 'visible' },
    summary: 'Writes a long list as CSV.',
    status: 201,
    body: () => z.strictObject({ what: ExportJob().shape.what, sourceId: z.string().optional(), ...rangeQuery() }),
    answer: () => z.strictObject({ export: ExportJob() }),
  }),
  getExport: operation({
    method: 'GET',
    path: '/app-api/exports/{exportId}',
    tag: 'Exports',
    stability: 'own',
    effect: 'later',
    issue: ISSUE,
    access: { right: 'source.read', of: 'visible' },
    summary: 'Whether the file is there, and where.',
    answer: () => z.strictObject({ export: ExportJob() }),
  }),
};
