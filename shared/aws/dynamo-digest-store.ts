import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { DIGEST_HOUR_DAYS, DIGEST_MINUTE_HOURS } from '../config/limits.ts';
import type { DigestStore } from '../ports/digest-store.ts';
import { digestText } from './digest-text.ts';
import { sdkDocuments } from './documents.ts';
import { furtherSk, keptDigests } from './kept-digests.ts';
import { ledgerKeys } from './ledger-keys.ts';

/** DynamoDB takes items of 400 KB. What passes this goes into further items, written before the one that counts them. */
const ITEM_CHARS_MAX = 300_000;
/** DynamoDB takes out what has expired in any order, within days: what a sum's item counts on is to be there for as long as that item may be. */
const FURTHER_DAYS = 7;

/** Sums of minutes and hours in the ledger table. Each put names the version that it replaces: of two overlapping runs none overwrites the other's. */
export function dynamoDigestStore(doc: DynamoDBDocumentClient, tableName: string, now: () => Date): DigestStore {
  const documents = sdkDocuments(doc);
  const putIf = async (item: Record<string, unknown>, condition: string, values?: Record<string, number>) => {
    try {
      await doc.send(
        new PutCommand({
          TableName: tableName,
          Item: item,
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
        }),
      );
      return 'saved';
    } catch (error) {
      // Also where the SDK repeats a put of ours that was saved: who is told so reads, sums and puts again, and nothing is the worse for it.
      if (error instanceof ConditionalCheckFailedException) return 'stale';
      throw error;
    }
  };
  return {
    ...keptDigests(documents, tableName, now),
    put: async (workspaceId, span, parts, version) => {
      const isMinute = 'minute' in span;
      const sk = isMinute ? span.minute : span.hour;
      const pk = isMinute
        ? ledgerKeys.digestMinutes(workspaceId, span.minute.slice(0, 13))
        : ledgerKeys.digestHours(workspaceId);
      const keptHours = isMinute ? DIGEST_MINUTE_HOURS : DIGEST_HOUR_DAYS * 24;
      const expiresAtSeconds = Math.ceil(now().getTime() / 1_000) + keptHours * 3_600;
      const text = digestText(parts);
      const next = version + 1;
      const further: string[] = [];
      for (let at = ITEM_CHARS_MAX; at < text.length; at += ITEM_CHARS_MAX) {
        further.push(text.slice(at, at + ITEM_CHARS_MAX));
      }
      for (const [number, data] of further.entries()) {
        const Item = {
          pk,
          sk: furtherSk(sk, next, number),
          data,
          expiresAtSeconds: expiresAtSeconds + FURTHER_DAYS * 86_400,
        };
        await doc.send(new PutCommand({ TableName: tableName, Item }));
      }
      const item = {
        pk,
        sk,
        data: text.slice(0, ITEM_CHARS_MAX),
        version: next,
        ...(further.length > 0 && { more: further.length }),
        expiresAtSeconds,
      };
      return version === 0
        ? await putIf(item, 'attribute_not_exists(pk)')
        : await putIf(item, 'version = :version', { ':version': version });
    },
    putState: async (state, fence) => {
      const item = { ...ledgerKeys.minuteState(), ...state };
      return fence === 0
        ? await putIf(item, 'attribute_not_exists(pk)')
        : await putIf(item, 'fence = :fence', { ':fence': fence });
    },
  };
}
