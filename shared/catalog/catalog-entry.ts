import type { ActionDefinition, DestinationDefinition } from '../destinations/destination-definition.ts';
import type { EventType } from '../domain/event.ts';

/** Of Segment's statuses those that something here has. A beta is what no public catalog of its maker lists as more. */
export const CATALOG_STATUSES = ['PUBLIC', 'PUBLIC_BETA', 'DEPRECATED'] as const;
export type CatalogStatus = (typeof CATALOG_STATUSES)[number];

/** Kinds of sources in the catalog. A webhook source is fed by a tool that knows no tracking library. */
export const CATALOG_SOURCE_KINDS = ['website', 'mobile', 'server', 'webhook'] as const;
export type CatalogSourceKind = (typeof CATALOG_SOURCE_KINDS)[number];

/** Who can send to a tool from where (features 1.9): the device itself, or we. */
export type ConnectionModes = Readonly<
  Record<'device' | 'cloud', Readonly<Record<'web' | 'mobile' | 'server', boolean>>>
>;

/**
 * How a person comes by the value of a setting, or of a mapping's field that holds a secret. What nobody here knows for sure is left out.
 * `field help`: derived from the help text of the field.
 */
export type Credential = {
  /** Key of a setting, or of a field of an action where `isField`. */
  key: string;
  isField?: true;
  secret: boolean;
  required: boolean;
  /** What its maker calls it. */
  theirName: string;
  /** The way to it in the tool, in its own words. */
  where?: string;
  /** Which right, scope or role it needs. */
  right?: string;
  wrong?: WrongCredential;
  origin: 'by hand' | 'field help';
};

/** What a wrong one does. */
export type WrongCredential = {
  /** HTTP status of the tool's answer; `silent`: it answers as to a right one. */
  answer: number | 'silent';
  /** What the tool says, in short. */
  words?: string;
  /** How that is seen here, in one or two sentences. */
  seenHere: string;
};

/** Of a type of destination, what a list or a search needs. */
export type CatalogIndexEntry = {
  /** 24 hexadecimal digits; Segment's own where it has the tool. */
  id: string;
  slug: string;
  /** Other slugs that mean it; the API takes them in the place of the id as well. */
  otherSlugs: readonly string[];
  name: string;
  previousNames: readonly string[];
  description: string;
  categories: readonly string[];
  status: CatalogStatus;
  /** ISO day on which it came to us; see `isNew`. */
  addedAt: string;
  website?: string;
  connectionModes: ConnectionModes;
  sourceKinds: readonly CatalogSourceKind[];
  supportedTypes: readonly EventType[];
  /** At most so many bytes has its metadata in Segment's shape, as JSON; the API cuts pages of the list by it. */
  metadataBytes: number;
};

/** All that is known of a type of destination. Its `actions` are those of its definition, each with the id that the Public API uses. */
export type CatalogDestination = Omit<DestinationDefinition, 'actions'> &
  Omit<CatalogIndexEntry, 'metadataBytes'> & {
    actions: readonly CatalogAction[];
    credentials: readonly Credential[];
  };

export type CatalogAction = ActionDefinition & { id: string };

/** How long something is new (New and Noteworthy), in days. */
export const NEW_DAYS = 90;
const DAY_MS = 86_400_000;

/** Whether something that came on `addedAt` is new on the day `today`; both ISO days or times. What comes after `today` is not new yet. */
export function isNew(addedAt: string, today: string): boolean {
  const ageMs = Date.parse(today) - Date.parse(addedAt);
  return ageMs >= 0 && ageMs < NEW_DAYS * DAY_MS;
}
