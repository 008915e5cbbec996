import { JsonChange } from './tester-shapes.ts';
import * as z from 'zod';
import { freeMap, shape } from '../shape.ts';

/** What one destination was meant to get of an event. */
const MeantFor = () =>
  z.strictObject({
    destinationId: z.string(),
    reason: z.string().nullable().describe('Why it gets nothing; null: it is sent.'),
    subscriptionIds: z.array(z.string()),
  });

/** An event as it came, and what became of it at its source. */
export const DebuggedEvent = shape('DebuggedEvent', () =>
  z.strictObject({
    messageId: z.string().nullable(),
    intakeId: z.string().describe('Of the request that it came in; with receivedAt the trace finds it at once.'),
    index: z.int().describe('Its place in that request.'),
    type: z.string().nullable(),
    name: z.string().nullable(),
    receivedAt: z.iso.datetime(),
    userId: z.string().nullable(),
    anonymousId: z.string().nullable(),
    verdict: z.enum(['ALLOWED', 'BLOCKED', 'INVALID', 'DUPLICATE']),
    reason: z.string().nullable(),
    violations: z.array(z.strictObject({ field: z.string(), message: z.string() })),
    payload: z.unknown().describe('As it was sent: any JSON, hostile or not. Show it as text.'),
    normalised: freeMap().nullable().describe('As every later stage sees it; null where it is no event.'),
    isShortened: z.boolean().describe('Long texts and lists are cut.'),
    isTest: z.boolean(),
    isMasked: z.boolean().describe('Values are dots: the caller may not see personal data.'),
    destinations: z.array(MeantFor()),
  }),
);

/** What an answer rests on. */
export const DebugCoverage = shape('DebugCoverage', () =>
  z.strictObject({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    kept: z.int().describe('Events that are kept of that time.'),
    received: z.int().describe('Events that the source was sent in that time, as those counted who kept them.'),
    share: z.number().min(0).max(1).describe('kept / received; 1 where nothing was received.'),
    isWhole: z.boolean().describe('All that is kept of that time has been looked at.'),
  }),
);

const STATES = ['IN_FLIGHT', 'WAITING', 'DELIVERED', 'DISCARDED', 'DEAD_LETTERED', 'FILTERED', 'UNKNOWN'] as const;

/** A difference of two stages. */
const Changes = () =>
  z.strictObject({
    changes: z.array(JsonChange()),
    isCut: z.boolean().describe('There are more.'),
  });

const TraceExchange = () =>
  z.strictObject({
    method: z.string(),
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string().nullable(),
    status: z.int().nullable(),
    responseHeaders: z.record(z.string(), z.string()),
    responseBody: z.string().nullable(),
    error: z.string().nullable(),
    tookMs: z.number(),
  });

const TraceTry = () =>
  z.strictObject({
    hop: z.int(),
    dueAt: z.iso.datetime(),
    settledAt: z.iso.datetime(),
    outcome: z.enum(['DELIVERED', 'DISCARDED', 'DEAD_LETTERED', 'FAILED', 'NOT_TRIED', 'UNKNOWN']),
    code: z.string().nullable(),
    message: z.string().nullable(),
    latencyMs: z.number().nullable().describe('Of the calls, where they are kept.'),
    exchanges: z
      .array(TraceExchange())
      .describe('What was sent and answered, secrets redacted; empty where no sample of it is kept.'),
  });

const TraceSend = () =>
  z.strictObject({
    subscriptionId: z.string(),
    subscriptionName: z.string().nullable(),
    state: z.enum(STATES),
    code: z.string().nullable(),
    tries: z.array(TraceTry()),
    nextTryAt: z.iso.datetime().nullable(),
    deadLetterKept: z.boolean(),
  });

const TraceDestination = () =>
  z.strictObject({
    destinationId: z.string(),
    name: z.string().nullable().describe('null: it is gone.'),
    verdict: z.enum(['QUEUED', 'FILTERED', 'UNKNOWN']),
    reason: z.string().nullable(),
    sees: Changes().nullable().describe('What its filters take out, by its rules of today.'),
    sends: z.array(TraceSend()),
  });

/** The way of one event, as the books tell it. */
export const EventTrace = shape('EventTrace', () =>
  z.strictObject({
    messageId: z.string(),
    isMasked: z.boolean().describe('Values are dots: the caller may not see personal data.'),
    sourceId: z.string(),
    intakeId: z.string(),
    index: z.int().nullable(),
    receivedAt: z.iso.datetime(),
    plannedAt: z.iso.datetime().nullable(),
    foundBy: z.enum(['INTAKE_ID', 'CLAIM', 'DEBUGGER', 'BOOKS']),
    verdict: z.enum(['ALLOWED', 'BLOCKED', 'INVALID', 'DUPLICATE', 'SUPPRESSED', 'UNKNOWN']),
    reason: z.string().nullable(),
    duplicateOf: z
      .strictObject({ intakeId: z.string(), receivedAt: z.iso.datetime() })
      .nullable()
      .describe('The request whose event went on, of a duplicate.'),
    config: z.strictObject({
      decidedBy: z.int().nullable().describe('Version of the configuration that it was decided by.'),
      present: z.int(),
      isSame: z.boolean().describe('Stages are worked out by the present one: where false, they may have been others.'),
    }),
    payload: z.unknown().describe('As it was sent; null where it is not kept.'),
    payloadFrom: z.enum(['DEBUGGER', 'ARCHIVE', 'DEAD_LETTER', 'SAMPLE']).nullable(),
    normalised: freeMap().nullable(),
    stages: z.array(z.strictObject({ stage: z.enum(['NORMALISED', 'SCHEMA']), changes: Changes() })),
    destinations: z.array(TraceDestination()),
    gaps: z.array(z.strictObject({ what: z.string(), why: z.string() })).describe('What could not be shown, and why.'),
    lookedBackTo: z.iso.datetime().nullable().describe('How far the books were searched, where they were.'),
  }),
);
