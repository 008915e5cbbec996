import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { WorkspaceId } from '../domain/ids.ts';
import type { WorkspaceConfig } from '../domain/workspace.ts';
import type { ConfigReader } from '../ports/config-store.ts';
import { configCache } from './config-cache.ts';
import { getConfigVersion, readWorkspaceConfig } from './control-items.ts';

/** Workspaces whose whole configuration one environment keeps in memory. */
const WORKSPACES_MAX = 50;

/**
 * The configuration as route and deliver see it: whole, from memory; its version is looked up every CONFIG_CHECK_MS (one item), and all of
 * it is read again only when that has grown. The same object is answered while nothing changed, so callers may keep what they derive from
 * it in a WeakMap. Served for up to STALE_WHILE_ERROR_MS when the table does not answer.
 */
export function dynamoConfigReader(
  doc: DynamoDBDocumentClient,
  tableName: string,
  options: { nowMs?: () => number } = {},
): ConfigReader {
  const cache = configCache<WorkspaceId, WorkspaceConfig>({
    entriesMax: WORKSPACES_MAX,
    nowMs: options.nowMs ?? Date.now,
    lookUp: async (workspaceId, known) => {
      if (known !== undefined) {
        const version = await getConfigVersion(doc, tableName, workspaceId);
        if (version === known.configVersion) return known;
      }
      return await readWorkspaceConfig(doc, tableName, workspaceId);
    },
  });
  return { workspaceConfig: (workspaceId, asOfMs) => cache.get(workspaceId, asOfMs) };
}
