import * as z from 'zod';
import { USER_ID_CHARS_MAX, USERS_PER_REGULATION_MAX } from '../../domain/suppression.ts';
import { operation } from '../operation.ts';
import { queryList } from '../shape.ts';
import { PaginationInput, PaginationOutput, Regulation, RegulationListEntryV1, SuppressedInner } from '../shapes.ts';

export const suppressionOperations = {
  listWorkspaceRegulations: operation({
    method: 'GET',
    path: '/regulations',
    tag: 'Deletion and Suppression',
    stability: 'ga',
    effect: 'works',
    access: { right: 'suppression.read', of: 'workspace' },
    query: () =>
      z.strictObject({
        status: z
          .enum(['FAILED', 'FINISHED', 'INITIALIZED', 'INVALID', 'NOT_SUPPORTED', 'PARTIAL_SUCCESS', 'RUNNING'])
          .optional(),
        regulationTypes: queryList(
          z.enum([
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
    answer: () => z.strictObject({ regulations: z.array(RegulationListEntryV1()), pagination: PaginationOutput() }),
  }),
  createWorkspaceRegulation: operation({
    method: 'POST',
    path: '/regulations',
    tag: 'Deletion and Suppression',
    stability: 'ga',
    effect: 'works',
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
        subjectType: z.enum(['OBJECT_ID', 'USER_ID']),
        subjectIds: z.array(z.string().min(1).max(USER_ID_CHARS_MAX)).min(1).max(USERS_PER_REGULATION_MAX),
      }),
    answer: () => z.strictObject({ regulateId: z.string() }),
    audits: ['Regulation Created'],
  }),
  deleteRegulation: operation({
    method: 'DELETE',
    path: '/regulations/{regulateId}',
    tag: 'Deletion and Suppression',
    stability: 'ga',
    effect: 'works',
    access: { right: 'suppression.edit', of: 'workspace' },
    answer: () => z.strictObject({ status: z.literal('SUCCESS') }),
    audits: ['Regulation Deleted'],
  }),
  getRegulation: operation({
    method: 'GET',
    path: '/regulations/{regulateId}',
    tag: 'Deletion and Suppression',
    stability: 'ga',
    effect: 'works',
    access: { right: 'suppression.read', of: 'workspace' },
    answer: () => z.strictObject({ regulation: Regulation() }),
  }),
  listSuppressions: operation({
    method: 'GET',
    path: '/suppressions',
    tag: 'Deletion and Suppression',
    stability: 'ga',
    effect: 'works',
    access: { right: 'suppression.read', of: 'workspace' },
    query: () => z.strictObject({ pagination: PaginationInput().optional() }),
    answer: () => z.strictObject({ suppressed: z.array(SuppressedInner()), pagination: PaginationOutput() }),
  }),
};
