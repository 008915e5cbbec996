import { AwsError } from '../types.ts';
import { type Item, itemBytes, parseItem, validation } from './attribute-values.ts';
import { itemKey, validate, write } from './item-actions.ts';
import type { Storage } from './storage.ts';
import type { Tables } from './tables.ts';

/** DynamoDB: statements in one BatchExecuteStatement. */
const STATEMENTS_MAX = 25;
/** Parsed statements kept by their text. Our functions use a handful. */
const STATEMENTS_KEPT_MAX = 100;

export type Insert = { table: string; attributes: readonly string[] };

const INSERT = /^\s*INSERT\s+INTO\s+"([A-Za-z0-9_.-]{3,255})"\s+VALUE\s*\{(.*)\}\s*;?\s*$/is;
const MEMBER = /\s*'((?:[^']|'')+)'\s*:\s*\?\s*(,|$)/y;

/** Reads `INSERT INTO "table" VALUE {'pk': ?, 'sk': ?}`, the one PartiQL statement that the local cloud has; any other is undefined. */
export function parseInsert(statement: string): Insert | undefined {
  const match = INSERT.exec(statement);
  if (match === null) return undefined;
  const [, table = '', members = ''] = match;
  const attributes: string[] = [];
  let at = 0;
  while (at < members.length) {
    MEMBER.lastIndex = at;
    const member = MEMBER.exec(members);
    if (member === null) return undefined;
    attributes.push((member[1] ?? '').replaceAll("''", "'"));
    at = MEMBER.lastIndex;
    if (member[2] === ',' && at >= members.length) return undefined;
  }
  return attributes.length === 0 || new Set(attributes).size < attributes.length ? undefined : { table, attributes };
}

const parsed = new Map<string, Insert>();

function insertOf(statement: unknown): Insert {
  if (typeof statement !== 'string') throw validation('Statement must not be null');
  const known = parsed.get(statement);
  if (known !== undefined) return known;
  const insert = parseInsert(statement);
  if (insert === undefined)
    throw validation(
      `The local cloud has only INSERT INTO "table" VALUE {'name': ?, ...} of PartiQL, not: ${statement.slice(0, 200)}`,
    );
  if (parsed.size >= STATEMENTS_KEPT_MAX) parsed.clear();
  parsed.set(statement, insert);
  return insert;
}

type Response = { TableName: string; Error?: { Code: string; Message: string; Item?: Item } };

/** PartiQL's names for what an item's write can fail of. */
const CODES: Record<string, string> = {
  ValidationException: 'ValidationError',
  ResourceNotFoundException: 'ResourceNotFound',
};

type Prepared = { insert: Insert; item: Item; returnOldOnFailure: unknown } | { insert: Insert; error: AwsError };

function prepare(statement: unknown): Prepared {
  const { Statement, Parameters, ReturnValuesOnConditionCheckFailure, ...others } = statement as Record<
    string,
    unknown
  >;
  const unknownMember = Object.keys(others).find((member) => member !== 'ConsistentRead');
  if (unknownMember !== undefined)
    throw validation(`The local cloud does not have the member ${unknownMember} of BatchExecuteStatement`);
  const insert = insertOf(Statement);
  const parameters = Array.isArray(Parameters) ? Parameters : [];
  if (parameters.length !== insert.attributes.length)
    return { insert, error: validation("Number of parameters in request and statement don't match.") };
  const values: Record<string, unknown> = Object.create(null);
  for (const [index, name] of insert.attributes.entries()) values[name] = parameters[index];
  try {
    return { insert, item: parseItem(values), returnOldOnFailure: ReturnValuesOnConditionCheckFailure };
  } catch (error) {
    if (error instanceof AwsError) return { insert, error };
    throw error;
  }
}

/** DynamoDB refuses a batch that names one item twice. Items without a good key are left to their own insert to refuse. */
function refuseRepeatedKeys(tables: Tables, prepared: readonly Prepared[]) {
  const keys = prepared.flatMap((one) => {
    if (!('item' in one) || !tables.names().includes(one.insert.table)) return [];
    const key = itemKey(tables.require(one.insert.table), one.item);
    return key === undefined ? [] : [key];
  });
  if (new Set(keys).size < keys.length) throw validation('Provided list of item keys contains duplicates');
}

const failed = (table: string, error: AwsError): Response => ({
  TableName: table,
  Error: { Code: CODES[error.code] ?? error.code, Message: error.message },
});

/**
 * BatchExecuteStatement of up to 25 inserts. Each stands or falls alone: an item that is there already answers `DuplicateItem` in its
 * place of `Responses` and stays as it is. All are saved together, so one call costs one write to the disk.
 */
export async function batchExecuteStatement(
  storage: Storage,
  tables: Tables,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { Statements: statements, ReturnConsumedCapacity: capacity, ...others } = input;
  const unknownMember = Object.keys(others)[0];
  if (unknownMember !== undefined)
    throw validation(`The local cloud does not have the member ${unknownMember} of BatchExecuteStatement`);
  if (!Array.isArray(statements) || statements.length === 0 || statements.length > STATEMENTS_MAX)
    throw validation(
      "1 validation error detected: Value at 'statements' failed to satisfy constraint: " +
        `Member must have length less than or equal to ${STATEMENTS_MAX}`,
    );
  const prepared = statements.map(prepare);
  refuseRepeatedKeys(tables, prepared);
  const Responses = await Promise.all(prepared.map((one) => insertOne(storage, tables, one)));
  if (capacity !== 'TOTAL' && capacity !== 'INDEXES') return { Responses };
  const ConsumedCapacity = prepared.map((one) => ({
    TableName: one.insert.table,
    CapacityUnits: 'item' in one ? Math.ceil(itemBytes(one.item) / 1_024) : 1,
  }));
  return { Responses, ConsumedCapacity };
}

async function insertOne(storage: Storage, tables: Tables, one: Prepared): Promise<Response> {
  const { table } = one.insert;
  if ('error' in one) return failed(table, one.error);
  try {
    return await storage.write((draft) => {
      const valid = validate('PutItem', { TableName: table, Item: one.item });
      const response: Response = { TableName: table };
      const key = itemKey(tables.require(table), one.item);
      const before = key === undefined ? undefined : (draft.get(key) as Item | undefined);
      if (before !== undefined) {
        const shown = one.returnOldOnFailure === 'ALL_OLD' ? { Item: before } : {};
        response.Error = { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table', ...shown };
        return response;
      }
      write('PutItem', draft, tables, valid, undefined);
      return response;
    });
  } catch (error) {
    if (error instanceof AwsError && error.status < 500) return failed(table, error);
    throw error;
  }
}
