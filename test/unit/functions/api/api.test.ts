import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { api } from '../../../../functions/api/api.ts';
import type { ApiDeps } from '../../../../functions/api/api-deps.ts';
import { readStatus, type StatusDeps } from '../../../../functions/api/read-status.ts';
import { STATUS_PAGE, STATUS_PAGE_HEADERS } from '../../../../functions/api/status-page.ts';
import { bookShelf } from '../../../../shared/books/book.ts';
import { readBalance } from '../../../../shared/books/read-balance.ts';
import type { WorkspaceConfig } from '../../../../shared/domain/workspace.ts';
import type { ControlStore } from '../../../../shared/ports/control-store.ts';
import type { Mismatch } from '../../../../shared/domain/mismatch.ts';
import { aDoneRow, aPlanRow, intakeIdOf } from '../../../builders/ledger-rows.ts';
import { fakeRollupStore } from '../../../builders/rollup-store.ts';
import { aDestination, anApiToken, aSource, aWorkspace } from '../../../builders/workspace-things.ts';

const NOW = new Date('2026-11-24T10:30:00.000Z');
const TOKEN = 'trb_0123456789abcdef';
const createdAt = '2026-11-24T09:00:00.000Z';
const workspace = aWorkspace({ createdAt });
const source = aSource({ slug: 'web', name: 'Web', createdAt });
const destination = aDestination({ name: 'My inbox', createdAt });
const token = anApiToken({ sha256: createHash('sha256').update(TOKEN).digest('hex') });

const setUp = () => {
  const rows = {
    plans: [aPlanRow(), aPlanRow({ intakeId: intakeIdOf(2), received: 2, duplicate: 1 })],
    dones: [aDoneRow({ delivered: 0, discarded: { 400: 1 }, errors: [{ code: '400', message: 'no', count: 1 }] })],
  };
  const reads: string[] = [];
  const rollups = fakeRollupStore();
  void rollups.putUsageDay({ sourceId: source.id, day: '2026-11-23', calls: 7, types: { track: 7 } }, 1);
  const shelf = bookShelf({
    ledger: {
      plansOfHour: async (_id, hour) => {
        reads.push(hour);
        return rows.plans.filter((row) => row.receivedAt.startsWith(hour));
      },
      donesOfHour: async (_id, hour) => rows.dones.filter((row) => row.dueAt.startsWith(hour)),
      unreadableOfHour: async () => [],
    },
    rollups,
  });
  const books = { shelf, rollups, now: () => NOW };
  type Reads = Pick<ControlStore, 'findApiToken' | 'getWorkspace'> & { readConfig: () => Promise<WorkspaceConfig> };
  const parts: { control: Reads; breakers: StatusDeps['breakers'] } = {
    breakers: { get: async () => undefined },
    control: {
      findApiToken: async (sha256) => (sha256 === token.sha256 ? token : undefined),
      getWorkspace: async () => workspace,
      readConfig: async () => ({
        workspaceId: workspace.id,
        configVersion: 1,
        sources: [source],
        destinations: [{ destination, mappings: [] }],
      }),
    },
  };
  const statusDeps: StatusDeps = {
    books,
    recovered: { replays: { listRuns: async () => [], donesOfRun: async () => [] }, rollups },
    breakers: parts.breakers,
    rollups,
    refusals: {
      refusalsOfHour: async (hour) =>
        hour === '2026-11-24T10'
          ? [
              {
                v: 1,
                notice: 'refusals',
                noticeId: 'n1',
                at: NOW.toISOString(),
                refusals: [
                  { writeKey: 'nobodys', reason: 'unknown-write-key', count: 3 },
                  { sourceId: 'src_of_others' as never, reason: 'too-large', count: 9 },
                ],
              },
            ]
          : [],
    },
    metrics: { read: async () => ({ asOf: NOW.toISOString(), lanes: [], functions: [] }) },
    inbox: { list: async () => [{ type: 'track', event: 'Signed Up' }] },
    now: () => NOW,
  };
  const deps = {
    control: () => parts.control,
    configs: { workspaceConfig: () => parts.control.readConfig() },
    people: { noteUse: async () => undefined },
    status: async () => ({
      status: (shown: typeof workspace, config: WorkspaceConfig) => readStatus(statusDeps, shown, config),
      balance: (config: WorkspaceConfig, hours?: { from: string; to: string }) =>
        readBalance({ ...books, recovered: async () => 0 }, config, hours),
    }),
    now: () => NOW,
    newId: (prefix: string) => `${prefix}_1`,
    // What status and balance do not ask is not there.
  } as unknown as ApiDeps;
  const call = (path: string, headers: Record<string, string> = {}, query?: Record<string, string>) =>
    api(deps)({
      headers,
      rawPath: path,
      rawQueryString: new URLSearchParams(query).toString(),
      requestContext: { requestId: 'r1', http: { method: 'GET', path, sourceIp: '192.0.2.1' } },
    } as unknown as APIGatewayProxyEventV2);
  const putMismatches = (found: Mismatch[]) => rollups.putMismatches({ checkedAt: NOW.toISOString(), found });
  return { call, reads, deps: { ...parts, rows, putMismatches } };
};
const bearer = { authorization: `Bearer ${TOKEN}` };

test.each([
  ['no token', {}],
  ['a token that nobody has', { authorization: 'Bearer trb_ffffffffffffffff' }],
  ['another scheme', { authorization: `Basic ${TOKEN}` }],
  ['characters that no token has', { authorization: 'Bearer a b' }],
])('%s is answered 401 in the envelope', async (_case, headers) => {
  const answer = await setUp().call('/app-api/status', headers);
  expect(answer.statusCode).toBe(401);
  expect(JSON.parse(answer.body ?? '')).toEqual({
    errors: [{ type: 'unauthenticated', message: expect.any(String), status: 401 }],
  });
});

test.each(['/app-api/status', '/app-api/balance', '/app-api/nothing'])(
  'a write key, which everybody can read in a web page, opens nothing: %s (T1)',
  async (path) => {
    const key = 'writekeyofthetestsource000000001';
    const spellings: Record<string, string>[] = [
      { authorization: `Bearer ${key}` },
      { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` },
      { authorization: key },
      { 'x-api-key': key },
    ];
    for (const headers of spellings) {
      const answer = await setUp().call(path, headers, { writeKey: key });
      expect(answer.statusCode).toBe(path.endsWith('nothing') ? 404 : 401);
      expect(answer.body).not.toContain('src_1');
    }
  },
);

test('a route that does not exist is answered 404, whatever its name', async () => {
  for (const path of ['/app-api/nothing', '/app-api/__proto__', '/constructor']) {
    await expect(setUp().call(path, bearer)).resolves.toMatchObject({ statusCode: 404 });
  }
});

test('the status says what came, what was sent, what failed and why', async () => {
  const answer = await setUp().call('/app-api/status', bearer);
  expect(answer.statusCode).toBe(200);
  const { data } = JSON.parse(answer.body ?? '');
  expect(data.sources).toEqual([
    {
      id: 'src_1',
      name: 'Web',
      kind: 'website',
      enabled: true,
      received: 3,
      routed: 2,
      duplicate: 1,
      invalid: {},
      blocked: {},
      callsToday: 2,
      callsBefore: 7,
    },
  ]);
  expect(data.destinations).toEqual([
    {
      id: 'dst_1',
      name: 'My inbox',
      type: 'inbox',
      sourceId: 'src_1',
      enabled: true,
      sends: 2,
      delivered: 0,
      discarded: { 400: 1 },
      deadLettered: {},
      filtered: {},
      inFlight: 1,
      waiting: 0,
      kept: 1,
      recovered: 0,
      p95Ms: 100,
      errors: [
        {
          code: '400',
          message: 'no',
          count: 1,
          firstSeen: '2026-11-24T10:15:01.000Z',
          lastSeen: '2026-11-24T10:15:01.000Z',
        },
      ],
      inbox: [{ type: 'track', event: 'Signed Up' }],
    },
  ]);
});

test('the status of a destination says what holds it up, and what the books are short of', async () => {
  const paused = { since: '2026-11-24T09:30:00.000Z', by: 'failing' as const };
  const breaker = {
    destinationId: destination.id,
    openedAt: '2026-11-24T10:00:00.000Z',
    cause: 'timeouts' as const,
    code: 'TIMEOUT',
    message: 'no answer in 10 s',
    probeAt: '2026-11-24T10:31:00.000Z',
    probes: 3,
    destinationVersion: 1,
    writeId: 'w',
  };
  const { call, deps } = setUp();
  const retried = [
    aDoneRow({ delivered: 0, retry: 1, nextDueAt: '2026-11-24T10:15:30.000Z' }),
    aDoneRow({ hop: 1, dueAt: '2026-11-24T10:15:30.000Z', delivered: 0, retry: 1 }),
  ];
  deps.rows.dones = retried;
  deps.breakers.get = async () => breaker;
  deps.control.readConfig = async () => ({
    workspaceId: workspace.id,
    configVersion: 1,
    sources: [source],
    destinations: [{ destination: { ...destination, lane: 3, paused }, mappings: [] }],
  });
  const mine = { workspaceId: workspace.id, sourceId: source.id, destinationId: destination.id };
  const others = { ...mine, workspaceId: aWorkspace({ id: 'ws_2' }).id };
  await deps.putMismatches([
    { ...mine, kind: 'stuck', count: 2 },
    { ...others, kind: 'stuck', count: 9 },
  ]);
  const { data } = JSON.parse((await call('/app-api/status', bearer)).body ?? '');
  const { openedAt, cause, code, message, probeAt, probes } = breaker;
  const shown = { openedAt, cause, code, message, probeAt, probes };
  expect(data.destinations).toMatchObject([{ lane: 3, paused, breaker: shown, inFlight: 2, waiting: 1, kept: 0 }]);
  expect(data.destinations[0].breaker).toEqual(shown);
  expect(data.mismatches).toEqual({
    checkedAt: NOW.toISOString(),
    found: [{ ...mine, kind: 'stuck', count: 2 }],
  });
});

test('refusals of unknown keys are shown, those of other workspaces are not', async () => {
  const answer = await setUp().call('/app-api/status', bearer);
  expect(JSON.parse(answer.body ?? '').data.refusals).toEqual([
    { writeKey: 'nobodys', reason: 'unknown-write-key', count: 3 },
  ]);
});

test('the balance is a line a source and a line a destination', async () => {
  const answer = await setUp().call('/app-api/balance', bearer);
  expect(JSON.parse(answer.body ?? '')).toEqual([
    expect.objectContaining({ source: 'src_1', accepted: 3, routed: 2, duplicate: 1 }),
    expect.objectContaining({ destination: 'dst_1', accepted: 2, delivered: 0, discarded: 1, inFlight: 1 }),
  ]);
});

test('hours before the source was made are not read, but for one: clocks differ', async () => {
  const { call, reads } = setUp();
  await call('/app-api/balance', bearer);
  expect(reads.toSorted()).toEqual(['2026-11-24T08', '2026-11-24T09', '2026-11-24T10']);
});

test.each([
  [{ from: 'yesterday', to: '2026-11-24T10' }],
  [{ from: '2026-11-24T10', to: '2026-11-24T09' }],
  [{ from: '2020-01-01T00', to: '2026-11-24T10' }],
  [{ from: '2026-08-01T05', to: '2026-11-24T10' }],
  [{ from: '2026-11-24T99', to: '2026-11-24T99' }],
])('a range that cannot be is refused with what it should be: %j', async (query) => {
  await expect(setUp().call('/app-api/balance', bearer, query)).resolves.toMatchObject({ statusCode: 400 });
});

test('the page needs no token, holds no data and allows its own script alone', async () => {
  const answer = await setUp().call('/', { accept: 'text/html' });
  expect(answer).toEqual({ statusCode: 200, headers: STATUS_PAGE_HEADERS, body: STATUS_PAGE });
  const policy = STATUS_PAGE_HEADERS['Content-Security-Policy'];
  const script = /<script>([\s\S]*?)<\/script>/.exec(STATUS_PAGE)?.[1] ?? '';
  expect(policy).toContain(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  expect(policy).not.toContain('unsafe');
  expect(STATUS_PAGE).not.toContain('innerHTML');
});
