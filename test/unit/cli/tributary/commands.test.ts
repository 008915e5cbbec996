import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explained } from '../../../../cli/tributary/explain-error.ts';
import { COMMANDS } from '../../../../cli/tributary/commands.ts';
import { ApiError, ApiUnreachable } from '../../../../shared/api/api-error.ts';
import { apiWorld } from '../../../builders/api-world.ts';
import { fetchOf, terminal } from '../../../builders/cli-world.ts';

const URL_HERE = 'http://127.0.0.1:1';
async function setUp(over: Parameters<typeof apiWorld>[0] = {}) {
  const world = await apiWorld(over);
  const type = terminal({ url: URL_HERE, token: world.ownerToken }, { fetch: fetchOf(world) });
  return { world, type };
}

test.each([
  ['exprot x', 'There is no command "exprot"; did you mean "export"?'],
  ['dance', 'There is no command "dance"; --help lists those there are.'],
  ['constructor', 'There is no command "constructor"'],
  ['export', 'Name the folder'],
  ['export a b', '"b" is one argument too many'],
  ['export a --cluster', 'There is no flag --cluster'],
  ['login', 'Say which deployment'],
  ['login --url http://example.com', 'is not https'],
  ['login --url https://example.com tby_token', '"tby_token" is one argument too many'],
  ['whoami --profile nobody', 'Nobody has signed in as "nobody"'],
  ['whoami --url https://example.com', 'takes its token from TRIBUTARY_TOKEN'],
  ['diff x --only kings', '--only knows settings, labels, sources'],
])('"tributary %s" is not understood: exit code 2, and one sentence', async (line, sentence) => {
  const { type } = await setUp();
  const { code, notes, out } = await type(line);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(notes).toContain(sentence);
});

test.each(Object.keys(COMMANDS))('%s has a help with examples', async (name) => {
  const { type } = await setUp();
  const { code, out } = await type(`${name} --help`);
  expect(code).toBe(0);
  expect(out).toContain(`tributary ${name}`);
  expect(out.split('Examples:\n')[1]?.trim()).toMatch(/tributary|npm start/);
  expect((await type('--help')).out).toContain(COMMANDS[name]?.usage);
});

test('nothing but tributary says what there is, as a mistake', async () => {
  const { type } = await setUp();
  expect(await type('')).toMatchObject({ code: 2, notes: '' });
});

test('who signs in is told to which workspace, and a token that is not live is not kept', async () => {
  const { world, type } = await setUp();
  const token = await world.token([]);
  const done = await type(`login --url ${URL_HERE} --profile ci`, {}, `${token}\n`);
  expect(done).toMatchObject({ code: 0, out: expect.stringContaining('Signed in to Shop (shop)') });
  expect(`${done.out}${done.notes}`).not.toContain(token);
  expect(await type('whoami --profile ci')).toMatchObject({ code: 0, out: expect.stringContaining('Shop (shop)') });
  const refused = await type(`login --url ${URL_HERE} --profile bad`, { TRIBUTARY_TOKEN: 'tby_dead' });
  expect(refused).toMatchObject({ code: 1, notes: expect.stringContaining('Sign in again') });
  expect((await type('whoami --profile bad')).code).toBe(2);
  expect(await type('logout --profile ci')).toMatchObject({ code: 0, out: 'Forgot "ci".' });
  expect((await type('whoami --profile ci')).code).toBe(2);
});

test('a pipeline signs in by its environment alone', async () => {
  const { world, type } = await setUp();
  const env = { TRIBUTARY_URL: URL_HERE, TRIBUTARY_TOKEN: world.ownerToken };
  const { code, out } = await type('whoami --json', env);
  expect({ code, ...(JSON.parse(out) as object) }).toMatchObject({
    code: 0,
    url: URL_HERE,
    workspace: { slug: 'shop' },
    rights: expect.arrayContaining(['workspace.read', 'source.create', 'member.edit']),
  });
});

test('a token that lacks a right is told which, and by exit code 1', async () => {
  const { world } = await setUp();
  const reader = await world.token([{ roleId: 'source-read-only', resources: [{ id: 'ws_1', type: 'WORKSPACE' }] }]);
  const type = terminal({ url: URL_HERE, token: reader }, { fetch: fetchOf(world) });
  const folder = await mkdtemp(join(tmpdir(), 'tributary-commands-'));
  try {
    const { code, notes } = await type(`export ${folder}`);
    expect(code).toBe(1);
    expect(notes).toContain('Ask an owner of the workspace');
    expect((await type(`export ${folder} --only sources,destinations`)).code).toBe(0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('doctor looks at a workspace by what the token may see, and says what fails', async () => {
  const { world, type } = await setUp({
    status: async () => ({
      balance: async () => [],
      status: async (_, config) =>
        ({
          mismatches: { checkedAt: 'T', found: [{}] },
          metrics: { lanes: [] },
          sources: config.sources.map(({ id }) => ({ id, received: 0 })),
          destinations: [],
        }) as never,
    }),
  });
  const body = { slug: 'web', enabled: true, metadataId: 'IqDTy1TpoU' };
  await world.call('POST', '/sources', { body });
  const { code, out } = await type('doctor');
  expect(code).toBe(1);
  expect(out.split('\n').slice(1)).toEqual([
    expect.stringMatching(/^ok {4}the token is live in Shop \(shop\), with \d+ rights$/),
    expect.stringMatching(/^FAIL {2}the books have 1 mismatches/),
    expect.stringMatching(/^warn {2}source web got no event in 24 hours/),
  ]);
  const limited = await world.token([{ roleId: 'source-read-only', resources: [{ id: 'ws_1', type: 'WORKSPACE' }] }]);
  const reader = terminal({ url: URL_HERE, token: limited }, { fetch: fetchOf(world) });
  expect((await reader('doctor')).out).toContain('source web shows no write key');
});

test.each([
  [401, 'unauthenticated', 'Sign in again'],
  [401, 'insufficient-permission', 'Ask an owner'],
  [403, 'insufficient-permission', 'Ask an owner'],
  [404, 'not-found', 'tributary whoami'],
  [409, 'conflict', 'do it again'],
  [413, 'too-large', 'make it smaller'],
  [422, 'input-validation', 'Put the fields right'],
  [429, 'RequestError', 'wait a minute'],
  [501, 'not-implemented', 'does not offer it'],
  [500, 'internal-error', 'The deployment failed'],
  [200, 'not-the-api', 'it says so'],
])('an answer of %i (%s) is explained with what to do', (status, type, advice) => {
  const text = explained(new ApiError(status, [{ type, message: 'it says so', field: 'a.b' }], 'GET /x'));
  expect(text).toContain(advice);
  expect(text).toContain('a.b: it says so');
  expect(text).toContain('GET /x');
});

test('no answer is explained too, and a bug is not', () => {
  expect(explained(new ApiUnreachable('https://x does not answer: ECONNREFUSED', 'GET /'))).toContain(
    'Is the URL right',
  );
  expect(explained(new TypeError('x'))).toBeUndefined();
});
