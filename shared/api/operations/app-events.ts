import * as z from 'zod';
import { operation } from '../operation.ts';
import { freeMap, queryList } from '../shape.ts';
import { SeenEvent } from './event-shapes.ts';

const ISSUE = 6;
/** Characters of a messageId that a request may name; those of events are shorter (E17). */
const MESSAGE_ID_MAX = 100;

/** Events of a source as they come, and the way of each. */
export const appEventsOperations = {
  listSourceEvents: operation({
    method: 'GET',
    path: '/app-api/sources/{sourceId}/events',
    tag: 'Events of a source',
    stability: 'own',
    effect: 'later',
    issue: ISSUE,
    access: { right: 'source.read', of: 'source', param: 'sourceId', in: 'path' },
    summary: 'The newest events of a source, 500 at most, live and searched.',
    query: () =>
      z.strictObject({
        after: z.string().max(1_024).optional(),
        q: z.string().max(256).optional(),
        type: queryList(z.enum(['track', 'identify', 'page', 'screen', 'group', 'alias'])).optional(),
        event: z.string().max(512).optional(),
        status: z.enum(['ALLOWED', 'BLOCKED', 'INVALID', 'DUPLICATE', 'SUPPRESSED']).optional(),
        from: z.iso.datetime().optional(),
        to: z.iso.datetime().optional(),
      }),
    answer: () => z.strictObject({ events: z.array(SeenEvent()).max(500), after: z.string() }),
  }),
  getEventTrace: operation({
    method: 'GET',
    path: '/app-api/events/{messageId}',
    tag: 'Events of a source',
    stability: 'own',
    effect: 'later',
    issue: ISSUE,
    access: { right: 'source.read', of: 'visible' },
    summary: 'The way of one event: where it came in, every verdict, and every send with its tries.',
    answer: () =>
      z.strictObject({
        event: SeenEvent(),
        sourceId: z.string(),
        intakeId: z.string(),
        destinations: z.array(
          z.strictObject({
            destinationId: z.string(),
            verdict: z.enum(['QUEUED', 'FILTERED']),
            reason: z.string().nullable(),
            sends: z.array(
              z.strictObject({
                subscriptionId: z.string(),
                state: z.enum(['IN_FLIGHT', 'WAITING', 'DELIVERED', 'DISCARDED', 'DEAD_LETTERED']),
                tries: z.array(
                  z.strictObject({
                    at: z.iso.datetime(),
                    outcome: z.string(),
                    code: z.string().nullable(),
                    latencyMs: z.number(),
                  }),
                ),
                nextTryAt: z.iso.datetime().nullable(),
              }),
            ),
          }),
        ),
      }),
  }),
  createTestEvent: operation({
    method: 'POST',
    path: '/app-api/sources/{sourceId}/test-events',
    tag: 'Events of a source',
    stability: 'own',
    effect: 'later',
    issue: ISSUE,
    access: { right: 'source.edit', of: 'source', param: 'sourceId', in: 'path' },
    summary: 'Sends an event as a client of the source would.',
    status: 201,
    body: () => z.strictObject({ event: freeMap() }),
    answer: () => z.strictObject({ messageId: z.string().max(MESSAGE_ID_MAX) }),
  }),
};
