import { EXPORT_SCANNED_MAX } from '../../../../../functions/api/routes/audit-trail.ts';
import { everywhere, OWNER, peopledWorld } from '../../../../builders/api-people.ts';
import { readCsv } from '../../../../builders/read-csv.ts';

type Page = { events: { id: string; type: string }[]; pagination: { next?: string; current: string } };

test("the trail in the original's shape, newest first, filtered by resource and time (H14)", async () => {
  const { call, owner, advance } = await peopledWorld();
  await call('POST', '/groups', { body: { name: 'Old' } });
  advance(3_600_000);
  const made = await call('POST', '/groups', { bearer: owner.bearer, body: { name: 'Team' } });
  const { id } = (made.data as { userGroup: { id: string } }).userGroup;
  await call('PATCH', `/groups/${id}`, { body: { name: 'The Team' } });
  const answer = await call('GET', '/audit-events', { query: `resourceId=${id}&resourceType=USER_GROUP` });
  expect(answer).toMatchObject({
    status: 200,
    data: {
      events: [
        { type: 'User Group Modified', resourceName: 'The Team' },
        {
          id: expect.stringMatching(/^aud_/),
          timestamp: expect.stringMatching(/^2026-11-26T11:00/),
          type: 'User Group Created',
          actor: owner.id,
          actorEmail: 'olga@shop.test',
          resourceId: id,
          resourceType: 'USER_GROUP',
          resourceName: 'Team',
        },
      ],
      pagination: { current: 'MA==' },
    },
  });
  const early = await call('GET', '/audit-events', {
    query: 'startTime=2026-11-26T09:00:00Z&endTime=2026-11-26T11:30:00%2B01:00',
  });
  const { events } = early.data as Page;
  expect(events[0]).toMatchObject({ type: 'User Group Created', resourceName: 'Old' });
  expect(events.map(({ type }) => type)).toContain('Workspace Created');
  await expect(call('GET', '/audit-events', { query: 'startTime=yesterday' })).resolves.toMatchObject({
    status: 422,
    errors: [{ field: 'startTime' }],
  });
});

test('pages go on where the last one ended, though entries come meanwhile, and hold each once', async () => {
  const { call, trail } = await peopledWorld();
  for (const name of ['A', 'B', 'C', 'D', 'E']) await call('POST', '/groups', { body: { name } });
  const there = (await trail()).map(({ id }) => id).toReversed();
  const ids: string[] = [];
  let cursor = '';
  for (let page = 0; page < 20; page += 1) {
    const query = new URLSearchParams({
      'pagination[count]': '3',
      ...(cursor !== '' && { 'pagination[cursor]': cursor }),
    });
    const { events, pagination } = (await call('GET', '/audit-events', { query: query.toString() })).data as Page;
    ids.push(...events.map(({ id }) => id));
    await call('POST', '/groups', { body: { name: `meanwhile ${page}` } });
    if (pagination.next === undefined) break;
    cursor = pagination.next;
  }
  expect(ids).toEqual(there);
});

test('a page that is full to the entry has no next one, and a filter that fits little is followed to its end', async () => {
  const { call, trail } = await peopledWorld();
  const all = (await trail()).length;
  const full = await call('GET', '/audit-events', { query: `pagination[count]=${all}` });
  expect((full.data as Page).pagination).toEqual({ current: 'MA==' });
  const short = await call('GET', '/audit-events', { query: `pagination[count]=${all - 1}` });
  expect((short.data as Page).pagination.next).toEqual(expect.any(String));
  for (let count = 0; count < 250; count += 1) {
    await call('PATCH', '/app-api/workspace', { body: { name: `Shop ${count}` } });
  }
  const filtered = await call('GET', '/app-api/audit-events', { query: 'event=Label%20Created' });
  expect((filtered.data as Page).events).toHaveLength(2);
});

test('a cursor of another workspace, or made up, is refused (T8)', async () => {
  const { call, token } = await peopledWorld();
  const { pagination } = (await call('GET', '/audit-events', { query: 'pagination[count]=1' })).data as Page;
  const bearer = await token([everywhere('workspace-owner', 'ws_2')], 'ws_2');
  const query = new URLSearchParams({ 'pagination[cursor]': pagination.next ?? '' }).toString();
  await expect(call('GET', '/audit-events', { bearer, query })).resolves.toMatchObject({ status: 422 });
  await expect(call('GET', '/audit-events', { query: 'pagination[cursor]=2026' })).resolves.toMatchObject({
    status: 422,
  });
});

test('what is older than 90 days is not shown', async () => {
  const { call, advance } = await peopledWorld();
  advance(90 * 86_400_000 + 60_000);
  await call('POST', '/groups', { body: { name: 'New' } });
  const { events } = (await call('GET', '/audit-events', { query: 'startTime=2020-01-01T00:00:00Z' })).data as Page;
  expect(events.map(({ type }) => type)).toEqual(['User Group Created']);
});

test('only owners see it (H14), each their own workspace', async () => {
  const { call, person, token } = await peopledWorld();
  const { bearer } = await person('ada@shop.test', [everywhere('source-admin')]);
  await expect(call('GET', '/audit-events', { bearer })).resolves.toMatchObject({ status: 401 });
  await expect(call('GET', '/app-api/audit-events', { bearer })).resolves.toMatchObject({ status: 403 });
  await expect(call('GET', '/app-api/audit-events.csv', { bearer })).resolves.toMatchObject({ status: 403 });
  const other = await token([everywhere('workspace-owner', 'ws_2')], 'ws_2');
  const { text } = await call('GET', '/app-api/audit-events', { bearer: other });
  expect(text).not.toContain('olga@shop.test');
});

test('ours tells before and after, the request and the address, filtered by event and actor', async () => {
  const { call, owner, person } = await peopledWorld();
  const ada = await person('ada@shop.test', []);
  const body = { permissions: [everywhere('source-admin')] };
  await call('PUT', `/users/${ada.id}/permissions`, { bearer: owner.bearer, body });
  await call('PUT', `/users/${ada.id}/permissions`, { body: { permissions: [OWNER] } });
  const query = `event=User%20Permissions%20Modified&actorId=${owner.id}`;
  await expect(call('GET', '/app-api/audit-events', { query })).resolves.toMatchObject({
    data: {
      events: [
        {
          event: 'User Permissions Modified',
          actor: { type: 'user', id: owner.id, name: 'olga', email: 'olga@shop.test' },
          resource: { type: 'USER', id: ada.id },
          before: { permissions: [] },
          after: body,
          requestId: expect.stringMatching(/^req_/),
          ip: '192.0.2.1',
        },
      ],
    },
  });
});

/** Names that mean something to spreadsheets, parsers or pages (T3, T4). */
const NAUGHTY = [
  '=1+1',
  '=HYPERLINK("http://evil.test","x")',
  '+cmd|/C calc!A0',
  '-2+3',
  '@SUM(A1)',
  '＝1＋1',
  '＋1',
  '－1',
  '＠x',
  'a "quoted", name',
  "it's; fine",
  '<script>alert(1)</script>',
  'ünï 👩‍👩‍👧 ‏rtl',
];

test('CSV reads back as what is shown, and no cell begins as a formula (T4)', async () => {
  const { call } = await peopledWorld();
  for (const name of NAUGHTY) await call('POST', '/groups', { body: { name } });
  const answer = await call('GET', '/app-api/audit-events.csv', { query: 'event=User%20Group%20Created' });
  expect(answer).toMatchObject({
    status: 200,
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': 'attachment; filename="audit-shop.csv"',
      'Cache-Control': 'no-store',
    },
  });
  const [columns = [], ...rows] = readCsv(answer.text);
  expect(columns.slice(0, 3)).toEqual(['time', 'event', 'actor type']);
  const names = rows.map((row) => row[columns.indexOf('resource name')] ?? '').toReversed();
  expect(names.map((name) => name.replace(/^'(?=[=+\-@＝＋－＠])/, ''))).toEqual(NAUGHTY);
  for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r＝＋－＠]/);
});

test('CSV of what is hardly there ends after so many entries, and says where to go on', async () => {
  const world = await peopledWorld();
  const [sample] = await world.trail();
  if (sample === undefined) throw new Error('an empty trail');
  let listed = 0;
  // One entry a millisecond, back to the beginning of the 90 days.
  world.deps.auditLog = {
    list: async (_workspace, { to, limit }) => {
      const newest = to.startsWith('9999')
        ? Date.parse('2026-11-26T09:00:00.000Z')
        : Date.parse(to.split('#')[0] ?? '');
      listed += limit;
      const entries = Array.from({ length: limit }, (_, ago) => ({
        ...sample,
        at: new Date(newest - ago).toISOString(),
      }));
      return { entries, hasMore: true };
    },
  };
  const { status, text } = await world.call('GET', '/app-api/audit-events.csv', { query: 'event=Nothing' });
  const rows = readCsv(text);
  expect([status, rows.length]).toEqual([200, 2]);
  // 25,000 before the newest one, give or take a read.
  expect(rows[1]?.[0]).toMatch(/^Cut here: there are more\. Ask again with to=2026-11-26T08:59:(?:35\.0|34\.)/);
  expect(listed).toBeGreaterThanOrEqual(EXPORT_SCANNED_MAX);
  expect(listed).toBeLessThan(EXPORT_SCANNED_MAX * 1.1);
});

test('CSV ends at 5,000 rows and says so', async () => {
  const world = await peopledWorld();
  const { commit, control } = world;
  const [shop] = (await control.listWorkspaces()).filter(({ slug }) => slug === 'shop');
  if (shop === undefined) throw new Error('no workspace');
  let workspace = shop;
  for (let count = 0; count < 5_000; count += 1) {
    await commit(shop.id, [{ kind: 'workspace', verb: 'save', thing: { ...workspace, name: `Shop ${count}` } }]);
    workspace = { ...workspace, name: `Shop ${count}`, version: workspace.version + 1 };
  }
  const { text } = await world.call('GET', '/app-api/audit-events.csv');
  const rows = readCsv(text);
  expect(rows).toHaveLength(5_002);
  expect(rows.at(-1)?.[0]).toMatch(/^Cut here: there are more\. Ask again with to=2026-11-26T/);
  expect(rows[1]?.[8]).toBe('Shop 4999');
});
