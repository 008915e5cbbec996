import type { EventType } from '../../../../shared/domain/event.ts';
import { type Catalog, type DestinationType, isDeviceOnly, type SourceType } from './catalog.ts';

export const KINDS = ['all', 'destinations', 'sources'] as const;
export type Kind = (typeof KINDS)[number];
export const MODES = ['cloud', 'device'] as const;
export type Mode = (typeof MODES)[number];

export type Tile =
  | { kind: 'destinations'; of: DestinationType; connected: number }
  | { kind: 'sources'; of: SourceType; connected: number };

export type Asked = {
  query: string;
  kind: Kind;
  category?: string | undefined;
  method?: EventType | undefined;
  mode?: Mode | undefined;
};

/** What is connected, by slug of its type. */
export type ConnectedCounts = Readonly<Record<Tile['kind'], ReadonlyMap<string, number>>>;

/** Everything of the catalog as tiles, by name. */
export function tilesOf({ destinations, sources }: Catalog, connected: ConnectedCounts): Tile[] {
  return [
    ...destinations.map(
      (of): Tile => ({ kind: 'destinations', of, connected: connected.destinations.get(of.slug) ?? 0 }),
    ),
    ...sources.map((of): Tile => ({ kind: 'sources', of, connected: connected.sources.get(of.slug) ?? 0 })),
  ].toSorted((a, b) => a.of.name.localeCompare(b.of.name));
}

/** The tiles that are asked for, but for the category; a search puts what fits best first. */
export function searched(tiles: readonly Tile[], { query, kind, method, mode }: Asked): Tile[] {
  const kept = tiles.filter((tile) => {
    if (kind !== 'all' && tile.kind !== kind) return false;
    if (method !== undefined && (tile.kind !== 'destinations' || !tile.of.supportedTypes.includes(method)))
      return false;
    if (mode === undefined) return true;
    return tile.kind === 'destinations' && isDeviceOnly(tile.of) === (mode === 'device');
  });
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return kept;
  return kept
    .map((tile) => ({ tile, rank: rankOf(tile, words) }))
    .filter(({ rank }) => rank > 0)
    .toSorted((a, b) => b.rank - a.rank)
    .map(({ tile }) => tile);
}

/** 0 where a word is nowhere; most where the name begins with it, less in the name, in other names, in categories, in the description. */
function rankOf({ kind, of }: Tile, words: readonly string[]): number {
  const name = of.name.toLowerCase();
  const others = kind === 'destinations' ? [...of.previousNames, ...of.otherSlugs].join(' ').toLowerCase() : '';
  const categories = `${of.categories.join(' ')} ${kind}`.toLowerCase();
  let rank = 0;
  for (const word of words) {
    const found = name.startsWith(word)
      ? 16
      : name.includes(word)
        ? 8
        : others.includes(word)
          ? 4
          : categories.includes(word)
            ? 2
            : Number(of.description.toLowerCase().includes(word));
    if (found === 0) return 0;
    rank += found;
  }
  return rank;
}

export const inCategory = (tiles: readonly Tile[], category: string | undefined): readonly Tile[] =>
  category === undefined ? tiles : tiles.filter(({ of }) => of.categories.includes(category));

/** How many tiles each category has. */
export function countsOf(tiles: readonly Tile[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { of } of tiles) {
    for (const category of of.categories) counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  return counts;
}

/** Types that people ask for most, in the order in which they stand among what is new; what is not new is left out. */
const NOTEWORTHY = [
  'braze',
  'google-analytics-4',
  'hubspot',
  'klaviyo',
  'slack',
  'mixpanel',
  'customerio',
  'facebook-conversions-api',
  'amplitude',
  'salesforce',
  'intercom',
  'webhook',
];
const NOTEWORTHY_SHOWN = 6;

/** New and noteworthy: what came lately and most ask for, then whatever else came lately, the newest first. */
export function noteworthy(tiles: readonly Tile[]): Tile[] {
  const fresh = tiles.filter(({ of, kind }) => of.isNew && of.status === 'PUBLIC' && kind === 'destinations');
  const place = ({ of }: Tile): number => {
    const at = NOTEWORTHY.indexOf(of.slug);
    return at < 0 ? NOTEWORTHY.length : at;
  };
  return fresh
    .toSorted((a, b) => place(a) - place(b) || b.of.addedAt.localeCompare(a.of.addedAt))
    .slice(0, NOTEWORTHY_SHOWN);
}
