import * as z from 'zod';
import { operation } from '../operation.ts';
import { freeMap } from '../shape.ts';
import { PaginationOutput } from '../shapes.ts';
import { Exchange } from './event-shapes.ts';
import { DeliveryIssue } from './issue-shapes.ts';
import { rangeQuery, pageQuery } from './range-shapes.ts';

const ISSUE = 6;

/** What went wrong with delivery. */
export const appIssuesOperations = {
  listDeliveryIssues: operation({
    method: 'GET',
    path: '/app-api/delivery/issues',
    tag: 'Delivery',
    stability: 'own',
    effect: 'later',
    issue: ISSUE,
    access: { right: 'destination.read', of: 'visible' },
    summary: 'What went wrong with delivery, by destination, code and message.',
    query: () =>
      z.strictObject({
        sourceId: z.string().optional(),
        destinationId: z.string().optional(),
        subscriptionId: z.string().optional(),
        ...rangeQuery(),
        ...pageQuery(),
      }),
    answer: () => z.strictObject({ issues: z.array(DeliveryIssue()), pagination: PaginationOutput() }),
  }),
  listDeliveryIssueSamples: operation({
    method: 'GET',
    path: '/app-api/delivery/issues/{issueId}/samples',
    tag: 'Delivery',
    stability: 'own',
    effect: 'later',
    issue: ISSUE,
    access: { right: 'destination.read', of: 'visible' },
    summary: 'Events that met an issue: what was sent to the tool and what it answered.',
    query: () => z.strictObject(pageQuery()),
    answer: () =>
      z.strictObject({
        samples: z.array(
          z.strictObject({ messageId: z.string(), at: z.iso.datetime(), event: freeMap(), exchange: Exchange() }),
        ),
        pagination: PaginationOutput(),
      }),
  }),
};
