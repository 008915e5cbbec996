import { ApiError } from '../../../shared/api/api-error.ts';
import type { ApiClient } from '../../../shared/api/client.ts';

/** Types of one page of the catalog: each has some 30 KB, and an answer of the API at most 6 MB. */
const CATALOG_PAGE = 25;

/** What must be known of a type of destination to read and write one. */
export type DestinationType = {
  id: string;
  slug: string;
  name: string;
  previousNames: readonly string[];
  /** Keys of settings; those of `secretKeys` go in and never come out. */
  settingKeys: ReadonlySet<string>;
  secretKeys: ReadonlySet<string>;
  requiredKeys: ReadonlySet<string>;
  actions: readonly { id: string; slug: string; name: string }[];
  presets: readonly { action: string; name: string; trigger: string; fields: Readonly<Record<string, unknown>> }[];
};
type Metadata = {
  id: string;
  slug: string;
  name: string;
  previousNames?: readonly string[];
  options: readonly { name: string; type: string; required: boolean }[];
  actions: readonly { id: string; slug: string; name: string }[];
  presets: readonly { actionId: string; name: string; trigger: string; fields: Readonly<Record<string, unknown>> }[];
};

export function destinationTypeOf(metadata: Metadata): DestinationType {
  const { id, slug, name, previousNames = [], options, actions, presets } = metadata;
  const keysOf = (list: Metadata['options']): Set<string> => new Set(list.map((option) => option.name));
  return {
    id,
    slug,
    name,
    previousNames,
    settingKeys: keysOf(options),
    secretKeys: keysOf(options.filter(({ type }) => type === 'password')),
    requiredKeys: keysOf(options.filter(({ required }) => required)),
    actions: actions.map((action) => ({ id: action.id, slug: action.slug, name: action.name })),
    presets: presets.flatMap(({ actionId, name: called, trigger, fields }) => {
      const action = actions.find((one) => one.id === actionId)?.slug;
      return action === undefined ? [] : [{ action, name: called, trigger, fields }];
    }),
  };
}

export type Catalog = {
  /** By slug or id. */
  destinationType(slugOrId: string): Promise<DestinationType | undefined>;
  /** Takes what an answer held anyway, so that it need not be asked for. */
  learn(metadata: Metadata): DestinationType;
  /** The whole list, read once. */
  destinationTypes(): Promise<DestinationType[]>;
  /** Id of a type of source by its slug. */
  sourceTypeId(slug: string): Promise<string | undefined>;
  sourceTypes(): Promise<{ id: string; slug: string; name: string }[]>;
};

/** The catalog of the deployment, read as far as it is needed. */
export function catalogOf(client: ApiClient): Catalog {
  const known = new Map<string, DestinationType | undefined>();
  let sources: Promise<{ id: string; slug: string; name: string }[]> | undefined;
  let all: Promise<DestinationType[]> | undefined;

  const learn = (metadata: Metadata): DestinationType => {
    const type = destinationTypeOf(metadata);
    known.set(type.slug, type);
    known.set(type.id, type);
    return type;
  };
  const destinationTypes = async (): Promise<DestinationType[]> =>
    await (all ??= client
      .all('getDestinationsCatalog', 'destinationsCatalog', {}, CATALOG_PAGE)
      .then((types) => types.map(learn)));
  const sourceTypes = async () => await (sources ??= client.all('getSourcesCatalog', 'sourcesCatalog'));

  return {
    learn,
    destinationTypes,
    sourceTypes,
    sourceTypeId: async (slug) => (await sourceTypes()).find((type) => type.slug === slug)?.id,
    destinationType: async (slugOrId) => {
      if (known.has(slugOrId)) return known.get(slugOrId);
      try {
        const path = { destinationMetadataId: slugOrId };
        const { destinationMetadata } = await client.call('getDestinationMetadata', { path });
        const type = learn(destinationMetadata);
        known.set(slugOrId, type);
        return type;
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 404) throw error;
      }
      // An API that knows ids alone.
      const type = (await destinationTypes()).find(({ slug, id }) => slug === slugOrId || id === slugOrId);
      known.set(slugOrId, type);
      return type;
    },
  };
}
