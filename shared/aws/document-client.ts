import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { boundedRetries } from './bounded-retries.ts';

/** DynamoDB answers within tens of ms; a call that hangs must not eat a function's whole time (threat L2). */
const CONNECT_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 3_000;
const ATTEMPTS_MAX = 4;

/**
 * The one document client of a function. Absent fields (`undefined`) are left out of items; class instances and empty sets are errors.
 * Endpoint, region and credentials come from the SDK's own environment.
 */
export const documentClient = (client: DynamoDBClient = dynamoClient()): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

const dynamoClient = (): DynamoDBClient =>
  new DynamoDBClient({
    retryStrategy: boundedRetries(ATTEMPTS_MAX),
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
