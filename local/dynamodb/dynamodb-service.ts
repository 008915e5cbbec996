import createTableValidation from 'dynalite/validations/createTable.js';
import validations from 'dynalite/validations/index.js';
import { AwsError, type Clock, type JsonService, type ResourceProvider } from '../types.ts';
import { readingStore } from './action-store.ts';
import { ITEM_BYTES_MAX, validation } from './attribute-values.ts';
import { awsError, isRead, isWrite, read, validate, write } from './item-actions.ts';
import { batchExecuteStatement } from './partiql.ts';
import { openStorage } from './storage.ts';
import { globalTableProvider } from './table-provider.ts';
import { openTables, type TableSpec } from './tables.ts';
import { sweepRegularly } from './time-to-live.ts';
import { transactGetItems, transactWriteItems } from './transactions.ts';

export type DynamodbService = JsonService & { providers: ResourceProvider[]; close(): Promise<void> };

type Input = Record<string, unknown>;

function tableName(input: Input): string {
  const name = input['TableName'];
  if (typeof name !== 'string')
    throw validation("The parameter 'TableName' is required but was not present in the request");
  return name.startsWith('arn:') ? (name.split('/')[1] ?? name) : name;
}

/**
 * DynamoDB on one machine: dynalite's rules (expressions, validation, messages) over LevelDB in `directory`, with what dynalite lacks:
 * transactions, inserts by BatchExecuteStatement, time to live, the item behind a failed condition, sizes in UTF-8.
 *
 * An answer means that the operating system has the change, so killing the process loses nothing that was answered; a loss of power may
 * (LevelDB does not wait for the disk). A disk that takes no more answers InternalServerError (500) to every write until it has room again.
 * One process per directory; a second one fails to open it.
 */
export async function dynamodbService(options: { directory: string; clock: Clock }): Promise<DynamodbService> {
  const { directory, clock } = options;
  const storage = await openStorage(directory, clock);
  const tables = await openTables(storage, clock);
  const sweeper = sweepRegularly(storage, tables, clock);
  const saved = readingStore(storage, tables);

  const ofTables: Record<string, (input: Input) => Promise<Input> | Input> = {
    TransactWriteItems: (input) => transactWriteItems(storage, tables, clock, input),
    TransactGetItems: (input) => transactGetItems(storage, tables, input),
    BatchExecuteStatement: (input) => batchExecuteStatement(storage, tables, input),
    ListTables: (input) => listTables(tables.names(), input),
    DescribeTable: (input) => ({ Table: tables.require(tableName(input)) }),
    CreateTable: async (input) => ({ TableDescription: await tables.create(tableSpec(input)) }),
    UpdateTable: async (input) => {
      const { DeletionProtectionEnabled: isProtected } = input;
      const unknownMember = Object.keys(input).find((member) => !UPDATE_MEMBERS.includes(member));
      if (unknownMember !== undefined || typeof isProtected !== 'boolean')
        throw validation(
          `The local cloud does not have the member ${unknownMember ?? 'DeletionProtectionEnabled with such a value'} of UpdateTable`,
        );
      return { TableDescription: await tables.setProtection(tableName(input), isProtected) };
    },
    DeleteTable: async (input) => ({ TableDescription: await tables.delete(tableName(input)) }),
    DescribeTimeToLive: (input) => {
      const attribute = tables.ttlAttribute(tables.require(tableName(input)).TableName);
      return {
        TimeToLiveDescription:
          attribute === undefined
            ? { TimeToLiveStatus: 'DISABLED' }
            : { TimeToLiveStatus: 'ENABLED', AttributeName: attribute },
      };
    },
    UpdateTimeToLive: async (input) => {
      const specification = input['TimeToLiveSpecification'] as
        | { Enabled?: unknown; AttributeName?: unknown }
        | undefined;
      const { Enabled, AttributeName } = specification ?? {};
      if (typeof Enabled !== 'boolean' || typeof AttributeName !== 'string')
        throw validation('TimeToLiveSpecification needs Enabled and AttributeName');
      const table = tables.require(tableName(input)).TableName;
      const before = tables.ttlAttribute(table);
      if (Enabled && before !== undefined) throw validation('TimeToLive is already enabled');
      if (!Enabled && before === undefined) throw validation('TimeToLive is already disabled');
      await tables.setTtl(table, Enabled ? AttributeName : undefined);
      return { TimeToLiveSpecification: { Enabled, AttributeName } };
    },
    // What AWS answers for a table without point-in-time recovery: there is none on one machine, whatever the template asks for.
    DescribeContinuousBackups: (input) => {
      tables.require(tableName(input));
      return {
        ContinuousBackupsDescription: {
          ContinuousBackupsStatus: 'ENABLED',
          PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
        },
      };
    },
  };

  const call = async (operation: string, input: Input): Promise<Input> => {
    if (isRead(operation)) return await read(operation, saved, validate(operation, input));
    if (isWrite(operation)) {
      const valid = validate(operation, input);
      const returnOld = input['ReturnValuesOnConditionCheckFailure'];
      return await storage.write((draft) => write(operation, draft, tables, valid, returnOld));
    }
    const run = Object.hasOwn(ofTables, operation) ? ofTables[operation] : undefined;
    if (run === undefined)
      throw new AwsError('UnknownOperationException', `The local cloud does not have dynamodb:${operation}`);
    return await run(input);
  };

  return {
    name: 'dynamodb',
    providers: [globalTableProvider(tables)],
    call: async (operation, input) => {
      try {
        return await call(operation, input);
      } catch (error) {
        throw awsError(error);
      }
    },
    close: async () => {
      await sweeper.stop();
      await storage.close();
    },
  };
}

const TABLES_LISTED_MAX = 100;

function listTables(names: readonly string[], input: Input): Input {
  const after = input['ExclusiveStartTableName'];
  const limit = typeof input['Limit'] === 'number' ? input['Limit'] : TABLES_LISTED_MAX;
  const rest = typeof after === 'string' ? names.filter((name) => name > after) : names;
  const TableNames = rest.slice(0, limit);
  return rest.length > limit ? { TableNames, LastEvaluatedTableName: TableNames.at(-1) } : { TableNames };
}

/** What of a table has an effect here. Local indexes, streams and provisioned capacity have none, so a request for them is refused. */
const TABLE_MEMBERS = ['TableName', 'KeySchema', 'AttributeDefinitions', 'BillingMode', 'GlobalSecondaryIndexes'];

/** A change of indexes or capacity is the template's affair. */
const UPDATE_MEMBERS = ['TableName', 'DeletionProtectionEnabled'];

function tableSpec(input: Input): TableSpec {
  const unknownMember = Object.keys(input).find((member) => !TABLE_MEMBERS.includes(member));
  if (unknownMember !== undefined)
    throw validation(`The local cloud does not have the member ${unknownMember} of CreateTable`);
  const valid = validations.checkTypes({ ...input }, createTableValidation.types);
  validations.checkValidations(valid, createTableValidation.types, createTableValidation.custom, {
    options: { maxItemSize: ITEM_BYTES_MAX },
  });
  return valid as unknown as TableSpec;
}
