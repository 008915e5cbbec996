import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { AppError } from '../domain/app-error.ts';
import { DestinationId } from '../domain/ids.ts';
import { Timestamp } from '../domain/timestamp.ts';
import type { BreakerStore, OpenBreaker } from '../ports/breaker-store.ts';
import { ledgerKeys } from './ledger-keys.ts';

const BreakerItem = z.object({
  destinationId: DestinationId,
  openedAt: Timestamp,
  cause: z.enum(['failing', 'timeouts', 'unauthorised']),
  code: z.string(),
  message: z.string(),
  probeAt: Timestamp,
  probes: z.int().nonnegative(),
  destinationVersion: z.int().nonnegative(),
  writeId: z.string(),
}) satisfies z.ZodType<OpenBreaker>;

/** An open breaker that nobody has probed for so long belongs to a destination without traffic: the item may go. */
const OPEN_DAYS_MAX = 15;
const DAY_SECONDS = 86_400;

/** Open breakers in the ledger, one item a destination, fields as in OpenBreaker. Conditions are on writeId: a write knows its own. */
export const dynamoBreakerStore = (doc: DynamoDBDocumentClient, tableName: string): BreakerStore => {
  const get: BreakerStore['get'] = async (destinationId) => {
    const { Item } = await doc.send(
      new GetCommand({ TableName: tableName, Key: ledgerKeys.breaker(destinationId), ConsistentRead: true }),
    );
    return Item && BreakerItem.parse(Item);
  };
  const itemOf = (breaker: OpenBreaker) => ({
    ...ledgerKeys.breaker(breaker.destinationId),
    ...breaker,
    expiresAtSeconds: Math.ceil(Date.parse(breaker.probeAt) / 1_000) + OPEN_DAYS_MAX * DAY_SECONDS,
  });
  return {
    get,
    open: async (breaker) => {
      try {
        await doc.send(
          new PutCommand({
            TableName: tableName,
            Item: itemOf(breaker),
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        );
        return breaker;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const there = await get(breaker.destinationId);
        if (there === undefined) throw new AppError('upstream-unavailable', 'A breaker closed while it was opened');
        return there;
      }
    },
    replace: async (read, next) => {
      try {
        await doc.send(
          new PutCommand({
            TableName: tableName,
            Item: itemOf(next),
            ConditionExpression: 'writeId = :read',
            ExpressionAttributeValues: { ':read': read.writeId },
          }),
        );
        return true;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return (await get(read.destinationId))?.writeId === next.writeId;
      }
    },
    close: async (read) => {
      try {
        await doc.send(
          new DeleteCommand({
            TableName: tableName,
            Key: ledgerKeys.breaker(read.destinationId),
            ConditionExpression: 'writeId = :read',
            ExpressionAttributeValues: { ':read': read.writeId },
          }),
        );
      } catch (error) {
        // Closed already, or opened anew: either stands.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
};
