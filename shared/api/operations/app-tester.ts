import * as z from 'zod';
import { EVENT_TYPES } from '../../domain/event.ts';
import { REHEARSAL_MINUTES_MAX } from '../../domain/rehearsal.ts';
import { idText, nameText, triggerText } from '../bounds.ts';
import { operation } from '../operation.ts';
import { freeMap } from '../shape.ts';
import { rangeQuery } from './range-shapes.ts';
import { DestinationTest, Estimate, estimateRules, OutageRehearsal } from './tester-shapes.ts';

/** Each runs a tool's code in the function that delivers. */
const TESTS_PER_MINUTE_MAX = 60;
/** Each reads up to ESTIMATE_BYTES_MAX of the archive. */
const ESTIMATES_PER_MINUTE_MAX = 30;

const ofDestination = { of: 'destination', param: 'destinationId', in: 'path' } as const;

/** What a destination would make of an event, a rule of many, and an outage of its tool. */
export const appTesterOperations = {
  testDestination: operation({
    method: 'POST',
    path: '/app-api/destinations/{destinationId}/test',
    tag: 'Delivery',
    stability: 'own',
    effect: 'works',
    access: { right: 'destination.read', ...ofDestination },
    summary:
      'Sends one event to a destination outside of the books, or says what would be sent. What is sent takes the right destination.edit.',
    perMinuteMax: TESTS_PER_MINUTE_MAX,
    body: () =>
      z.strictObject({
        event: freeMap(),
        subscriptionId: idText().optional(),
        /** A mapping as it is not saved, tried alone: of a dry run only. With `subscriptionId` dots stand for the secrets that are kept in that one. */
        subscription: z
          .strictObject({
            name: nameText().optional(),
            actionId: idText(),
            trigger: triggerText(),
            settings: freeMap(),
          })
          .optional(),
        applyFilters: z.boolean(),
        dryRun: z.boolean(),
      }),
    answer: () => DestinationTest(),
    audits: ['Event Tester Used'],
  }),
  dryRunCatalogDestination: operation({
    method: 'POST',
    path: '/app-api/catalog/destinations/{idOrSlug}/dry-run',
    tag: 'Catalog',
    stability: 'own',
    effect: 'works',
    access: { right: 'source.read', of: 'source', param: 'sourceId', in: 'body' },
    summary:
      'What a type of destination would be sent for one event of a source, before anybody makes one: by its presets, without credentials. Nothing is sent.',
    perMinuteMax: TESTS_PER_MINUTE_MAX,
    body: () => z.strictObject({ sourceId: idText(), event: freeMap() }),
    answer: () => DestinationTest(),
  }),
  getSampleEvent: operation({
    method: 'GET',
    path: '/app-api/destinations/{destinationId}/sample-event',
    tag: 'Delivery',
    stability: 'own',
    effect: 'works',
    access: { right: 'destination.read', ...ofDestination },
    summary: 'An event that a subscription would match, made up from its trigger and its fields; always the same.',
    query: () => z.strictObject({ subscriptionId: idText().optional(), type: z.enum(EVENT_TYPES).optional() }),
    answer: () =>
      z.strictObject({
        event: freeMap(),
        subscriptionId: z.string().nullable(),
        /** Whether the trigger does choose it; null without a subscription. */
        matches: z.boolean().nullable(),
      }),
  }),
  createEstimate: operation({
    method: 'POST',
    path: '/app-api/estimates',
    tag: 'Delivery',
    stability: 'own',
    effect: 'works',
    access: { right: 'source.read', of: 'source', param: 'sourceId', in: 'body' },
    summary:
      'How many of a source’s events of up to 24 hours a trigger or a filter would match, against what matches now.',
    perMinuteMax: ESTIMATES_PER_MINUTE_MAX,
    body: () =>
      z.strictObject({
        sourceId: idText(),
        destinationId: idText().optional(),
        /** Whose trigger it would be; left out: a new one’s. */
        subscriptionId: idText().optional(),
        /** In whose place it would be, or, with `filter: null`, which would go; left out: a new one. */
        filterId: idText().optional(),
        ...estimateRules(),
        /** What it is compared with, where no destination says it. */
        present: z.strictObject(estimateRules()).optional(),
        ...rangeQuery(),
      }),
    answer: () => Estimate(),
  }),
  startRehearsal: operation({
    method: 'POST',
    path: '/app-api/destinations/{destinationId}/rehearsal',
    tag: 'Delivery',
    stability: 'own',
    effect: 'works',
    access: { right: 'destination.edit', ...ofDestination },
    summary:
      'Rehearses an outage: for some minutes Tributary answers in the tool’s place, and nothing is sent. Not in production.',
    body: () =>
      z.strictObject({
        status: z.int().min(400).max(599),
        minutes: z.int().min(1).max(REHEARSAL_MINUTES_MAX),
        /** Where no label of the source says its environment, a person must. */
        confirm: z.boolean().optional(),
      }),
    answer: () => z.strictObject({ rehearsal: OutageRehearsal() }),
    audits: ['Outage Rehearsal Started'],
  }),
  endRehearsal: operation({
    method: 'DELETE',
    path: '/app-api/destinations/{destinationId}/rehearsal',
    tag: 'Delivery',
    stability: 'own',
    effect: 'works',
    access: { right: 'destination.edit', ...ofDestination },
    summary: 'Ends a rehearsed outage before its time.',
    answer: () => z.strictObject({ status: z.literal('SUCCESS') }),
    audits: ['Outage Rehearsal Ended'],
  }),
};
