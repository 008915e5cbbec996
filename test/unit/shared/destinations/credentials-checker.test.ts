import type { Json } from '../../../../shared/domain/json.ts';
import { bundledDestinations } from '../../../builders/destination-bundle.ts';
import { type Answer, toolServer } from '../../../builders/tool-server.ts';

type Bundle = Awaited<ReturnType<typeof bundledDestinations>>;
type Request = (url: string, options?: object) => Promise<unknown>;
let bundle: Bundle;
const closing: (() => Promise<void> | void)[] = [];
const NOW = new Date('2026-11-26T10:00:00.000Z');
const SECRET = 'canary-0123456789abcdef';

beforeAll(async () => {
  bundle = await bundledDestinations(['slack']);
}, 60_000);
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A destination of one setting whose check asks as a test says, against a tool on loopback. */
async function setUp(
  testAuthentication: ((request: Request, data: { settings: Record<string, Json> }) => unknown) | undefined,
  answer?: Answer,
) {
  const tool = await toolServer(answer);
  const http = bundle.guardedHttp(bundle.targetRules(tool.host, ''));
  closing.push(tool.close, () => bundle.closeGuardedHttp(http));
  const definition = {
    name: 'Own tool',
    mode: 'cloud',
    authentication: {
      scheme: 'custom',
      fields: { apiKey: { label: 'Key', description: '', type: 'password', required: true } },
      testAuthentication,
    },
    actions: {},
  };
  // The row of a real destination, with code of this test's.
  const loaders = { slack: async () => ({ default: definition }) };
  const check = bundle.credentialsChecker({ http, now: () => NOW, loaders });
  const settings = { apiKey: SECRET };
  return {
    tool,
    check: (given: Record<string, Json> = settings) =>
      check({ slug: 'slack', settings: given, secretValues: [SECRET] }),
  };
}
const asks =
  (origin: () => string) =>
  (request: Request, { settings }: { settings: Record<string, Json> }) =>
    request(`${origin()}/me?key=${JSON.stringify(settings['apiKey']).slice(1, -1)}`);

test('a tool that takes them was asked once, and no event was sent', async () => {
  let origin = '';
  const { tool, check } = await setUp(asks(() => origin));
  origin = tool.origin;
  await expect(check()).resolves.toEqual({ outcome: 'accepted', requests: 1 });
  expect(tool.arrivals.map(({ method, url }) => `${method} ${url}`)).toEqual([`GET /me?key=${SECRET}`]);
});

test('a refusal is told with the tool’s status and words, and without the secret that they repeat', async () => {
  let origin = '';
  const { tool, check } = await setUp(
    asks(() => origin),
    (_arrival, response) => {
      response.statusCode = 401;
      response.end(`{"error":"unknown key ${SECRET}"}`);
    },
  );
  origin = tool.origin;
  const outcome = await check();
  expect(outcome).toEqual({
    outcome: 'refused',
    status: 401,
    requests: 1,
    message: expect.stringContaining('unknown key [redacted]'),
  });
  expect(JSON.stringify(outcome)).not.toContain(SECRET);
});

test('a check that asks nobody says so: no request', async () => {
  const { check } = await setUp(() => true);
  await expect(check()).resolves.toEqual({ outcome: 'accepted', requests: 0 });
});

test('code without a check offers none, and so does a destination without code', async () => {
  const { check } = await setUp(undefined);
  await expect(check()).resolves.toEqual({ outcome: 'not-offered' });
  const bare = bundle.credentialsChecker({ http: bundle.guardedHttp(bundle.targetRules('', '')), now: () => NOW });
  await expect(bare({ slug: 'inbox', settings: {}, secretValues: [] })).resolves.toEqual({ outcome: 'not-offered' });
});

test('a setting that is missing is refused before anybody is asked, and a private address is not reached (T6)', async () => {
  const { check } = await setUp(() => true);
  await expect(check({})).resolves.toMatchObject({
    outcome: 'refused',
    requests: 0,
    message: expect.stringContaining('apiKey'),
  });
  const inside = await setUp((request) => request('http://169.254.169.254/latest/meta-data'));
  await expect(inside.check()).resolves.toMatchObject({ outcome: 'refused', requests: 0 });
});
