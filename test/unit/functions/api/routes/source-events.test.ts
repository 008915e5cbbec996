import type { EventsWork } from '../../../../../functions/api/events-work.ts';
import { EVENT_BYTES_MAX } from '../../../../../shared/config/limits.ts';
import { IntakeId, WorkspaceId } from '../../../../../shared/domain/ids.ts';
import type { IntakeMessage } from '../../../../../shared/domain/intake-message.ts';
import { apiWorld } from '../../../../builders/api-world.ts';
import { aDebugEntry, fakeDebugReader } from '../../../../builders/debug-items.ts';
import { intakeIdOf } from '../../../../builders/ledger-rows.ts';
import { aSource } from '../../../../builders/workspace-things.ts';
import { NO_KEY } from '../../../../../shared/domain/key-tags.ts';

const WS = WorkspaceId.parse('ws_1');
const AT = '/app-api/sources/src_1';
const XSS = '</script><img src=x onerror=alert(1)>';

async function setUp() {
  const kept = fakeDebugReader();
  const sent: { head: Omit<IntakeMessage, 'body'>; text: string }[] = [];
  const asked: unknown[] = [];
  const events: EventsWork = {
    debug: kept.reader,
    intake: {
      send: async (head, text) => {
        sent.push({ head, text });
      },
    },
    newIntakeId: () => IntakeId.parse(intakeIdOf(77)),
    received: async () => 16,
    trace: async (_config, sources, ask) => {
      asked.push([sources.map(({ id }) => id), ask.messageId]);
      return { outcome: 'missing', lookedBackTo: null, gaps: [] };
    },
  };
  const world = await apiWorld({ events: async () => events });
  await world.commit(WS, [
    { kind: 'source', verb: 'save', thing: aSource() },
    { kind: 'source', verb: 'save', thing: aSource({ id: 'src_off', slug: 'off', enabled: false }) },
    { kind: 'source', verb: 'save', thing: aSource({ id: 'src_hook', slug: 'hook', kind: 'webhook' }) },
  ]);
  return { ...world, ...kept, sent, asked };
}

test('events are listed as they came, hostile text as text, with what the answer covers', async () => {
  const { call, write } = await setUp();
  const raw = { type: 'track', event: XSS, userId: 'u1', messageId: 'm1', properties: { '': null } };
  write(
    '2026-11-26T09:59:00.000Z',
    [
      aDebugEntry(1, {
        receivedAt: '2026-11-26T09:59:00.000Z',
        raw,
        destinations: [{ id: 'dst_1', reason: 'FILTERED_BY_RULES' }],
      }),
      aDebugEntry(2, {
        receivedAt: '2026-11-26T09:59:00.000Z',
        raw: 5,
        event: undefined,
        verdict: 'INVALID',
        reason: 'not_an_object',
      }),
    ],
    { seen: 8 },
  );
  const { data } = await call('GET', `${AT}/events`);
  expect(data).toMatchObject({
    events: [
      {
        messageId: 'm1',
        verdict: 'ALLOWED',
        payload: raw,
        destinations: [{ destinationId: 'dst_1', reason: 'FILTERED_BY_RULES' }],
      },
      { messageId: null, verdict: 'INVALID', reason: 'not_an_object', payload: 5, normalised: null },
    ],
    next: null,
    coverage: { kept: 2, received: 16, share: 0.125, isWhole: true },
    keepAllUntil: null,
  });
});

test('who may not see personal data sees events masked, live or listed, and finds none by a value that is hidden (M03)', async () => {
  const { call, write, token } = await setUp();
  const receivedAt = '2026-11-26T09:59:59.000Z';
  const raw = {
    type: 'track',
    event: 'Order Completed',
    userId: 'ada',
    messageId: 'm1',
    properties: { a: 'ada@x.test' },
  };
  const bearer = await token([{ roleId: 'source-read-only', resources: [{ type: 'SOURCE', id: 'src_1' }] } as never]);
  const { after } = (await call('GET', `${AT}/events`, { bearer })).data as { after: string };
  write('2026-11-26T09:59:59.900Z', [aDebugEntry(1, { receivedAt, raw, event: { ...raw, receivedAt } })]);
  for (const query of ['', `after=${after}`, 'q=completed', 'messageId=m1']) {
    const { text, data } = await call('GET', `${AT}/events`, { bearer, query });
    expect(text).not.toContain('ada');
    const form = { type: 'track', messageId: 'm1', userId: '••••••••', properties: { a: '••••••••' } };
    expect(data).toMatchObject({
      events: [{ isMasked: true, name: 'Order Completed', userId: '••••••••', payload: form, normalised: form }],
    });
  }
  for (const query of ['q=ada', 'q=user:ada']) {
    expect((await call('GET', `${AT}/events`, { bearer, query })).data).toMatchObject({ events: [] });
    expect((await call('GET', `${AT}/events`, { query })).data).toMatchObject({
      events: [{ isMasked: false, userId: 'ada', payload: raw }],
    });
  }
});

test('of somebody who was suppressed after an event was kept, nothing is shown (T25)', async () => {
  const { call, write } = await setUp();
  const receivedAt = '2026-11-26T09:59:00.000Z';
  const raw = { type: 'alias', userId: 'new', previousId: 'ada' };
  write(receivedAt, [
    aDebugEntry(1, { receivedAt, raw: { userId: 'ada' }, event: undefined, verdict: 'INVALID' }),
    aDebugEntry(2, { receivedAt, raw, event: { ...raw } }),
    aDebugEntry(3, { receivedAt }),
  ]);
  const shown = async () => ((await call('GET', `${AT}/events`)).data as { events: unknown[] }).events.length;
  expect(await shown()).toBe(3);
  const body = { regulationType: 'SUPPRESS_ONLY', subjectType: 'USER_ID', subjectIds: ['ada'] };
  expect((await call('POST', '/regulations', { body })).status).toBeLessThan(300);
  expect(await shown()).toBe(1);
});

test('a live read goes on from a list, and tells nothing of it again', async () => {
  const { call, write } = await setUp();
  write('2026-11-26T09:59:59.500Z', [aDebugEntry(1, { receivedAt: '2026-11-26T09:59:59.000Z' })]);
  const first = (await call('GET', `${AT}/events`)).data as { events: unknown[]; after: string };
  expect(first.events).toHaveLength(1);
  write('2026-11-26T10:00:00.100Z', [aDebugEntry(2, { receivedAt: '2026-11-26T10:00:00.000Z' })]);
  const live = (await call('GET', `${AT}/events`, { query: `after=${first.after}` })).data as {
    events: { intakeId: string }[];
  };
  expect(live.events.map(({ intakeId }) => intakeId)).toEqual([intakeIdOf(2)]);
});

test.each(['after', 'before'])('a cursor of another source in %s is refused', async (name) => {
  const { call } = await setUp();
  const { after } = (await call('GET', '/app-api/sources/src_off/events')).data as { after: string };
  const answer = await call('GET', `${AT}/events`, { query: `${name}=${after}` });
  expect(answer.status).toBe(422);
});

test('a source that the caller may not see is answered like one that there is not', async () => {
  const { call, token } = await setUp();
  const bearer = await token([{ roleId: 'source-read-only', resources: [{ type: 'SOURCE', id: 'src_1' }] } as never]);
  const foreign = await call('GET', '/app-api/sources/src_off/events', { bearer });
  const nobody = await call('GET', '/app-api/sources/src_nobody/events', { bearer });
  expect([foreign.status, nobody.status]).toEqual([404, 404]);
  expect(foreign.errors[0]?.message.replace('src_off', 'X')).toBe(nobody.errors[0]?.message.replace('src_nobody', 'X'));
});

test('a test event is put on the intake queue as ingest would, marked, with an id that is answered', async () => {
  const { call, sent } = await setUp();
  const { status, data } = await call('POST', `${AT}/test-events`, {
    body: { event: { type: 'track', event: 'Try', userId: 'u' } },
  });
  expect(status).toBe(201);
  const { messageId, intakeId } = data as { messageId: string; intakeId: string };
  expect(sent).toEqual([
    {
      head: expect.objectContaining({
        v: 1,
        intakeId,
        sourceId: 'src_1',
        workspaceId: 'ws_1',
        kind: 'batch',
        test: true,
        // No key is said to be in use by it, nor to be unknown.
        key: NO_KEY,
      }),
      text: expect.stringContaining(`"messageId":"${messageId}"`),
    },
  ]);
  const own = await call('POST', `${AT}/test-events`, { body: { event: { messageId: 'mine' } } });
  expect(own.data).toMatchObject({ messageId: 'mine' });
});

test.each([
  ['of a disabled source', 'src_off', {}, 409],
  ['of a webhook source', 'src_hook', {}, 409],
  ['that is too large', 'src_1', { a: 'x'.repeat(EVENT_BYTES_MAX) }, 422],
  ['with an id that is none', 'src_1', { messageId: 5 }, 422],
  ['with an id that is too long', 'src_1', { messageId: 'x'.repeat(100) }, 422],
])('a test event %s is refused, and nothing is sent', async (_case, source, event, status) => {
  const { call, sent } = await setUp();
  const answer = await call('POST', `/app-api/sources/${source}/test-events`, { body: { event } });
  expect([answer.status, sent]).toEqual([status, []]);
});

test('a source keeps all for 15 minutes, which is in the audit trail, and stops when it is told to', async () => {
  const { call, control } = await setUp();
  const stored = async () => (await control.listSources(WS)).find(({ id }) => id === 'src_1')?.keepAllUntil;
  const on = await call('POST', `${AT}/keep-all`, { body: { on: true } });
  const { keepAllUntil } = on.data as { keepAllUntil: string };
  expect(keepAllUntil).toMatch(/^2026-11-26T10:15:00/);
  expect(await stored()).toBe(keepAllUntil);
  expect((await call('GET', `${AT}/events`)).data).toMatchObject({ keepAllUntil });
  expect((await call('GET', AT)).data).toMatchObject({ source: { keepAllUntil } });
  const trail = await call('GET', '/audit-events');
  expect(JSON.stringify(trail.data)).toContain('Source Modified');
  expect((await call('POST', `${AT}/keep-all`, { body: { on: false } })).data).toEqual({ keepAllUntil: null });
  expect(await stored()).toBeUndefined();
});

test('a trace looks among the sources that the caller sees alone, and a foreign one is not found', async () => {
  const { call, asked } = await setUp();
  const missing = await call('GET', '/app-api/events/m1');
  expect(missing).toMatchObject({ status: 404, errors: [{ type: 'not-found' }] });
  await call('GET', '/app-api/events/m1', { query: 'sourceId=src_1' });
  expect((await call('GET', '/app-api/events/m1', { query: 'sourceId=src_of_others' })).status).toBe(404);
  expect(asked).toEqual([
    [['src_1', 'src_off', 'src_hook'], 'm1'].map((one) => (Array.isArray(one) ? expect.arrayContaining(one) : one)),
    [['src_1'], 'm1'],
  ]);
});
