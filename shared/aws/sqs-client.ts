import { SQSClient } from '@aws-sdk/client-sqs';
import { boundedRetries } from './bounded-retries.ts';

/** SQS answers within tens of ms; a call that hangs must leave time for another and for a clean answer (L2). */
const CONNECT_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 2_000;
/** Three tries of 2 s end before ingest's own deadline of 8 s. */
const ATTEMPTS_MAX = 3;

/**
 * An SQS client of a function. Endpoint, region and credentials come from the SDK's own environment. Lanes are sent to with `attemptsMax` 1:
 * a message that the SDK repeats by itself may lie there twice, and neither copy says so.
 */
export const sqsClient = ({ attemptsMax = ATTEMPTS_MAX }: { attemptsMax?: number } = {}): SQSClient =>
  new SQSClient({
    maxAttempts: attemptsMax,
    retryStrategy: boundedRetries(attemptsMax),
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
