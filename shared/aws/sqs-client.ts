import { SQSClient } from '@aws-sdk/client-sqs';

/** SQS answers within tens of ms; a call that hangs must leave time for another and for a clean answer (L2). */
const CONNECT_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 2_000;
/** Three tries of 2 s end before ingest's own deadline of 8 s. */
const ATTEMPTS_MAX = 3;

/** The one SQS client of a function. Endpoint, region and credentials come from the SDK's own environment. */
export const sqsClient = (): SQSClient =>
  new SQSClient({
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
