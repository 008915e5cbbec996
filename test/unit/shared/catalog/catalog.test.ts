import { DestinationMetadataV1, SourceMetadataV1 } from '../../../../shared/api/shapes.ts';
import { buildCatalog, indexEntryOf } from '../../../../shared/catalog/build-catalog.ts';
import { isNew, type CatalogDestination } from '../../../../shared/catalog/catalog-entry.ts';
import { signedPages } from '../../../../functions/api/http/pages.ts';
import { ENTRIES_MAX } from '../../../../shared/catalog/catalog-reader.ts';
import { DESTINATION_CATEGORIES, SOURCE_CATEGORIES } from '../../../../shared/catalog/categories.ts';
import { KEYS_BY_HAND, SLUGS_BY_HAND } from '../../../../shared/catalog/credentials.ts';
import { toDestinationMetadata } from '../../../../shared/catalog/destination-metadata.ts';
import { FACT_SLUGS } from '../../../../shared/catalog/facts-of.ts';
import { findCatalogSource, SOURCE_CATALOG, toSourceMetadata } from '../../../../shared/catalog/source-catalog.ts';
import { SLUGS } from '../../../../shared/destinations/catalog.ts';
import { findRow } from '../../../../shared/destinations/rows.ts';

const PLACES = { cdnUrl: 'https://d111111abcdef8.cloudfront.net' };
/** On which this repository began. */
const FIRST_DAY = '2026-11-24';

/** Types of settings in Segment's catalog (features 1.7). */
const OPTION_TYPES = 'string boolean select password array text-map number mixed map color'.split(' ');

let catalog: CatalogDestination[];
const entry = (slug: string): CatalogDestination => {
  const found = catalog.find((each) => each.slug === slug);
  if (found === undefined) throw new Error(`${slug} is in the catalog`);
  return found;
};

beforeAll(async () => {
  catalog = await buildCatalog();
}, 60_000);

describe('destinations', () => {
  test('all that are shipped are in the catalog, in the order of their names, each with its facts', () => {
    expect(catalog.map(({ slug }) => slug).toSorted()).toEqual(SLUGS.toSorted());
    expect(FACT_SLUGS.toSorted()).toEqual(SLUGS.toSorted());
    expect(catalog.length).toBeGreaterThanOrEqual(175);
    expect(catalog.map(({ name }) => name)).toEqual(
      catalog.map(({ name }) => name).toSorted((a, b) => a.localeCompare(b, 'en')),
    );
  });

  test('no name of one means another: ids, slugs and other slugs are all different', () => {
    const names = catalog.flatMap(({ id, slug, otherSlugs }) => [id, slug, ...otherSlugs]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    for (const { id } of catalog) expect(id).toMatch(/^[0-9a-f]{24}$/);
    const actionIds = catalog.flatMap(({ actions }) => actions.map(({ id }) => id));
    expect(new Set(actionIds).size).toBe(actionIds.length);
  });

  test('ids are Segment’s where it has the tool, and do not change', () => {
    expect([entry('amplitude').id, entry('braze-web').id, entry('adobe-analytics').id, entry('inbox').id]).toEqual([
      '5f7dd6d21ad74f3842b1fc47',
      '60fb01aec459242d3b6f20c1',
      '5783cec280412f644ff14226',
      'caadbcffec9038112a5642fc',
    ]);
    expect(entry('amplitude').actions.find(({ key }) => key === 'logEventV2')?.id).toBe('635570a3e1265f6f279cde76');
  });

  test('each is in one to five of the 23 categories', () => {
    expect(DESTINATION_CATEGORIES).toHaveLength(23);
    const known: readonly string[] = DESTINATION_CATEGORIES;
    for (const { slug, categories } of catalog) {
      expect([slug, categories.filter((category) => !known.includes(category))]).toEqual([slug, []]);
      expect(categories.length).toBeGreaterThan(0);
      expect(categories.length).toBeLessThanOrEqual(5);
    }
  });

  test('days are days since this repository began, web sites addresses without what tracks their readers', () => {
    for (const { slug, addedAt, website } of catalog) {
      expect([slug, addedAt]).toEqual([slug, new Date(addedAt).toISOString().slice(0, 10)]);
      expect(addedAt >= FIRST_DAY).toBe(true);
      if (website === undefined) continue;
      const url = new URL(website);
      expect([slug, url.search, url.hash, /segment/.test(url.host) && slug !== 'segment']).toEqual([
        slug,
        '',
        '',
        false,
      ]);
    }
  });

  test('a browser’s tool is for websites alone, all others are for every kind of source', () => {
    const onDevice = catalog.filter(({ connectionModes }) => connectionModes.device.web);
    expect(
      onDevice.map(({ slug, sourceKinds, connectionModes }) => [slug, sourceKinds, connectionModes.cloud]),
    ).toEqual([['braze-web', ['website'], { web: false, mobile: false, server: false }]]);
    for (const { slug, sourceKinds, connectionModes } of catalog.filter(({ slug }) => slug !== 'braze-web')) {
      expect([slug, sourceKinds, Object.values(connectionModes.cloud)]).toEqual([
        slug,
        ['website', 'mobile', 'server', 'webhook'],
        [true, true, true],
      ]);
    }
  });
});

describe('credentials', () => {
  test('every secret or required setting, and every secret field of a mapping, has its way', () => {
    for (const { slug, settings, credentials } of catalog) {
      const needed = [
        ...settings.filter(({ secret, required }) => secret || required).map(({ key }) => key),
        ...(findRow(slug)?.secretFields ?? []),
      ];
      expect([slug, credentials.map(({ key }) => key)]).toEqual([slug, expect.arrayContaining(needed)]);
      expect(new Set(credentials.map(({ key }) => key)).size).toBe(credentials.length);
      for (const { theirName } of credentials) expect([slug, theirName]).not.toEqual([slug, '']);
    }
  });

  test('at least 40 destinations are written by hand, each line of them about a setting or field that there is', () => {
    expect(SLUGS_BY_HAND.length).toBeGreaterThanOrEqual(40);
    expect(new Set(KEYS_BY_HAND.map((pair) => pair.join(' '))).size).toBe(KEYS_BY_HAND.length);
    for (const [slug, key] of KEYS_BY_HAND) {
      const found = entry(slug).credentials.find((each) => each.key === key);
      expect([slug, key, found?.origin]).toEqual([slug, key, 'by hand']);
    }
  });

  test('what a wrong one answers is a status of an error, or nothing that can be told', () => {
    const answers = catalog.flatMap(({ slug, credentials }) =>
      credentials.flatMap(({ key, wrong }) => (wrong === undefined ? [] : [{ slug, key, ...wrong }])),
    );
    expect(answers.length).toBeGreaterThan(40);
    for (const { answer } of answers) {
      if (answer !== 'silent') expect([400, 401, 403, 404]).toContain(answer);
    }
    expect(answers.find(({ slug }) => slug === 'mixpanel')).toEqual({
      slug: 'mixpanel',
      key: 'apiSecret',
      answer: 401,
      words: 'Invalid credentials',
      seenHere:
        'In the destination’s errors under the code 401, with the tool’s own words. When most sends end so, sending stops and what comes waits, until the key is right.',
    });
    expect(answers.find(({ slug }) => slug === 'google-analytics-4')?.seenHere).toMatch(/^As delivered/);
    expect(answers.find(({ slug }) => slug === 'amplitude')?.seenHere).toMatch(/code 400.*kept for a replay/);
  });

  test('what nobody has written is the field’s own help, and marked so', () => {
    expect(entry('accoil-analytics').credentials).toEqual([
      {
        key: 'api_key',
        secret: true,
        required: true,
        theirName: 'API Key',
        where: 'Your Accoil.com API Key. You can find your API Key in your Accoil account settings.',
        origin: 'field help',
      },
    ]);
    expect(entry('slack').credentials).toMatchObject([{ key: 'url', isField: true, secret: true, origin: 'by hand' }]);
  });
});

describe('in Segment’s shape', () => {
  test('every destination has every member, of the right type, and no other', () => {
    for (const each of catalog) {
      const metadata = toDestinationMetadata(each, PLACES);
      const parsed = DestinationMetadataV1().safeParse(JSON.parse(JSON.stringify(metadata)));
      expect([each.slug, parsed.error?.issues ?? []]).toEqual([each.slug, []]);
      for (const { type } of metadata.options) expect(OPTION_TYPES).toContain(type);
      expect(Object.keys(metadata.supportedMethods)).toHaveLength(5);
      expect(Object.keys(metadata.supportedPlatforms)).toHaveLength(6);
      // No preset or action is lost on the way.
      expect(metadata.presets).toHaveLength(each.presets.length);
      const fieldIds = metadata.actions.flatMap(({ fields }) => fields.map(({ id }) => id));
      expect(new Set(fieldIds).size).toBe(fieldIds.length);
      const actionIds = metadata.actions.map(({ id }) => id);
      for (const preset of metadata.presets) expect(actionIds).toContain(preset.actionId);
    }
  });

  test('settings, methods and modes are those of the tool', () => {
    const mixpanel = toDestinationMetadata(entry('mixpanel'), PLACES);
    expect(mixpanel).toMatchObject({
      slug: 'mixpanel',
      status: 'PUBLIC',
      previousNames: ['Mixpanel (Actions)'],
      logos: { default: `${PLACES.cdnUrl}/logos/mixpanel.svg`, mark: null, alt: null },
      supportedMethods: { pageview: true, identify: true, alias: true, track: true, group: true },
      supportedPlatforms: { browser: true, server: true, mobile: true, warehouse: false },
      supportedFeatures: { cloudModeInstances: 'MULTIPLE', deviceModeInstances: 'NONE', replay: true },
    });
    const byName = new Map(mixpanel.options.map((option) => [option.name, option]));
    expect(byName.get('apiSecret')).toMatchObject({ type: 'password', required: true });
    expect(byName.get('projectToken')).toMatchObject({ type: 'string', required: true, label: 'Project Token' });
    expect(byName.get('strictMode')).toMatchObject({
      type: 'select',
      description: expect.stringMatching(/One of `\d/),
    });
    const web = toDestinationMetadata(entry('braze-web'), PLACES);
    expect(web).toMatchObject({
      supportedPlatforms: { browser: true, server: false, mobile: false },
      supportedFeatures: { cloudModeInstances: 'NONE', deviceModeInstances: 'SINGLE', replay: false },
    });
    expect(new Set(web.actions.map(({ platform }) => platform))).toEqual(new Set(['WEB']));
    expect(toDestinationMetadata(entry('inbox'), PLACES).website).toBe('');
    expect(entry('koala').status).toBe('DEPRECATED');
  });

  test('no secret’s value and no place of another is in it', () => {
    for (const each of catalog) {
      expect(JSON.stringify(toDestinationMetadata(each, PLACES))).not.toMatch(/cdn-devcenter|cdn\.segment\.com/);
    }
  });

  test('all of the catalog is kept in memory: a page of destinations reads no file again', () => {
    expect(catalog.length).toBeLessThanOrEqual(ENTRIES_MAX);
  });

  test('sizes in the index are never too small, and all of the catalog fits into one answer', async () => {
    const index = catalog.map(indexEntryOf);
    for (const [at, each] of catalog.entries()) {
      const bytes = Buffer.byteLength(JSON.stringify(toDestinationMetadata(each, PLACES)));
      expect(index[at]?.metadataBytes).toBeGreaterThanOrEqual(bytes);
    }
    expect(await pageOf(index, 200)).toHaveLength(catalog.length);
  });
});

test.each([
  ['all that are asked for, where they fit', [1_000_000, 1_000_000, 1_000_000], 200, 3],
  ['no more than are asked for', [10, 10, 10], 2, 2],
  ['as many as fit', [2_000_000, 1_900_000, 200_000], 200, 2],
  ['one that does not fit alone', [5_000_000, 10], 200, 1],
  ['none of none', [], 10, 0],
])('a page holds %s', async (_case, sizes, count, taken) => {
  const items = sizes.map((metadataBytes, at) => ({ slug: String(at), metadataBytes }));
  expect(await pageOf(items, count)).toHaveLength(taken);
});

/** A page of the catalog as the API cuts it. */
async function pageOf(items: readonly { slug: string; metadataBytes: number }[], count: number) {
  const list = {
    name: 'catalog',
    items,
    keyOf: ({ slug }: { slug: string }) => slug,
    bytesOf: ({ metadataBytes }: { metadataBytes: number }) => metadataBytes,
  };
  return (await signedPages('ws_1', async () => Buffer.alloc(32)).cut(list, { count })).items;
}

test.each([
  ['is new on the day it comes', '2026-11-26', true],
  ['is new until 90 days have gone', '2027-02-23T23:59:59.999Z', true],
  ['is not new after 90 days', '2027-02-24', false],
  ['is not new before it comes', '2026-11-25', false],
])('what came on 2026-11-26 %s', (_case, today, isIt) => {
  expect(isNew('2026-11-26', today)).toBe(isIt);
});

describe('sources', () => {
  test('each has every member in Segment’s shape, a name of its own, and a text to begin with', () => {
    const names = SOURCE_CATALOG.flatMap(({ id, slug }) => [id, slug]);
    expect(new Set(names).size).toBe(names.length);
    for (const source of SOURCE_CATALOG) {
      const parsed = SourceMetadataV1().safeParse(JSON.parse(JSON.stringify(toSourceMetadata(source, PLACES))));
      expect([source.slug, parsed.error?.issues ?? []]).toEqual([source.slug, []]);
      expect(source.install.length).toBeGreaterThan(0);
      for (const category of source.categories) expect(SOURCE_CATEGORIES).toContain(category);
      expect(findCatalogSource(source.id)).toBe(source);
      expect(findCatalogSource(source.slug)).toBe(source);
    }
    expect(findCatalogSource('no-such')).toBeUndefined();
  });

  test('all kinds of the issue are there', () => {
    const slugs = (kind: string) => SOURCE_CATALOG.filter((each) => each.kind === kind).map(({ slug }) => slug);
    expect(slugs('website')).toEqual(['javascript']);
    expect(slugs('mobile')).toEqual(['apple', 'kotlin-android', 'react-native', 'flutter']);
    expect(slugs('server')).toEqual([
      'node-js',
      'python',
      'go',
      'java',
      'ruby',
      'php',
      'net',
      'http-api',
      'pixel-tracking-api',
    ]);
    expect(slugs('webhook')).toEqual(['webhook']);
  });
});
