import * as z from 'zod';
import { operation } from '../operation.ts';
import { PaginationOutput } from '../shapes.ts';
import { rangeQuery, pageQuery } from './range-shapes.ts';

const ISSUE = 6;
const success = () => z.strictObject({ status: z.literal('SUCCESS') });

/** What a source has sent, by name. */
export const appSchemaOperations = {
  getSourceSchema: operation({
    method: 'GET',
    path: '/app-api/sources/{sourceId}/schema',
    tag: 'Events of a source',
    stability: 'own',
    effect: 'later',
    issue: ISSUE,
    access: { right: 'source.read', of: 'source', param: 'sourceId', in: 'path' },
    summary: 'Names of events, properties and traits that a source has sent, and whether they may pass.',
    query: () =>
      z.strictObject({
        type: z.enum(['TRACK', 'IDENTIFY', 'GROUP']),
        q: z.string().max(256).optional(),
        archived: z.enum(['true', 'false']).optional(),
        ...rangeQuery(),
        ...pageQuery(),
      }),
    answer: () =>
      z.strictObject({
        keys: z.array(
          z.strictObject({
            key: z.string(),
            name: z.string(),
            planned: z.boolean().nullable(),
            allowed: z.boolean(),
            archived: z.boolean(),
            lastSeenAt: z.iso.datetime().nullable(),
            allowedCount: z.int(),
            blockedCount: z.int(),
            properties: z.array(
              z.strictObject({ path: z.string(), types: z.array(z.string()), allowed: z.boolean(), count: z.int() }),
            ),
            /** Destinations that do not get it. */
            withheldFrom: z.array(z.string()),
          }),
        ),
        pagination: PaginationOutput(),
      }),
  }),
  updateSourceSchemaKey: operation({
    method: 'PATCH',
    path: '/app-api/sources/{sourceId}/schema/{key}',
    tag: 'Events of a source',
    stability: 'own',
    effect: 'later',
    issue: ISSUE,
    access: { right: 'source.edit', of: 'source', param: 'sourceId', in: 'path' },
    summary: 'Lets an event, a property or a trait pass, blocks it, withholds it from a destination, or archives it.',
    body: () =>
      z.strictObject({
        allowed: z.boolean().optional(),
        archived: z.boolean().optional(),
        withheldFrom: z.array(z.string()).max(200).optional(),
      }),
    answer: success,
    audits: ['Source Modified'],
  }),
};
