import { Stream } from 'node:stream';
import { type Item, ITEM_BYTES_MAX, itemBytes, validation } from './attribute-values.ts';
import { expiryKey, indexPrefix, itemPrefix } from './keys.ts';
import { type Draft, READ_AHEAD, type Storage } from './storage.ts';
import { expiresAtSeconds, type Tables } from './tables.ts';

type Answer = (error: unknown, value?: unknown) => void;
type Release = (done: Answer) => Answer;

/** dynalite asks for a lock by item. Writes here are decided one after the other, so every lock is free. */
const lock = (_key: string, run: (release: Release) => void) => run((done) => done);

const OVERSIZE = {
  PutItem: 'Item size has exceeded the maximum allowed size',
  UpdateItem: 'Item size to update has exceeded the maximum allowed size',
};

/** dynalite stores any string in an index key; DynamoDB refuses the empty one, which it could not look up. */
function emptyIndexKey(item: Item, table: DynaliteTable): string | undefined {
  for (const index of table.GlobalSecondaryIndexes ?? [])
    for (const { AttributeName } of index.KeySchema) {
      const value = item[AttributeName];
      if (value?.['S'] === '' || value?.['B'] === '')
        return (
          'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
          'The AttributeValue for a key attribute cannot contain an empty string value. ' +
          `IndexName: ${index.IndexName}, IndexKey: ${AttributeName}`
        );
    }
  return undefined;
}

const prefixed = (prefix: string, range: DynaliteRange): DynaliteRange => {
  const { gte, gt, lte, lt } = range;
  const own: DynaliteRange = { reverse: range.reverse ?? false, limit: range.limit ?? -1 };
  if (gt) own.gt = prefix + gt;
  else own.gte = prefix + (gte ?? '');
  if (lte) own.lte = prefix + lte;
  else own.lt = prefix + (lt ?? '\u00ff');
  return own;
};

/** Saved values as the stream of old form that dynalite's pipeline listens to. It stops reading when the pipeline has enough. */
function valueStream(storage: Storage, range: DynaliteRange): Stream {
  const values = storage.values(range);
  const stream = Object.assign(new Stream(), {
    isEnough: false,
    destroy: () => {
      stream.isEnough = true;
    },
  });
  const emitAll = async () => {
    try {
      while (!stream.isEnough) {
        const page = await values.nextv(READ_AHEAD);
        if (page.length === 0) break;
        for (const value of page) if (!stream.isEnough) stream.emit('data', value);
      }
    } finally {
      await values.close();
    }
  };
  emitAll().then(
    () => stream.emit('end'),
    (error: unknown) => stream.emit('error', error),
  );
  return stream;
}

const common = (tables: Tables) => ({
  options: { maxItemSize: ITEM_BYTES_MAX },
  getTable: (name: string, checkStatus: boolean | Answer, done?: Answer) => {
    const answer = typeof checkStatus === 'function' ? checkStatus : done;
    try {
      answer?.(null, tables.require(name));
    } catch (error) {
      answer?.(error);
    }
  },
});

/** What dynalite's reading actions take for their database: what is saved. */
export const readingStore = (storage: Storage, tables: Tables) => {
  const open = (prefix: string) => ({
    get: (key: string, done: Answer) => done(null, storage.get(prefix + key)),
    createValueStream: (range: DynaliteRange) => valueStream(storage, prefixed(prefix, range)),
  });
  return {
    ...common(tables),
    getItemDb: (table: string) => open(itemPrefix(table)),
    getIndexDb: (_type: string, table: string, index: string) => open(indexPrefix(table, index)),
  };
};

/**
 * What dynalite's writing actions take for their database: a draft, in which item, index entries and expiry entry change together.
 * Everything answers at once.
 */
export function draftingStore(draft: Draft, tables: Tables, operation: 'PutItem' | 'UpdateItem' | 'other') {
  const itemDb = (name: string) => {
    const prefix = itemPrefix(name);
    const ttlAttribute = tables.ttlAttribute(name);
    /** Moves the expiry entry of an item from where it was to where it belongs now. */
    const expire = (key: string, item: Item | undefined) => {
      if (ttlAttribute === undefined) return;
      const wasAt = expiresAtSeconds(draft.get(key) as Item | undefined, ttlAttribute);
      const isAt = expiresAtSeconds(item, ttlAttribute);
      if (wasAt !== undefined && wasAt !== isAt) draft.del(expiryKey(wasAt, key));
      if (isAt !== undefined && wasAt !== isAt) draft.put(expiryKey(isAt, key), { key, table: name });
    };
    return {
      lock,
      get: (key: string, done: Answer) => done(null, draft.get(prefix + key)),
      put: (key: string, item: Item, done: Answer) => {
        if (itemBytes(item) > ITEM_BYTES_MAX)
          return done(validation(operation === 'UpdateItem' ? OVERSIZE.UpdateItem : OVERSIZE.PutItem));
        const emptyKey = emptyIndexKey(item, tables.require(name));
        if (emptyKey !== undefined) return done(validation(emptyKey));
        expire(prefix + key, item);
        draft.put(prefix + key, item);
        return done(null);
      },
      del: (key: string, done: Answer) => {
        expire(prefix + key, undefined);
        draft.del(prefix + key);
        done(null);
      },
    };
  };
  return {
    ...common(tables),
    getItemDb: itemDb,
    getIndexDb: (_type: string, table: string, index: string) => {
      const prefix = indexPrefix(table, index);
      return {
        put: (key: string, item: Item, done: Answer) => {
          draft.put(prefix + key, item);
          done(null);
        },
        del: (key: string, done: Answer) => {
          draft.del(prefix + key);
          done(null);
        },
      };
    },
  };
}
