import type { Json } from '../../../shared/domain/json.ts';
import { byText } from '../files/canonical.ts';
import { escaped, variableNames, withoutDots } from '../files/placeholders.ts';
import {
  type DestinationFile,
  type Files,
  type FilterFile,
  type MappingFile,
  noFiles,
  type SourceFile,
} from '../files/workspace-files.ts';
import type { DestinationType } from '../workspace/catalog.ts';
import type { SegmentWorkspace } from './segment-shapes.ts';

/** What of the other workspace is not as it was there, and what to do about it. */
export type Note = { about: string; text: string };
export type Translated = {
  files: Files;
  /** Secrets that Segment did return: for this import alone, never for a file. */
  values: Record<string, string>;
  /** Names of secrets that it did not. */
  wanted: string[];
  /** What there is no counterpart for. */
  lacking: Note[];
  /** What was taken over with a difference. */
  changed: Note[];
};
export type Here = {
  /** Types of sources here, by slug. */
  sourceTypes: readonly { id: string; slug: string; name: string }[];
  /** The type here for one of Segment's. */
  destinationType: (metadata: Destination['metadata']) => DestinationType | undefined;
};
type Source = SegmentWorkspace['sources'][number];
type Destination = SegmentWorkspace['destinations'][number];
type Free = Record<string, Json>;

/** What stands for a secret in an answer: bullets, stars, or the word. */
const MASK = /^(?:[•*·x]{3,}.{0,8}|\[?redacted\]?)$/i;
/** Names of a destination within one source must differ (B08). */
const NAME_CHARS_MAX = 128;

/** A workspace of Segment's as files of ours. Pure. */
export function translate(segment: SegmentWorkspace, here: Here): Translated {
  const result: Translated = { files: noFiles(), values: {}, wanted: [], lacking: [], changed: [] };
  const slugs = new Map<string, string>();
  const sources: SourceFile[] = [];
  for (const source of segment.sources) {
    const type = sourceTypeOf(source, here);
    if (type === undefined) {
      const { name } = source.metadata;
      result.lacking.push({ about: `source ${source.slug}`, text: `there is no type "${name}" here` });
      continue;
    }
    const slug = freeSlug(source.slug, new Set(slugs.values()));
    if (slug !== source.slug) {
      result.changed.push({ about: `source ${source.slug}`, text: `is called ${slug} here: slugs have small letters` });
    }
    slugs.set(source.id, slug);
    sources.push(sourceOf(source, slug, type.slug));
  }
  const context: Context = { result, here, slugs, nameOf: variableNames(), taken: new Set() };
  const destinations = segment.destinations
    .toSorted((a, b) => byText(orderOf(a, slugs), orderOf(b, slugs)))
    .flatMap((destination) => destinationOf(destination, context));
  result.lacking.push(...segment.others.map(({ what, names }) => ({ about: what, text: listed(names) })));
  const files: Files = {
    ...noFiles(),
    labels: segment.labels.map(({ key, value, description }) => ({ key, value, ...(description && { description }) })),
    sources,
    destinations,
    trackingPlans: plansOf(segment, slugs),
    transformations: transformationsOf(segment, context),
  };
  return { ...result, files };
}

type Context = {
  result: Translated;
  here: Here;
  /** Slugs here by ids there. */
  slugs: ReadonlyMap<string, string>;
  nameOf: (...parts: string[]) => string;
  taken: Set<string>;
};

const orderOf = ({ sourceId, name, metadata, id }: Destination, slugs: ReadonlyMap<string, string>): string =>
  `${slugs.get(sourceId) ?? ''}/${name ?? metadata.name}/${id}`;

function sourceTypeOf({ metadata }: Source, { sourceTypes }: Here) {
  return (
    sourceTypes.find(({ id }) => id === metadata.id) ??
    sourceTypes.find(({ slug }) => slug === metadata.slug) ??
    sourceTypes.find(({ name }) => plain(name) === plain(metadata.name))
  );
}

/** A name without case, marks and what says only of which kind it is. */
export const plain = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/\((?:actions?|destination)\)|\bactions?\b/g, '')
    .replaceAll(/[^a-z0-9]+/g, '');

function freeSlug(text: string, taken: ReadonlySet<string>): string {
  const base =
    text
      .toLowerCase()
      .replaceAll(/[^a-z0-9_-]+/g, '-')
      .slice(0, 60) || 'source';
  let slug = base;
  for (let count = 2; taken.has(slug); count += 1) slug = `${base}-${count}`;
  return slug;
}

const sourceOf = (source: Source, slug: string, type: string): SourceFile => ({
  slug,
  ...(source.name && { name: source.name.slice(0, NAME_CHARS_MAX) }),
  type,
  enabled: source.enabled,
  labels: Object.fromEntries(source.labels.map(({ key, value }) => [key, value])),
  settings: {},
  // Clients keep the keys that they have: they change the host, and nothing else.
  ...(source.writeKeys.length > 0 && { writeKeys: source.writeKeys }),
});

function destinationOf(destination: Destination, context: Context): DestinationFile[] {
  const { result, here, slugs, taken } = context;
  const { metadata } = destination;
  const called = destination.name ?? metadata.name;
  const about = `destination ${called}`;
  const source = slugs.get(destination.sourceId);
  if (source === undefined) {
    result.lacking.push({ about, text: 'its source is not taken over' });
    return [];
  }
  const type = here.destinationType(metadata);
  if (type === undefined) {
    result.lacking.push({ about: `${about} of ${source}`, text: `there is no type "${metadata.name}" here` });
    return [];
  }
  const name = freeName(called.slice(0, NAME_CHARS_MAX), source, taken);
  if (name !== called) result.changed.push({ about, text: `is called "${name}" here: names within a source differ` });
  const { settings, isComplete } = settingsOf(destination, type, context, [source, name]);
  if (destination.enabled && !isComplete) {
    result.changed.push({ about: `${about} of ${source}`, text: 'stays switched off until its secrets are given' });
  }
  return [
    {
      source,
      name,
      type: type.slug,
      enabled: destination.enabled,
      settings,
      mappings: mappingsOf(destination, type, context, [source, name]),
      filters: destination.filters.map(filterOf),
    },
  ];
}

function freeName(wanted: string, source: string, taken: Set<string>): string {
  let name = wanted;
  for (let count = 2; taken.has(`${source}/${name.toLowerCase()}`); count += 1) name = `${wanted} ${count}`;
  taken.add(`${source}/${name.toLowerCase()}`);
  return name;
}

/** Settings by key. A secret is a placeholder in any case; what Segment returned of it is kept aside. */
function settingsOf(
  { settings: given, name, metadata }: Destination,
  type: DestinationType,
  { result, nameOf }: Context,
  at: [string, string],
): { settings: Free; isComplete: boolean } {
  const settings: Free = {};
  let isComplete = true;
  const about = `destination ${name ?? metadata.name} of ${at[0]}`;
  for (const [key, value] of Object.entries(given).toSorted(([a], [b]) => byText(a, b))) {
    if (value === null || value === '') continue;
    if (!type.settingKeys.has(key)) {
      result.changed.push({ about, text: `its setting "${key}" has no counterpart here, and is left out` });
    } else if (!type.secretKeys.has(key)) settings[key] = escaped(value);
  }
  for (const key of [...type.secretKeys].toSorted(byText)) {
    const value = Object.hasOwn(given, key) ? given[key] : undefined;
    const isGiven = typeof value === 'string' && value !== '';
    if (!isGiven && !type.requiredKeys.has(key)) continue;
    const variable = nameOf(...at, key);
    settings[key] = `\${${variable}}`;
    if (isGiven && !MASK.test(value)) result.values[variable] = value;
    else {
      result.wanted.push(variable);
      isComplete = false;
    }
  }
  return { settings, isComplete };
}

function mappingsOf(
  destination: Destination,
  type: DestinationType,
  { result, nameOf }: Context,
  at: [string, string],
): MappingFile[] {
  const about = `destination ${at[1]} of ${at[0]}`;
  const { subscriptions, metadata } = destination;
  if ((metadata.actions ?? []).length === 0) {
    // One of the older kind sends by code that has no mappings; what comes nearest are the presets.
    const text = `has no mappings at Segment; it gets the ${type.presets.length} presets of ${type.name}, switched off: look at them`;
    result.changed.push({ about, text });
    return type.presets.map(({ name, action, trigger, fields }) => ({
      name: name.slice(0, NAME_CHARS_MAX),
      action,
      trigger,
      enabled: false,
      fields: fields as Free,
    }));
  }
  return subscriptions.flatMap((subscription): MappingFile[] => {
    const { name, trigger, enabled, settings, modelId } = subscription;
    if (modelId) {
      result.lacking.push({ about: `${about}: mapping ${name}`, text: 'it is fed by Reverse ETL' });
      return [];
    }
    const theirs = (metadata.actions ?? []).find(({ id }) => id === subscription.actionId);
    const slug = subscription.actionSlug ?? theirs?.slug;
    const action =
      type.actions.find((one) => one.slug === slug) ??
      type.actions.find((one) => theirs !== undefined && plain(one.name) === plain(theirs.name));
    if (action === undefined) {
      result.lacking.push({
        about: `${about}: mapping ${name}`,
        text: `${type.name} has no action "${slug ?? '?'}" here`,
      });
      return [];
    }
    const fields = withoutDots(escaped(withoutNulls(settings ?? {})), (...path) => {
      const variable = nameOf(...at, name, ...path);
      result.wanted.push(variable);
      return variable;
    }) as Free;
    return [{ name: name.slice(0, NAME_CHARS_MAX), action: action.slug, trigger, enabled, fields }];
  });
}

const withoutNulls = (map: Readonly<Record<string, Json>>): Free =>
  Object.fromEntries(Object.entries(map).filter(([, value]) => value !== null));

const filterOf = (filter: Destination['filters'][number]): FilterFile => ({
  title: filter.title,
  ...(filter.description && { description: filter.description }),
  if: filter.if,
  actions: filter.actions.map(withoutNulls),
  enabled: filter.enabled,
});

const plansOf = ({ plans }: SegmentWorkspace, slugs: ReadonlyMap<string, string>): Files['trackingPlans'] =>
  plans.map(({ id, name, description, type, sourceIds, rules }) => ({
    name: name ?? id,
    ...(description && { description }),
    type,
    sources: sourceIds.flatMap((one) => slugs.get(one) ?? []),
    rules: rules.map(({ type: of, key, version, jsonSchema }) => ({
      type: of,
      ...(key != null && { key }),
      version,
      jsonSchema,
    })),
  }));

function transformationsOf({ transformations }: SegmentWorkspace, context: Context): Files['transformations'] {
  const { slugs, result, here } = context;
  return transformations.flatMap((one) => {
    const { id: _, name, sourceId, destinationMetadataId, enabled, if: condition, ...does } = one;
    const source = slugs.get(sourceId);
    const type = destinationMetadataId
      ? here.destinationType({ id: destinationMetadataId, slug: destinationMetadataId, name: destinationMetadataId })
      : undefined;
    if (source === undefined || (destinationMetadataId && type === undefined)) {
      result.lacking.push({ about: `transformation ${name}`, text: 'its source or destination is not taken over' });
      return [];
    }
    return [
      {
        name,
        source,
        ...(type !== undefined && { destinationType: type.slug }),
        enabled,
        if: condition,
        does: withoutNulls(does as Free),
      },
    ];
  });
}

/** Names told of one kind. */
const NAMES_MAX = 20;
const listed = (names: readonly string[]): string =>
  `${names.length}: ${names.slice(0, NAMES_MAX).join(', ')}${names.length > NAMES_MAX ? ', …' : ''}`;
