import type * as z from 'zod';
import type { AppDestination } from '../../../shared/api/own-shapes.ts';
import type { DestinationMetadataV1, DestinationSubscription, DestinationV1 } from '../../../shared/api/shapes.ts';
import type { CatalogDestination } from '../../../shared/catalog/catalog-entry.ts';
import { logosOf, toDestinationMetadata } from '../../../shared/catalog/destination-metadata.ts';
import { MASKED } from '../../../shared/domain/audit.ts';
import { rehearsalAt } from '../../../shared/domain/rehearsal.ts';
import type { Destination, Mapping, WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import { missingSettings } from '../../../shared/pipeline/rules/setting-faults.ts';
import type { Page, PageInput } from '../http/pages.ts';
import type { ApiRequest } from '../http/request.ts';
import { maskedFields } from './masked-fields.ts';

type Shown<T extends () => z.ZodType> = z.output<ReturnType<T>>;
type Metadata = Shown<typeof DestinationMetadataV1>;

/** Bytes of a type that the catalog does not have: what is shown in its place. */
const UNKNOWN_BYTES = 2_000;
/** A destination's own settings beside its type's metadata. */
const OWN_BYTES = 2_000;

/** The catalog entry of a destination's type; `undefined` for one that was made when there was such a type. */
export const entryOf = (request: ApiRequest, type: string): Promise<CatalogDestination | undefined> =>
  request.deps.catalog.get(type);

/** Settings as answers show them: what is secret stands there, and cannot be read; nor can what became secret after it was saved. */
const settingsShown = (
  entry: CatalogDestination | undefined,
  { settings, secrets }: Pick<Destination, 'settings' | 'secrets'>,
) => ({
  ...settings,
  ...Object.fromEntries(
    [
      ...Object.keys(secrets),
      ...(entry?.settings ?? []).flatMap(({ key, secret }) => (secret && Object.hasOwn(settings, key) ? [key] : [])),
    ].map((key) => [key, MASKED]),
  ),
});

/** By entry, which the catalog keeps as long as it is used; places are the same for all requests of an environment. */
const shapes = new WeakMap<CatalogDestination, { cdnUrl: string; metadata: Metadata }>();

/** An entry in Segment's shape, made once: answers only read it. */
export function metadataOf({ deps: { places } }: ApiRequest, entry: CatalogDestination): Metadata {
  const known = shapes.get(entry);
  if (known?.cdnUrl === places.cdnUrl) return known.metadata;
  const metadata = toDestinationMetadata(entry, places) as Metadata;
  shapes.set(entry, { cdnUrl: places.cdnUrl, metadata });
  return metadata;
}

const metadataOfUnknown = (request: ApiRequest, type: string): Metadata => ({
  id: type,
  name: type,
  description: 'There is no such type of destination any more.',
  slug: type,
  logos: logosOf(type, request.deps.places),
  options: [],
  status: 'UNAVAILABLE',
  previousNames: [],
  categories: [],
  website: '',
  components: [],
  supportedFeatures: {},
  supportedMethods: {},
  supportedPlatforms: {},
  actions: [],
  presets: [],
});

export async function destinationView(
  request: ApiRequest,
  destination: Destination,
): Promise<Shown<typeof DestinationV1>> {
  const { id, name, enabled, sourceId, type } = destination;
  const entry = await entryOf(request, type);
  return {
    id,
    name,
    enabled,
    metadata: entry === undefined ? metadataOfUnknown(request, type) : metadataOf(request, entry),
    sourceId,
    settings: settingsShown(entry, destination),
  };
}

/** One page of destinations in Segment's shape, which holds all of the type's metadata: a page ends where an answer would be too large. */
export async function destinationViews(
  request: ApiRequest,
  items: WorkspaceConfig['destinations'],
  name: string,
  input: PageInput | undefined,
): Promise<{ shown: Shown<typeof DestinationV1>[]; pagination: Page<unknown>['pagination'] }> {
  const index = new Map((await request.deps.catalog.list()).map((entry) => [entry.slug, entry.metadataBytes]));
  const page = await request.pages.cut(
    {
      name: `destinations ${name}`,
      items: items.map(({ destination }) => destination),
      keyOf: ({ id }) => id,
      bytesOf: ({ type }) => (index.get(type) ?? UNKNOWN_BYTES) + OWN_BYTES,
    },
    input,
  );
  const shown = await Promise.all(page.items.map((destination) => destinationView(request, destination)));
  return { shown, pagination: page.pagination };
}

export async function appDestinationView(
  request: ApiRequest,
  destination: Destination,
): Promise<Shown<typeof AppDestination>> {
  const { secrets, settings, workspaceId: _workspace, ...rest } = destination;
  const entry = await entryOf(request, destination.type);
  const { lane, paused, rehearsal: _whole, ...others } = rest;
  const source = (await request.config()).sources.find(({ id }) => id === destination.sourceId);
  const rehearsal = rehearsalAt(destination, source, request.now().getTime());
  return {
    ...others,
    metadataId: entry?.id ?? destination.type,
    settings: settingsShown(entry, { secrets, settings }),
    missingSettings: missingSettings(entry?.settings ?? [], { ...settings, ...secrets }).map(({ key }) => key),
    ...(lane !== undefined && { lane }),
    ...(paused !== undefined && { paused }),
    ...(rehearsal !== undefined && { rehearsal }),
  };
}

export function subscriptionView(
  entry: CatalogDestination | undefined,
  { id, name, action, destinationId, enabled, fields, trigger }: Mapping,
): Shown<typeof DestinationSubscription> {
  return {
    id,
    name,
    actionId: entry?.actions.find(({ key }) => key === action)?.id ?? action,
    actionSlug: action,
    destinationId,
    enabled,
    settings: maskedFields(entry, fields),
    trigger,
  };
}
