import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { WorkspaceId } from '../domain/ids.ts';
import type { WorkspaceConfig } from '../domain/workspace.ts';
import type { ConfigReader } from '../ports/config-store.ts';
import { configCache } from './config-cache.ts';
import { getVersions, readWorkspace } from './control-items.ts';
import { sdkDocuments } from './documents.ts';
import type { WorkspaceVersions } from './read-items.ts';
import { NOBODY, readSuppression, type SuppressionState } from './suppression-items.ts';

/** Workspaces whose whole configuration one environment keeps in memory. */
const WORKSPACES_MAX = 50;

type Known = { config: WorkspaceConfig; suppression: SuppressionState };

/**
 * The configuration as route and deliver see it: whole, from memory, with the suppression list; their versions are looked up every
 * CONFIG_CHECK_MS (one item). All of the configuration is read again only when its version has grown, and of the list only what is newer. The
 * same object is answered while nothing changed, so callers may keep what they derive from it in a WeakMap. Served for up to
 * STALE_WHILE_ERROR_MS when the table does not answer for the one or the other; then it throws, and nothing goes out.
 */
export function dynamoConfigReader(
  doc: DynamoDBDocumentClient,
  tableName: string,
  options: {
    nowMs?: () => number;
    /** For who lets nothing out, and need not hold the list in memory: `suppressed` is absent. */
    withoutSuppression?: true;
  } = {},
): ConfigReader {
  const documents = sdkDocuments(doc);
  const withSuppression = async (
    config: WorkspaceConfig,
    versions: WorkspaceVersions,
    known: SuppressionState | undefined,
  ): Promise<Known> => {
    if (options.withoutSuppression) return { config, suppression: { ...NOBODY(), version: headOf(versions) } };
    const suppression = await readSuppression(documents, tableName, config.workspaceId, versions, known);
    const { suppressed: _older, ...bare } = config;
    const { users } = suppression;
    return { config: users.size === 0 ? bare : { ...bare, suppressed: users }, suppression };
  };
  const cache = configCache<WorkspaceId, Known>({
    entriesMax: WORKSPACES_MAX,
    nowMs: options.nowMs ?? Date.now,
    lookUp: async (workspaceId, known) => {
      if (known !== undefined) {
        const versions = await getVersions(documents, tableName, workspaceId);
        if (versions?.configVersion === known.config.configVersion) {
          return headOf(versions) === known.suppression.version
            ? known
            : await withSuppression(known.config, versions, known.suppression);
        }
      }
      const read = await readWorkspace(documents, tableName, workspaceId);
      return read && (await withSuppression(read.config, read.versions, known?.suppression));
    },
  });
  return { workspaceConfig: async (workspaceId, asOfMs) => (await cache.get(workspaceId, asOfMs))?.config };
}

/** The number of the last regulation. */
const headOf = ({ suppression }: WorkspaceVersions): number => suppression?.version ?? 0;
