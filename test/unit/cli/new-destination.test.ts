import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { nextSteps, NOTE_REQUESTS, planDestination } from '../../../cli/new-destination/plan-destination.ts';
import { deliverBuildOptions } from '../../../infra/build/deliver-aliases.ts';
import { bundledDestinations } from '../../builders/destination-bundle.ts';
import { NOW, runWork } from '../../builders/own-destination.ts';
import { toolServer } from '../../builders/tool-server.ts';

const KNOWN = [{ slug: 'slack', integrationNames: ['Slack', 'Actions Slack'] }];
const ROWS =
  "import x from 'y';\n\nexport const OWN_ROWS: readonly OwnRow[] = [\n  { slug: 'a' },\n];\n\nconst after = [\n];\n";
const DEFINITION = 'shared/destinations/own/my-tool/definition.ts';

const plan = (slug: string, name: string, rows = ROWS) => planDestination({ slug, name }, KNOWN, rows);

test('a new destination is a definition, a test, and a row at the end of the list', () => {
  const files = plan('my-tool', "Jo's Tool");
  expect(Object.keys(files)).toEqual([
    'shared/destinations/own/rows.ts',
    DEFINITION,
    'test/unit/shared/destinations/own/my-tool.test.ts',
  ]);
  const rows = files['shared/destinations/own/rows.ts'] ?? '';
  expect(rows.indexOf("slug: 'my-tool'")).toBeGreaterThan(rows.indexOf("slug: 'a'"));
  expect(rows.indexOf("slug: 'my-tool'")).toBeLessThan(rows.indexOf('const after'));
  expect(rows).toContain(String.raw`integrationNames: ['Jo\'s Tool']`);
  expect(rows).toContain("load: () => import('./my-tool/definition.ts')");
});

test('command and page name the step without which npm test is red', async () => {
  const page = await readFile(join(process.cwd(), 'docs/adding-a-destination.md'), 'utf8');
  expect(nextSteps('my-tool')).toContain(NOTE_REQUESTS);
  expect(page).toContain(NOTE_REQUESTS);
});

test.each([
  ['My-Tool', 'cannot be a slug'],
  ['my_tool', 'cannot be a slug'],
  ['../x', 'cannot be a slug'],
  ['-x', 'cannot be a slug'],
  ['x--y', 'cannot be a slug'],
  ['1x', 'cannot be a slug'],
  ['', 'cannot be a slug'],
  ['x'.repeat(65), 'cannot be a slug'],
  ['slack', 'There is a destination slack already'],
])('the slug "%s" is refused', (slug, message) => {
  expect(() => plan(slug, 'My Tool')).toThrow(message);
});

test.each([
  ['', 'cannot be the name'],
  [' Tool', 'cannot be the name'],
  ["Tool'; import('x');//`${", 'cannot be the name'],
  ['Tool\nOther', 'cannot be the name'],
  ['All', 'cannot be the name'],
  ['x'.repeat(61), 'cannot be the name'],
  ['Actions Slack', '"Actions Slack" names the destination slack'],
])('the name "%s" is refused', (name, message) => {
  expect(() => plan('my-tool', name)).toThrow(message);
});

test('a list that is not where it was is said to be', () => {
  expect(() => plan('my-tool', 'My Tool', 'export const ROWS = [];')).toThrow('The list of rows was not found');
});

test('the list of today takes one more', async () => {
  const rows = await readFile(join(process.cwd(), 'shared/destinations/own/rows.ts'), 'utf8');
  expect(plan('my-tool', 'My Tool', rows)['shared/destinations/own/rows.ts']).toContain("slug: 'my-tool'");
});

test('what is written sends at once', async () => {
  const code = await build({
    ...deliverBuildOptions,
    stdin: {
      contents: plan('my-tool', "Jo's Tool")[DEFINITION] ?? '',
      loader: 'ts',
      // A folder that is there, as deep.
      resolveDir: join(process.cwd(), 'shared/destinations/own/ntfy'),
    },
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
  });
  const module = { exports: {} };
  // oxlint-disable-next-line no-implied-eval -- the code is what the template says
  new Function('module', 'exports', 'require', code.outputFiles[0]?.text ?? '')(module, module.exports, require);
  const bundle = await bundledDestinations([]);
  const tool = await toolServer();
  const http = bundle.guardedHttp(bundle.targetRules(tool.host, ''));
  const engine = bundle.createEngine({ http, now: () => NOW, loaders: { 'my-tool': async () => module.exports } });
  const [result] = await runWork(engine, {
    slug: 'my-tool',
    settings: { endpoint: tool.origin, apiKey: 'k' },
    mapping: { action: 'send', trigger: 'type = "track"', fields: { event: { '@path': '$.event' } } },
    events: [{ type: 'track', event: 'Cup Bought' }],
    hopThroughUs: 1,
  });
  await tool.close();
  bundle.closeGuardedHttp(http);
  expect(result?.outcome).toEqual({ outcome: 'delivered' });
  expect(tool.arrivals).toMatchObject([{ url: '/events', body: '{"event":"Cup Bought"}' }]);
});
