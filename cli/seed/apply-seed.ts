import { randomBytes } from 'node:crypto';
import { listAsSecret } from '../../shared/domain/secret-list.ts';
import { isDeepStrictEqual } from 'node:util';
import type * as z from 'zod';
import { AppError, invariant } from '../../shared/domain/app-error.ts';
import { Filter } from '../../shared/domain/filter.ts';
import {
  ApiTokenId,
  DestinationId,
  MappingId,
  SourceId,
  type WorkspaceId,
  type WriteKey,
} from '../../shared/domain/ids.ts';
import { SourceSchema } from '../../shared/domain/source-schema.ts';
import { Destination, type SealedValue, Source, Workspace } from '../../shared/domain/workspace.ts';
import { newWriteKey } from '../../shared/aws/new-write-key.ts';
import { newApiToken, sha256Of } from '../../shared/aws/secret-texts.ts';
import type { ControlStore, Saved } from '../../shared/ports/control-store.ts';
import type { Sealer } from '../../shared/ports/sealer.ts';
import { hookSetting } from './hook-setting.ts';
import type { LoadDefinition } from './read-seed.ts';
import { schemaById } from './schema-by-id.ts';
import { sealOnce } from './seal-once.ts';
import type { SeedDestination, SeedFile, SeedSource } from './seed-file.ts';

type Json = z.core.util.JSONType;

export type SeedDeps = {
  control: ControlStore;
  sealer: Sealer;
  findDefinition: LoadDefinition;
  now: () => Date;
  /** Random text of 22 or more characters of [A-Za-z0-9], new at each call. */
  newId: () => string;
};
export type SeedOptions = {
  seed: SeedFile;
  /** Removes write keys and mappings that the file does not name, and switches off sources and destinations that it does not name. */
  prune?: boolean;
  /** An API token that must be there. Left out: one is made when the workspace has none of the seed's. */
  apiToken?: string;
};

/** What a run did. Each change is one line that a person can read, such as `destination "Inbox" of website: made`. */
export type SeedReport = {
  workspaceId: WorkspaceId;
  changes: string[];
  /** Every source of the file with a live key, in the file's order. */
  sources: { slug: string; sourceId: SourceId; writeKey: WriteKey }[];
  /** The text of a token that this run made: it is kept nowhere. */
  newApiToken?: string;
};

export const newSeedId = (): string => randomBytes(16).toString('hex');

/**
 * Brings a workspace to what the file says, and says what it changed. Things are found again by the names that people gave, so a second run
 * of the same file changes nothing; a run that was broken off is completed by the next one. What the file does not name is left alone unless
 * `prune` is set. Throws AppError('bad-request') where a write key of the file belongs to another source.
 */
export async function applySeed(deps: SeedDeps, options: SeedOptions): Promise<SeedReport> {
  const { control } = deps;
  const { seed, prune = false } = options;
  const changes: string[] = [];
  const workspace = await ensureWorkspace(deps, seed, changes);
  const existing = await control.listSources(workspace.id);

  const sources: SeedReport['sources'] = [];
  const sourceIds = new Map<string, SourceId>();
  for (const wanted of seed.sources) {
    const { writeKeys, schema: _schema, hook, ...plain } = wanted;
    const before = existing.find((source) => source.slug === wanted.slug);
    const sourceId = before?.id ?? SourceId.parse(`src_${deps.newId()}`);
    const owner = { workspaceId: workspace.id, sourceId, before: before?.hook };
    const fields = { ...plain, ...(hook !== undefined && { hook: await hookSetting(deps.sealer, hook, owner) }) };
    const source = await ensure<Source>(deps, {
      what: `source ${wanted.slug}`,
      before,
      fresh: () =>
        Source.parse({
          id: sourceId,
          workspaceId: workspace.id,
          ...fields,
          ...unsaved(deps),
        }),
      fields,
      save: (thing, writeId) => control.saveSource(thing, writeId),
      changes,
    });
    sourceIds.set(wanted.slug, source.id);
    const writeKey = await ensureWriteKeys(deps, source, writeKeys, prune, changes);
    sources.push({ slug: wanted.slug, sourceId: source.id, writeKey });
  }

  const destinations = await control.listDestinations(workspace.id);
  const kept = new Set<string>();
  const idsByName = new Map<string, DestinationId>();
  const made: { destination: Destination; wanted: SeedDestination }[] = [];
  for (const wanted of seed.destinations) {
    const sourceId = sourceIds.get(wanted.source);
    if (sourceId === undefined) throw new AppError('bad-request', `no source ${wanted.source}`, { retry: false });
    const before = destinations.find((one) => one.sourceId === sourceId && one.name === wanted.name);
    if (before !== undefined && before.type !== wanted.type) {
      throw new AppError(
        'bad-request',
        `Destination "${wanted.name}" of ${wanted.source} is of type ${before.type}; give the ${wanted.type} one another name`,
        { retry: false },
      );
    }
    // Filters come before whatever lets events through: of one that is there, before it may be switched on; of a new one, before its mappings.
    if (before !== undefined) await ensureFilters(deps, before, wanted.filters, prune, changes);
    const destination = await ensureDestination(deps, { workspace, sourceId, wanted, before, changes });
    kept.add(destination.id);
    if (before === undefined) await ensureFilters(deps, destination, wanted.filters, prune, changes);
    made.push({ destination, wanted });
    idsByName.set(`${wanted.source}\n${wanted.name}`, destination.id);
  }
  for (const { slug, schema } of seed.sources) {
    const sourceId = sourceIds.get(slug);
    const idOf = (name: string) => idsByName.get(`${slug}\n${name}`);
    if (schema !== undefined && sourceId !== undefined) {
      await ensureSchema(deps, { workspaceId: workspace.id, sourceId, slug, schema, idOf, changes });
    }
  }
  for (const { destination, wanted } of made) await ensureMappings(deps, destination, wanted, prune, changes);

  if (prune) {
    for (const source of existing) {
      if (sourceIds.has(source.slug) || !source.enabled) continue;
      held(await control.saveSource({ ...source, enabled: false, updatedAt: iso(deps) }, deps.newId()));
      changes.push(`source ${source.slug}: switched off`);
    }
    for (const destination of destinations) {
      if (kept.has(destination.id) || !destination.enabled) continue;
      held(await control.saveDestination({ ...destination, enabled: false, updatedAt: iso(deps) }, deps.newId()));
      changes.push(`destination "${destination.name}": switched off`);
    }
  }

  const newToken = await ensureApiToken(deps, workspace, options.apiToken, changes);
  return { workspaceId: workspace.id, changes, sources, ...(newToken === undefined ? {} : { newApiToken: newToken }) };
}

const iso = (deps: SeedDeps): string => deps.now().toISOString();
const unsaved = (deps: SeedDeps) => ({ version: 0, createdAt: iso(deps), updatedAt: iso(deps) });

function held<T>(saved: Saved<T>): T {
  if (saved.outcome === 'saved') return saved.value;
  throw new AppError('upstream-unavailable', 'Somebody else changes the workspace at this moment; run the seed again');
}

/** Makes a thing, changes it where a field differs, or leaves it as it is. */
async function ensure<T extends { version: number; updatedAt: string }>(
  deps: SeedDeps,
  task: {
    what: string;
    before: T | undefined;
    fresh: () => T;
    fields: Partial<T>;
    save: (thing: T, writeId: string) => Promise<Saved<T>>;
    changes: string[];
  },
): Promise<T> {
  const { before } = task;
  if (before === undefined) {
    const made = held(await task.save(task.fresh(), deps.newId()));
    task.changes.push(`${task.what}: made`);
    return made;
  }
  const differs = Object.entries(task.fields).filter(([key, value]) => !isDeepStrictEqual(valueAt(before, key), value));
  if (differs.length === 0) return before;
  const changed = held(await task.save({ ...before, ...task.fields, updatedAt: iso(deps) }, deps.newId()));
  task.changes.push(`${task.what}: changed ${differs.map(([key]) => key).join(', ')}`);
  return changed;
}

const valueAt = (thing: object, key: string): unknown => Object.entries(thing).find(([name]) => name === key)?.[1];

async function ensureWorkspace(deps: SeedDeps, seed: SeedFile, changes: string[]): Promise<Workspace> {
  const workspaces = await deps.control.listWorkspaces();
  return await ensure<Workspace>(deps, {
    what: `workspace ${seed.workspace.slug}`,
    before: workspaces.find((workspace) => workspace.slug === seed.workspace.slug),
    fresh: () => Workspace.parse({ id: `ws_${deps.newId()}`, ...seed.workspace, ...unsaved(deps) }),
    fields: { name: seed.workspace.name },
    save: (workspace, writeId) => deps.control.saveWorkspace(workspace, writeId),
    changes,
  });
}

/** Answers the key that clients should use: the first of the file, or the oldest there is. */
async function ensureWriteKeys(
  deps: SeedDeps,
  source: Source,
  wanted: readonly WriteKey[] | undefined,
  prune: boolean,
  changes: string[],
): Promise<WriteKey> {
  const keys = await deps.control.listWriteKeys(source.workspaceId, source.id);
  const oldest = keys.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))[0];
  if (wanted === undefined && oldest !== undefined) return oldest.writeKey;
  const all = wanted ?? [newWriteKey()];
  for (const writeKey of all) {
    if (keys.some((key) => key.writeKey === writeKey)) continue;
    const { workspaceId, id: sourceId } = source;
    const saved = await deps.control.addWriteKey({ writeKey, workspaceId, sourceId, ...unsaved(deps) }, deps.newId());
    if (saved.outcome === 'stale') {
      throw new AppError('bad-request', `Write key ${writeKey} of ${source.slug} belongs to another source already`, {
        retry: false,
      });
    }
    changes.push(`write key of ${source.slug}: made`);
  }
  for (const key of prune && wanted !== undefined ? keys : []) {
    if (wanted?.includes(key.writeKey)) continue;
    await deps.control.removeWriteKey(key, deps.newId());
    changes.push(`a write key of ${source.slug}: removed`);
  }
  const [first] = all;
  invariant(first !== undefined, 'a list of write keys in a seed is never empty');
  return first;
}

async function ensureDestination(
  deps: SeedDeps,
  task: {
    workspace: Workspace;
    sourceId: SourceId;
    wanted: SeedDestination;
    before: Destination | undefined;
    changes: string[];
  },
): Promise<Destination> {
  const { workspace, wanted, before } = task;
  const id = before?.id ?? DestinationId.parse(`dst_${deps.newId()}`);
  const definition = await deps.findDefinition(wanted.type);
  const secretKeys = new Set(definition?.settings.flatMap((setting) => (setting.secret ? [setting.key] : [])));
  const settings: Record<string, Json> = {};
  const secrets: Record<string, SealedValue> = {};
  for (const [key, value] of Object.entries(wanted.settings)) {
    if (!secretKeys.has(key)) settings[key] = value;
    else {
      const sealed = before?.secrets[key];
      const context = { workspaceId: workspace.id, destinationId: id, field: key };
      secrets[key] = await sealOnce(deps.sealer, secretText(value), sealed === undefined ? [] : [sealed], context);
    }
  }
  const { enabled, retryWindowHours, connectionMode, consentCategories } = wanted;
  // Left out, it is left alone: it may have been set by hand since.
  const fields = {
    enabled,
    settings,
    secrets,
    ...(retryWindowHours !== undefined && { retryWindowHours }),
    ...(connectionMode !== undefined && { connectionMode }),
    ...(consentCategories !== undefined && { consentCategories }),
  };
  return await ensure<Destination>(deps, {
    what: `destination "${wanted.name}" of ${wanted.source}`,
    before,
    fresh: () =>
      Destination.parse({
        id,
        workspaceId: workspace.id,
        sourceId: task.sourceId,
        name: wanted.name,
        type: wanted.type,
        ...fields,
        ...unsaved(deps),
      }),
    fields,
    save: (destination, writeId) => deps.control.saveDestination(destination, writeId),
    changes: task.changes,
  });
}

/** A seed that was read has texts, or lists of them, for secrets only. */
function secretText(value: Json): string {
  if (Array.isArray(value)) return listAsSecret(value.map(secretText));
  invariant(typeof value === 'string', 'a secret is a text');
  return value;
}

async function ensureMappings(
  deps: SeedDeps,
  destination: Destination,
  wanted: SeedDestination,
  prune: boolean,
  changes: string[],
): Promise<void> {
  const { control } = deps;
  const before = await control.listMappings(destination.workspaceId, destination.id);
  const presets = (await deps.findDefinition(wanted.type))?.presets ?? [];
  const mappings = wanted.mappings ?? presets.map((preset) => ({ ...preset, enabled: true }));
  for (const mapping of mappings) {
    const { name, action, trigger, enabled } = mapping;
    const fields = { name, action, trigger, fields: { ...mapping.fields }, enabled };
    await ensure(deps, {
      what: `mapping "${name}" of "${destination.name}"`,
      before: before.find((one) => one.name === name),
      fresh: () => ({
        id: MappingId.parse(`map_${deps.newId()}`),
        workspaceId: destination.workspaceId,
        destinationId: destination.id,
        ...fields,
        ...unsaved(deps),
      }),
      fields,
      save: (thing, writeId) => control.saveMapping(thing, writeId),
      changes,
    });
  }
  for (const mapping of prune ? before : []) {
    if (mappings.some((one) => one.name === mapping.name)) continue;
    await control.removeMapping(mapping, deps.newId());
    changes.push(`mapping "${mapping.name}" of "${destination.name}": removed`);
  }
}

async function ensureFilters(
  deps: SeedDeps,
  { id: destinationId, workspaceId, name }: Destination,
  wanted: SeedDestination['filters'],
  prune: boolean,
  changes: string[],
): Promise<void> {
  const { control } = deps;
  if (wanted.length === 0 && !prune) return;
  const before = await control.listFilters(workspaceId, destinationId);
  for (const fields of wanted) {
    await ensure<Filter>(deps, {
      what: `filter "${fields.title}" of "${name}"`,
      before: before.find(({ title }) => title === fields.title),
      fresh: () => Filter.parse({ id: `flt_${deps.newId()}`, workspaceId, destinationId, ...fields, ...unsaved(deps) }),
      fields,
      save: (filter, writeId) => control.saveFilter(filter, writeId),
      changes,
    });
  }
  for (const filter of prune ? before : []) {
    if (wanted.some(({ title }) => title === filter.title)) continue;
    await control.removeFilter(filter, deps.newId());
    changes.push(`filter "${filter.title}" of "${name}": removed`);
  }
}

/** Replaces what the source has: a schema of the file is meant whole. */
async function ensureSchema(
  deps: SeedDeps,
  task: {
    workspaceId: WorkspaceId;
    sourceId: SourceId;
    slug: string;
    schema: NonNullable<SeedSource['schema']>;
    idOf: (name: string) => DestinationId | undefined;
    changes: string[];
  },
): Promise<void> {
  const { workspaceId, sourceId, schema, idOf } = task;
  const { version, createdAt, updatedAt, ...fields } = SourceSchema.parse({
    workspaceId,
    sourceId,
    ...schemaById(schema, idOf),
    ...unsaved(deps),
  });
  await ensure<SourceSchema>(deps, {
    what: `schema of ${task.slug}`,
    before: await deps.control.getSourceSchema(workspaceId, sourceId),
    fresh: () => ({ ...fields, version, createdAt, updatedAt }),
    fields,
    save: (thing, writeId) => deps.control.saveSourceSchema(thing, writeId),
    changes: task.changes,
  });
}

/** The seed's own token has a fixed id, so that a second run makes no second one. A given token's id comes from its text. */
async function ensureApiToken(
  deps: SeedDeps,
  workspace: Workspace,
  given: string | undefined,
  changes: string[],
): Promise<string | undefined> {
  const text = given ?? newApiToken();
  const sha256 = sha256Of(text);
  const id = ApiTokenId.parse(given === undefined ? 'tok_seed' : `tok_${sha256.slice(0, 32)}`);
  if ((await deps.control.getApiToken(workspace.id, id)) !== undefined) return undefined;
  const token = { id, workspaceId: workspace.id, name: 'Seed', sha256, ...unsaved(deps) };
  const saved = await deps.control.saveApiToken(token, deps.newId());
  if (saved.outcome === 'stale' && given !== undefined) {
    throw new AppError('bad-request', 'The API token belongs to another workspace already', { retry: false });
  }
  held(saved);
  changes.push('API token: made');
  return text;
}
