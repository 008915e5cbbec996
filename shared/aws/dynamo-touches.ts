import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { DIGEST_MINUTE_HOURS, LEDGER_SHARDS, TOUCH_SERVES_MS } from '../config/limits.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import { minuteOf } from '../domain/timestamp.ts';
import type { Touch, Touches } from '../ports/digest-store.ts';
import { ledgerKeys } from './ledger-keys.ts';

/** A mask with a bit for each of LEDGER_SHARDS. */
const ALL_SHARDS = (1 << LEDGER_SHARDS) - 1;
/** Minutes of subjects that one environment remembers; 100 bytes each. */
const REMEMBERED_MAX = 20_000;
/** Minutes of subjects in one item: at 60 bytes each far below DynamoDB's 400 KB. */
const ENTRIES_MAX = 3_000;

type Remembered = { shards: number; atMs: number; stored: Promise<void> };
type Entry = { name: string; minute: string; shards: number };

/**
 * Touches in the ledger table, one item for what an invocation touches anew. A minute of a subject is written once for its first shard and once
 * more, as all shards, when another comes: twice at most in TOUCH_SERVES_MS. Resolves when all that was named is stored, by this call or an earlier
 * one; rejects, after the client's own retries, where the table takes nothing: the rows must not be put then.
 */
export function dynamoTouches(
  doc: DynamoDBDocumentClient,
  tableName: string,
  { now, environment }: { now: () => Date; environment: string },
): Touches {
  const remembered = new Map<string, Remembered>();
  let items = 0;

  const store = async (workspaceId: WorkspaceId, at: Date, entries: readonly Entry[]): Promise<void> => {
    const expiresAtSeconds = Math.ceil(at.getTime() / 1_000) + DIGEST_MINUTE_HOURS * 3_600;
    for (let begin = 0; begin < entries.length; begin += ENTRIES_MAX) {
      items += 1;
      const key = ledgerKeys.touch(workspaceId, minuteOf(at.toISOString()), `${environment}#${items}`);
      const data = dataOf(entries.slice(begin, begin + ENTRIES_MAX));
      await doc.send(new PutCommand({ TableName: tableName, Item: { ...key, data, expiresAtSeconds } }));
    }
  };

  return {
    touch: async (touches) => {
      const at = now();
      const serves = (known: Remembered | undefined): known is Remembered =>
        known !== undefined && Math.abs(at.getTime() - known.atMs) < TOUCH_SERVES_MS;
      const waits: Promise<void>[] = [];
      const anew = new Map<WorkspaceId, Map<string, Entry>>();
      for (const touch of touches) {
        const name = nameOf(touch);
        const known = remembered.get(keyOf(name, touch.minute));
        const bit = 1 << touch.shard;
        if (serves(known) && (known.shards & bit) !== 0) {
          waits.push(known.stored);
          continue;
        }
        const ofWorkspace = anew.get(touch.workspaceId) ?? new Map<string, Entry>();
        anew.set(touch.workspaceId, ofWorkspace);
        const sofar = ofWorkspace.get(keyOf(name, touch.minute))?.shards ?? (serves(known) ? known.shards : 0);
        const shards = sofar === 0 || sofar === bit ? bit : ALL_SHARDS;
        ofWorkspace.set(keyOf(name, touch.minute), { name, minute: touch.minute, shards });
      }
      for (const [workspaceId, entries] of anew) {
        if (remembered.size + entries.size > REMEMBERED_MAX) remembered.clear();
        const stored = store(workspaceId, at, [...entries.values()]);
        for (const [key, { shards }] of entries) remembered.set(key, { shards, atMs: at.getTime(), stored });
        waits.push(
          stored.catch((error: unknown) => {
            for (const key of entries.keys()) if (remembered.get(key)?.stored === stored) remembered.delete(key);
            throw error;
          }),
        );
      }
      // All have settled when the caller goes on: nothing may run on after an invocation has answered.
      const settled = await Promise.allSettled(waits);
      const failed = settled.find((each) => each.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
  };
}

const nameOf = ({ subject }: Touch): string =>
  'sourceId' in subject ? `S#${subject.sourceId}` : `D#${subject.destinationId}`;
const keyOf = (name: string, minute: string): string => `${name} ${minute}`;

function dataOf(entries: readonly Entry[]): string {
  const bySubject: Record<string, Record<string, number>> = {};
  for (const { name, minute, shards } of entries) (bySubject[name] ??= {})[minute] = shards;
  return JSON.stringify(bySubject);
}
