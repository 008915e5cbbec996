import type * as z from 'zod';
import type { MetricNames } from '../../shared/aws/cloudwatch-metrics-reader.ts';
import { type apiEnv, lastOfPath } from '../../shared/config/env.ts';

/** Queues and functions whose metrics are looked at: the same for all who read, since the answer is one item. */
export const metricNames = (env: z.infer<typeof apiEnv>): MetricNames => ({
  queues: {
    intake: lastOfPath(env.INTAKE_QUEUE_URL),
    sharedLane: env.SHARED_LANE_QUEUE_NAME,
    lanes: env.LANE_QUEUE_NAMES,
  },
  functions: {
    ingest: env.INGEST_FUNCTION_NAME,
    route: env.ROUTE_FUNCTION_NAME,
    deliver: env.DELIVER_FUNCTION_NAME,
  },
});
