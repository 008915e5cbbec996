import { AppError } from '../domain/app-error.ts';
import type { DocumentItem, Documents, TransactItem } from '../ports/documents.ts';
import type { LightClient } from './light-client.ts';

type Attribute = Record<string, unknown>;

/** Documents without the SDK (decision 011): texts, numbers, booleans, lists and objects, which is all that items of the control table hold. Pages of a query come as one answer: the client must take CONFIG_PAGE_BYTES_MAX. */
export const lightDocuments = (dynamo: LightClient): Documents => ({
  get: async (tableName, key) => {
    const { Item } = await dynamo.call('GetItem', { TableName: tableName, Key: marshalled(key), ConsistentRead: true });
    return isAttributes(Item) ? unmarshalled(Item) : undefined;
  },
  query: async ({ tableName, condition, values, newestFirst, limit, from, eventually }) => {
    const answer = await dynamo.call('Query', {
      TableName: tableName,
      KeyConditionExpression: condition,
      ExpressionAttributeValues: marshalled(values),
      ConsistentRead: eventually !== true,
      ScanIndexForward: !newestFirst,
      ...(limit !== undefined && { Limit: limit }),
      ...(from !== undefined && { ExclusiveStartKey: marshalled(from) }),
    });
    const { Items, LastEvaluatedKey } = answer;
    return {
      items: Array.isArray(Items) ? Items.filter(isAttributes).map(unmarshalled) : [],
      next: isAttributes(LastEvaluatedKey) ? unmarshalled(LastEvaluatedKey) : undefined,
    };
  },
  transact: async (items) => {
    const result = await dynamo.callIf('TransactWriteItems', { TransactItems: items.map(marshalledWrite) });
    if (result.outcome === 'done') return { outcome: 'saved' };
    const codes = result.reasons ?? [];
    return { outcome: 'cancelled', codes, cause: new Error(`The transaction was cancelled: ${codes.join(', ')}`) };
  },
});

/** The members of a write that hold values; the rest is text. */
const VALUES = new Set(['Item', 'Key', 'ExpressionAttributeValues']);

const marshalledWrite = (write: TransactItem): Attribute =>
  Object.fromEntries(
    Object.entries(write).map(([verb, input]) => [
      verb,
      Object.fromEntries(
        Object.entries(input).map(([name, value]) => [
          name,
          VALUES.has(name) ? marshalled(value as DocumentItem) : value,
        ]),
      ),
    ]),
  );

const marshalled = (item: DocumentItem): Attribute =>
  Object.fromEntries(
    Object.entries(item).flatMap(([name, value]) => (value === undefined ? [] : [[name, attributeOf(value)]])),
  );

function attributeOf(value: unknown): Attribute {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  if (Array.isArray(value)) return { L: value.map(attributeOf) };
  if (typeof value === 'object') return { M: marshalled(value as DocumentItem) };
  throw new AppError('malformed-item', `A ${typeof value} is no value of an item`, { retry: false });
}

const isAttributes = (value: unknown): value is Record<string, Attribute> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const unmarshalled = (item: Record<string, Attribute>): DocumentItem =>
  Object.fromEntries(Object.entries(item).map(([name, attribute]) => [name, valueOf(attribute)]));

function valueOf(attribute: Attribute): unknown {
  const [kind, value] = Object.entries(attribute)[0] ?? [];
  if (kind === 'S' || kind === 'BOOL') return value;
  if (kind === 'N') return Number(value);
  if (kind === 'NULL') return null;
  if (kind === 'L' && Array.isArray(value)) return value.map((one: Attribute) => valueOf(one));
  if (kind === 'M' && isAttributes(value)) return unmarshalled(value);
  throw new AppError('malformed-item', `An item holds a value of the kind ${String(kind)}`, { retry: false });
}
