import * as z from 'zod';
import { operation } from '../operation.ts';
import { PaginationOutput } from '../shapes.ts';
import { DeliveryIssue, IssueSample } from './issue-shapes.ts';
import { pageQuery, twoWeeksQuery } from './range-shapes.ts';

/** What went wrong with delivery. */
export const appIssuesOperations = {
  listDeliveryIssues: operation({
    method: 'GET',
    path: '/app-api/delivery/issues',
    tag: 'Delivery',
    stability: 'own',
    effect: 'works',
    access: { right: 'destination.read', of: 'visible' },
    summary: 'What went wrong with delivery, by destination, code and message, most first.',
    query: () =>
      z.strictObject({
        sourceId: z.string().max(64).optional(),
        destinationId: z.string().max(64).optional(),
        subscriptionId: z.string().max(64).optional(),
        ...twoWeeksQuery(),
        ...pageQuery(),
      }),
    answer: () =>
      z.strictObject({
        issues: z.array(DeliveryIssue()),
        /** Destinations with failures that were not looked into: ask for one, or for one source. */
        destinationsLeftOut: z.int(),
        pagination: PaginationOutput(),
      }),
  }),
  listDeliveryIssueSamples: operation({
    method: 'GET',
    path: '/app-api/delivery/issues/{issueId}/samples',
    tag: 'Delivery',
    stability: 'own',
    effect: 'works',
    access: { right: 'destination.read', of: 'visible' },
    summary: 'Up to 10 events that met an issue: what was sent to us, what was sent to the tool and what it answered.',
    answer: () =>
      z.strictObject({
        samples: z.array(IssueSample()),
        /** Samples are kept so long, in days. */
        keptDays: z.int(),
      }),
  }),
  listReasonSamples: operation({
    method: 'GET',
    path: '/app-api/sources/{sourceId}/delivery/samples',
    tag: 'Delivery',
    stability: 'own',
    effect: 'works',
    access: { right: 'source.read', of: 'source', param: 'sourceId', in: 'path' },
    summary:
      'Up to 10 events that ended for a reason before anything was sent: no event, kept back at the source, or filtered at a destination.',
    query: () =>
      z.strictObject({
        reason: z.string().min(1).max(128),
        destinationId: z.string().max(64).optional(),
        ...twoWeeksQuery(),
      }),
    answer: () => z.strictObject({ samples: z.array(IssueSample()), keptHours: z.int() }),
  }),
};
