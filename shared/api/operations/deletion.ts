import * as z from 'zod';
import { operation } from '../operation.ts';
import { queryList } from '../shape.ts';
import { PaginationInput, RegulationListEntryV1 } from '../shapes.ts';

/** Regulations of one source: what they delete or suppress there alone comes with governance. */
export const deletionOperations = {
  createSourceRegulation: operation({
    method: 'POST',
    path: '/regulations/sources/{sourceId}',
    tag: 'Deletion and Suppression',
    stability: 'ga',
    effect: 'later',
    access: { right: 'suppression.edit', of: 'workspace' },
    body: () =>
      z.strictObject({
        regulationType: z.enum([
          'DELETE_ARCHIVE_ONLY',
          'DELETE_INTERNAL',
          'DELETE_ONLY',
          'SUPPRESS_ONLY',
          'SUPPRESS_WITH_DELETE',
          'SUPPRESS_WITH_DELETE_INTERNAL',
          'UNSUPPRESS',
        ]),
        subjectType: z.enum(['ANONYMOUS_ID', 'USER_ID']),
        subjectIds: z.array(z.string()),
      }),
    answer: () => z.strictObject({ regulateId: z.string() }),
  }),
  createCloudSourceRegulation: operation({
    method: 'POST',
    path: '/regulations/cloudsources/{sourceId}',
    tag: 'Deletion and Suppression',
    stability: 'ga',
    effect: 'later',
    access: { right: 'suppression.edit', of: 'workspace' },
    body: () =>
      z.strictObject({
        regulationType: z.enum([
          'DELETE_INTERNAL',
          'DELETE_ONLY',
          'SUPPRESS_ONLY',
          'SUPPRESS_WITH_DELETE',
          'SUPPRESS_WITH_DELETE_INTERNAL',
          'UNSUPPRESS',
        ]),
        subjectType: z.literal('OBJECT_ID'),
        subjectIds: z.array(z.string()),
        collection: z.string(),
      }),
    answer: () => z.strictObject({ regulateId: z.string() }),
  }),
  listRegulationsFromSource: operation({
    method: 'GET',
    path: '/regulations/sources/{sourceId}',
    tag: 'Deletion and Suppression',
    stability: 'ga',
    effect: 'later',
    access: { right: 'suppression.read', of: 'workspace' },
    query: () =>
      z.strictObject({
        status: z
          .enum(['FAILED', 'FINISHED', 'INITIALIZED', 'INVALID', 'NOT_SUPPORTED', 'PARTIAL_SUCCESS', 'RUNNING'])
          .optional(),
        regulationTypes: queryList(
          z.enum([
            'DELETE_ARCHIVE_ONLY',
            'DELETE_INTERNAL',
            'DELETE_ONLY',
            'SUPPRESS_ONLY',
            'SUPPRESS_WITH_DELETE',
            'SUPPRESS_WITH_DELETE_INTERNAL',
            'UNSUPPRESS',
          ]),
        ).optional(),
        pagination: PaginationInput().optional(),
      }),
    answer: () => z.strictObject({ regulations: z.array(RegulationListEntryV1()) }),
  }),
};
