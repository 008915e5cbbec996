import { entryBytes } from '../eventbridge/put-events.ts';
import { itemBytes, valueBytes } from './item-size.ts';

/** SQS bills one request for each started 64 KB of a call's payload (SQS pricing). */
const SQS_CHUNK_BYTES = 64 * 1024;
/** EventBridge bills one event for each started 64 KB of an entry (EventBridge pricing). */
const EVENT_CHUNK_BYTES = 64 * 1024;
/** DynamoDB: a write unit for each started 1 KB of an item, a read unit for each started 4 KB, read strongly. */
const WRITE_UNIT_BYTES = 1024;
const READ_UNIT_BYTES = 4096;

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objectsOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
const textBytes = (value: unknown): number => (typeof value === 'string' ? Buffer.byteLength(value) : 0);

/** Errors after which AWS bills the call all the same: a write whose condition failed. */
export const BILLED_ERRORS: ReadonlySet<string> = new Set([
  'ConditionalCheckFailedException',
  'TransactionCanceledException',
]);

/**
 * Units by which AWS bills a call that was answered. SQS: requests of 64 KB. DynamoDB: write or read request units of the base table
 * (an index's writes are not in it; an update or delete is counted by what its call carries, since the old item is not known here).
 * EventBridge: events of 64 KB. GetMetricData: metrics asked for. All else: one a call.
 */
export function billingUnits(service: string, operation: string, input: Json, output: Json): number {
  if (service === 'sqs') return sqsUnits(input, output);
  if (service === 'dynamodb') return dynamoUnits(operation, input, output);
  if (service === 'events' && operation === 'PutEvents') {
    return objectsOf(input['Entries']).reduce(
      (sum, entry) => sum + Math.max(1, Math.ceil(entryBytes(entry) / EVENT_CHUNK_BYTES)),
      0,
    );
  }
  if (service === 'monitoring' && operation === 'GetMetricData') {
    return objectsOf(input['MetricDataQueries']).filter((query) => isObject(query['MetricStat'])).length;
  }
  return 1;
}

const sqsUnits = (input: Json, output: Json): number => {
  const bytes =
    textBytes(input['MessageBody']) +
    objectsOf(input['Entries']).reduce((sum, entry) => sum + textBytes(entry['MessageBody']), 0) +
    objectsOf(output['Messages']).reduce((sum, message) => sum + textBytes(message['Body']), 0);
  return Math.max(1, Math.ceil(bytes / SQS_CHUNK_BYTES));
};

const writeUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));
const readUnits = (bytes: number, consistent: unknown): number =>
  Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (consistent === true ? 1 : 0.5);

const updateUnits = (input: Json): number =>
  writeUnits(
    itemBytes(input['Key']) +
      Object.values(isObject(input['ExpressionAttributeValues']) ? input['ExpressionAttributeValues'] : {}).reduce(
        (sum: number, value) => sum + valueBytes(value),
        0,
      ),
  );

function dynamoUnits(operation: string, input: Json, output: Json): number {
  switch (operation) {
    case 'PutItem':
      return writeUnits(itemBytes(input['Item']));
    case 'UpdateItem':
      return updateUnits(input);
    case 'DeleteItem':
      return writeUnits(itemBytes(input['Key']));
    case 'GetItem':
      return readUnits(itemBytes(output['Item']), input['ConsistentRead']);
    case 'Query':
    case 'Scan':
      return readUnits(
        objectsOf(output['Items']).reduce((sum, item) => sum + itemBytes(item), 0),
        input['ConsistentRead'],
      );
    case 'BatchGetItem':
      return batchGetUnits(input, output);
    case 'BatchWriteItem':
      return requestsByTable(input)
        .flatMap(([, requests]) => objectsOf(requests))
        .reduce((sum, { PutRequest, DeleteRequest }) => {
          const item = isObject(PutRequest) ? PutRequest['Item'] : isObject(DeleteRequest) ? DeleteRequest['Key'] : {};
          return sum + writeUnits(itemBytes(item));
        }, 0);
    case 'BatchExecuteStatement':
      return objectsOf(input['Statements']).reduce((sum, { Parameters }) => {
        const bytes = Array.isArray(Parameters) ? Parameters.reduce((all: number, v) => all + valueBytes(v), 0) : 0;
        return sum + writeUnits(bytes);
      }, 0);
    case 'TransactWriteItems':
      return 2 * objectsOf(input['TransactItems']).reduce((sum, item) => sum + transactWriteUnits(item), 0);
    case 'TransactGetItems': {
      const found = objectsOf(output['Responses']);
      return objectsOf(input['TransactItems']).reduce(
        (sum, _get, index) => sum + 2 * readUnits(itemBytes(found[index]?.['Item']), true),
        0,
      );
    }
    default:
      return 1;
  }
}

const requestsByTable = (input: Json): [string, unknown][] =>
  isObject(input['RequestItems']) ? Object.entries(input['RequestItems']) : [];

/** Each item is rounded up by itself; a key that is not there costs the least. */
function batchGetUnits(input: Json, output: Json): number {
  const responses = isObject(output['Responses']) ? output['Responses'] : {};
  let units = 0;
  for (const [table, request] of requestsByTable(input)) {
    if (!isObject(request)) continue;
    const found = objectsOf(responses[table]);
    const asked = objectsOf(request['Keys']).length;
    for (const item of found) units += readUnits(itemBytes(item), request['ConsistentRead']);
    units += Math.max(0, asked - found.length) * readUnits(0, request['ConsistentRead']);
  }
  return units;
}

function transactWriteUnits(item: Json): number {
  const { Put, Update, Delete, ConditionCheck } = item;
  if (isObject(Put)) return writeUnits(itemBytes(Put['Item']));
  if (isObject(Update)) return updateUnits(Update);
  if (isObject(Delete)) return writeUnits(itemBytes(Delete['Key']));
  return isObject(ConditionCheck) ? writeUnits(itemBytes(ConditionCheck['Key'])) : 0;
}
