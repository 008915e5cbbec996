import type * as z from 'zod';
import type { AppSource, SourceSettings } from '../../../shared/api/own-shapes.ts';
import type { SourceMetadataV1, SourceV1 } from '../../../shared/api/shapes.ts';
import { type CatalogSource, findCatalogSource, toSourceMetadata } from '../../../shared/catalog/source-catalog.ts';
import type { LabelRef, Target } from '../../../shared/domain/access.ts';
import { invariant } from '../../../shared/domain/app-error.ts';
import type { SourceId } from '../../../shared/domain/ids.ts';
import type { Source, SourceWriteKey } from '../../../shared/domain/workspace.ts';
import type { ApiRequest } from '../http/request.ts';
import { type KnownLabel, labelsOf } from './workspace-labels.ts';

type Shown<T extends () => z.ZodType> = z.output<ReturnType<T>>;

export const targetOf = ({ id, labels }: Pick<Source, 'id' | 'labels'>): Target => ({ kind: 'source', id, labels });

/** What every entry of the source catalog was made for, where a source was made from a file and names none. */
const TYPE_OF_KIND = { website: 'javascript', mobile: 'apple', server: 'http-api', webhook: 'webhook' } as const;

export function typeOf({ catalogId, kind }: Pick<Source, 'catalogId' | 'kind'>): CatalogSource {
  const type = findCatalogSource(catalogId ?? TYPE_OF_KIND[kind]) ?? findCatalogSource(TYPE_OF_KIND[kind]);
  invariant(type !== undefined, `the source catalog has a type for ${kind}`);
  return type;
}

export const settingsOf = (source: Source): Shown<typeof SourceSettings> => {
  const { dedupHours, dedupBy, requestsPerSecondMax, batching, requires, allowedOrigins, allowedIps } = source;
  return {
    dedupHours,
    ...(dedupBy !== undefined && { dedupBy }),
    requestsPerSecondMax,
    batching,
    requires,
    allowedOrigins,
    allowedIps,
  };
};

/** Labels as answers show them: with the description that the workspace has given them. */
export const labelsShown = (refs: readonly LabelRef[], labels: readonly KnownLabel[]) =>
  refs.map(({ key, value }) => {
    const description = labels.find((one) => one.key === key && one.value === value)?.description;
    return { key, value, ...(description !== undefined && { description }) };
  });

/** Write keys of those sources whose keys the caller may see, the oldest first; of others none. */
export async function keysOf(
  request: ApiRequest,
  sources: readonly Source[],
): Promise<Map<SourceId, SourceWriteKey[]>> {
  const seen = sources.filter((source) => request.may('source.keys', targetOf(source)));
  const [only] = seen;
  if (only === undefined) return new Map();
  const keys = await request.control.listWriteKeys(request.workspaceId, seen.length === 1 ? only.id : undefined);
  const bySource = Map.groupBy(
    keys.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1)),
    ({ sourceId }) => sourceId,
  );
  return new Map(seen.map(({ id }) => [id, bySource.get(id) ?? []]));
}

const labelItems = async (request: ApiRequest, sources: readonly Source[]): Promise<KnownLabel[]> =>
  sources.some(({ labels }) => labels.length > 0) ? await labelsOf(request) : [];

/** Sources in Segment's shape. Reads write keys and labels once, however many sources there are. */
export async function sourceViews(request: ApiRequest, sources: readonly Source[]): Promise<Shown<typeof SourceV1>[]> {
  const [keys, labels] = await Promise.all([keysOf(request, sources), labelItems(request, sources)]);
  return sources.map((source) => ({
    id: source.id,
    slug: source.slug,
    name: source.name,
    metadata: toSourceMetadata(typeOf(source), request.deps.places) as Shown<typeof SourceMetadataV1>,
    workspaceId: source.workspaceId,
    enabled: source.enabled,
    writeKeys: (keys.get(source.id) ?? []).map(({ writeKey }) => writeKey),
    settings: settingsOf(source),
    labels: labelsShown(source.labels, labels),
  }));
}

export async function sourceView(request: ApiRequest, source: Source): Promise<Shown<typeof SourceV1>> {
  const [view] = await sourceViews(request, [source]);
  invariant(view !== undefined, 'a view for each source');
  return view;
}

/** The plan that a source is connected to. */
export async function trackingPlanOf(request: ApiRequest, id: SourceId): Promise<string | null> {
  const plans = await request.control.listTrackingPlans(request.workspaceId);
  return plans.find(({ sourceIds }) => sourceIds.includes(id))?.id ?? null;
}

export async function appSourceView(request: ApiRequest, source: Source): Promise<Shown<typeof AppSource>> {
  const [keys, labels, trackingPlanId, config] = await Promise.all([
    keysOf(request, [source]),
    labelItems(request, [source]),
    trackingPlanOf(request, source.id),
    request.config(),
  ]);
  const {
    id,
    slug,
    name,
    kind,
    catalogId,
    enabled,
    unusedSince,
    keepAllUntil,
    createdBy,
    createdAt,
    updatedAt,
    version,
  } = source;
  return {
    id,
    slug,
    name,
    kind,
    ...(catalogId !== undefined && { metadataId: typeOf(source).id }),
    enabled,
    settings: settingsOf(source),
    labels: labelsShown(source.labels, labels),
    writeKeys: (keys.get(id) ?? []).map((key) => ({ writeKey: key.writeKey, createdAt: key.createdAt })),
    destinationIds: request.may('destination.read', targetOf(source))
      ? config.destinations.flatMap(({ destination }) => (destination.sourceId === id ? [destination.id] : []))
      : [],
    trackingPlanId,
    ...(unusedSince !== undefined && { unusedSince }),
    ...(keepAllUntil !== undefined && { keepAllUntil }),
    ...(createdBy !== undefined && { createdBy }),
    createdAt,
    updatedAt,
    version,
  };
}
