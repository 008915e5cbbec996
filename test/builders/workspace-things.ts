import { Filter } from '../../shared/domain/filter.ts';
import { SourceSchema } from '../../shared/domain/source-schema.ts';
import { ApiToken, Destination, Mapping, Source, SourceWriteKey, Workspace } from '../../shared/domain/workspace.ts';

const stored = { version: 0, createdAt: '2026-11-24T10:00:00.000Z', updatedAt: '2026-11-24T10:00:00.000Z' };

/** Things of a workspace, parsed: an impossible one cannot be built. New ones (version 0) unless said otherwise. */
export const aWorkspace = (over: Record<string, unknown> = {}): Workspace =>
  Workspace.parse({ id: 'ws_1', slug: 'shop', name: 'Shop', ...stored, ...over });

export const aSource = (over: Record<string, unknown> = {}): Source =>
  Source.parse({
    id: 'src_1',
    workspaceId: 'ws_1',
    slug: 'website',
    name: 'Website',
    kind: 'website',
    enabled: true,
    dedupHours: 24,
    ...stored,
    ...over,
  });

export const aWriteKey = (over: Record<string, unknown> = {}): SourceWriteKey =>
  SourceWriteKey.parse({
    writeKey: 'wk_0123456789abcdef',
    workspaceId: 'ws_1',
    sourceId: 'src_1',
    ...stored,
    ...over,
  });

export const aDestination = (over: Record<string, unknown> = {}): Destination =>
  Destination.parse({
    id: 'dst_1',
    workspaceId: 'ws_1',
    sourceId: 'src_1',
    name: 'Inbox',
    type: 'inbox',
    enabled: true,
    settings: {},
    secrets: {},
    ...stored,
    ...over,
  });

export const aMapping = (over: Record<string, unknown> = {}): Mapping =>
  Mapping.parse({
    id: 'map_1',
    workspaceId: 'ws_1',
    destinationId: 'dst_1',
    name: 'All events',
    action: 'keep',
    trigger: 'type = "track"',
    fields: { event: { '@path': '$.' } },
    enabled: true,
    ...stored,
    ...over,
  });

export const anApiToken = (over: Record<string, unknown> = {}): ApiToken =>
  ApiToken.parse({ id: 'tok_1', workspaceId: 'ws_1', name: 'Seed', sha256: 'ab'.repeat(32), ...stored, ...over });

export const aFilter = (over: Record<string, unknown> = {}): Filter =>
  Filter.parse({
    id: 'flt_1',
    workspaceId: 'ws_1',
    destinationId: 'dst_1',
    title: 'No page calls',
    if: 'type = "page"',
    actions: [{ type: 'DROP' }],
    enabled: true,
    ...stored,
    ...over,
  });

export const aSourceSchema = (over: Record<string, unknown> = {}): SourceSchema =>
  SourceSchema.parse({ workspaceId: 'ws_1', sourceId: 'src_1', ...stored, ...over });
