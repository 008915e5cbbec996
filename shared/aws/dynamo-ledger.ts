import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { DEAD_LETTER_DAYS, LEDGER_HOUR_DAYS, LEDGER_ROW_DAYS, LEDGER_SHARDS } from '../config/limits.ts';
import { AppError } from '../domain/app-error.ts';
import { RefusalNotice } from '../domain/intake-message.ts';
import { DoneRow, PlannedDestination, PlanRow, UnreadableRow } from '../domain/ledger-rows.ts';
import type { DoneKey, DoneStore, LedgerReader, Minutes, PlanStore } from '../ports/ledger.ts';
import { batchGet } from './dynamo-batch-get.ts';
import { inParallel } from './in-parallel.ts';
import { lateMarks } from './late-marks.ts';
import { ledgerKeys, UNREADABLE_PREFIX } from './ledger-keys.ts';
import { destinationsOfText, destinationsText, doneOfText, doneText, planOfText, planText } from './row-text.ts';

/**
 * DynamoDB takes items of 400 KB. A plan row may fill 300 KB; what destinations go beyond it lie in further items, written before the row
 * and found through its writeId, so that the row is the commit.
 */
export const PLAN_ITEM_BYTES_MAX = 300_000;
/** Pages of one partition that a read follows: at 1 MB a page, more than LEDGER_SHARDS partitions take in an hour at 1,000 writes/s. */
const PAGES_MAX = 5_000;
const DAY_SECONDS = 86_400;

const Key = z.object({ pk: z.string(), sk: z.string() });
/** Rows lie as JSON text: no numbers, empty sets or key names of ours that DynamoDB could see otherwise (D11). */
export const Item = Key.extend({ data: z.string() });
const PlanItem = Item.extend({ more: z.int().nonnegative() });

/** Plan rows and refusals, as route sees them. */
export const dynamoPlanStore = (
  doc: DynamoDBDocumentClient,
  tableName: string,
  rowDays: number = LEDGER_ROW_DAYS,
  now: () => Date = () => new Date(),
): PlanStore => {
  const markIfLate = lateMarks(doc, tableName, rowDays);
  const getPlan: PlanStore['getPlan'] = async (key) => {
    const found = await getItem(doc, tableName, ledgerKeys.plan(key));
    return found === undefined ? undefined : await planOf(doc, tableName, found);
  };
  return {
    getPlan,
    putPlan: async (row) => {
      const { sourceId, receivedAt: at, plannedAt: writtenAt, writeId } = row;
      await markIfLate({ subject: { sourceId }, at, writtenAt, writeId });
      const { data, further } = splitPlan(row);
      const expiresAtSeconds = expiryOf(row.plannedAt, rowDays);
      for (const [number, text] of further.entries()) {
        const key = ledgerKeys.planOverflow(row, row.writeId, number);
        await doc.send(new PutCommand({ TableName: tableName, Item: { ...key, data: text, expiresAtSeconds } }));
      }
      const item = { ...ledgerKeys.plan(row), data, more: further.length, expiresAtSeconds };
      if (await putIfAbsent(doc, tableName, item)) return { outcome: 'saved' };
      const there = await getPlan(row);
      if (there === undefined) throw new AppError('upstream-unavailable', 'A plan row went while it was read');
      return there.writeId === row.writeId ? { outcome: 'saved' } : { outcome: 'exists', row: there };
    },
    findDone: (keys) => findDone(doc, tableName, keys),
    putRefusals: async (notice) => {
      const key = ledgerKeys.refusals(notice.at, notice.noticeId);
      const item = { ...key, data: JSON.stringify(notice), expiresAtSeconds: expiryOf(notice.at, rowDays) };
      await doc.send(new PutCommand({ TableName: tableName, Item: item }));
    },
    putUnreadable: async (row) => {
      const { at, unreadableId } = row;
      const writtenAt = now().toISOString();
      await markIfLate({ subject: { unreadable: true }, at, writtenAt, writeId: `${unreadableId}@${writtenAt}` });
      const key = ledgerKeys.unreadable(at, unreadableId);
      // It names an object of the dead-letter store, so it lives as long, and a day more.
      const days = Math.max(rowDays, DEAD_LETTER_DAYS + 1);
      const item = { ...key, data: JSON.stringify(row), expiresAtSeconds: expiryOf(writtenAt, days) };
      await doc.send(new PutCommand({ TableName: tableName, Item: item }));
    },
  };
};

/** Done rows, as deliver sees them. */
export const dynamoDoneStore = (
  doc: DynamoDBDocumentClient,
  tableName: string,
  { rowDays = LEDGER_ROW_DAYS, letterDays = DEAD_LETTER_DAYS }: { rowDays?: number; letterDays?: number } = {},
): DoneStore => {
  const markIfLate = lateMarks(doc, tableName, rowDays);
  const getDone: DoneStore['getDone'] = async (key) => {
    const found = await getItem(doc, tableName, ledgerKeys.done(key));
    return found === undefined ? undefined : doneOf(found);
  };
  return {
    getDone,
    findDone: (keys) => findDone(doc, tableName, keys),
    putDone: async (row) => {
      const { destinationId, dueAt: at, settledAt: writtenAt, writeId } = row;
      if (row.replay === undefined) await markIfLate({ subject: { destinationId }, at, writtenAt, writeId });
      // A row that vouches for dead letters lives as long as they do, and a day more; one of a replay run as long as the run's slices.
      const ownDays = row.replay === undefined ? rowDays : Math.max(rowDays, LEDGER_HOUR_DAYS);
      const days = row.deadLetterKey === undefined ? ownDays : Math.max(ownDays, letterDays + 1);
      const item = {
        ...ledgerKeys.done(row),
        data: doneText(row),
        expiresAtSeconds: expiryOf(row.settledAt, days),
      };
      if (await putIfAbsent(doc, tableName, item)) return { outcome: 'saved' };
      const there = await getDone(row);
      if (there === undefined) throw new AppError('upstream-unavailable', 'A done row went while it was read');
      return there.writeId === row.writeId ? { outcome: 'saved' } : { outcome: 'exists', row: there };
    },
  };
};

/** The books: every row of a subject in an hour. */
export const dynamoLedgerReader = (doc: DynamoDBDocumentClient, tableName: string): LedgerReader => {
  const ofHour = async (partitions: readonly string[], prefix: string, minutes?: Minutes): Promise<unknown[]> => {
    const items = await inParallel(partitions, LEDGER_SHARDS, (pk) => queryAll(doc, tableName, pk, prefix, minutes));
    return items.flat();
  };
  return {
    plansOfHour: async (sourceId, hour, minutes) => {
      const items = await ofHour(ledgerKeys.plansOfHour(sourceId, hour), 'plan#', minutes);
      return await inParallel(items, LEDGER_SHARDS, (item) => planOf(doc, tableName, item));
    },
    donesOfHour: async (destinationId, hour, minutes) =>
      (await ofHour(ledgerKeys.donesOfHour(destinationId, hour), 'done#', minutes)).map(doneOf),
    refusalsOfHour: async (hour, pagesMax) =>
      (await queryAll(doc, tableName, ledgerKeys.refusalsOfHour(hour), 'refusals#', undefined, pagesMax)).map(
        (item) => rowOf(RefusalNotice, Item, item).row,
      ),
    unreadableOfHour: async (hour) =>
      (await ofHour([ledgerKeys.refusalsOfHour(hour)], UNREADABLE_PREFIX)).map(
        (item) => rowOf(UnreadableRow, Item, item).row,
      ),
  };
};

/** The plan as text of at most PLAN_ITEM_BYTES_MAX, and the destinations that do not fit, as texts of the same bound. */
function splitPlan(row: PlanRow): { data: string; further: string[] } {
  const data = planText(row);
  if (Buffer.byteLength(data) <= PLAN_ITEM_BYTES_MAX) return { data, further: [] };
  const bare = Buffer.byteLength(planText({ ...row, destinations: [] }));
  const groups: PlannedDestination[][] = [[]];
  let bytes = bare;
  for (const destination of row.destinations) {
    const more = Buffer.byteLength(destinationsText([destination]));
    if (bytes + more > PLAN_ITEM_BYTES_MAX) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(destination);
    bytes += more;
  }
  const [first = [], ...rest] = groups;
  return {
    data: planText({ ...row, destinations: first }),
    further: rest.map(destinationsText),
  };
}

export async function planOf(doc: DynamoDBDocumentClient, tableName: string, found: unknown): Promise<PlanRow> {
  const { item, row } = rowOf(PlanRow, PlanItem, found, planOfText);
  if (item.more === 0) return row;
  const keys = Array.from({ length: item.more }, (_, number) => ledgerKeys.planOverflow(row, row.writeId, number));
  const further = (await batchGet(doc, tableName, keys)).map((each) =>
    rowOf(z.array(PlannedDestination), Item, each, destinationsOfText),
  );
  if (further.length < item.more) throw malformed(item.sk, 'a further item is missing');
  const inOrder = keys.flatMap(({ sk }) => further.find(({ item: { sk: other } }) => other === sk)?.row ?? []);
  return { ...row, destinations: [...row.destinations, ...inOrder] };
}

const findDone = async (doc: DynamoDBDocumentClient, tableName: string, keys: readonly DoneKey[]): Promise<DoneRow[]> =>
  (await batchGet(doc, tableName, keys.map(ledgerKeys.done))).map(doneOf);

export const doneOf = (found: unknown): DoneRow => rowOf(DoneRow, Item, found, doneOfText).row;

/** Rows are parsed on the way out: a malformed one throws, it is never summed. */
export function rowOf<T extends z.ZodType, I extends typeof Item>(
  schema: T,
  itemSchema: I,
  found: unknown,
  textOf: (text: string, key: z.infer<typeof Key>) => unknown = (text) => JSON.parse(text),
): { item: z.infer<I>; row: z.infer<T> } {
  const item = itemSchema.safeParse(found);
  if (!item.success) throw malformed('of the ledger', item.error);
  try {
    return { item: item.data, row: schema.parse(textOf(item.data.data, item.data)) };
  } catch (cause) {
    throw malformed(item.data.sk, cause);
  }
}

const malformed = (name: string, cause: unknown): AppError =>
  new AppError('malformed-item', `Item ${name} is malformed`, { cause, retry: false });

async function getItem(doc: DynamoDBDocumentClient, tableName: string, key: z.infer<typeof Key>): Promise<unknown> {
  const { Item: found } = await doc.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
  return found;
}

/** False where an item is there: another's, or our own from a put whose answer was lost. */
export async function putIfAbsent(
  doc: DynamoDBDocumentClient,
  tableName: string,
  item: Record<string, unknown>,
): Promise<boolean> {
  try {
    await doc.send(
      new PutCommand({ TableName: tableName, Item: item, ConditionExpression: 'attribute_not_exists(pk)' }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

export async function queryAll(
  doc: DynamoDBDocumentClient,
  tableName: string,
  pk: string,
  prefix: string,
  minutes?: Minutes,
  /** Where it is said, more than that is left out; else it throws. */
  pagesMax = Number.POSITIVE_INFINITY,
): Promise<unknown[]> {
  // `~` sorts behind all that follows a minute in a key.
  const [condition, bounds] =
    minutes === undefined
      ? ['begins_with(sk, :prefix)', { ':prefix': prefix }]
      : ['sk BETWEEN :from AND :to', { ':from': `${prefix}${minutes.from}`, ':to': `${prefix}${minutes.to}~` }];
  const items: unknown[] = [];
  let from: Record<string, unknown> | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { Items = [], LastEvaluatedKey } = await doc.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: `pk = :pk AND ${condition}`,
        ExpressionAttributeValues: { ':pk': pk, ...bounds },
        ConsistentRead: true,
        ExclusiveStartKey: from,
      }),
    );
    items.push(...Items);
    if (LastEvaluatedKey === undefined || page + 1 >= pagesMax) return items;
    from = LastEvaluatedKey;
  }
  throw new AppError('upstream-unavailable', `Partition ${pk} has more than ${PAGES_MAX} pages`, { retry: false });
}

/** TTL by when the row is written, so that rows of a message that waited for days live as long as the others. */
const expiryOf = (writtenAt: string, rowDays: number): number =>
  Math.ceil(Date.parse(writtenAt) / 1_000) + rowDays * DAY_SECONDS;
