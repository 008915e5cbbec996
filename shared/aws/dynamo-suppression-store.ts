import { setTimeout as wait } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { AppError } from '../domain/app-error.ts';
import * as z from 'zod';
import type { AuditEntry } from '../domain/audit.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import { Regulation, REGULATION_BYTES_MAX, SUPPRESSED_USERS_MAX } from '../domain/suppression.ts';
import type { Regulated, SuppressionStore } from '../ports/suppression-store.ts';
import { auditItem } from './audit-items.ts';
import { getItem, getVersions, queryPages } from './control-items.ts';
import { parseItem, type WorkspaceVersions } from './read-items.ts';
import { controlKeys } from './control-keys.ts';
import { sdkDocuments } from './documents.ts';
import { logError } from './log.ts';
import { cutUserIds, LogPiece, readSuppression, type SuppressionState } from './suppression-items.ts';
import { SNAPSHOT_AFTER_BYTES, takeSnapshot } from './suppression-snapshot.ts';
import type { TransactItem } from '../ports/documents.ts';
import { transact } from './transact.ts';

/** Regulations that met at one moment: each loser reads the winner's and tries again this often. */
const REGULATE_TRIES_MAX = 10;
const LOST_WAIT_MS = 30;
/** A page of regulations ends after so much text, however few they are. */
const PAGE_BYTES_MAX = 4_000_000;
/** Regulations that are looked through for one that is not found by its id: those of before there was an index of ids. */
const REGULATIONS_LOOKED_THROUGH_MAX = 1_000;
const LOOKED_THROUGH_AT_ONCE = 100;

const NumberOf = z.object({ number: z.int().positive() });

export type SuppressionStoreOptions = {
  /** Bounds that tests make smaller. */
  usersMax?: number;
  snapshotAfterBytes?: number;
};

/** The suppression list in the control table: see `suppression-items.ts`. The workspace that it was asked for last stays in memory. */
export function dynamoSuppressionStore(
  doc: DynamoDBDocumentClient,
  tableName: string,
  { usersMax = SUPPRESSED_USERS_MAX, snapshotAfterBytes = SNAPSHOT_AFTER_BYTES }: SuppressionStoreOptions = {},
): SuppressionStore {
  const documents = sdkDocuments(doc);
  let known: { workspaceId: WorkspaceId; state: SuppressionState } | undefined;

  const read = async (workspaceId: WorkspaceId): Promise<{ versions: WorkspaceVersions; state: SuppressionState }> => {
    const versions = await getVersions(documents, tableName, workspaceId);
    if (versions === undefined)
      throw new AppError('not-found', `There is no workspace ${workspaceId}`, { retry: false });
    const before = known?.workspaceId === workspaceId ? known.state : undefined;
    // Two calls at once must not bring one set to two versions.
    known = undefined;
    const state = await readSuppression(documents, tableName, workspaceId, versions, before);
    known = { workspaceId, state };
    return { versions, state };
  };

  const put = (piece: LogPiece, writeId: string): TransactItem => ({
    Put: {
      TableName: tableName,
      Item: {
        ...controlKeys.regulation(piece.workspaceId, piece.number, piece.piece),
        writeId,
        data: JSON.stringify(piece),
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  });

  const bump = (workspaceId: WorkspaceId, read: WorkspaceVersions['suppression'], next: object): TransactItem => ({
    Update: {
      TableName: tableName,
      Key: controlKeys.configVersion(workspaceId),
      UpdateExpression: 'SET suppression = :next',
      ...(read === undefined
        ? {
            ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(suppression)',
            ExpressionAttributeValues: { ':next': next },
          }
        : {
            ConditionExpression: 'suppression.version = :read',
            ExpressionAttributeValues: { ':next': next, ':read': read.version },
          }),
    },
  });

  /** False where another regulation was quicker. */
  const append = async (
    regulation: Regulation,
    writeId: string,
    entry: AuditEntry | undefined,
    { suppression }: WorkspaceVersions,
  ): Promise<boolean> => {
    const { userIds, workspaceId, ...rest } = regulation;
    const number = (suppression?.version ?? 0) + 1;
    const cuts = cutUserIds(userIds);
    const pieces = cuts.map((cut, piece) =>
      put({ v: 1, ...rest, workspaceId, number, piece, pieces: cuts.length, userIds: cut.userIds }, writeId),
    );
    const logBytes = (suppression?.logBytes ?? 0) + sum(cuts);
    const result = await transact(documents, [
      ...pieces,
      {
        Put: {
          TableName: tableName,
          Item: { ...controlKeys.regulationNumber(workspaceId, regulation.id), data: JSON.stringify({ number }) },
        },
      },
      ...(entry === undefined ? [] : [auditItem(tableName, entry)]),
      bump(workspaceId, suppression, { version: number, logBytes }),
    ]);
    if (result.saved) return true;
    // The SDK repeats a transaction that was saved but timed out; then the condition fails on our own write.
    const key = controlKeys.regulation(workspaceId, number, 0);
    const { Item } = await doc.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
    return Item?.['writeId'] === writeId;
  };

  const regulate = async (asked: Regulation, writeId: string, entry?: AuditEntry): Promise<Regulated> => {
    const regulation = Regulation.parse({ ...asked, userIds: [...new Set(asked.userIds)] });
    const { workspaceId, type, userIds } = regulation;
    refuseLarge(userIds);
    for (let tries = 0; tries < REGULATE_TRIES_MAX; tries += 1) {
      if (tries > 0) await wait(Math.random() * LOST_WAIT_MS * tries);
      const { versions, state } = await read(workspaceId);
      const changed = userIds.filter((userId) => state.users.has(userId) === (type === 'UNSUPPRESS')).length;
      const suppressed = state.users.size + (type === 'UNSUPPRESS' ? -changed : changed);
      if (type === 'SUPPRESS_ONLY' && changed > 0 && suppressed > usersMax) throw tooMany(suppressed, usersMax);
      if (!(await append(regulation, writeId, entry, versions))) continue;
      await snapshotIfDue(workspaceId);
      return { changed, suppressed };
    }
    throw new AppError('conflict', 'The suppression list is being changed by others; try again');
  };

  /** A start that is nearer for who reads the list for the first time. The regulation stands, whatever becomes of this. */
  const snapshotIfDue = async (workspaceId: WorkspaceId): Promise<void> => {
    try {
      const versions = await getVersions(documents, tableName, workspaceId);
      const since = (versions?.suppression?.logBytes ?? 0) - (versions?.suppressionSnapshot?.logBytes ?? 0);
      // Not more often than the list is as large as what was added: so much is written twice at most.
      if (since <= Math.max(snapshotAfterBytes, versions?.suppressionSnapshot?.bytes ?? 0)) return;
      const { versions: now, state } = await read(workspaceId);
      await takeSnapshot(doc, tableName, { workspaceId, versions: now, state });
    } catch (error) {
      logError('No snapshot of the suppression list was made; the next regulation tries again', error);
    }
  };

  const listRegulations: SuppressionStore['listRegulations'] = async (workspaceId, { before, limit }) => {
    const versions = await getVersions(documents, tableName, workspaceId);
    const last = Math.min(versions?.suppression?.version ?? 0, (before ?? Number.MAX_SAFE_INTEGER) - 1);
    if (last < 1) return { regulations: [] };
    const regulations: Regulation[] = [];
    let oldest = last + 1;
    let userIds: string[] = [];
    let bytes = 0;
    const range = controlKeys.regulations(workspaceId, 1, last);
    for await (const page of queryPages(documents, tableName, range, { newestFirst: true })) {
      for (const item of page) {
        const { v: _v, number, piece, pieces: _pieces, userIds: some, ...rest } = parseItem(item, LogPiece);
        bytes += String(item['data']).length;
        userIds = [...some, ...userIds];
        if (piece > 0) continue;
        regulations.push({ ...rest, userIds });
        userIds = [];
        oldest = number;
        if (regulations.length === limit || bytes > PAGE_BYTES_MAX) {
          return { regulations, ...(oldest > 1 && { next: oldest }) };
        }
      }
    }
    return { regulations };
  };

  /** One that is found by its id, or among the newest: those of before there was an index of ids have no entry in it. */
  const getRegulation: SuppressionStore['getRegulation'] = async (workspaceId, id) => {
    const found = await getItem(documents, tableName, controlKeys.regulationNumber(workspaceId, id), NumberOf);
    let before = found === undefined ? undefined : found.number + 1;
    const most = found === undefined ? REGULATIONS_LOOKED_THROUGH_MAX : 1;
    for (let looked = 0; looked < most; ) {
      const limit = Math.min(LOOKED_THROUGH_AT_ONCE, most - looked);
      const { regulations, next } = await listRegulations(workspaceId, { before, limit });
      const regulation = regulations.find((one) => one.id === id);
      if (regulation !== undefined || next === undefined) return regulation;
      looked += regulations.length;
      before = next;
    }
    return undefined;
  };

  return {
    regulate,
    getRegulation,
    suppressed: async (workspaceId) => (await read(workspaceId)).state.users,
    listRegulations,
  };
}

function refuseLarge(userIds: readonly string[]): void {
  const bytes = sum(cutUserIds(userIds));
  if (bytes <= REGULATION_BYTES_MAX) return;
  throw new AppError(
    'bad-request',
    `These userIds have ${bytes} bytes, and one regulation takes ${REGULATION_BYTES_MAX}: name fewer at a time`,
    { retry: false },
  );
}

const tooMany = (suppressed: number, usersMax: number): AppError =>
  new AppError(
    'bad-request',
    `${suppressed} users would be suppressed, and a workspace holds ${usersMax}: nothing was changed`,
    { retry: false },
  );

const sum = (cuts: readonly { bytes: number }[]): number => cuts.reduce((total, { bytes }) => total + bytes, 0);
