import * as z from 'zod';
import { AppError } from '../domain/app-error.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import type { WorkspaceConfig } from '../domain/workspace.ts';
import type { ConfigReader } from '../ports/config-store.ts';
import { configCache } from './config-cache.ts';
import { CONFIG_VERSION_SK, controlKeys } from './control-keys.ts';
import type { LightClient } from './light-client.ts';
import { workspaceOf } from './read-items.ts';

/** Workspaces whose configuration one environment keeps. */
const WORKSPACES_MAX = 50;
/** Pages of 1 MB that one reading may take, as for the other readers. */
const PAGES_MAX = 100;
/** What a client for this reader must take: a page of 1 MB, whose text is JSON within JSON and may grow to its double. */
export const CONFIG_PAGE_BYTES_MAX = 4_000_000;

const Item = z.object({
  pk: z.object({ S: z.string() }),
  sk: z.object({ S: z.string() }),
  data: z.object({ S: z.string() }).optional(),
  configVersion: z.object({ N: z.string() }).optional(),
});
const Page = z.object({
  Items: z.array(Item).default([]),
  LastEvaluatedKey: z.record(z.string(), z.unknown()).optional(),
});
const Version = z.object({ Item: z.object({ configVersion: z.object({ N: z.string() }) }).optional() });

/** As dynamoConfigReader, for a function whose cold start people wait for. */
export function lightConfigReader(
  dynamo: Pick<LightClient, 'call'>,
  tableName: string,
  options: { nowMs?: () => number } = {},
): ConfigReader {
  const version = async (workspaceId: WorkspaceId): Promise<number | undefined> => {
    const answer = await dynamo.call('GetItem', {
      TableName: tableName,
      Key: marshalled(controlKeys.configVersion(workspaceId)),
      ConsistentRead: true,
    });
    const item = parsed(Version, answer, workspaceId).Item;
    return item && Number(item.configVersion.N);
  };
  const all = async (workspaceId: WorkspaceId): Promise<WorkspaceConfig | undefined> => {
    const { pk, prefix } = controlKeys.config(workspaceId);
    const items: Record<string, unknown>[] = [];
    let from: Record<string, unknown> | undefined;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const answer = await dynamo.call('Query', {
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': { S: pk }, ':prefix': { S: prefix } },
        ConsistentRead: true,
        ...(from !== undefined && { ExclusiveStartKey: from }),
      });
      const { Items, LastEvaluatedKey } = parsed(Page, answer, workspaceId);
      for (const { pk: itemPk, sk, data, configVersion } of Items) {
        items.push({
          pk: itemPk.S,
          sk: sk.S,
          data: data?.S,
          ...(sk.S === CONFIG_VERSION_SK && configVersion !== undefined && { configVersion: Number(configVersion.N) }),
        });
      }
      if (LastEvaluatedKey === undefined) return workspaceOf(workspaceId, items)?.config;
      from = LastEvaluatedKey;
    }
    throw new AppError('malformed-item', `${pk} holds more than ${PAGES_MAX} pages`, { retry: false });
  };
  const cache = configCache<WorkspaceId, WorkspaceConfig>({
    entriesMax: WORKSPACES_MAX,
    nowMs: options.nowMs ?? Date.now,
    lookUp: async (workspaceId, known) => {
      if (known !== undefined && (await version(workspaceId)) === known.configVersion) return known;
      return await all(workspaceId);
    },
  });
  return { workspaceConfig: (workspaceId, asOfMs) => cache.get(workspaceId, asOfMs) };
}

const marshalled = ({ pk, sk }: { pk: string; sk: string }) => ({ pk: { S: pk }, sk: { S: sk } });

function parsed<T>(schema: z.ZodType<T>, answer: unknown, workspaceId: WorkspaceId): T {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  throw new AppError('malformed-item', `The configuration of ${workspaceId} is malformed`, { retry: false });
}
