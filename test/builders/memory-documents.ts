import type { DocumentItem, Documents, TransactItem } from '../../shared/ports/documents.ts';

type Values = Record<string, unknown>;

/**
 * The control table in memory, with just the conditions and updates that our stores write; any other one throws, so that a test never passes on a
 * condition that was not looked at. The local cloud and DynamoDB Local are what shows that the stores work (test/contract).
 */
export function memoryDocuments(): Documents & { items: Map<string, DocumentItem>; texts(): string[] } {
  const items = new Map<string, DocumentItem>();
  const nameOf = ({ pk, sk }: { pk: string; sk: string }) => `${pk}\n${sk}`;
  const at = (key: unknown) => nameOf(key as { pk: string; sk: string });

  return {
    items,
    texts: () => [...items.values()].map((item) => JSON.stringify(item)),
    get: async (_table, key) => structuredClone(items.get(nameOf(key))),
    query: async ({ condition, values, newestFirst, limit, from }) => {
      const inRange = (sk: string): boolean => {
        if (condition.includes('begins_with')) return sk.startsWith(values[':prefix'] ?? '');
        if (condition.includes('BETWEEN')) return sk >= (values[':first'] ?? '') && sk <= (values[':last'] ?? '');
        return true;
      };
      const found = [...items.values()]
        .filter((item) => item['pk'] === values[':pk'] && inRange(String(item['sk'])))
        .toSorted((a, b) => (String(a['sk']) < String(b['sk']) ? -1 : 1));
      const ordered = newestFirst ? found.toReversed() : found;
      const begin = from === undefined ? 0 : ordered.findIndex((item) => item['sk'] === from['sk']) + 1;
      const page = ordered.slice(begin, begin + (limit ?? ordered.length));
      const last = page.at(-1);
      const hasMore = begin + page.length < ordered.length;
      return {
        items: structuredClone(page),
        next: hasMore && last !== undefined ? { pk: last['pk'], sk: last['sk'] } : undefined,
      };
    },
    transact: async (writes) => {
      refuseTooLarge(writes);
      const codes = writes.map((write) => {
        const { key, condition, values } = partsOf(write);
        return holds(condition, values, items.get(at(key))) ? 'None' : 'ConditionalCheckFailed';
      });
      if (codes.includes('ConditionalCheckFailed'))
        return { outcome: 'cancelled', codes, cause: new Error('cancelled') };
      for (const write of writes) {
        if (write.Put !== undefined) items.set(at(write.Put.Item), structuredClone(write.Put.Item));
        if (write.Delete !== undefined) items.delete(at(write.Delete.Key));
        if (write.Update !== undefined) update(write.Update.Key, write.Update);
      }
      return { outcome: 'saved' };
    },
  };

  function update(
    key: Values,
    { UpdateExpression, ExpressionAttributeValues: values = {} }: NonNullable<TransactItem['Update']>,
  ) {
    const item = items.get(at(key)) ?? { ...key };
    if (UpdateExpression === 'SET configVersion = if_not_exists(configVersion, :none) + :one') {
      item['configVersion'] = Number(item['configVersion'] ?? 0) + 1;
    } else if (UpdateExpression === 'SET suppression = :next') item['suppression'] = values[':next'];
    else throw new Error(`No such update here: ${UpdateExpression}`);
    items.set(at(key), item);
  }
}

/** DynamoDB: of one item, of the items of one transaction, and their number. */
const ITEM_BYTES_MAX = 400 * 1_024;
const TRANSACTION_BYTES_MAX = 4 * 1_024 * 1_024;
const TRANSACTION_ITEMS_MAX = 100;

/** Throws where DynamoDB would refuse the request, so that what our bounds let pass does not pass here. */
function refuseTooLarge(writes: readonly TransactItem[]): void {
  const sizes = writes.map(({ Put }) => (Put === undefined ? 0 : bytesOf(Put.Item)));
  const largest = Math.max(...sizes);
  const all = sizes.reduce((sum, bytes) => sum + bytes, 0);
  if (largest > ITEM_BYTES_MAX) throw new Error(`ValidationException: an item of ${largest} bytes`);
  if (writes.length > TRANSACTION_ITEMS_MAX) throw new Error(`ValidationException: ${writes.length} items`);
  if (all > TRANSACTION_BYTES_MAX) throw new Error(`ValidationException: a transaction of ${all} bytes`);
}

const bytesOf = (item: DocumentItem): number =>
  Object.entries(item).reduce(
    (sum, [name, value]) =>
      sum + Buffer.byteLength(name) + Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value)),
    0,
  );

function partsOf(write: TransactItem): { key: unknown; condition: string | undefined; values: Values } {
  const one = write.Put ?? write.Delete ?? write.Update;
  return {
    key: write.Put?.Item ?? write.Delete?.Key ?? write.Update?.Key,
    condition: one.ConditionExpression,
    values: one.ExpressionAttributeValues ?? {},
  };
}

function holds(condition: string | undefined, values: Values, item: DocumentItem | undefined): boolean {
  if (condition === undefined) return true;
  return condition.split(' OR ').some((either) => either.split(' AND ').every((each) => holdsOne(each, values, item)));
}

function holdsOne(condition: string, values: Values, item: DocumentItem | undefined): boolean {
  if (condition === 'attribute_not_exists(pk)') return item === undefined;
  if (condition === 'attribute_exists(pk)') return item !== undefined;
  if (condition === 'attribute_not_exists(suppression)') return item?.['suppression'] === undefined;
  const equals = /^(\w+)(?:\.(\w+))? = (:\w+)$/.exec(condition);
  if (equals === null) throw new Error(`No such condition here: ${condition}`);
  const [, name = '', member, placeholder = ''] = equals;
  const value = item?.[name];
  const found = member === undefined ? value : (value as Values | undefined)?.[member];
  return found !== undefined && found === values[placeholder];
}
