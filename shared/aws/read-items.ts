import * as z from 'zod';
import { AppError } from '../domain/app-error.ts';
import { Filter } from '../domain/filter.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import { SourceSchema } from '../domain/source-schema.ts';
import { Destination, Mapping, Source, type WorkspaceConfig } from '../domain/workspace.ts';
import {
  CONFIG_VERSION_SK,
  DESTINATION_PREFIX,
  FILTER_PREFIX,
  MAPPING_PREFIX,
  SCHEMA_PREFIX,
  SOURCE_PREFIX,
} from './control-keys.ts';

// What items of the control table say, however they were read: no SDK here, because a light function reads them without it.

/** The thing that an item holds. Throws AppError('malformed-item') with the key and the fields at fault, not their values. */
export function parseItem<T>(item: Record<string, unknown>, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parseData(item));
  if (parsed.success) return parsed.data;
  throw malformed(item, parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
}

function parseData(item: Record<string, unknown>): unknown {
  if (typeof item['data'] !== 'string') throw malformed(item, 'no data');
  try {
    return JSON.parse(item['data']);
  } catch (cause) {
    throw malformed(item, 'data is not JSON', cause);
  }
}

const malformed = (item: Record<string, unknown>, fault: string, cause?: unknown) =>
  new AppError('malformed-item', `Control item ${String(item['pk'])} ${String(item['sk'])}: ${fault}`, {
    cause,
    retry: false,
  });

/** What tells whether anything of a workspace has changed: one item. */
export type WorkspaceVersions = {
  configVersion: number;
  /** See suppression-items.ts. Absent: nobody was ever suppressed. */
  suppression?: SuppressionHead | undefined;
  suppressionSnapshot?: SuppressionSnapshot | undefined;
};

/** The suppression list of a workspace, as its version item tells of it. */
const SuppressionHead = z.object({
  /** Number of the last regulation, from 1. */
  version: z.int().positive(),
  /** Bytes of all regulations so far. */
  logBytes: z.int().nonnegative(),
});
export type SuppressionHead = z.infer<typeof SuppressionHead>;
const SuppressionSnapshot = z.object({
  /** The list as it was after this regulation. */
  version: z.int().positive(),
  /** Of the write that made it: its items bear it in their keys. */
  id: z.string(),
  pieces: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  /** Of all regulations up to it. */
  logBytes: z.int().nonnegative(),
});
export type SuppressionSnapshot = z.infer<typeof SuppressionSnapshot>;

const Versions = z.object({
  configVersion: z.number(),
  suppression: SuppressionHead.optional(),
  suppressionSnapshot: SuppressionSnapshot.optional(),
});

/** What the item with a workspace's versions says. */
export function versionsOf(item: Record<string, unknown>): WorkspaceVersions {
  const parsed = Versions.safeParse(item);
  if (parsed.success) return parsed.data;
  throw malformed(item, parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
}

/** What the items of a workspace's configuration say together; `undefined` where the one with its versions is missing. */
export function workspaceOf(
  workspaceId: WorkspaceId,
  items: readonly Record<string, unknown>[],
): { config: WorkspaceConfig; versions: WorkspaceVersions } | undefined {
  let versions: WorkspaceVersions | undefined;
  const sources: Source[] = [];
  const destinations: Destination[] = [];
  const schemas: SourceSchema[] = [];
  const mappings = new Map<string, Mapping[]>();
  const filters = new Map<string, Filter[]>();
  for (const item of items) {
    const sk = String(item['sk']);
    if (sk === CONFIG_VERSION_SK) versions = versionsOf(item);
    else if (sk.startsWith(SOURCE_PREFIX)) sources.push(parseItem(item, Source));
    else if (sk.startsWith(DESTINATION_PREFIX)) destinations.push(parseItem(item, Destination));
    else if (sk.startsWith(MAPPING_PREFIX)) addTo(mappings, parseItem(item, Mapping));
    else if (sk.startsWith(FILTER_PREFIX)) addTo(filters, parseItem(item, Filter));
    else if (sk.startsWith(SCHEMA_PREFIX)) schemas.push(parseItem(item, SourceSchema));
  }
  if (versions === undefined) return undefined;
  const config: WorkspaceConfig = {
    workspaceId,
    configVersion: versions.configVersion,
    sources,
    destinations: destinations.map((destination) => {
      const own = filters.get(destination.id);
      return { destination, mappings: mappings.get(destination.id) ?? [], ...(own !== undefined && { filters: own }) };
    }),
    ...(schemas.length > 0 && { schemas }),
  };
  return { config, versions };
}

function addTo<T extends { destinationId: string }>(groups: Map<string, T[]>, thing: T): void {
  const group = groups.get(thing.destinationId);
  if (group === undefined) groups.set(thing.destinationId, [thing]);
  else group.push(thing);
}
