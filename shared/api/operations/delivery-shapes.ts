import * as z from 'zod';
import { STEPS } from '../../domain/delivery/steps.ts';
import { shape } from '../shape.ts';

import { BREAKDOWN_ROWS_MAX, DISCARD_ROWS_MAX } from '../../domain/delivery/step-view.ts';
/** Steps of a series: 4 h by minute, 14 days by hour and its two ends. */
const SERIES_POINTS_MAX = 400;

/** In per cent of what came, or of its step; null where that is 0. */
const share = () => z.number().nullable();
/** G10: the share now less the share in the period before, of the same length. 15 % -> 22 % is 7. */
const change = () => z.number().nullable();

const DeliveryBreakdown = shape('DeliveryBreakdown', () =>
  z.strictObject({
    eventType: z.string(),
    eventName: z.string(),
    appVersion: z.string(),
    count: z.int(),
    share: share(),
    change: change(),
  }),
);
const DeliveryDiscard = shape('DeliveryDiscard', () =>
  z.strictObject({
    reason: z.string(),
    count: z.int(),
    share: share(),
    change: change(),
    /** To the step of the series; of failed delivery, where tools said so, to the moment. */
    firstSeenAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
    /** What people can do about it. */
    advice: z.string(),
  }),
);
const DeliveryStep = shape('DeliveryStep', () =>
  z.strictObject({
    step: z.enum(STEPS),
    unit: z.enum(['EVENTS', 'SENDS']),
    count: z.int(),
    share: share(),
    change: change(),
    series: z.array(z.int()).max(SERIES_POINTS_MAX),
    breakdown: z.array(DeliveryBreakdown()).max(BREAKDOWN_ROWS_MAX),
    breakdownLeftOut: z.int(),
    discards: z.array(DeliveryDiscard()).max(DISCARD_ROWS_MAX),
    discardsLeftOut: z.int(),
  }),
);

export const DeliveryPage = shape('DeliveryPage', () =>
  z.strictObject({
    asOf: z.iso.datetime(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    /** The period that `change` compares with. */
    previous: z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime() }),
    /** Where each step of the series begins. */
    starts: z.array(z.iso.datetime()).max(SERIES_POINTS_MAX),
    /** Everything that came: successfully received and failed on ingest. Shares of steps are of it. */
    received: z.int(),
    steps: z.array(DeliveryStep()),
    /** Of a destination. */
    delivery: z
      .strictObject({
        firstTry: z.int(),
        onRetry: z.int(),
        failed: z.int(),
        /** Routed events that the destination cannot take: their call is not supported, or no subscription wants them. */
        unsupported: z.int(),
        /** Sends that wait for their next try, now. */
        pendingRetries: z.int(),
        /** From when we took the event to the tool's answer; the upper bound of the histogram's bucket. Null: nothing was delivered. */
        p95Ms: z.number().nullable(),
        p95Series: z.array(z.number().nullable()).max(SERIES_POINTS_MAX),
        firstTrySeries: z.array(z.int()).max(SERIES_POINTS_MAX),
        onRetrySeries: z.array(z.int()).max(SERIES_POINTS_MAX),
        /** Tries that failed and were tried again. */
        retrySeries: z.array(z.int()).max(SERIES_POINTS_MAX),
      })
      .optional(),
  }),
);
