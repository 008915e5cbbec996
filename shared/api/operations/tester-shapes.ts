import * as z from 'zod';
import { FQL_BYTES_MAX } from '../../domain/rule-bounds.ts';
import { triggerText } from '../bounds.ts';
import { freeMap, shape } from '../shape.ts';
import { DestinationFilterActionV1 } from '../shapes.ts';
import { Exchange } from './event-shapes.ts';

/** One place in which two JSON values differ. Values are JSON text, cut. */
export const JsonChange = shape('JsonChange', () =>
  z.strictObject({
    kind: z.enum(['added', 'removed', 'changed']),
    path: z.string(),
    before: z.string().optional(),
    after: z.string().optional(),
  }),
);

/** What a stage of the pipeline said of a test event. */
export const TestStage = shape('TestStage', () =>
  z.strictObject({
    stage: z.enum([
      'validate',
      'suppression',
      'source-schema',
      'supported-type',
      'device-mode',
      'integrations-object',
      'schema-filter',
      'consent',
      'device-only',
      'filters',
      'mappings',
    ]),
    /** SKIPPED: this test does not ask it. NOT_REACHED: an earlier stage has stopped the event. */
    verdict: z.enum(['PASSED', 'STOPPED', 'SKIPPED', 'NOT_REACHED']),
    reason: z.string().nullable(),
    changes: z.array(JsonChange()),
  }),
);

/** One call to a tool in a test. Secrets are redacted, bodies cut. */
export const TestExchange = shape('TestExchange', () =>
  z.strictObject({
    ...Exchange().shape,
    error: z.string().nullable(),
    /** TOOL: it went out. */
    answeredBy: z.enum(['TOOL', 'DRY_RUN', 'REHEARSAL']),
  }),
);

/** What a subscription made of a test event. */
export const SubscriptionTry = shape('SubscriptionTry', () =>
  z.strictObject({
    subscriptionId: z.string(),
    name: z.string(),
    enabled: z.boolean(),
    matched: z.boolean(),
    reason: z.string().nullable(),
    /** WOULD_SEND: of a dry run. */
    outcome: z.enum(['DELIVERED', 'WOULD_SEND', 'DISCARDED', 'FAILED', 'FILTERED', 'NOT_TRIED']),
    code: z.string().nullable(),
    message: z.string().nullable(),
    /** Dots for secrets that stand fixed in the mapping. */
    mapped: freeMap().nullable(),
    /** From the event as the mapping sees it. */
    changes: z.array(JsonChange()),
    exchanges: z.array(TestExchange()),
    /** Left out because the answer would be too long. */
    isShortened: z.boolean(),
  }),
);

/** What a destination made of one event, or would make. */
export const DestinationTest = shape('DestinationTest', () =>
  z.strictObject({
    dryRun: z.boolean(),
    stages: z.array(TestStage()),
    /** The reason for which no subscription was asked, or none matched. */
    filtered: z.string().nullable(),
    /** As subscriptions see it. */
    event: freeMap().nullable(),
    /** Of `mappings` that were asked. */
    matched: z.int(),
    mappings: z.int(),
    /** API calls that were made, or would be. */
    requests: z.int(),
    subscriptions: z.array(SubscriptionTry()),
    /** Settings for which something made up stood (dry run). */
    placeholders: z.array(z.string()),
    notes: z.array(z.string()),
  }),
);

/** A trigger, a filter, or both, as they are proposed or as they are. */
export const estimateRules = () => ({
  trigger: triggerText().optional(),
  filter: z
    .strictObject({ if: z.string().min(1).max(FQL_BYTES_MAX), actions: z.array(DestinationFilterActionV1()).min(1) })
    .nullable()
    .optional(),
});

/** Names of events that an estimate tells of, and events that it shows. */
const ESTIMATE_NAMES_MAX = 50;
const ESTIMATE_SAMPLES_MAX = 12;

const estimateCounts = () => ({
  examined: z.int(),
  /** Null: there is nothing that it is compared with. */
  matchedNow: z.int().nullable(),
  matchedAfter: z.int(),
});

export const Estimate = shape('Estimate', () =>
  z.strictObject({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    ...estimateCounts(),
    /** Events that match after and not now, and the other way round; and those that match both, of which other fields are seen. */
    more: z.int(),
    fewer: z.int(),
    changed: z.int(),
    /** Of suppressed users: looked at by nobody. */
    suppressed: z.int(),
    /** Not all events of the time were looked at: the newest were. */
    sampled: z.boolean(),
    /** How much of the time's events was looked at, 0 to 1, by bytes of the archive. */
    share: z.number(),
    /** Of the whole time, by the share; the counts themselves where nothing was left out. */
    estimated: z.strictObject({ ...estimateCounts(), more: z.int(), fewer: z.int() }),
    /** In words, how the estimate was made and what it leaves out. */
    basis: z.string(),
    /** What came so lately may not be in the archive yet. */
    archiveDelaySeconds: z.int(),
    newestEventAt: z.iso.datetime().nullable(),
    byEvent: z
      .array(
        z.strictObject({
          type: z.string(),
          name: z.string().nullable(),
          examined: z.int(),
          now: z.int().nullable(),
          after: z.int(),
        }),
      )
      .max(ESTIMATE_NAMES_MAX),
    samples: z
      .array(
        z.strictObject({
          messageId: z.string(),
          type: z.string(),
          name: z.string().nullable(),
          receivedAt: z.string(),
          change: z.enum(['MORE', 'FEWER', 'FIELDS', 'MATCHES']),
          reasonNow: z.string().nullable(),
          reasonAfter: z.string().nullable(),
          /** What is seen of it then, against what is now. */
          changes: z.array(JsonChange()),
          /** Masked for who may not see personal data. */
          event: freeMap(),
        }),
      )
      .max(ESTIMATE_SAMPLES_MAX),
  }),
);

export const OutageRehearsal = shape('OutageRehearsal', () =>
  z.strictObject({ status: z.int(), until: z.iso.datetime() }),
);
