import * as z from 'zod';
import { SEEN_TYPES } from '../../domain/schema-digest.ts';
import { operation } from '../operation.ts';
import { PaginationOutput } from '../shapes.ts';
import { pageQuery } from './range-shapes.ts';

const success = () => z.strictObject({ status: z.literal('SUCCESS') });
const tab = () => z.enum(['TRACK', 'IDENTIFY', 'GROUP']);
/** Of a name that is shown before its first event; books cut longer ones (KIND_NAME_CHARS_MAX). */
const NAME_CHARS_MAX = 199;
const count = () => z.int().nonnegative();
const period = () => z.enum(['7d', '30d']);

/** What a source has sent, by name (F06 to F14). */
export const appSchemaOperations = {
  getSourceSchema: operation({
    method: 'GET',
    path: '/app-api/sources/{sourceId}/schema',
    tag: 'Events of a source',
    stability: 'own',
    effect: 'works',
    access: { right: 'source.read', of: 'source', param: 'sourceId', in: 'path' },
    summary: 'Names of events, properties and traits that a source has sent, and whether they may pass.',
    query: () =>
      z.strictObject({
        type: tab(),
        /** Of what counts are given: 7 days where nothing is said. What was seen before is listed, with none. */
        period: period().optional(),
        /** A part of the name. */
        q: z.string().max(256).optional(),
        /** All but archived ones where nothing is said. */
        show: z.enum(['ALL', 'ALLOWED', 'BLOCKED', 'PLANNED', 'UNPLANNED', 'WITHHELD', 'ARCHIVED']).optional(),
        ...pageQuery(),
      }),
    answer: () =>
      z.strictObject({
        from: z.iso.datetime(),
        to: z.iso.datetime(),
        keys: z.array(
          z.strictObject({
            /** Names the row in the path of a change. */
            key: z.string(),
            /** `Page Viewed`, `Screen Viewed`: all pages, all screens (F08). A trait's path: a dot within a key is `\.`, items of an array are at `.$`. */
            name: z.string(),
            /** Null: no tracking plan is connected. */
            planned: z.boolean().nullable(),
            allowed: z.boolean(),
            archived: z.boolean(),
            /** Added by hand, and not seen yet (F14). */
            isNew: z.boolean(),
            /** Whether it can be allowed and blocked here: not names that are shown cut or mended, nor traits within others. */
            changeable: z.boolean(),
            firstSeenAt: z.iso.datetime().nullable(),
            lastSeenAt: z.iso.datetime().nullable(),
            /** Of what was blocked the hour is known in which it was seen last: `HOUR` names its beginning. */
            lastSeenPrecision: z.enum(['EXACT', 'HOUR']),
            /** Events that passed, exactly. Of a trait: events with it, as archived. */
            allowedCount: count(),
            /** Null for traits: those that are blocked are taken out uncounted. */
            blockedCount: count().nullable(),
            /** Of events that passed, by path. Properties of a name beyond 300 are not listed (F10). */
            properties: z.array(
              z.strictObject({
                path: z.string(),
                count: count(),
                types: z.array(z.strictObject({ type: z.enum(SEEN_TYPES), count: count() })),
                lastSeenAt: z.iso.datetime(),
              }),
            ),
            /** Of a trait: what it was. */
            types: z.array(z.strictObject({ type: z.enum(SEEN_TYPES), count: count() })),
            /** Destinations of the source that do not get it. Of a trait: those that do not get the call. */
            withheldFrom: z.array(z.string()),
          }),
        ),
        /** Destinations of the source. */
        destinations: count(),
        /** Names or traits that are not listed: the list has room for the first 4,000 events or 300 traits. Their events flow. */
        notListed: count(),
        /** Properties count up to here. Counts of events are of now. */
        propertiesTo: z.iso.datetime(),
        pagination: PaginationOutput(),
      }),
  }),
  updateSourceSchemaKey: operation({
    method: 'PATCH',
    path: '/app-api/sources/{sourceId}/schema/{key}',
    tag: 'Events of a source',
    stability: 'own',
    effect: 'works',
    ifMatch: false,
    access: { right: 'source.edit', of: 'source', param: 'sourceId', in: 'path' },
    summary:
      'Lets an event or a trait pass, blocks it, archives it, or withholds it from destinations. `identify` and `group` as key: the call itself, which is withheld as a whole.',
    body: () =>
      z.strictObject({
        allowed: z.boolean().optional(),
        /** F11: only of what is blocked or not planned. What is allowed again is archived no more. */
        archived: z.boolean().optional(),
        /** Replaces the list: ids of destinations of this source. */
        withheldFrom: z.array(z.string().max(64)).max(200).optional(),
      }),
    answer: success,
    audits: ['Source Settings Modified', 'Schema Event Archived', 'Schema Event Unarchived'],
  }),
  addSourceSchemaEvent: operation({
    method: 'POST',
    path: '/app-api/sources/{sourceId}/schema',
    tag: 'Events of a source',
    stability: 'own',
    effect: 'works',
    status: 201,
    access: { right: 'source.edit', of: 'source', param: 'sourceId', in: 'path' },
    summary: 'Lists an event before the first one comes, so that it can be blocked or withheld (F14).',
    body: () => z.strictObject({ name: z.string().trim().min(1).max(NAME_CHARS_MAX) }),
    answer: () => z.strictObject({ key: z.string() }),
    audits: ['Source Settings Modified'],
  }),
  clearSourceSchema: operation({
    method: 'POST',
    path: '/app-api/sources/{sourceId}/schema-history/clear',
    tag: 'Events of a source',
    stability: 'own',
    effect: 'works',
    access: { right: 'source.edit', of: 'source', param: 'sourceId', in: 'path' },
    summary:
      'Clears what is shown of allowed, blocked or archived events or traits (F12). Changes nothing that events are judged by.',
    body: () => z.strictObject({ type: tab(), state: z.enum(['ALLOWED', 'BLOCKED', 'ARCHIVED']) }),
    answer: success,
    audits: ['Schema History Cleared'],
  }),
};
