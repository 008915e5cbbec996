import type { ApiClient } from '../../../shared/api/client.ts';
import type { AnswerOf } from '../../../shared/api/operation.ts';
import type { Handled } from '../../../shared/api/operations.ts';
import { inParallel } from '../../../shared/aws/in-parallel.ts';
import type { Json } from '../../../shared/domain/json.ts';
import type {
  DestinationFile,
  FileKind,
  FilterFile,
  GroupFile,
  LabelFile,
  MappingFile,
  SettingsFile,
  SourceFile,
  TrackingPlanFile,
  TransformationFile,
} from '../files/workspace-files.ts';
import type { Catalog } from './catalog.ts';
import type { Known, KnownDestination, KnownWorkspace } from './known.ts';

/** Destinations of one page: each carries its type's metadata, some 30 KB, and an answer of the API has at most 6 MB. */
const DESTINATION_PAGE = 25;
/** Things that are read at once. */
const READS_AT_ONCE = 6;

type Source = AnswerOf<Handled['getSource']>['source'];
type Destination = AnswerOf<Handled['getDestination']>['destination'];
type Permissions = AnswerOf<Handled['replacePermissionsForUserGroup']>['permissions'];
type Settings = Record<string, Json>;

/** Reads a workspace whole, or those kinds of it. Sources and labels are always read: others name them. */
export async function readWorkspace(
  client: ApiClient,
  catalog: Catalog,
  kinds: readonly FileKind[],
): Promise<KnownWorkspace> {
  const { workspace } = await client.call('getWorkspace');
  const has = (kind: FileKind): boolean => kinds.includes(kind);
  const sources = await readSources(client);
  const slugs = new Map(sources.map(({ id, file }) => [id, file.slug]));
  const slugOf = (id: string): string => slugs.get(id) ?? id;
  return {
    workspace,
    kinds,
    settings: has('settings') ? await readSettings(client, slugOf) : [],
    labels: has('labels') ? await readLabels(client) : [],
    sources: sources.map((source) => ({ ...source, file: withSlugs(source.file, slugOf) })),
    trackingPlans: has('trackingPlans') ? await readPlans(client, slugOf) : [],
    destinations: has('destinations') ? await readDestinations(client, catalog, slugOf) : [],
    transformations: has('transformations') ? await readTransformations(client, catalog, slugOf) : [],
    groups: has('groups') ? await readGroups(client, slugOf) : [],
  };
}

async function readSettings(client: ApiClient, slugOf: (id: string) => string): Promise<Known<SettingsFile>[]> {
  const { workspace } = await client.call('getOwnWorkspace');
  const { id, autoDisableSources, auditForwarding } = workspace;
  const to = auditForwarding === undefined ? {} : { auditForwardingTo: slugOf(auditForwarding.sourceId) };
  return [{ id, file: { autoDisableSources, ...to } }];
}

async function readLabels(client: ApiClient): Promise<Known<LabelFile>[]> {
  const { labels } = await client.call('listLabels');
  return labels.map(({ key, value, description }) => ({
    id: `${key}:${value}`,
    file: { key, value, ...(description !== undefined && description !== '' && { description }) },
  }));
}

async function readSources(client: ApiClient): Promise<Known<SourceFile>[]> {
  const sources = await client.all('listSources', 'sources');
  return await inParallel(sources, READS_AT_ONCE, async (source) => {
    const { settings } = await client.call('listSchemaSettingsInSource', { path: { sourceId: source.id } });
    const hook = source.metadata.slug === WEBHOOK ? await readHook(client, source.id) : undefined;
    return { id: source.id, file: { ...sourceFileOf(source, settings), ...(hook !== undefined && { hook }) } };
  });
}

/** The type of source that has a hook. */
const WEBHOOK = 'webhook';

/** What is set of a webhook source, its secrets as dots; `undefined`: nothing is. */
async function readHook(client: ApiClient, sourceId: string): Promise<Settings | undefined> {
  const { hook } = await client.call('getSourceHook', { path: { sourceId } });
  const { isDefault, ...rules } = hook;
  return isDefault ? undefined : (JSON.parse(JSON.stringify(rules)) as Settings);
}

const sourceFileOf = (source: Source, schemaSettings: Settings): SourceFile => ({
  slug: source.slug,
  ...(source.name !== undefined && source.name !== '' && { name: source.name }),
  type: source.metadata.slug,
  enabled: source.enabled,
  labels: Object.fromEntries(source.labels.map(({ key, value }) => [key, value])),
  settings: (source.settings ?? {}) as Settings,
  ...(Object.keys(schemaSettings).length > 0 && { schemaSettings }),
  // An empty list is what a token gets that may not see them.
  ...(source.writeKeys.length > 0 && { writeKeys: source.writeKeys }),
});

/** Schema settings that name a source by its id. */
const FORWARDS = ['forwardingViolationsTo', 'forwardingBlockedEventsTo'] as const;

export function withSlugs(file: SourceFile, slugOf: (id: string) => string | undefined): SourceFile {
  if (file.schemaSettings === undefined) return file;
  const named = FORWARDS.flatMap((key) => {
    const id = file.schemaSettings?.[key];
    return typeof id === 'string' && id !== '' ? [[key, slugOf(id) ?? id] as const] : [];
  });
  return { ...file, schemaSettings: { ...file.schemaSettings, ...Object.fromEntries(named) } };
}

async function readDestinations(
  client: ApiClient,
  catalog: Catalog,
  slugOf: (id: string) => string,
): Promise<KnownDestination[]> {
  const destinations = await client.all('listDestinations', 'destinations', {}, DESTINATION_PAGE);
  return await inParallel(
    destinations,
    READS_AT_ONCE,
    async (one) => await knownDestination(client, catalog, one, slugOf),
  );
}

/** One destination with its mappings and filters. */
export async function knownDestination(
  client: ApiClient,
  catalog: Catalog,
  destination: Destination,
  slugOf: (id: string) => string,
): Promise<KnownDestination> {
  const type = catalog.learn(destination.metadata);
  const path = { destinationId: destination.id };
  const subscriptions = await client.all('listSubscriptionsFromDestination', 'subscriptions', { path });
  const listed = await client.all('listFiltersFromDestination', 'filters', { path });
  const mappings: Known<MappingFile>[] = subscriptions.map((one) => ({
    id: one.id,
    file: {
      name: one.name,
      action: one.actionSlug,
      trigger: one.trigger,
      enabled: one.enabled,
      fields: one.settings as Settings,
    },
  }));
  const filters: Known<FilterFile>[] = listed.map((one) => ({
    id: one.id,
    file: {
      title: one.title,
      ...(one.description !== undefined && one.description !== '' && { description: one.description }),
      if: one.if,
      actions: one.actions as Settings[],
      enabled: one.enabled,
    },
  }));
  const { destination: more } = await client.call('getAppDestination', { path });
  const settings = Object.entries(destination.settings as Settings);
  const file: DestinationFile = {
    source: slugOf(destination.sourceId),
    name: destination.name ?? '',
    type: type.slug,
    enabled: destination.enabled,
    settings: Object.fromEntries(settings.filter(([key]) => !type.secretKeys.has(key))),
    connectionMode: more.connectionMode,
    retryWindowHours: more.retryWindowHours,
    consentCategories: more.consentCategories,
    ...(more.paused !== undefined && { paused: true }),
    mappings: mappings.map((mapping) => mapping.file),
    filters: filters.map((filter) => filter.file),
  };
  const secretKeys = settings.filter(([key, value]) => type.secretKeys.has(key) && isSet(value)).map(([key]) => key);
  return { id: destination.id, file, secretKeys, type, mappings, filters };
}

const isSet = (value: unknown): boolean => value !== null && value !== undefined && value !== '';

async function readPlans(client: ApiClient, slugOf: (id: string) => string): Promise<Known<TrackingPlanFile>[]> {
  const plans = await client.all('listTrackingPlans', 'trackingPlans');
  return await inParallel(plans, READS_AT_ONCE, async ({ id, name = '', description, type }) => {
    const path = { trackingPlanId: id };
    const sources = await client.all('listSourcesFromTrackingPlan', 'sources', { path });
    const rules = await client.all('listRulesFromTrackingPlan', 'rules', { path });
    return {
      id,
      file: {
        name,
        ...(description !== undefined && description !== '' && { description }),
        type,
        sources: sources.map((source) => slugOf(source.id)),
        rules: rules.map((rule) => ({
          type: rule.type,
          ...(rule.key !== undefined && { key: rule.key }),
          version: rule.version,
          jsonSchema: rule.jsonSchema as Json,
        })),
      },
    };
  });
}

async function readTransformations(
  client: ApiClient,
  catalog: Catalog,
  slugOf: (id: string) => string,
): Promise<Known<TransformationFile>[]> {
  const transformations = await client.all('listTransformations', 'transformations');
  return await inParallel(transformations, READS_AT_ONCE, async (one) => {
    const { id, name, sourceId, destinationMetadataId, enabled, if: condition, ...does } = one;
    const type =
      destinationMetadataId === undefined || destinationMetadataId === ''
        ? undefined
        : ((await catalog.destinationType(destinationMetadataId))?.slug ?? destinationMetadataId);
    return {
      id,
      file: {
        name,
        source: slugOf(sourceId),
        ...(type !== undefined && { destinationType: type }),
        enabled,
        if: condition,
        does: does,
      },
    };
  });
}

async function readGroups(client: ApiClient, slugOf: (id: string) => string): Promise<Known<GroupFile>[]> {
  const { groups } = await client.call('listAppGroups');
  return groups.map(({ id, name, emails, piiAccess, permissions }) => ({
    id,
    file: { name, members: emails, piiAccess, permissions: permissionsOf(permissions, slugOf) },
  }));
}

const permissionsOf = (permissions: Permissions, slugOf: (id: string) => string): GroupFile['permissions'] =>
  permissions.map(({ roleName, resources }) => ({
    role: roleName,
    resources: resources.map(({ id, type, labels = [] }) => ({
      ...(type === 'SOURCE' && { source: slugOf(id) }),
      ...(labels.length > 0 && { labels: Object.fromEntries(labels.map(({ key, value }) => [key, value])) }),
    })),
  }));
