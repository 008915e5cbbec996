import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { BatchExecuteStatementCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { SEEN_TTL_AFTER_WINDOW_DAYS } from '../config/limits.ts';
import { AppError } from '../domain/app-error.ts';
import type { ClaimRequest } from '../ports/claim-store.ts';
import { backOff } from './back-off.ts';
import { batchGet } from './dynamo-batch-get.ts';
import { inParallel } from './in-parallel.ts';

/** BatchExecuteStatement takes 25 statements (DynamoDB API reference). */
const STATEMENTS_MAX = 25;
const CALLS_IN_FLIGHT_MAX = 8;
/** Rounds for statements that DynamoDB throttles one by one, and for claims that others contest while we look. */
const ROUNDS_MAX = 6;
const HOUR_MS = 3_600_000;
const DAY_SECONDS = 86_400;

/** Errors of one statement after which it may simply be sent again. */
const PASSING_ERRORS: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'ThrottlingError',
  'InternalServerError',
  'TransactionConflict',
]);

/** One messageId that one intake message wants. `scope`: within which it has one owner, a source or a device whose ledger is closed. */
export type EventClaim = { scope: string; messageId: string; request: Omit<ClaimRequest, 'events'> };
/** `pk` names the item, one for each scope and messageId. */
type Claim<T extends EventClaim> = { pk: string; of: T };

const SeenItem = z.object({ pk: z.string(), owner: z.string(), receivedAt: z.string() });
type SeenItem = z.infer<typeof SeenItem>;

/**
 * Claims by an item for each messageId in the `seen` table; answers the duplicates. All go first as INSERT statements, 25 a call, which fail
 * one by one where an item is there; only those are read (strongly) and judged by the owner rule. A claim made twice, by an SDK retry or a
 * redelivery, finds its own owner and is fine. Of two claims of the same messageId the first has it.
 */
export async function claimEvents<T extends EventClaim>(
  doc: DynamoDBDocumentClient,
  tableName: string,
  claims: readonly T[],
): Promise<readonly T[]> {
  // One statement for each item: which of two in one call would win is not ours to choose.
  const first = new Map<string, Claim<T>>();
  const others: Claim<T>[] = [];
  for (const of of claims) {
    const claim = { pk: `${of.scope}#${of.messageId}`, of };
    if (first.has(claim.pk)) others.push(claim);
    else first.set(claim.pk, claim);
  }
  const contested = await insertAll(doc, tableName, [...first.values()]);
  return await settleContested(doc, tableName, [...contested, ...others]);
}

/** Inserts what is free and answers the claims whose item is there already. */
async function insertAll<T extends EventClaim>(
  doc: DynamoDBDocumentClient,
  tableName: string,
  claims: readonly Claim<T>[],
): Promise<Claim<T>[]> {
  const chunks: Claim<T>[][] = [];
  for (let at = 0; at < claims.length; at += STATEMENTS_MAX) chunks.push(claims.slice(at, at + STATEMENTS_MAX));
  const contested = await inParallel(chunks, CALLS_IN_FLIGHT_MAX, (chunk) => insertChunk(doc, tableName, chunk));
  return contested.flat();
}

async function insertChunk<T extends EventClaim>(
  doc: DynamoDBDocumentClient,
  tableName: string,
  chunk: readonly Claim<T>[],
): Promise<Claim<T>[]> {
  const statement = `INSERT INTO "${tableName}" VALUE {'pk': ?, 'sk': ?, 'owner': ?, 'receivedAt': ?, 'expiresAtSeconds': ?}`;
  const contested: Claim<T>[] = [];
  let left = chunk;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    if (round > 0) await backOff(round);
    const { Responses = [] } = await doc.send(
      new BatchExecuteStatementCommand({
        Statements: left.map((claim) => {
          const { pk, sk, owner, receivedAt, expiresAtSeconds } = itemOf(claim);
          return { Statement: statement, Parameters: [pk, sk, owner, receivedAt, expiresAtSeconds] };
        }),
      }),
    );
    const again: Claim<T>[] = [];
    for (const [index, claim] of left.entries()) {
      const error = Responses[index]?.Error;
      if (Responses[index] === undefined || PASSING_ERRORS.has(error?.Code ?? '')) again.push(claim);
      else if (error?.Code === 'DuplicateItem') contested.push(claim);
      else if (error !== undefined) {
        throw new AppError('upstream-unavailable', `A claim failed with ${error.Code}: ${error.Message}`);
      }
    }
    if (again.length === 0) return contested;
    left = again;
  }
  throw new AppError('upstream-unavailable', `DynamoDB did not take ${left.length} claims`);
}

/** The duplicates among claims on items that are there. One that is expired, or went meanwhile, is taken over if nobody else is quicker. */
async function settleContested<T extends EventClaim>(
  doc: DynamoDBDocumentClient,
  tableName: string,
  claims: readonly Claim<T>[],
): Promise<T[]> {
  const duplicates: T[] = [];
  let open = claims;
  for (let round = 0; round < ROUNDS_MAX && open.length > 0; round += 1) {
    const keys = [...new Set(open.map(({ pk }) => pk))].map((pk) => ({ pk, sk: SEEN_SK }));
    const items = new Map((await batchGet(doc, tableName, keys)).map((item) => [item['pk'], SeenItem.parse(item)]));
    const lost = await inParallel(open, CALLS_IN_FLIGHT_MAX, async (claim): Promise<Claim<T>[]> => {
      const item = items.get(claim.pk);
      if (item?.owner === claim.of.request.intakeId) return [];
      if (item !== undefined && !isExpired(item, claim.of.request)) {
        duplicates.push(claim.of);
        return [];
      }
      return (await takeOver(doc, tableName, claim, item)) ? [] : [claim];
    });
    open = lost.flat();
  }
  if (open.length > 0) throw new AppError('upstream-unavailable', `${open.length} claims stay contested`);
  return duplicates;
}

/** Expired is judged by the event at hand, never by a clock: a message that waited meets its twin (D4). */
const isExpired = (item: SeenItem, { receivedAt, dedupHours }: EventClaim['request']): boolean =>
  Date.parse(item.receivedAt) + dedupHours * HOUR_MS < Date.parse(receivedAt);

/** Writes our claim over the very item that was read (`undefined`: over none). False where another changed it in between. */
async function takeOver(
  doc: DynamoDBDocumentClient,
  tableName: string,
  claim: Claim<EventClaim>,
  item: SeenItem | undefined,
): Promise<boolean> {
  const over =
    item === undefined
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: '#owner = :owner AND #receivedAt = :receivedAt',
          ExpressionAttributeNames: { '#owner': 'owner', '#receivedAt': 'receivedAt' },
          ExpressionAttributeValues: { ':owner': item.owner, ':receivedAt': item.receivedAt },
        };
  try {
    await doc.send(new PutCommand({ TableName: tableName, Item: itemOf(claim), ...over }));
    return true;
  } catch (error) {
    // Perhaps our own put, repeated by the SDK: the next round reads and finds the owner.
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** The table has a sort key like all of ours; the item needs none. */
const SEEN_SK = 'seen';

const itemOf = ({ pk, of: { request } }: Claim<EventClaim>) => ({
  pk,
  sk: SEEN_SK,
  owner: request.intakeId,
  receivedAt: request.receivedAt,
  expiresAtSeconds:
    Math.ceil(Date.parse(request.receivedAt) / 1_000) +
    request.dedupHours * 3_600 +
    SEEN_TTL_AFTER_WINDOW_DAYS * DAY_SECONDS,
});
