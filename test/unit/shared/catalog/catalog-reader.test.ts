import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogReader, ENTRIES_MAX } from '../../../../shared/catalog/catalog-reader.ts';

const KEPT = ENTRIES_MAX;
const directories: string[] = [];
afterAll(() => directories.forEach((directory) => rmSync(directory, { recursive: true })));

type Named = { id: string; slug: string; otherSlugs?: string[] };

/** A directory as the build lays it, with these entries. */
function aCatalog(entries: readonly Named[]) {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-catalog-'));
  directories.push(directory);
  const list = entries.map((entry) => ({ otherSlugs: [], ...entry }));
  writeFileSync(join(directory, 'index.json'), JSON.stringify(list));
  for (const entry of list)
    writeFileSync(join(directory, `${entry.slug}.json`), JSON.stringify({ ...entry, full: true }));
  return { directory, reader: catalogReader(directory), remove: (name: string) => rmSync(join(directory, name)) };
}

const MIXPANEL = { id: 'a'.repeat(24), slug: 'mixpanel', otherSlugs: ['actions-mixpanel'] };

test('an entry is found by its id, by its slug and by another slug that means it', async () => {
  const { reader } = aCatalog([MIXPANEL]);
  for (const name of [MIXPANEL.id, 'mixpanel', 'actions-mixpanel']) {
    await expect(reader.get(name)).resolves.toEqual({ ...MIXPANEL, full: true });
  }
  await expect(reader.list()).resolves.toEqual([MIXPANEL]);
});

test('a slug of ours goes before another’s', async () => {
  const taken = { id: 'b'.repeat(24), slug: 'actions-mixpanel' };
  const { reader } = aCatalog([MIXPANEL, taken]);
  await expect(reader.get('actions-mixpanel')).resolves.toMatchObject({ id: taken.id });
});

test.each(['no-such', '', '../index', 'index', 'mixpanel.json', '__proto__', 'mixpanel/../mixpanel'])(
  'the name %j, which the index does not have, reads nothing',
  async (name) => {
    await expect(aCatalog([MIXPANEL]).reader.get(name)).resolves.toBeUndefined();
  },
);

test(`the ${KEPT} entries asked for last are kept, and each is read once`, async () => {
  const entries = Array.from({ length: KEPT + 1 }, (_, at) => ({ id: `${at}`.padStart(24, '0'), slug: `tool-${at}` }));
  const { reader, remove } = aCatalog(entries);
  for (const { slug } of entries.slice(0, KEPT)) await reader.get(slug);
  await reader.get('tool-0');
  for (const { slug } of entries.slice(0, KEPT)) remove(`${slug}.json`);
  // One more: of those that were read, the one asked for longest ago makes room.
  await reader.get(`tool-${KEPT}`);
  await expect(reader.get('tool-0')).resolves.toMatchObject({ slug: 'tool-0' });
  await expect(reader.get(`tool-${KEPT - 1}`)).resolves.toMatchObject({ slug: `tool-${KEPT - 1}` });
  await expect(reader.get('tool-1')).rejects.toThrow(/ENOENT/);
});

test('what could not be read is read anew when it is asked for again', async () => {
  const { directory, reader, remove } = aCatalog([MIXPANEL]);
  remove('mixpanel.json');
  await expect(reader.get('mixpanel')).rejects.toThrow(/ENOENT/);
  writeFileSync(join(directory, 'mixpanel.json'), JSON.stringify(MIXPANEL));
  await expect(reader.get('mixpanel')).resolves.toEqual(MIXPANEL);

  const late = catalogReader(join(directory, 'later'));
  await expect(late.list()).rejects.toThrow(/ENOENT/);
  await expect(late.list()).rejects.toThrow(/ENOENT/);
});
