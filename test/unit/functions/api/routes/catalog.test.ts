import { apiWorld } from '../../../../builders/api-world.ts';
import { fakeCatalog } from '../../../../builders/fake-catalog.ts';

type Page = {
  destinationsCatalog: { slug: string }[];
  pagination: { next?: string; previous?: string; totalEntries: number };
};

test('types of destinations come with all their metadata, by id or slug', async () => {
  const { call } = await apiWorld();
  const { destinationsCatalog } = (await call('GET', '/catalog/destinations')).data as Page;
  expect(destinationsCatalog.map(({ slug }) => slug)).toEqual(['inbox', 'pager', 'pixel', 'tool']);
  for (const name of ['tool', 'actions-tool', 'aaaaaaaaaaaaaaaaaaaaaa02']) {
    expect((await call('GET', `/catalog/destinations/${name}`)).data).toMatchObject({
      destinationMetadata: {
        slug: 'tool',
        options: [{ name: 'apiKey', type: 'password', required: true }, {}, {}, {}, {}, {}],
      },
    });
  }
  expect((await call('GET', '/catalog/destinations/nothing')).status).toBe(404);
});

test('a page ends before its answer is too large for Lambda, and the next goes on there', async () => {
  const { call } = await apiWorld({ catalog: fakeCatalog(1_900_000) });
  const first = (await call('GET', '/catalog/destinations')).data as Page;
  expect(first.destinationsCatalog.map(({ slug }) => slug)).toEqual(['inbox', 'pager']);
  const query = `pagination[cursor]=${encodeURIComponent(first.pagination.next ?? '')}`;
  const second = (await call('GET', '/catalog/destinations', { query })).data as Page;
  expect(second.destinationsCatalog.map(({ slug }) => slug)).toEqual(['pixel', 'tool']);
  expect([second.pagination.next, second.pagination.previous]).toEqual([undefined, 'MA==']);
});

test('an entry that is too large by itself has a page of its own', async () => {
  const { call } = await apiWorld({ catalog: fakeCatalog(9_000_000) });
  const { destinationsCatalog } = (await call('GET', '/catalog/destinations')).data as Page;
  expect(destinationsCatalog).toHaveLength(1);
});

test('types of sources come by id or slug, and there are no warehouses', async () => {
  const { call } = await apiWorld();
  const { sourcesCatalog } = (await call('GET', '/catalog/sources')).data as {
    sourcesCatalog: { id: string; slug: string }[];
  };
  expect(sourcesCatalog.length).toBeGreaterThanOrEqual(15);
  const [{ id, slug } = { id: '', slug: '' }] = sourcesCatalog;
  for (const name of [id, slug]) {
    expect((await call('GET', `/catalog/sources/${name}`)).data).toMatchObject({ sourceMetadata: { id, slug } });
  }
  expect((await call('GET', '/catalog/sources/nothing')).status).toBe(404);
  expect((await call('GET', '/catalog/warehouses')).data).toMatchObject({
    warehousesCatalog: [],
    pagination: { totalEntries: 0 },
  });
  expect((await call('GET', '/catalog/warehouses/redshift')).status).toBe(404);
});

test('the app gets a light list, and of one type all: choices, credentials, install texts', async () => {
  const { call } = await apiWorld();
  const list = (await call('GET', '/app-api/catalog')).data as { destinations: object[]; sources: object[] };
  expect(list.destinations[0]).toMatchObject({ slug: 'inbox', isNew: true, logo: 'https://cdn.test/logos/inbox.svg' });
  expect(list.destinations[0]).not.toHaveProperty('actions');
  expect(list.sources[0]).not.toHaveProperty('install');
  expect((await call('GET', '/app-api/catalog/destinations/pager')).data).toMatchObject({
    destination: { credentials: [{ key: 'url', secret: true }] },
  });
  expect((await call('GET', '/app-api/catalog/sources/javascript')).data).toMatchObject({
    source: { slug: 'javascript', install: expect.arrayContaining([expect.objectContaining({ language: 'html' })]) },
  });
  for (const kind of ['sources', 'destinations']) {
    expect((await call('GET', `/app-api/catalog/${kind}/__proto__`)).status).toBe(404);
  }
});

test('an entry’s shape is made once, however many destinations are of its type', async () => {
  const { call, deps } = await apiWorld();
  let asked = 0;
  const { get } = deps.catalog;
  const entry = await get('tool');
  if (entry === undefined) throw new Error('the catalog has the tool');
  const watched = new Proxy(entry, {
    get: (target, key, self) => {
      if (key === 'presets') asked += 1;
      return Reflect.get(target, key, self) as unknown;
    },
  });
  deps.catalog.get = async () => watched;
  const shown = async () => (await call('GET', '/catalog/destinations/tool')).data;
  expect(await shown()).toEqual(await shown());
  expect(asked).toBe(1);
});
