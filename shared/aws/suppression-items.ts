import * as z from 'zod';
import { AppError } from '../domain/app-error.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import { Regulation } from '../domain/suppression.ts';
import type { Documents } from '../ports/documents.ts';
import { queryPages } from './control-items.ts';
import { parseItem, type SuppressionSnapshot, type WorkspaceVersions } from './read-items.ts';
import { controlKeys } from './control-keys.ts';

/**
 * The suppression list is its log: regulations numbered from 1, each in one or more items (pieces) that one transaction writes together with its
 * number in the workspace's version item. Replayed in order they are the list. A snapshot is a place to start from and adds nothing.
 */
export const LogPiece = z.object({
  v: z.literal(1),
  ...Regulation.omit({ userIds: true }).shape,
  number: z.int().positive(),
  piece: z.int().nonnegative(),
  pieces: z.int().positive(),
  userIds: z.array(z.string()),
});
export type LogPiece = z.infer<typeof LogPiece>;

const SnapshotPiece = z.object({ v: z.literal(1), userIds: z.array(z.string()) });
export type SnapshotPiece = z.infer<typeof SnapshotPiece>;

/** Text of the userIds in one item; DynamoDB takes 400 KB. */
const PIECE_BYTES_MAX = 300_000;

/** The list as it is in memory: after regulation `version`. `users` grows and shrinks in place. */
export type SuppressionState = { version: number; users: Set<string> };

export const NOBODY = (): SuppressionState => ({ version: 0, users: new Set() });

/**
 * The list as the version item `versions` says that it is. With `known` only what is newer is read, and `known` itself is brought there: without a
 * change it is answered, and nothing is read. Throws where the log does not answer, or not all of it: a list that lacks somebody would let their
 * events out. What is applied before that is applied again by the next call, to the same end.
 */
export async function readSuppression(
  documents: Documents,
  tableName: string,
  workspaceId: WorkspaceId,
  { suppression, suppressionSnapshot }: WorkspaceVersions,
  known: SuppressionState = NOBODY(),
): Promise<SuppressionState> {
  const last = suppression?.version ?? 0;
  if (known.version === last) return known;
  // Older than what we hold: the table was restored.
  const from = known.version > last ? NOBODY() : known;
  const isFromSnapshot = from.version === 0 && suppressionSnapshot !== undefined;
  const { version, users } = isFromSnapshot
    ? await readSnapshot(documents, tableName, workspaceId, suppressionSnapshot)
    : from;
  await applyLog(documents, tableName, { workspaceId, first: version + 1, last, users });
  return { version: last, users };
}

async function readSnapshot(
  documents: Documents,
  tableName: string,
  workspaceId: WorkspaceId,
  { version, id, pieces }: SuppressionSnapshot,
): Promise<SuppressionState> {
  const users = new Set<string>();
  let found = 0;
  const range = controlKeys.suppressionSnapshot(workspaceId, version, id);
  for await (const page of queryPages(documents, tableName, range)) {
    found += page.length;
    for (const item of page) for (const userId of parseItem(item, SnapshotPiece).userIds) users.add(userId);
  }
  // A newer one may have taken its place while it was read. The log is always whole.
  return found === pieces ? { version, users } : NOBODY();
}

async function applyLog(
  documents: Documents,
  tableName: string,
  { workspaceId, first, last, users }: { workspaceId: WorkspaceId; first: number; last: number; users: Set<string> },
): Promise<void> {
  if (first > last) return;
  let next = { number: first, piece: 0 };
  for await (const page of queryPages(documents, tableName, controlKeys.regulations(workspaceId, first, last))) {
    for (const item of page) {
      const { number, piece, pieces, type, userIds } = parseItem(item, LogPiece);
      // A query is not one with a transaction that ends at this moment: it may see one piece and not yet the other.
      if (number !== next.number || piece !== next.piece)
        throw incomplete(`piece ${next.number}.${next.piece} is missing`);
      next = piece + 1 < pieces ? { number, piece: piece + 1 } : { number: number + 1, piece: 0 };
      for (const userId of userIds) {
        if (type === 'SUPPRESS_ONLY') users.add(userId);
        else users.delete(userId);
      }
    }
  }
  if (next.number !== last + 1) throw incomplete(`piece ${next.number}.${next.piece} is missing`);
}

const incomplete = (what: string): AppError =>
  new AppError('upstream-unavailable', `The suppression list cannot be read whole: ${what}`);

/** Cuts userIds into the pieces that one item each can hold, in their order, and answers the bytes of each as JSON text. */
export function cutUserIds(userIds: Iterable<string>): { userIds: string[]; bytes: number }[] {
  const pieces: { userIds: string[]; bytes: number }[] = [];
  let piece = { userIds: [] as string[], bytes: 0 };
  for (const userId of userIds) {
    const bytes = Buffer.byteLength(JSON.stringify(userId)) + 1;
    if (piece.userIds.length > 0 && piece.bytes + bytes > PIECE_BYTES_MAX) {
      pieces.push(piece);
      piece = { userIds: [], bytes: 0 };
    }
    piece.userIds.push(userId);
    piece.bytes += bytes;
  }
  if (piece.userIds.length > 0) pieces.push(piece);
  return pieces;
}
