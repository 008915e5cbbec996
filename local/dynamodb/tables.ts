import { randomUUID } from 'node:crypto';
import dynalite from 'dynalite/db/index.js';
import { AwsError, type Clock, LOCAL_ACCOUNT, LOCAL_REGION } from '../types.ts';
import { type Item, validation } from './attribute-values.ts';
import { allWith, expiryKey, indexPrefix, itemPrefix, tableKey, ttlKey } from './keys.ts';
import { type Draft, READ_AHEAD, type Storage } from './storage.ts';

export type TableSpec = {
  TableName: string;
  KeySchema: DynaliteTable['KeySchema'];
  AttributeDefinitions: DynaliteTable['AttributeDefinitions'];
  GlobalSecondaryIndexes?: DynaliteIndex[];
  /** Of a new table; one that is there keeps what the operator set. */
  DeletionProtectionEnabled?: boolean;
};

export type Tables = {
  /** Throws ResourceNotFoundException. */
  require(name: string): DynaliteTable;
  names(): string[];
  ttlAttribute(table: string): string | undefined;
  /** Throws ResourceInUseException if there is one of that name. */
  create(spec: TableSpec): Promise<DynaliteTable>;
  /** Makes the table, or adds and removes the indexes by which a table of that name differs from `spec`; items stay. A different key is an error. */
  ensure(spec: TableSpec): Promise<DynaliteTable>;
  /** A protected table cannot be deleted. */
  setProtection(name: string, isProtected: boolean): Promise<DynaliteTable>;
  /** Deletes the table with its items. Throws ValidationException if it is protected. */
  delete(name: string): Promise<DynaliteTable>;
  /** Items are deleted once the number in `attribute` (seconds since the epoch) has passed; undefined switches that off. */
  setTtl(table: string, attribute: string | undefined): Promise<void>;
};

/** Items rewritten or deleted in one write when a table changes as a whole, so that other calls get in between. */
const ITEMS_PER_WRITE = 500;

/** When the item may be deleted, in seconds since the epoch. DynamoDB leaves items alone whose attribute is no number. */
export function expiresAtSeconds(item: Item | undefined, attribute: string | undefined): number | undefined {
  const text = attribute === undefined ? undefined : item?.[attribute]?.['N'];
  if (typeof text !== 'string') return undefined;
  const atSeconds = Math.floor(Number(text));
  return atSeconds >= 0 && atSeconds < 1e12 ? atSeconds : undefined;
}

const keyNames = (schema: DynaliteTable['KeySchema']) =>
  schema.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(', ');

const indexShape = ({ IndexName, KeySchema, Projection }: DynaliteIndex) =>
  JSON.stringify([IndexName, keyNames(KeySchema), Projection.ProjectionType, Projection.NonKeyAttributes ?? []]);

const tableArn = (name: string) => `arn:aws:dynamodb:${LOCAL_REGION}:${LOCAL_ACCOUNT}:table/${name}`;

const describeIndex = (table: string, index: DynaliteIndex) => ({
  IndexName: index.IndexName,
  KeySchema: index.KeySchema,
  Projection: index.Projection,
  IndexArn: `${tableArn(table)}/index/${index.IndexName}`,
  IndexStatus: 'ACTIVE',
  IndexSizeBytes: 0,
  ItemCount: 0,
  ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
});

const describeTable = (spec: TableSpec, nowMs: number): DynaliteTable => ({
  TableName: spec.TableName,
  TableArn: tableArn(spec.TableName),
  TableId: randomUUID(),
  TableStatus: 'ACTIVE',
  CreationDateTime: nowMs / 1_000,
  KeySchema: spec.KeySchema,
  AttributeDefinitions: spec.AttributeDefinitions,
  BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST', LastUpdateToPayPerRequestDateTime: nowMs / 1_000 },
  TableThroughputModeSummary: { TableThroughputMode: 'PAY_PER_REQUEST' },
  ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
  TableSizeBytes: 0,
  ItemCount: 0,
  DeletionProtectionEnabled: spec.DeletionProtectionEnabled === true,
  ...(spec.GlobalSecondaryIndexes?.length
    ? { GlobalSecondaryIndexes: spec.GlobalSecondaryIndexes.map((index) => describeIndex(spec.TableName, index)) }
    : {}),
});

/** Every attribute of a key must be defined. */
function checkSpec(spec: TableSpec) {
  const defined = new Set(spec.AttributeDefinitions.map(({ AttributeName }) => AttributeName));
  for (const { KeySchema } of [spec, ...(spec.GlobalSecondaryIndexes ?? [])])
    for (const { AttributeName } of KeySchema)
      if (!defined.has(AttributeName)) throw validation(`${spec.TableName}: ${AttributeName} is not defined`);
}

/** The tables of one storage, kept in memory; changes are saved before they are seen. */
export async function openTables(storage: Storage, clock: Clock): Promise<Tables> {
  const tables = new Map<string, DynaliteTable>();
  const ttls = new Map<string, string>();
  const load = async (prefix: string, take: (name: string, value: unknown) => void) => {
    const entries = storage.entries(allWith(prefix));
    for (;;) {
      const page = await entries.nextv(READ_AHEAD);
      if (page.length === 0) break;
      for (const [key, value] of page) take(key.slice(prefix.length), value);
    }
    await entries.close();
  };
  await load('table~', (name, value) => tables.set(name, value as DynaliteTable));
  await load('ttl~', (name, value) => ttls.set(name, (value as { attribute: string }).attribute));

  const requireTable = (name: string) => {
    const table = tables.get(name);
    if (table === undefined)
      throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
    return table;
  };

  /** Runs `change` on everything under `prefix`, some hundred keys a write. */
  const each = async (prefix: string, change: (draft: Draft, key: string) => void) => {
    const entries = storage.entries(allWith(prefix));
    try {
      for (;;) {
        const page = await entries.nextv(ITEMS_PER_WRITE);
        if (page.length === 0) return;
        await storage.write((draft) => {
          for (const [key] of page) change(draft, key);
        });
      }
    } finally {
      await entries.close();
    }
  };

  const saveTable = async (table: DynaliteTable) => {
    await storage.write((draft) => draft.put(tableKey(table.TableName), table));
    tables.set(table.TableName, table);
    return table;
  };

  const create = async (spec: TableSpec) => {
    checkSpec(spec);
    if (tables.has(spec.TableName))
      throw new AwsError('ResourceInUseException', `Table already exists: ${spec.TableName}`);
    return await saveTable(describeTable(spec, clock.now()));
  };

  const fillIndex = async (table: DynaliteTable, index: DynaliteIndex) => {
    await each(itemPrefix(table.TableName), (draft, key) => {
      const item = draft.get(key) as Item | undefined;
      if (item === undefined) return;
      for (const put of dynalite.getIndexActions([index], null, item, table).puts)
        draft.put(indexPrefix(table.TableName, index.IndexName) + put.key, put.item);
    });
  };
  const emptyIndex = (table: string, index: string) => each(indexPrefix(table, index), (draft, key) => draft.del(key));

  const ensure = async (spec: TableSpec) => {
    const existing = tables.get(spec.TableName);
    if (existing === undefined) return await create(spec);
    checkSpec(spec);
    if (keyNames(existing.KeySchema) !== keyNames(spec.KeySchema))
      throw validation(
        `Table ${spec.TableName} has the key ${keyNames(existing.KeySchema)}; the template asks for ${keyNames(spec.KeySchema)}. ` +
          'A key cannot change under its items: start with an empty directory.',
      );
    const before = existing.GlobalSecondaryIndexes ?? [];
    const after = spec.GlobalSecondaryIndexes ?? [];
    const known = new Set(before.map(indexShape));
    const wanted = new Set(after.map(indexShape));
    const gone = before.filter((index) => !wanted.has(indexShape(index)));
    const added = after.filter((index) => !known.has(indexShape(index)));
    const { GlobalSecondaryIndexes: _before, ...rest } = existing;
    const described = after.map((index) => describeIndex(spec.TableName, index));
    const table: DynaliteTable = { ...rest, AttributeDefinitions: spec.AttributeDefinitions };
    if (described.length > 0) table.GlobalSecondaryIndexes = described;
    // Entries first and the description last: broken off in between, the next start does it again.
    for (const index of gone) await emptyIndex(spec.TableName, index.IndexName);
    for (const index of added) await fillIndex(table, index);
    return await saveTable(table);
  };

  const setTtl = async (name: string, attribute: string | undefined) => {
    requireTable(name);
    const before = ttls.get(name);
    if (before === attribute) return;
    if (attribute === undefined) ttls.delete(name);
    else ttls.set(name, attribute);
    await each(itemPrefix(name), (draft, key) => {
      const item = draft.get(key) as Item | undefined;
      const wasAt = expiresAtSeconds(item, before);
      const isAt = expiresAtSeconds(item, attribute);
      if (wasAt !== undefined) draft.del(expiryKey(wasAt, key));
      if (isAt !== undefined) draft.put(expiryKey(isAt, key), { key, table: name });
    });
    await storage.write((draft) =>
      attribute === undefined ? draft.del(ttlKey(name)) : draft.put(ttlKey(name), { attribute }),
    );
  };

  return {
    require: requireTable,
    names: () => [...tables.keys()].toSorted(),
    ttlAttribute: (table) => ttls.get(table),
    create,
    ensure,
    setTtl,
    setProtection: (name, isProtected) => saveTable({ ...requireTable(name), DeletionProtectionEnabled: isProtected }),
    delete: async (name) => {
      const table = requireTable(name);
      if (table['DeletionProtectionEnabled'] === true)
        throw validation(
          'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
        );
      await setTtl(name, undefined);
      tables.delete(name);
      for (const index of table.GlobalSecondaryIndexes ?? []) await emptyIndex(name, index.IndexName);
      await each(itemPrefix(name), (draft, key) => draft.del(key));
      await storage.write((draft) => draft.del(tableKey(name)));
      return { ...table, TableStatus: 'DELETING' };
    },
  };
}
