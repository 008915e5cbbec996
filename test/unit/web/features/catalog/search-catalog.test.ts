import type { DestinationType, SourceType } from '../../../../../web/src/features/catalog/catalog.ts';
import {
  countsOf,
  inCategory,
  noteworthy,
  searched,
  type Tile,
  tilesOf,
} from '../../../../../web/src/features/catalog/search-catalog.ts';

const destination = (name: string, more: Partial<DestinationType> = {}): DestinationType => ({
  id: name,
  slug: name.toLowerCase(),
  otherSlugs: [],
  name,
  previousNames: [],
  description: '',
  categories: ['Analytics'],
  status: 'PUBLIC',
  addedAt: '2026-11-24',
  connectionModes: {
    device: { web: false, mobile: false, server: false },
    cloud: { web: true, mobile: true, server: true },
  },
  sourceKinds: ['website'],
  supportedTypes: ['track'],
  isNew: true,
  logo: '',
  ...more,
});
const source: SourceType = {
  id: 's',
  slug: 'javascript',
  name: 'JavaScript',
  description: 'Pages of a website',
  kind: 'website',
  categories: ['Website'],
  status: 'PUBLIC',
  addedAt: '2026-11-24',
  isNew: true,
};
const tiles = tilesOf(
  {
    destinations: [
      destination('Mail Box', { categories: ['Email Marketing'], description: 'Sends letters' }),
      destination('Letters', { previousNames: ['Post Office'] }),
      destination('In Browsers', {
        connectionModes: {
          device: { web: true, mobile: false, server: false },
          cloud: { web: false, mobile: false, server: false },
        },
        supportedTypes: ['page'],
      }),
    ],
    sources: [source],
  },
  { destinations: new Map([['letters', 3]]), sources: new Map() },
);
const names = (found: readonly Tile[]): string[] => found.map(({ of }) => of.name);
const all = { query: '', kind: 'all' } as const;

test('everything stands by name, with how often it is connected', () => {
  expect(names(tiles)).toEqual(['In Browsers', 'JavaScript', 'Letters', 'Mail Box']);
  expect(tiles.map(({ connected }) => connected)).toEqual([0, 0, 3, 0]);
});

test.each<[string, string[]]>([
  ['letters', ['Letters', 'Mail Box']],
  ['post office', ['Letters']],
  ['email', ['Mail Box']],
  ['website java', ['JavaScript']],
  ['nothing', []],
])('a search for %s finds what fits best first (B02)', (query, found) => {
  expect(names(searched(tiles, { ...all, query }))).toEqual(found);
});

test('kind, call and mode narrow it; sources are in no mode', () => {
  expect(names(searched(tiles, { ...all, kind: 'sources' }))).toEqual(['JavaScript']);
  expect(names(searched(tiles, { ...all, method: 'page' }))).toEqual(['In Browsers']);
  expect(names(searched(tiles, { ...all, mode: 'device' }))).toEqual(['In Browsers']);
  expect(names(searched(tiles, { ...all, mode: 'cloud' }))).toEqual(['Letters', 'Mail Box']);
});

test('categories are counted and chosen', () => {
  expect(Object.fromEntries(countsOf(tiles))).toEqual({ Analytics: 2, 'Email Marketing': 1, Website: 1 });
  expect(names(inCategory(tiles, 'Analytics'))).toEqual(['In Browsers', 'Letters']);
  expect(inCategory(tiles, undefined)).toBe(tiles);
});

test('noteworthy is what is new and no beta, six at most', () => {
  const many = Array.from({ length: 9 }, (_, index) => destination(`Tool ${index}`));
  const empty = { destinations: new Map<string, number>(), sources: new Map<string, number>() };
  const of = (destinations: DestinationType[]) => names(noteworthy(tilesOf({ destinations, sources: [] }, empty)));
  expect(of([...many, destination('Braze')])).toHaveLength(6);
  expect(of([...many, destination('Braze')])[0]).toBe('Braze');
  expect(of([destination('Old', { isNew: false }), destination('Beta', { status: 'PUBLIC_BETA' })])).toEqual([]);
});
