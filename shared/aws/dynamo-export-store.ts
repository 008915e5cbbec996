import { gunzipSync, gzipSync } from 'node:zlib';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { EXPORT_BYTES_MAX, ExportFile, EXPORTS_LISTED_MAX } from '../domain/export-file.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import type { ExportStore } from '../ports/export-store.ts';

/** An item of DynamoDB holds 400 KB. */
const PIECE_BYTES = 350_000;
/** Of one file: EXPORT_BYTES_MAX that do not pack at all, and the line that says that it was cut. */
const PIECES_MAX = Math.ceil((EXPORT_BYTES_MAX * 1.1) / PIECE_BYTES);
const Head = z.object({ file: ExportFile, pieces: z.int().min(1).max(PIECES_MAX) });
const Piece = z.object({ bytes: z.instanceof(Uint8Array) });

/**
 * Files in the usage table, gzipped and in pieces (pk `X#<workspace>`; sk `file#<id>` tells of one, `piece#<id>#<number>` is a part of it). What has expired
 * is not shown, although DynamoDB may delete it days later. Ids are in the order of their time.
 */
export const dynamoExportStore = (doc: DynamoDBDocumentClient, tableName: string, now: () => Date): ExportStore => {
  const pkOf = (workspaceId: WorkspaceId) => `X#${workspaceId}`;
  const isThere = ({ expiresAt }: ExportFile) => expiresAt > now().toISOString();
  const secondsOf = ({ expiresAt }: ExportFile) => Math.floor(Date.parse(expiresAt) / 1000);
  const head = async (workspaceId: WorkspaceId, id: string) => {
    const Key = { pk: pkOf(workspaceId), sk: `file#${id}` };
    const { Item } = await doc.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }));
    const found = Item && Head.parse(Item);
    return found !== undefined && isThere(found.file) ? found : undefined;
  };
  return {
    list: async (workspaceId) => {
      const { Items = [] } = await doc.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: { ':pk': pkOf(workspaceId), ':prefix': 'file#' },
          ScanIndexForward: false,
          Limit: EXPORTS_LISTED_MAX,
          ConsistentRead: true,
        }),
      );
      return Items.map((item) => Head.parse(item).file).filter(isThere);
    },
    get: async (workspaceId, id) => (await head(workspaceId, id))?.file,
    put: async (workspaceId, file, text) => {
      const packed = gzipSync(text);
      const pieces = Math.ceil(packed.length / PIECE_BYTES);
      const common = { pk: pkOf(workspaceId), expiresAtSeconds: secondsOf(file) };
      for (let piece = 0; piece < pieces; piece += 1) {
        const bytes = packed.subarray(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES);
        const Item = { ...common, sk: pieceKey(file.id, piece), bytes };
        await doc.send(new PutCommand({ TableName: tableName, Item }));
      }
      const Item = { ...common, sk: `file#${file.id}`, file, pieces };
      await doc.send(new PutCommand({ TableName: tableName, Item }));
    },
    read: async (workspaceId, { id }) => {
      const found = await head(workspaceId, id);
      if (found === undefined) return undefined;
      const parts: Uint8Array[] = [];
      for (let piece = 0; piece < found.pieces; piece += 1) {
        const Key = { pk: pkOf(workspaceId), sk: pieceKey(id, piece) };
        const { Item } = await doc.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }));
        if (Item === undefined) return undefined;
        parts.push(Piece.parse(Item).bytes);
      }
      return gunzipSync(Buffer.concat(parts), { maxOutputLength: EXPORT_BYTES_MAX * 2 }).toString();
    },
  };
};

const pieceKey = (id: string, piece: number): string => `piece#${id}#${String(piece).padStart(2, '0')}`;
