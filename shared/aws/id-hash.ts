import { createHash } from 'node:crypto';
import type { IdHash } from '../domain/tracked-users.ts';

/**
 * The first 64 bits of SHA-256 over workspace and id. With 100,000 ids two of them share a hash once in four billion months. With the workspace in it,
 * hashes of two workspaces say nothing about whether they know the same person.
 */
export const idHash =
  (workspaceId: string): IdHash =>
  (id) =>
    createHash('sha256').update(`${workspaceId}\0${id}`).digest().readBigUInt64LE(0);
