import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';

type Item = Record<string, unknown> & { pk: string; sk: string };

const WRITE_UNIT_BYTES = 1_024;
const READ_UNIT_BYTES = 4_096;

/**
 * A table in memory that counts what DynamoDB would bill: a write by started KB, a query by started 4 KB of all that it reads, half of it where it is
 * read eventually. Knows the conditions that stores of live numbers and rows write; any other one throws.
 */
export function meteredTable() {
  const partitions = new Map<string, Map<string, Item>>();
  const units = { writes: 0, reads: 0, putCalls: 0, readCalls: 0 };
  const put = ({ Item: item, ConditionExpression, ExpressionAttributeValues: values = {} }: PutCommand['input']) => {
    const { pk, sk } = item as Item;
    const partition = partitions.get(pk) ?? new Map<string, Item>();
    partitions.set(pk, partition);
    units.putCalls += 1;
    units.writes += Math.ceil(bytesOf(item as Item) / WRITE_UNIT_BYTES);
    if (!holds(ConditionExpression, values, partition.get(sk))) {
      throw new ConditionalCheckFailedException({ $metadata: {}, message: 'The conditional request failed' });
    }
    partition.set(sk, item as Item);
    return {};
  };
  const bill = (bytes: number, isStrong: boolean | undefined): void => {
    units.readCalls += 1;
    units.reads += Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (isStrong === true ? 1 : 0.5);
  };
  const query = ({
    KeyConditionExpression = '',
    ExpressionAttributeValues = {},
    ConsistentRead,
  }: QueryCommand['input']) => {
    const values = ExpressionAttributeValues as Record<string, string>;
    const { ':pk': pk = '', ':prefix': prefix = '', ':first': first = '', ':last': last = '' } = values;
    const isIn = (sk: string): boolean =>
      KeyConditionExpression.includes('begins_with') ? sk.startsWith(prefix) : sk >= first && sk <= last;
    const Items = [...(partitions.get(pk)?.values() ?? [])]
      .filter(({ sk }) => isIn(sk))
      .toSorted((a, b) => (a.sk < b.sk ? -1 : 1));
    bill(
      Items.reduce((sum, item) => sum + bytesOf(item), 0),
      ConsistentRead,
    );
    return { Items };
  };
  const get = ({ Key, ConsistentRead }: GetCommand['input']) => {
    const { pk, sk } = Key as { pk: string; sk: string };
    const found = partitions.get(pk)?.get(sk);
    bill(found === undefined ? 0 : bytesOf(found), ConsistentRead);
    return { Item: found };
  };
  /** Costs nothing: it stands for what DynamoDB takes out by itself. */
  const expire = ({ Key }: DeleteCommand['input']) => {
    const { pk, sk } = Key as { pk: string; sk: string };
    partitions.get(pk)?.delete(sk);
    return {};
  };
  const doc = {
    send: async (command: unknown) => {
      if (command instanceof PutCommand) return put(command.input);
      if (command instanceof QueryCommand) return query(command.input);
      if (command instanceof GetCommand) return get(command.input);
      if (command instanceof DeleteCommand) return expire(command.input);
      throw new Error('No such command here');
    },
  } as unknown as DynamoDBDocumentClient;
  return { doc, units, items: () => [...partitions.values()].flatMap((partition) => [...partition.values()]) };
}

function holds(condition: string | undefined, values: Record<string, unknown>, item: Item | undefined): boolean {
  if (condition === undefined) return true;
  if (condition === 'attribute_not_exists(pk)') return item === undefined;
  const equals = /^(\w+) = (:\w+)$/.exec(condition);
  if (equals === null) throw new Error(`No such condition here: ${condition}`);
  const [, name = '', placeholder = ''] = equals;
  return item !== undefined && item[name] === values[placeholder];
}

const bytesOf = (item: Item): number =>
  Object.entries(item).reduce(
    (sum, [name, value]) =>
      sum + name.length + Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value)),
    0,
  );
