import fc from 'fast-check';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOut } from '../../../../cli/tributary/files/file-layout.ts';
import { readFolder, writeFolder } from '../../../../cli/tributary/files/folder.ts';
import { escaped, placeholdersIn, resolved, variableNames } from '../../../../cli/tributary/files/placeholders.ts';
import type { Files } from '../../../../cli/tributary/files/workspace-files.ts';
import { KINDS } from '../../../../cli/tributary/workspace/known.ts';
import {
  aDestinationFile,
  aSourceFile,
  filesArbitrary,
  someFiles,
  textsOf,
} from '../../../builders/workspace-files.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-files-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});
const write = async (files: Files, kinds: Parameters<typeof layOut>[2] = KINDS) =>
  await writeFolder(folder, layOut(files, { slug: 'shop', name: 'Shop' }, kinds), kinds);

test('what is written is read again, whatever the workspace', async () => {
  await fc.assert(
    fc.asyncProperty(filesArbitrary({ withGroups: true }), async (files) => {
      await write(files);
      const read = await readFolder(folder, KINDS);
      expect(textsOf(read.files)).toEqual(textsOf(files));
      await expect(write(read.files)).resolves.toMatchObject({ written: [], removed: [] });
    }),
    { numRuns: 40 },
  );
});

test('the same workspace is the same text, in whatever order its parts and keys come', () => {
  fc.assert(
    fc.property(filesArbitrary({ withGroups: true }), (files) => {
      const backwards = {
        ...files,
        sources: files.sources.toReversed(),
        destinations: files.destinations.toReversed().map(({ settings, mappings, ...rest }) => ({
          mappings: mappings.toReversed(),
          ...rest,
          settings,
        })),
        groups: files.groups.toReversed(),
      };
      expect(textsOf(backwards)).toEqual(textsOf(files));
    }),
    { numRuns: 100 },
  );
});

test('each thing has a file that says whose it is, and two of one name have two', () => {
  const files = someFiles({
    sources: [aSourceFile()],
    destinations: [
      aDestinationFile({ name: 'Slack: #sales' }),
      aDestinationFile({ name: 'Slack / sales' }),
      aDestinationFile({ name: '../../etc' }),
      aDestinationFile({ name: 'Größe' }),
      aDestinationFile({ name: '…' }),
    ],
  });
  expect(Object.keys(textsOf(files))).toEqual([
    'workspace.json',
    'labels.json',
    'sources/website.json',
    'destinations/website/etc.json',
    'destinations/website/grosse.json',
    'destinations/website/slack-sales.json',
    'destinations/website/slack-sales-2.json',
    'destinations/website/unnamed.json',
  ]);
});

test('a file of what is gone goes, what is not ours stays', async () => {
  await write(someFiles({ sources: [aSourceFile(), aSourceFile({ slug: 'server' })] }));
  await writeFile(join(folder, 'README.md'), 'mine');
  await mkdir(join(folder, '.git'));
  await expect(write(someFiles({ sources: [aSourceFile()] }))).resolves.toEqual({
    written: [],
    removed: ['sources/server.json'],
    unchanged: 3,
  });
  expect(await readdir(folder)).toEqual(expect.arrayContaining(['.git', 'README.md', 'sources']));
});

test('an export of some kinds leaves the files of the others alone', async () => {
  await write(someFiles({ sources: [aSourceFile()], destinations: [aDestinationFile()] }));
  await expect(write(someFiles({ sources: [aSourceFile()] }), ['sources'])).resolves.toMatchObject({ removed: [] });
  expect((await readFolder(folder, KINDS)).files.destinations).toEqual([aDestinationFile()]);
});

test('a folder with other things in it is no place for an export', async () => {
  await writeFile(join(folder, 'package.json'), '{}');
  await expect(write(someFiles())).rejects.toThrow('holds other things than an export (package.json)');
  await expect(readFolder(folder, KINDS)).rejects.toThrow('holds no workspace.json');
});

test('every fault of the files is told by file and field', async () => {
  await write(someFiles({ sources: [aSourceFile()] }));
  await writeFile(join(folder, 'sources', 'b.json'), '{"slug":"website","type":"node","enabled":true}');
  await writeFile(join(folder, 'sources', 'c.json'), '{"slug":"No Slug","type":"node","enabld":true}');
  await writeFile(join(folder, 'sources', 'd.json'), '{');
  const fault = await readFolder(folder, KINDS).then(
    () => '',
    (error: Error) => error.message,
  );
  expect(fault.split('\n').slice(1)).toEqual([
    'sources/c.json: slug: small letters, digits, _ and -, at most 64',
    expect.stringMatching(/^sources\/c\.json: enabled: /),
    'sources/c.json: enabld: is not known here',
    expect.stringMatching(/^sources\/d\.json: is not JSON: /),
    'sources/website.json: "website" is in sources/b.json already',
  ]);
});

test('a text that only looks like a placeholder comes back as it was', () => {
  const any = fc.json({ maxDepth: 3 }).map((text) => JSON.parse(text) as never);
  const texts = fc.stringMatching(/^\$*\{[A-Za-z_]{0,4}\}$/);
  fc.assert(
    fc.property(fc.oneof(any, texts, fc.record({ a: texts })), (value) => {
      expect(resolved(escaped(value), {})).toEqual({ value, missing: [] });
      expect(placeholdersIn(escaped(value))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('a placeholder is filled in from the environment; what is not there, or empty, is missing', () => {
  const value = { apiKey: '${KEY}', list: ['${KEY}', '${NONE}', '${EMPTY}'], text: 'a ${KEY}', literal: '$${KEY}' };
  expect(resolved(value, { KEY: 's3cret', EMPTY: '' })).toEqual({
    value: { apiKey: 's3cret', list: ['s3cret', '${NONE}', '${EMPTY}'], text: 'a ${KEY}', literal: '${KEY}' },
    missing: ['NONE', 'EMPTY'],
  });
  expect(resolved('${toString}', {})).toEqual({ value: '${toString}', missing: ['toString'] });
});

test('each variable has a name of its own', () => {
  const nameOf = variableNames();
  expect([
    nameOf('web-site', 'Slack: sales', 'apiKey'),
    nameOf('web_site', 'Slack sales', 'api_key'),
    nameOf('1st', 'Größe', 'key'),
    nameOf('…'),
  ]).toEqual(['WEB_SITE_SLACK_SALES_API_KEY', 'WEB_SITE_SLACK_SALES_API_KEY_2', 'S_1ST_GROSSE_KEY', 'SECRET']);
});
