import batchGetItemAction from 'dynalite/actions/batchGetItem.js';
import batchWriteItemAction from 'dynalite/actions/batchWriteItem.js';
import deleteItemAction from 'dynalite/actions/deleteItem.js';
import getItemAction from 'dynalite/actions/getItem.js';
import putItemAction from 'dynalite/actions/putItem.js';
import queryAction from 'dynalite/actions/query.js';
import scanAction from 'dynalite/actions/scan.js';
import updateItemAction from 'dynalite/actions/updateItem.js';
import dynalite from 'dynalite/db/index.js';
import batchGetItemValidation from 'dynalite/validations/batchGetItem.js';
import batchWriteItemValidation from 'dynalite/validations/batchWriteItem.js';
import deleteItemValidation from 'dynalite/validations/deleteItem.js';
import getItemValidation from 'dynalite/validations/getItem.js';
import validations from 'dynalite/validations/index.js';
import putItemValidation from 'dynalite/validations/putItem.js';
import queryValidation from 'dynalite/validations/query.js';
import scanValidation from 'dynalite/validations/scan.js';
import updateItemValidation from 'dynalite/validations/updateItem.js';
import { AwsError } from '../types.ts';
import { draftingStore } from './action-store.ts';
import { type Item, ITEM_BYTES_MAX, parseItem } from './attribute-values.ts';
import { correctExpressions } from './dynalite-limits.ts';
import { itemPrefix } from './keys.ts';
import type { Draft } from './storage.ts';
import type { Tables } from './tables.ts';

const READS = {
  GetItem: { run: getItemAction, validation: getItemValidation },
  BatchGetItem: { run: batchGetItemAction, validation: batchGetItemValidation },
  Query: { run: queryAction, validation: queryValidation },
  Scan: { run: scanAction, validation: scanValidation },
};
const WRITES = {
  PutItem: { run: putItemAction, validation: putItemValidation },
  UpdateItem: { run: updateItemAction, validation: updateItemValidation },
  DeleteItem: { run: deleteItemAction, validation: deleteItemValidation },
  BatchWriteItem: { run: batchWriteItemAction, validation: batchWriteItemValidation },
};
const ACTIONS = { ...READS, ...WRITES };

export type ReadOperation = keyof typeof READS;
export type WriteOperation = keyof typeof WRITES;
export const isRead = (operation: string): operation is ReadOperation => Object.hasOwn(READS, operation);
export const isWrite = (operation: string): operation is WriteOperation => Object.hasOwn(WRITES, operation);

/** Members of a request that dynalite has no notion of, and that are honoured all the same. */
const OWN_MEMBERS: Partial<Record<keyof typeof ACTIONS, string>> = {
  PutItem: 'ReturnValuesOnConditionCheckFailure',
  UpdateItem: 'ReturnValuesOnConditionCheckFailure',
  DeleteItem: 'ReturnValuesOnConditionCheckFailure',
  Scan: 'ConsistentRead', // Every read is, here.
};
/** Members that hold attribute values by name: parsed by us, so that every attribute name is safe and the bounds are those of DynamoDB. */
const VALUE_MEMBERS = ['Item', 'Key', 'ExpressionAttributeValues', 'ExclusiveStartKey'];

/** A request that passed validation; expressions are parsed. For one use: dynalite's actions change it. */
export type ValidRequest = Record<string, unknown>;

/** An error of dynalite's as AWS would send it; everything else becomes InternalServerError, never a success. */
export function awsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof Error && 'body' in error && 'statusCode' in error) {
    const body = error.body as { __type: string; message?: string; Message?: string };
    const code = body.__type.split('#').at(-1) ?? body.__type;
    return new AwsError(code, body.message ?? body.Message ?? '', Number(error.statusCode));
  }
  const message = error instanceof Error ? error.message : String(error);
  return new AwsError('InternalServerError', `The local DynamoDB failed: ${message}`, 500);
}

type BatchRequest = { PutRequest?: { Item?: unknown }; DeleteRequest?: { Key?: unknown } };

/** The items of BatchWriteItem parsed as those of PutItem are. */
function parseBatch(valid: ValidRequest, input: Record<string, unknown>) {
  const requests = valid['RequestItems'] as Record<string, BatchRequest[]>;
  const given = input['RequestItems'] as Record<string, BatchRequest[]>;
  for (const [table, ofTable] of Object.entries(requests))
    for (const [index, request] of ofTable.entries()) {
      const original = given[table]?.[index];
      if (request.PutRequest) request.PutRequest.Item = parseItem(original?.PutRequest?.Item);
      if (request.DeleteRequest) request.DeleteRequest.Key = parseItem(original?.DeleteRequest?.Key);
    }
}

/** Checks a request's form as DynamoDB does. Throws ValidationException or SerializationException. A member unknown to us is an error, not ignored. */
export function validate(operation: keyof typeof ACTIONS, input: Record<string, unknown>): ValidRequest {
  const { types, custom } = ACTIONS[operation].validation;
  const plain: Record<string, unknown> = {};
  for (const member of Object.keys(input)) {
    if (member === OWN_MEMBERS[operation] || input[member] === undefined || input[member] === null) continue;
    if (!Object.hasOwn(types, member))
      throw new AwsError('ValidationException', `The local cloud does not have the member ${member} of ${operation}`);
    if (!VALUE_MEMBERS.includes(member)) plain[member] = input[member];
  }
  try {
    const valid = validations.checkTypes(plain, types);
    for (const member of VALUE_MEMBERS)
      if (input[member] !== undefined && input[member] !== null) valid[member] = parseItem(input[member]);
    if (operation === 'BatchWriteItem' && valid['RequestItems'] !== undefined) parseBatch(valid, input);
    validations.checkValidations(valid, types, custom, { options: { maxItemSize: ITEM_BYTES_MAX } });
    correctExpressions(valid);
    return valid;
  } catch (error) {
    throw awsError(error);
  }
}

/** Runs a reading action on a store whose answers may come later. */
export function read(operation: ReadOperation, store: unknown, valid: ValidRequest): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    READS[operation].run(store, valid, (error, result) => {
      if (error) reject(awsError(error));
      else resolve(result as Record<string, unknown>);
    });
  });
}

/** Runs an action on a store that answers at once. */
export function runNow(operation: keyof typeof ACTIONS, store: unknown, valid: ValidRequest): Record<string, unknown> {
  let outcome: { error?: unknown; result?: unknown } | undefined;
  ACTIONS[operation].run(store, valid, (error, result) => {
    outcome = { error, result };
  });
  if (outcome === undefined) throw new AwsError('InternalServerError', `${operation} did not answer at once`, 500);
  if (outcome.error) throw awsError(outcome.error);
  return outcome.result as Record<string, unknown>;
}

/** Where an item lies, by the key attributes among its own; undefined if they do not fit the table. */
export function itemKey(table: DynaliteTable, item: Item): string | undefined {
  const key: Item = {};
  for (const { AttributeName } of table.KeySchema) {
    const value = item[AttributeName];
    if (value !== undefined) key[AttributeName] = value;
  }
  return dynalite.validateKey(key, table) ? undefined : itemPrefix(table.TableName) + dynalite.createKey(key, table);
}

/** The stored item that a request names by its key or by the item that it puts. */
export function existingItem(draft: Draft, tables: Tables, valid: ValidRequest): Item | undefined {
  const key = itemKey(tables.require(String(valid['TableName'])), (valid['Item'] ?? valid['Key']) as Item);
  return key === undefined ? undefined : (draft.get(key) as Item | undefined);
}

const copyOf = (item: Item): Item => Object.assign(Object.create(null), item);

/**
 * Runs one writing action in a draft. A failed condition carries the item that it failed on if the request asks for it
 * (`ReturnValuesOnConditionCheckFailure: ALL_OLD`).
 */
export function write(
  operation: WriteOperation,
  draft: Draft,
  tables: Tables,
  valid: ValidRequest,
  returnOldOnFailure: unknown,
): Record<string, unknown> {
  const verb = operation === 'PutItem' || operation === 'UpdateItem' ? operation : 'other';
  // The update action writes its result into the key that it was given.
  const request = operation === 'UpdateItem' ? { ...valid, Key: copyOf(valid['Key'] as Item) } : valid;
  try {
    return runNow(operation, draftingStore(draft, tables, verb), request);
  } catch (error) {
    const isRefused = error instanceof AwsError && error.code === 'ConditionalCheckFailedException';
    if (!isRefused || returnOldOnFailure !== 'ALL_OLD') throw error;
    const item = existingItem(draft, tables, valid);
    throw item === undefined ? error : new AwsError(error.code, error.message, error.status, { Item: item });
  }
}

/** Checks a condition without writing: the ConditionCheck of a transaction. */
export function checkCondition(draft: Draft, tables: Tables, valid: ValidRequest) {
  const table = tables.require(String(valid['TableName']));
  const refused =
    dynalite.validateKey(valid['Key'] as Item, table) ??
    dynalite.checkConditional(valid, existingItem(draft, tables, valid));
  if (refused) throw awsError(refused);
}
