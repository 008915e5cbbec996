import * as z from 'zod';
import { idText } from '../bounds.ts';
import { operation } from '../operation.ts';
import { queryList, wholeMap } from '../shape.ts';
import { DebugCoverage, DebuggedEvent, EventTrace } from './debug-shapes.ts';

/** Characters of a messageId that a request may name; those of events are shorter (E17). */
const MESSAGE_ID_MAX = 128;
const CURSOR_CHARS_MAX = 2_048;
/** An id of a user or device that helps to find an event. */
const HINT_CHARS_MAX = 1_024;
/** Events of a source as they come, and the way of each. */
export const appEventsOperations = {
  listSourceEvents: operation({
    method: 'GET',
    path: '/app-api/sources/{sourceId}/events',
    tag: 'Events of a source',
    stability: 'own',
    effect: 'works',
    access: { right: 'source.read', of: 'source', param: 'sourceId', in: 'path' },
    summary:
      'Events that the debugger keeps of a source (24 h or 20 MB, whichever is less), newest first, 500 at most. With `after`: what came since an earlier answer; without: a search, which `next` goes on with.',
    query: () =>
      z.strictObject({
        after: z.string().max(CURSOR_CHARS_MAX).optional(),
        before: z.string().max(CURSOR_CHARS_MAX).optional().describe('`next` of an earlier answer.'),
        q: z
          .string()
          .max(256)
          .optional()
          .describe('`type:track event:"X" user:1 -event:Y status:blocked`, or any text.'),
        type: queryList(z.enum(['track', 'identify', 'page', 'screen', 'group', 'alias'])).optional(),
        event: z.string().max(512).optional(),
        status: z.enum(['ALLOWED', 'BLOCKED', 'INVALID', 'DUPLICATE']).optional(),
        reason: z.string().max(128).optional(),
        destinationId: idText()
          .optional()
          .describe('With `reason`: events that this destination was not meant to get.'),
        messageId: z.string().max(MESSAGE_ID_MAX).optional(),
        from: z.iso.datetime().optional(),
        to: z.iso.datetime().optional(),
        count: z.coerce.number().int().min(1).max(500).optional(),
      }),
    answer: () =>
      z.strictObject({
        events: z.array(DebuggedEvent()).max(500),
        after: z.string().describe('For the next live read.'),
        next: z
          .string()
          .nullable()
          .describe('Of a search: where it goes on; null: all that is kept has been looked at.'),
        coverage: DebugCoverage(),
        keepAllUntil: z.string().nullable(),
      }),
  }),
  getEventTrace: operation({
    method: 'GET',
    path: '/app-api/events/{messageId}',
    tag: 'Events of a source',
    stability: 'own',
    effect: 'works',
    access: { right: 'source.read', of: 'visible' },
    summary:
      'The way of one event: where it came in, every verdict, what each stage changed, and every send with its tries. Each hint finds it sooner, or further back.',
    query: () =>
      z.strictObject({
        sourceId: idText().optional(),
        at: z.iso.datetime().optional().describe('About when it was received.'),
        intakeId: z.string().max(64).optional(),
        userId: z.string().max(HINT_CHARS_MAX).optional(),
        anonymousId: z.string().max(HINT_CHARS_MAX).optional(),
      }),
    answer: () => EventTrace(),
  }),
  createTestEvent: operation({
    method: 'POST',
    path: '/app-api/sources/{sourceId}/test-events',
    tag: 'Events of a source',
    stability: 'own',
    effect: 'works',
    access: { right: 'source.edit', of: 'source', param: 'sourceId', in: 'path' },
    summary:
      'Sends an event as a client of the source would: it is judged, delivered and counted like any other, and always kept in the debugger.',
    status: 201,
    perMinuteMax: 60,
    body: () => z.strictObject({ event: wholeMap() }),
    answer: () => z.strictObject({ messageId: z.string(), intakeId: z.string(), receivedAt: z.iso.datetime() }),
  }),
  keepAllSourceEvents: operation({
    method: 'POST',
    path: '/app-api/sources/{sourceId}/keep-all',
    tag: 'Events of a source',
    stability: 'own',
    effect: 'works',
    access: { right: 'source.edit', of: 'source', param: 'sourceId', in: 'path' },
    summary: 'Lets the debugger keep every event of the source for 15 minutes, or no longer.',
    body: () => z.strictObject({ on: z.boolean() }),
    answer: () => z.strictObject({ keepAllUntil: z.string().nullable() }),
    audits: ['Source Modified'],
  }),
};
