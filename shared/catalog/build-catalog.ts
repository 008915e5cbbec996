import { createHash } from 'node:crypto';
import { findDefinition, SLUGS } from '../destinations/catalog.ts';
import type { DestinationDefinition } from '../destinations/destination-definition.ts';
import { findDeviceMode } from '../destinations/device-modes.ts';
import { findRow } from '../destinations/rows.ts';
import { invariant } from '../domain/app-error.ts';
import {
  CATALOG_SOURCE_KINDS,
  type CatalogDestination,
  type CatalogIndexEntry,
  type ConnectionModes,
} from './catalog-entry.ts';
import { credentialsOf } from './credentials.ts';
import { toDestinationMetadata } from './destination-metadata.ts';
import { factsOf } from './facts-of.ts';

const NOWHERE = { web: false, mobile: false, server: false };
/** Cloud mode takes what any source sends; device mode is a website's (features 1.9). */
const CLOUD: ConnectionModes = { device: NOWHERE, cloud: { web: true, mobile: true, server: true } };
const BROWSER: ConnectionModes = { device: { ...NOWHERE, web: true }, cloud: NOWHERE };

/** A CDN's URL that is longer than any there is: what is measured with it fits with any. */
const LONG_CDN_URL = `https://${'x'.repeat(253)}`;
/** Digits of an id of Segment's catalog. */
const ID_DIGITS = 24;

/** The whole catalog of destinations, in the order of their names, read from their code. For builds and tests: it takes seconds. */
export async function buildCatalog(): Promise<CatalogDestination[]> {
  const entries: CatalogDestination[] = [];
  for (const slug of SLUGS) {
    const definition = await findDefinition(slug);
    invariant(definition !== undefined, `${slug} has a definition`);
    entries.push(entryOf(definition));
  }
  return entries.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** The catalog's entry of one type of destination. */
export function entryOf(definition: DestinationDefinition): CatalogDestination {
  const { slug, name } = definition;
  const isDevice = findDeviceMode(slug) !== undefined;
  return {
    ...definition,
    ...factsOf(slug),
    previousNames: definition.integrationNames.filter((each) => each !== name),
    connectionModes: isDevice ? BROWSER : CLOUD,
    sourceKinds: isDevice ? ['website'] : CATALOG_SOURCE_KINDS,
    actions: definition.actions.map((action) => ({ ...action, id: actionIdOf(slug, action.key) })),
    credentials: credentialsOf(definition, findRow(slug)?.secretFields ?? []),
  };
}

/** Of the slug and the action's key, which never change: mappings of clients' own files name actions by it. */
const actionIdOf = (slug: string, key: string): string =>
  createHash('sha256').update(`action:${slug}:${key}`).digest('hex').slice(0, ID_DIGITS);

/** What the index says of an entry. */
export function indexEntryOf(entry: CatalogDestination): CatalogIndexEntry {
  const { id, slug, otherSlugs, name, previousNames, description, categories, status, addedAt, website } = entry;
  const { connectionModes, sourceKinds, supportedTypes } = entry;
  const metadata = JSON.stringify(toDestinationMetadata(entry, { cdnUrl: LONG_CDN_URL }));
  return {
    id,
    slug,
    otherSlugs,
    name,
    previousNames,
    description,
    categories,
    status,
    addedAt,
    ...(website !== undefined && { website }),
    connectionModes,
    sourceKinds,
    supportedTypes,
    metadataBytes: Buffer.byteLength(metadata),
  };
}
