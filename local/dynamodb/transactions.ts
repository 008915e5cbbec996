import { createHash } from 'node:crypto';
import { AwsError, type Clock } from '../types.ts';
import { readingStore } from './action-store.ts';
import { type Item, itemBytes, validation } from './attribute-values.ts';
import { checkCondition, existingItem, itemKey, runNow, type ValidRequest, validate, write } from './item-actions.ts';
import { expiryKey, tokenKey } from './keys.ts';
import type { Draft, Storage } from './storage.ts';
import type { Tables } from './tables.ts';

/** DynamoDB: actions in one transaction, and the bytes of all their items. */
const TRANSACTION_ITEMS_MAX = 100;
const TRANSACTION_BYTES_MAX = 4 * 1_024 * 1_024;
/** DynamoDB: a client request token is good for ten minutes after the request that used it. */
const TOKEN_SECONDS = 600;

type Action = {
  kind: 'Put' | 'Update' | 'Delete' | 'ConditionCheck';
  valid: ValidRequest;
  returnOldOnFailure: unknown;
};
type Reason = { Code: string; Message?: string; Item?: Item };

const OPERATIONS = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'DeleteItem',
} as const;
const NONE: Reason = { Code: 'None' };

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function actionsOf(members: unknown): unknown[] {
  if (!Array.isArray(members) || members.length === 0)
    throw validation(
      "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  if (members.length > TRANSACTION_ITEMS_MAX)
    throw validation(
      "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: " +
        `Member must have length less than or equal to ${TRANSACTION_ITEMS_MAX}`,
    );
  return members;
}

function checkMembers(operation: string, input: Record<string, unknown>, known: readonly string[]) {
  for (const member of Object.keys(input))
    if (!known.includes(member)) throw validation(`The local cloud does not have the member ${member} of ${operation}`);
}

function parseAction(member: unknown): Action {
  const kinds = isObject(member) ? Object.keys(member).filter((kind) => isObject(member[kind])) : [];
  const kind = kinds[0];
  if (!isObject(member) || kinds.length !== 1 || kind === undefined || !Object.hasOwn(OPERATIONS, kind))
    throw validation('TransactItems can only contain one of Check, Put, Update or Delete');
  const input = member[kind] as Record<string, unknown>;
  const known = kind as Action['kind'];
  if (known === 'Update' && typeof input['UpdateExpression'] !== 'string')
    throw validation('The update expression of an Update must not be null');
  if (known === 'ConditionCheck' && typeof input['ConditionExpression'] !== 'string')
    throw validation('The condition expression of a ConditionCheck must not be null');
  return {
    kind: known,
    valid: validate(OPERATIONS[known], input),
    returnOldOnFailure: input['ReturnValuesOnConditionCheckFailure'],
  };
}

/** The database keys of the actions' items. Keys that do not fit their table are left out: the action itself will say so. */
const itemKeys = (tables: Tables, actions: readonly Action[]): string[] =>
  actions.flatMap(
    ({ valid }) => itemKey(tables.require(String(valid['TableName'])), (valid['Item'] ?? valid['Key']) as Item) ?? [],
  );

function apply(action: Action, draft: Draft, tables: Tables): Reason {
  try {
    if (action.kind === 'ConditionCheck') checkCondition(draft, tables, action.valid);
    else write(OPERATIONS[action.kind], draft, tables, action.valid, undefined);
    return NONE;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === 'ValidationException') return { Code: 'ValidationError', Message: error.message };
    if (error.code !== 'ConditionalCheckFailedException') throw error;
    const item = action.returnOldOnFailure === 'ALL_OLD' ? existingItem(draft, tables, action.valid) : undefined;
    return { Code: 'ConditionalCheckFailed', Message: error.message, ...(item ? { Item: item } : {}) };
  }
}

/** A request's content, whatever the order of its members. */
const fingerprint = (input: unknown) => createHash('sha256').update(JSON.stringify(input)).digest('base64');

/**
 * TransactWriteItems: all conditions hold and everything is written, or nothing is. A transaction is one draft, so LevelDB saves it as
 * one record and a crash cannot cut it in two. Its client request token is saved in the same record.
 */
export async function transactWriteItems(
  storage: Storage,
  tables: Tables,
  clock: Clock,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  checkMembers('TransactWriteItems', input, [
    'TransactItems',
    'ClientRequestToken',
    'ReturnConsumedCapacity',
    'ReturnItemCollectionMetrics',
  ]);
  const actions = actionsOf(input['TransactItems']).map(parseAction);
  const keys = itemKeys(tables, actions);
  if (new Set(keys).size < keys.length)
    throw validation('Transaction request cannot include multiple operations on one item');
  const bytes = actions.reduce((sum, { valid }) => sum + itemBytes((valid['Item'] ?? valid['Key']) as Item), 0);
  if (bytes > TRANSACTION_BYTES_MAX)
    throw validation(`Transaction payload size cannot exceed 4MB. Payload Size: ${bytes}`);

  const token = input['ClientRequestToken'];
  const hash = fingerprint(input['TransactItems']);
  const output: Record<string, unknown> = {};
  if (['TOTAL', 'INDEXES'].includes(String(input['ReturnConsumedCapacity'])))
    output['ConsumedCapacity'] = consumedCapacity(actions);

  return await storage.write((draft) => {
    const nowSeconds = Math.floor(clock.now() / 1_000);
    if (typeof token === 'string') {
      const used = draft.get(tokenKey(token)) as { hash: string; untilSeconds: number } | undefined;
      if (used !== undefined && used.untilSeconds > nowSeconds) {
        if (used.hash === hash) return output;
        throw new AwsError(
          'IdempotentParameterMismatchException',
          'The provided idempotency token was used with another request',
        );
      }
      const untilSeconds = nowSeconds + TOKEN_SECONDS;
      draft.put(tokenKey(token), { hash, untilSeconds });
      draft.put(expiryKey(untilSeconds, tokenKey(token)), { key: tokenKey(token) });
    }
    const reasons = actions.map((action) => apply(action, draft, tables));
    if (reasons.every((reason) => reason === NONE)) return output;
    throw new AwsError(
      'TransactionCanceledException',
      'Transaction cancelled, please refer cancellation reasons for specific reasons ' +
        `[${reasons.map(({ Code }) => Code).join(', ')}]`,
      400,
      { CancellationReasons: reasons },
    );
  });
}

/** Two write units for each begun KB (DynamoDB: a transactional write costs twice), by what the request carries. */
function consumedCapacity(actions: readonly Action[]) {
  const units = new Map<string, number>();
  for (const { valid } of actions) {
    const table = String(valid['TableName']);
    const kilobytes = Math.ceil(itemBytes((valid['Item'] ?? valid['Key']) as Item) / 1_024);
    units.set(table, (units.get(table) ?? 0) + 2 * Math.max(1, kilobytes));
  }
  return [...units].map(([TableName, CapacityUnits]) => ({
    TableName,
    CapacityUnits,
    WriteCapacityUnits: CapacityUnits,
  }));
}

/** TransactGetItems: up to 100 items as they were at one moment. */
export async function transactGetItems(
  storage: Storage,
  tables: Tables,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  checkMembers('TransactGetItems', input, ['TransactItems', 'ReturnConsumedCapacity']);
  const gets = actionsOf(input['TransactItems']).map((member) => {
    if (!isObject(member) || !isObject(member['Get']))
      throw validation('TransactItems of TransactGetItems can only contain Get');
    return validate('GetItem', member['Get']);
  });
  // As a write that changes nothing: it is decided between two writes and answered when what it saw is saved.
  return await storage.write((draft) => {
    const now: Storage = { ...storage, get: (key) => draft.get(key) };
    const store = readingStore(now, tables);
    return {
      Responses: gets.map((valid) => {
        const { Item: item } = runNow('GetItem', store, valid);
        return item === undefined ? {} : { Item: item };
      }),
    };
  });
}
