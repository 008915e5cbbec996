import * as z from 'zod';
import { AUDIT_DAYS, type AuditEntry } from '../domain/audit.ts';
import { DestinationId, ReplayId, WorkspaceId } from '../domain/ids.ts';
import { hasEnded, ReplayOrder } from '../domain/replay-order.ts';
import type { Documents, TransactItem } from '../ports/documents.ts';
import type { OpenOrder, ReplayOrderStore } from '../ports/replay-orders.ts';
import { auditItem } from './audit-items.ts';
import { getItem, queryPages } from './control-items.ts';
import { controlKeys } from './control-keys.ts';
import { parseItem } from './read-items.ts';
import { transact } from './transact.ts';

const DAY_SECONDS = 86_400;

const OpenOrderItem = z.object({
  workspaceId: WorkspaceId,
  destinationId: DestinationId,
  id: ReplayId,
  dryRun: z.boolean(),
});

/** Orders to replay in the control table: see the port. */
export function documentsReplayOrders(documents: Documents, tableName: string): ReplayOrderStore {
  const put = (order: ReplayOrder, condition: TransactCondition): TransactItem => ({
    Put: {
      TableName: tableName,
      Item: {
        ...controlKeys.replayOrder(order.workspaceId, order.id),
        data: JSON.stringify(order),
        writeId: order.writeId,
        // As long as the audit trail tells of it, and the ledger holds the rows of its run.
        expiresAtSeconds: Math.floor(Date.parse(order.createdAt) / 1_000) + AUDIT_DAYS * DAY_SECONDS,
      },
      ...condition,
    },
  });
  const openKey = ({ destinationId, id, dryRun }: Omit<OpenOrder, 'workspaceId'>) =>
    controlKeys.openReplay(destinationId, dryRun ? id : undefined);
  const entryItems = (entry: AuditEntry | undefined): TransactItem[] =>
    entry === undefined ? [] : [auditItem(tableName, entry)];

  const get: ReplayOrderStore['get'] = (workspaceId, id) =>
    getItem(documents, tableName, controlKeys.replayOrder(workspaceId, id), ReplayOrder);
  /** A transaction whose answer was lost is repeated, and then fails on its own write. */
  const isOurs = async ({ workspaceId, id, writeId }: ReplayOrder): Promise<boolean> =>
    (await get(workspaceId, id))?.writeId === writeId;

  return {
    start: async (order, entry) => {
      const { workspaceId, destinationId, id, dryRun } = order;
      const open: OpenOrder = { workspaceId, destinationId, id, dryRun };
      const result = await transact(documents, [
        put(order, ABSENT),
        {
          Put: {
            TableName: tableName,
            Item: { ...openKey(order), orderId: id, data: JSON.stringify(open) },
            ...ABSENT,
          },
        },
        ...entryItems(entry),
      ]);
      return result.saved || (await isOurs(order)) ? 'saved' : 'busy';
    },
    get,
    list: async (workspaceId, { before, limit }) => {
      const orders: ReplayOrder[] = [];
      const range = controlKeys.replayOrders(workspaceId, before);
      for await (const page of queryPages(documents, tableName, range, { newestFirst: true, limit: limit + 1 })) {
        orders.push(...page.map((item) => parseItem(item, ReplayOrder)).filter(({ id }) => id !== before));
        if (orders.length >= limit) break;
      }
      return orders.slice(0, limit);
    },
    save: async (read, next, entry) => {
      const result = await transact(documents, [
        put(next, {
          ConditionExpression: 'writeId = :read',
          ExpressionAttributeValues: { ':read': read.writeId },
        }),
        ...(hasEnded(next) ? [{ Delete: { TableName: tableName, Key: openKey(next) } }] : []),
        ...entryItems(entry),
      ]);
      return result.saved || (await isOurs(next));
    },
    listOpen: async (destinationId) => {
      const open: OpenOrder[] = [];
      for await (const page of queryPages(documents, tableName, controlKeys.openReplays(destinationId))) {
        open.push(...page.map((item) => parseItem(item, OpenOrderItem)));
      }
      return open;
    },
    forgetOpen: async (open) => {
      // The next one of the destination stands under the same key.
      const ours = { ConditionExpression: 'orderId = :id', ExpressionAttributeValues: { ':id': open.id } };
      await transact(documents, [{ Delete: { TableName: tableName, Key: openKey(open), ...ours } }]);
    },
  };
}

type TransactCondition = { ConditionExpression: string; ExpressionAttributeValues?: Record<string, unknown> };
const ABSENT: TransactCondition = { ConditionExpression: 'attribute_not_exists(pk)' };
