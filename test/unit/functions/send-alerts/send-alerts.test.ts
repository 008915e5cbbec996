import type { Answered } from '../../../../functions/send-alerts/poster.ts';
import {
  SEND_TRIES_MAX,
  type SendDeps,
  sendAlerts,
  TESTS_PER_DAY_MAX,
} from '../../../../functions/send-alerts/send-alerts.ts';
import { alertMarkStore, testCounts } from '../../../../shared/aws/documents-notes.ts';
import { documentsNotifications } from '../../../../shared/aws/documents-notifications.ts';
import { notificationIdOf } from '../../../../shared/aws/notification-id.ts';
import type { Permission } from '../../../../shared/domain/access.ts';
import { type Alert, WEBHOOK_SECRET_FIELD, WEBHOOK_URL_FIELD } from '../../../../shared/domain/alert.ts';
import { WorkspaceId } from '../../../../shared/domain/ids.ts';
import { Member } from '../../../../shared/domain/people.ts';
import { notificationOf } from '../../../../shared/domain/tell-changes.ts';
import type { Sent } from '../../../../shared/ports/mailer.ts';
import { placeOf } from '../../../../shared/ports/notification-store.ts';
import { anAlert } from '../../../builders/an-alert.ts';
import { fakeSealer } from '../../../builders/api-world.ts';
import { memoryDocuments } from '../../../builders/memory-documents.ts';
import { aSource, aWorkspace } from '../../../builders/workspace-things.ts';

const WS = WorkspaceId.parse('ws_1');
const START = Date.parse('2026-11-27T10:00:00.000Z');
const SLACK_URL = 'https://hooks.slack.test/services/T0/B0/secret-of-slack';
const STORED = { version: 1, createdAt: '2026-11-20T10:00:00.000Z', updatedAt: '2026-11-20T10:00:00.000Z' };
const OWNER: Permission[] = [{ roleId: 'workspace-owner', resources: [{ id: 'ws_1', type: 'WORKSPACE' }] }];

const sealed = (plain: string, field: string) => fakeSealer.seal(plain, { workspaceId: WS, alertId: 'alr_1', field });
const slack = async () => ({
  type: 'SLACK',
  webhookUrl: await sealed(SLACK_URL, 'slack.webhookUrl'),
  host: 'hooks.slack.test',
  channel: '#ops',
});

function setUp({ alerts, permissions = OWNER }: { alerts: Alert[]; permissions?: Permission[] | undefined }) {
  const documents = memoryDocuments();
  const notifications = documentsNotifications(documents, 'control');
  const marks = alertMarkStore(documents, 'control');
  const posts: { url: string; headers: Record<string, string>; body: string }[] = [];
  const mails: { to: string; subject: string; text: string }[] = [];
  const answers: Answered[] = [];
  const mailAnswers: Sent[] = [];
  let time = START;
  let count = 0;
  const member = Member.parse({
    personId: 'usr_ann',
    workspaceId: WS,
    email: 'ann@shop.test',
    name: 'Ann',
    permissions,
    ...STORED,
  });
  const deps: SendDeps = {
    control: {
      listAlerts: async () => alerts,
      getWorkspace: async () => aWorkspace({ name: 'Shop' }),
      listGroups: async () => [],
      listSources: async () => [aSource()],
      listMembers: async () => [member],
      getApiToken: async () => undefined,
    },
    people: { getMember: async (_ws, id) => (id === 'usr_ann' ? member : undefined), getPerson: async () => undefined },
    notifications,
    marks,
    testCounts: testCounts(documents, 'control'),
    sealer: fakeSealer,
    mailer: {
      send: async (mail) => {
        mails.push(mail);
        return mailAnswers.shift() ?? { outcome: 'sent', message: 'Amazon SES took it.' };
      },
    },
    post: async (url, headers, body) => {
      posts.push({ url, headers, body });
      return answers.shift() ?? { outcome: 'answered', status: 200, text: 'ok' };
    },
    appUrl: 'https://app.test',
    timeoutMs: 60_000,
    now: () => new Date(time),
    newWriteId: () => `w${(count += 1)}`,
  };
  const tell = async (
    alert: Alert,
    over: { transition?: 'fired' | 'happened'; lines?: string[]; name?: string } = {},
  ) => {
    const {
      transition = 'fired',
      lines = ['Webhook: 10 % of 20 tries were delivered'],
      name = String((count += 1)),
    } = over;
    const told = notificationOf(notificationIdOf([name]), alert, {
      workspaceId: WS,
      at: new Date(time).toISOString(),
      area: 'delivery',
      transition,
      title: alert.name,
      lines,
      sourceIds: [aSource().id],
      path: '/destinations/dst_1/delivery',
    });
    await notifications.add(told, `w${(count += 1)}`);
    return { get: () => notifications.get(WS, placeOf(told)) };
  };
  return {
    deps,
    marks,
    run: sendAlerts(deps),
    tell,
    posts,
    mails,
    answers,
    mailAnswers,
    documents,
    waiting: () => notifications.listWaiting('2030-01-01T00:00:00.000Z', 100),
    mark: async () => (await marks.list(WS))['alr_1'],
    advance: (ms: number) => {
      time += ms;
    },
  };
}

test('a message goes out once through each channel, with what came of it kept (H08)', async () => {
  const alert = anAlert({
    name: 'Orders <late>',
    channels: [{ type: 'IN_APP' }, { type: 'EMAIL', address: 'ops@shop.test' }, await slack()],
  });
  const { run, tell, posts, mails, waiting, mark } = setUp({ alerts: [alert] });
  const told = await tell(alert);
  await run({ ask: 'wake' });
  await run({ scheduledAt: '2026-11-27T10:01:00Z' });
  expect(mails).toEqual([
    {
      to: 'ops@shop.test',
      subject: 'Tributary, Shop: Orders <late>',
      text: 'Orders <late>\n\nWebhook: 10 % of 20 tries were delivered\n\nhttps://app.test/destinations/dst_1/delivery\n\nWorkspace Shop. What you are told of is set under Settings, Alerts.\n',
    },
  ]);
  expect(posts.map(({ url, body }) => [url, JSON.parse(body)])).toEqual([
    [
      SLACK_URL,
      {
        text: 'Tributary, Shop: Orders &lt;late&gt;\nWebhook: 10 % of 20 tries were delivered\nhttps://app.test/destinations/dst_1/delivery',
        mrkdwn: false,
        channel: '#ops',
      },
    ],
  ]);
  expect((await told.get())?.sends).toMatchObject([
    { channel: 1, type: 'EMAIL', state: 'sent', tries: 1, message: 'Amazon SES took it.' },
    { channel: 2, type: 'SLACK', state: 'sent', tries: 1, message: 'It answered 200: ok' },
  ]);
  await expect(waiting()).resolves.toEqual([]);
  expect(await mark()).toMatchObject({
    triggeredAt: '2026-11-27T10:00:00.000Z',
    channels: [
      { type: 'EMAIL', sent: true },
      { type: 'SLACK', sent: true },
    ],
  });
});

test('a webhook is signed with the alert’s secret, as the webhook destination signs (T17)', async () => {
  const alert = anAlert({
    channels: [
      {
        type: 'WEBHOOK',
        url: await sealed('https://ops.test/in', WEBHOOK_URL_FIELD),
        host: 'ops.test',
        secret: await sealed('shh', WEBHOOK_SECRET_FIELD),
      },
    ],
  });
  const { run, tell, posts } = setUp({ alerts: [alert] });
  await tell(alert);
  await run({ ask: 'wake' });
  expect(posts[0]?.headers).toMatchObject({
    'webhook-id': expect.stringMatching(/^msg_ntf_/),
    'webhook-signature': expect.stringMatching(/^v1,/),
    'x-signature': expect.stringMatching(/^[0-9a-f]{40}$/),
  });
  expect(JSON.parse(posts[0]?.body ?? '')).toMatchObject({
    type: 'alert',
    alert: { id: 'alr_1', kind: 'DELIVERY_RATE' },
    notifications: [{ transition: 'fired', lines: ['Webhook: 10 % of 20 tries were delivered'] }],
  });
});

test('a channel that fails is tried again later and later, and given up after five tries, with its last answer and without its address', async () => {
  const alert = anAlert({ channels: [{ type: 'EMAIL', address: 'ops@shop.test' }, await slack()] });
  const { run, tell, posts, mails, answers, advance, mark, waiting } = setUp({ alerts: [alert] });
  const told = await tell(alert);
  for (let count = 0; count < 20; count += 1) {
    answers.push({ outcome: 'answered', status: 503, text: `down: ${SLACK_URL}` });
  }
  for (let minute = 0; minute < 60; minute += 1) {
    await run({ ask: 'wake' });
    advance(60_000);
  }
  expect(mails).toHaveLength(1);
  expect(posts).toHaveLength(SEND_TRIES_MAX);
  expect((await told.get())?.sends).toMatchObject([{ state: 'sent' }, { state: 'failed', tries: SEND_TRIES_MAX }]);
  expect(await mark()).toMatchObject({
    channels: [
      { type: 'EMAIL', sent: true },
      { type: 'SLACK', sent: false, message: 'It answered 503: down: …' },
    ],
  });
  await expect(waiting()).resolves.toEqual([]);
});

test.each<[string, Answered]>([
  ['404', { outcome: 'answered', status: 404, text: 'no_service' }],
  [
    'a target that is refused (T2)',
    { outcome: 'refused', message: 'The target 10.0.0.1 is refused: its address is not public' },
  ],
])('%s is not tried again', async (_case, answer) => {
  const alert = anAlert({ channels: [await slack()] });
  const { run, tell, posts, answers, advance } = setUp({ alerts: [alert] });
  await tell(alert);
  answers.push(answer);
  await run({ ask: 'wake' });
  advance(3_600_000);
  await run({ ask: 'wake' });
  expect(posts).toHaveLength(1);
});

test('a run that dies after sending sends again only when its lease is over, and its twin sends nothing', async () => {
  const alert = anAlert({ channels: [await slack()] });
  const { deps, tell, posts, advance } = setUp({ alerts: [alert] });
  await tell(alert);
  const dying = sendAlerts({
    ...deps,
    post: async (...args) => {
      await deps.post(...args);
      throw new Error('killed');
    },
  });
  await expect(dying({ ask: 'wake' })).rejects.toThrow('Not sent');
  await sendAlerts(deps)({ ask: 'wake' });
  expect(posts).toHaveLength(1);
  advance(2 * 60_000);
  await Promise.all([sendAlerts(deps)({ ask: 'wake' }), sendAlerts(deps)({ ask: 'wake' })]);
  expect(posts).toHaveLength(2);
});

test('a hundred changes by a script are one message, and those of the next minute another', async () => {
  const alert = anAlert({ kind: 'EVENT', percent: undefined, event: 'Source Created', channels: [await slack()] });
  const { run, tell, posts, advance } = setUp({ alerts: [alert] });
  for (let count = 0; count < 100; count += 1)
    await tell(alert, { transition: 'happened', lines: [`Source ${count}`] });
  await run({ ask: 'wake' });
  await tell(alert, { transition: 'happened', lines: ['one more'] });
  await run({ ask: 'wake' });
  expect(posts).toHaveLength(1);
  expect(JSON.parse(posts[0]?.body ?? '').text).toContain('Late (100)');
  expect(JSON.parse(posts[0]?.body ?? '').text).toContain('and 80 more');
  advance(60_000);
  await run({ ask: 'wake' });
  expect(posts).toHaveLength(2);
});

test('of one workspace neither what waits for its next try nor what is due keeps another’s messages back', async () => {
  const alert = anAlert({ channels: [await slack()] });
  const { deps, tell, run, posts, answers, advance } = setUp({ alerts: [alert] });
  const other = async (name: string) => {
    const told = notificationOf(notificationIdOf([name]), alert, {
      workspaceId: WorkspaceId.parse('ws_2'),
      at: deps.now().toISOString(),
      area: 'delivery',
      transition: 'fired',
      title: name,
      lines: [],
      sourceIds: [],
    });
    await deps.notifications.add(told, `o${name}`);
    return () => deps.notifications.get(told.workspaceId, placeOf(told));
  };
  for (let count = 0; count < 300; count += 1) await tell(alert);
  answers.push({ outcome: 'answered', status: 503, text: 'down' });
  await run({ ask: 'wake' });
  advance(1_000);
  const first = await other('first');
  await run({ ask: 'wake' });
  expect((await first())?.sends).toMatchObject([{ tries: 1 }]);
  expect(posts).toHaveLength(2);
  for (let count = 0; count < 500; count += 1) await tell(alert);
  const second = await other('second');
  await run({ ask: 'wake' });
  expect((await second())?.sends).toMatchObject([{ tries: 1 }]);
});

test('mails that people ask for come after what became of the message is kept, and keep nothing from being kept', async () => {
  const alert = anAlert({ channels: [{ type: 'IN_APP' }, await slack()] });
  const { deps, tell, posts, advance } = setUp({ alerts: [alert] });
  const told = await tell(alert);
  const asks: unknown[] = [];
  const getPerson = async () => {
    asks.push((await told.get())?.sends[0]?.state);
    throw new Error('killed');
  };
  const run = sendAlerts({ ...deps, people: { ...deps.people, getPerson } });
  await expect(run({ ask: 'wake' })).resolves.toEqual({ sent: 1 });
  advance(3 * 60_000);
  await run({ ask: 'wake' });
  expect([posts.length, asks]).toEqual([1, ['sent']]);
});

test('mails to people are not begun when the time of the run is over', async () => {
  const alert = anAlert({ channels: [{ type: 'IN_APP' }, await slack()] });
  const { deps, tell, advance } = setUp({ alerts: [alert] });
  await tell(alert);
  let asked = 0;
  const getPerson = async () => {
    asked += 1;
    return undefined;
  };
  const people = { ...deps.people, getPerson };
  const slow: SendDeps['post'] = async (...args) => {
    advance(50_000);
    return await deps.post(...args);
  };
  await expect(sendAlerts({ ...deps, people, post: slow })({ ask: 'wake' })).resolves.toEqual({ sent: 1 });
  expect(asked).toBe(0);
});

test('what three hundred alerts were answered at length is kept of each, and keeps no test from being answered', async () => {
  const channels = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ type: 'EMAIL', address: `${name}@shop.test` }));
  const alerts = Array.from({ length: 300 }, (_, number) =>
    anAlert({ id: `alr_${number}`, channels, createdBy: { id: `usr_${number % 10}`, name: 'x' } }),
  );
  const { deps, marks } = setUp({ alerts });
  const mailer: SendDeps['mailer'] = { send: async () => ({ outcome: 'refused', message: 'é'.repeat(500) }) };
  for (const { id } of alerts) {
    await expect(sendAlerts({ ...deps, mailer })({ ask: 'test', workspaceId: WS, alertId: id })).resolves.toMatchObject(
      {
        channels: [{ sent: false }, {}, {}, {}, {}],
      },
    );
  }
  expect(Object.keys(await marks.list(WS))).toHaveLength(300);
});

test('nothing goes out for somebody who has left, or may not see any more what it is about (H09)', async () => {
  const left = anAlert({ channels: [await slack()], createdBy: { id: 'usr_gone', name: 'x' } });
  const gone = setUp({ alerts: [left] });
  const told = await gone.tell(left);
  await gone.run({ ask: 'wake' });
  expect(gone.posts).toEqual([]);
  expect((await told.get())?.sends).toMatchObject([
    { state: 'failed', message: 'Who made the alert is not in the workspace any more.' },
  ]);
  const alert = anAlert({ channels: [await slack()] });
  const blind = setUp({ alerts: [alert], permissions: [] });
  await blind.tell(alert);
  await blind.run({ ask: 'wake' });
  expect(blind.posts).toEqual([]);
});

test('an alert that was deleted meanwhile sends nothing, and leaves nothing to be sent', async () => {
  const alert = anAlert({ channels: [await slack()] });
  const { run, tell, posts, waiting } = setUp({ alerts: [] });
  await tell(alert);
  await run({ ask: 'wake' });
  expect(posts).toEqual([]);
  await expect(waiting()).resolves.toEqual([]);
});

test('a test says what each channel answered, at most once in ten seconds', async () => {
  const alert = anAlert({ channels: [{ type: 'IN_APP' }, { type: 'EMAIL', address: 'ops@shop.test' }, await slack()] });
  const { run, answers, mailAnswers, posts } = setUp({ alerts: [alert] });
  mailAnswers.push({ outcome: 'refused', message: 'E-mail is not set up' });
  answers.push({ outcome: 'answered', status: 404, text: 'no_service' });
  const ask = { ask: 'test', workspaceId: WS, alertId: 'alr_1' };
  await expect(run(ask)).resolves.toEqual({
    channels: [
      { type: 'IN_APP', sent: true, message: 'It is among the notifications.' },
      { type: 'EMAIL', sent: false, message: 'E-mail is not set up' },
      { type: 'SLACK', sent: false, message: 'It answered 404: no_service' },
    ],
  });
  await expect(run(ask)).resolves.toMatchObject({ channels: [{ sent: false }, { sent: false }, { sent: false }] });
  expect(posts).toHaveLength(1);
  await expect(run({ ...ask, alertId: 'alr_9' })).resolves.toEqual({ outcome: 'not-found' });
});

test('of tests that are asked for at once one is sent, and of one maker’s alerts a hundred a day', async () => {
  const channels = [{ type: 'EMAIL', address: 'ops@shop.test' }];
  const alerts = Array.from({ length: 120 }, (_, number) => anAlert({ id: `alr_${number}`, channels }));
  const { run, mails, advance } = setUp({ alerts });
  const ask = (alertId: string) => run({ ask: 'test', workspaceId: WS, alertId });
  await Promise.all(Array.from({ length: 20 }, () => ask('alr_0')));
  expect(mails).toHaveLength(1);
  for (const { id } of alerts) {
    advance(10_000);
    await ask(id);
  }
  expect(mails).toHaveLength(TESTS_PER_DAY_MAX);
  await expect(ask('alr_119')).resolves.toMatchObject({
    channels: [{ sent: false, message: expect.stringContaining('tomorrow') }],
  });
  advance(24 * 3_600_000);
  await ask('alr_119');
  expect(mails).toHaveLength(TESTS_PER_DAY_MAX + 1);
});

test('no address is in what is kept of it', async () => {
  const alert = anAlert({ channels: [await slack()] });
  const { run, tell, documents, answers } = setUp({ alerts: [alert] });
  await tell(alert);
  answers.push({ outcome: 'answered', status: 400, text: `invalid: ${SLACK_URL}` });
  await run({ ask: 'wake' });
  expect(documents.texts().join()).not.toContain('secret-of-slack');
});

test('what a receiver says comes without the key that signs and without the token, however it spells them (T18)', async () => {
  const signing = 'q/KeyThatSigns+"x" <ü>';
  const alert = anAlert({
    channels: [
      await slack(),
      {
        type: 'WEBHOOK',
        url: await sealed('https://ops.test/in/token-of-the-hook?k=another-token', WEBHOOK_URL_FIELD),
        host: 'ops.test',
        secret: await sealed(signing, WEBHOOK_SECRET_FIELD),
      },
    ],
  });
  const { run, answers } = setUp({ alerts: [alert] });
  answers.push({ outcome: 'answered', status: 404, text: 'no such token: secret-of-slack' });
  const spelled = [signing, JSON.stringify(signing), Buffer.from(signing).toString('base64'), 'token-of-the-hook'];
  answers.push({ outcome: 'answered', status: 200, text: spelled.join(' ') });
  const answer = JSON.stringify(await run({ ask: 'test', workspaceId: WS, alertId: 'alr_1' }));
  expect(answer).toContain('It answered 404: no such token: [redacted]');
  expect(answer).not.toMatch(/secret-of-slack|KeyThatSigns|token-of-the-hook|S2V5VGhhdFNpZ25z/);
});
