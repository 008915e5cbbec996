import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { WorkspaceId } from '../domain/ids.ts';
import { getVersions, queryPages } from './control-items.ts';
import type { SuppressionSnapshot, WorkspaceVersions } from './read-items.ts';
import { controlKeys } from './control-keys.ts';
import { sdkDocuments } from './documents.ts';
import { inParallel } from './in-parallel.ts';
import { cutUserIds, type SnapshotPiece, type SuppressionState } from './suppression-items.ts';

/** Log that may lie between the last snapshot and now: four pages of a query more at a cold start. */
export const SNAPSHOT_AFTER_BYTES = 4_000_000;
const CALLS_AT_ONCE = 8;

/**
 * Writes the list as it is in `state` as a snapshot, and has the version item name it unless that names a newer one. The items of older ones go
 * after that: a reader that meets them half gone reads the log instead. Who dies here leaves items that nobody names; the next snapshot sweeps them.
 */
export async function takeSnapshot(
  doc: DynamoDBDocumentClient,
  tableName: string,
  { workspaceId, versions, state }: { workspaceId: WorkspaceId; versions: WorkspaceVersions; state: SuppressionState },
): Promise<void> {
  const id = randomUUID();
  const { version } = state;
  const cuts = cutUserIds(state.users);
  await inParallel([...cuts.entries()], CALLS_AT_ONCE, async ([number, { userIds }]) => {
    const piece: SnapshotPiece = { v: 1, userIds };
    const Item = {
      ...controlKeys.suppressionPiece(workspaceId, version, id, number),
      data: JSON.stringify(piece),
    };
    await doc.send(new PutCommand({ TableName: tableName, Item }));
  });
  const snapshot: SuppressionSnapshot = {
    version,
    id,
    pieces: cuts.length,
    bytes: cuts.reduce((total, { bytes }) => total + bytes, 0),
    logBytes: versions.suppression?.logBytes ?? 0,
  };
  await name(doc, tableName, workspaceId, snapshot);
  await sweep(doc, tableName, workspaceId);
}

/** Leaves it where a snapshot of this version or a newer one is named. */
async function name(
  doc: DynamoDBDocumentClient,
  tableName: string,
  workspaceId: WorkspaceId,
  snapshot: SuppressionSnapshot,
): Promise<void> {
  try {
    await doc.send(
      new UpdateCommand({
        TableName: tableName,
        Key: controlKeys.configVersion(workspaceId),
        UpdateExpression: 'SET suppressionSnapshot = :snapshot',
        ConditionExpression:
          'attribute_exists(pk) AND (attribute_not_exists(suppressionSnapshot) OR suppressionSnapshot.version < :version)',
        ExpressionAttributeValues: { ':snapshot': snapshot, ':version': snapshot.version },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/** Removes what is not the snapshot named now and not newer: another's that is still being written may become the next. */
async function sweep(doc: DynamoDBDocumentClient, tableName: string, workspaceId: WorkspaceId): Promise<void> {
  const named = (await getVersions(sdkDocuments(doc), tableName, workspaceId))?.suppressionSnapshot;
  if (named === undefined) return;
  const keep = controlKeys.suppressionSnapshot(workspaceId, named.version, named.id).prefix;
  const afterwards = controlKeys.suppressionSnapshots(workspaceId, named.version + 1).prefix;
  const range = controlKeys.suppressionSnapshots(workspaceId);
  for await (const page of queryPages(sdkDocuments(doc), tableName, range)) {
    const old = page.flatMap(({ pk, sk }) =>
      typeof sk === 'string' && !sk.startsWith(keep) && sk < afterwards ? [{ pk, sk }] : [],
    );
    await inParallel(old, CALLS_AT_ONCE, async (Key) => {
      await doc.send(new DeleteCommand({ TableName: tableName, Key }));
    });
  }
}
