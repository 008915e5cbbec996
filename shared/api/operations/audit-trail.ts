import * as z from 'zod';
import { operation } from '../operation.ts';
import { AuditEventV1, PaginationInput, PaginationOutput } from '../shapes.ts';

export const auditTrailOperations = {
  listAuditEvents: operation({
    method: 'GET',
    path: '/audit-events',
    tag: 'Audit Trail',
    stability: 'ga',
    effect: 'works',
    access: { right: 'audit.read', of: 'workspace' },
    query: () =>
      z.strictObject({
        startTime: z.iso.datetime({ offset: true }).optional(),
        endTime: z.iso.datetime({ offset: true }).optional(),
        resourceId: z.string().max(512).optional(),
        resourceType: z.string().max(64).optional(),
        pagination: PaginationInput().optional(),
      }),
    answer: () => z.strictObject({ events: z.array(AuditEventV1()), pagination: PaginationOutput().optional() }),
  }),
};
