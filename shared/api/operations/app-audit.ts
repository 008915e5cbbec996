import * as z from 'zod';
import { operation } from '../operation.ts';
import { PaginationInput, PaginationOutput } from '../shapes.ts';
import { shape } from '../shape.ts';

const AppAuditEvent = shape('AppAuditEvent', () =>
  z.strictObject({
    id: z.string(),
    at: z.string(),
    event: z.string(),
    actor: z.strictObject({
      type: z.string(),
      id: z.string(),
      name: z.string().optional(),
      email: z.string().optional(),
    }),
    resource: z.strictObject({ type: z.string(), id: z.string(), name: z.string().optional() }),
    before: z.record(z.string(), z.json()).optional(),
    after: z.record(z.string(), z.json()).optional(),
    requestId: z.string().optional(),
    ip: z.string().optional(),
  }),
);
const FILTERS = {
  event: z.string().max(128).optional(),
  actorId: z.string().max(128).optional(),
  resourceId: z.string().max(512).optional(),
  resourceType: z.string().max(64).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
};

/** The audit trail with what the original's route does not tell: before and after, request and address (H14). */
export const appAuditOperations = {
  listAppAuditEvents: operation({
    method: 'GET',
    path: '/app-api/audit-events',
    tag: 'Audit Trail',
    stability: 'own',
    effect: 'works',
    access: { right: 'audit.read', of: 'workspace' },
    summary:
      'What was changed in the last 90 days, newest first. A page may hold fewer than were asked for and have a next one.',
    query: () => z.strictObject({ ...FILTERS, pagination: PaginationInput().optional() }),
    answer: () => z.strictObject({ events: z.array(AppAuditEvent()), pagination: PaginationOutput() }),
  }),
  exportAuditEvents: operation({
    method: 'GET',
    path: '/app-api/audit-events.csv',
    tag: 'Audit Trail',
    stability: 'own',
    effect: 'works',
    access: { right: 'audit.read', of: 'workspace' },
    summary: 'The same as CSV, 5,000 rows at most; the last row says so where there are more.',
    perMinuteMax: 10,
    contentType: 'text/csv; charset=utf-8',
    query: () => z.strictObject(FILTERS),
    answer: () => z.string(),
  }),
};
