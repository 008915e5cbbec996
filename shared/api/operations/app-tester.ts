import * as z from 'zod';
import { operation } from '../operation.ts';
import { freeMap } from '../shape.ts';
import { SeenEvent, SubscriptionTry } from './event-shapes.ts';
import { rangeQuery } from './range-shapes.ts';

const ISSUE = 6;

/** What a destination would make of an event, and a rule of many. */
export const appTesterOperations = {
  testDestination: operation({
    method: 'POST',
    path: '/app-api/destinations/{destinationId}/test',
    tag: 'Delivery',
    stability: 'own',
    effect: 'later',
    issue: ISSUE,
    access: { right: 'destination.edit', of: 'destination', param: 'destinationId', in: 'path' },
    summary: 'Sends one event to a destination outside of the books, or says what would be sent.',
    body: () =>
      z.strictObject({
        event: freeMap(),
        subscriptionId: z.string().optional(),
        applyFilters: z.boolean(),
        dryRun: z.boolean(),
      }),
    answer: () =>
      z.strictObject({
        filtered: z.string().nullable(),
        event: freeMap().nullable(),
        subscriptions: z.array(SubscriptionTry()),
      }),
  }),
  createEstimate: operation({
    method: 'POST',
    path: '/app-api/estimates',
    tag: 'Delivery',
    stability: 'own',
    effect: 'later',
    issue: ISSUE,
    access: { right: 'source.read', of: 'source', param: 'sourceId', in: 'body' },
    summary: 'How many of a source’s events a trigger or a filter would have matched, with samples.',
    body: () =>
      z.strictObject({
        sourceId: z.string(),
        trigger: z.string().max(8_192).optional(),
        filter: z.strictObject({ if: z.string().max(8_192) }).optional(),
        ...rangeQuery(),
      }),
    answer: () =>
      z.strictObject({
        examined: z.int(),
        matched: z.int(),
        /** Whether not all events of the time could be looked at. */
        sampled: z.boolean(),
        samples: z.array(SeenEvent()).max(10),
      }),
  }),
};
