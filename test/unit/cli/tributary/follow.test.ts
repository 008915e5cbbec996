import { HANDLED, type HandledId } from '../../../../shared/api/operations.ts';
import { terminal } from '../../../builders/cli-world.ts';

const PROFILE = { url: 'http://127.0.0.1:1', token: 't' };
const NOW = Date.parse('2026-11-27T10:00:00.000Z');
const HOSTILE = 'Buy\u001b[2J\u009b31m\u202e';

const anEvent = (over: Record<string, unknown> = {}) => ({
  messageId: 'm-1',
  intakeId: 'in-1',
  index: 0,
  type: 'track',
  name: 'Order Completed',
  receivedAt: '2026-11-27T10:00:00.000Z',
  userId: 'u-1',
  anonymousId: null,
  verdict: 'ALLOWED',
  reason: null,
  violations: [],
  payload: { event: 'Order Completed' },
  normalised: null,
  isShortened: false,
  isTest: false,
  isMasked: false,
  destinations: [
    { destinationId: 'dst_1', reason: null, subscriptionIds: [] },
    { destinationId: 'dst_2', reason: 'CONSENT', subscriptionIds: [] },
  ],
  ...over,
});
const anAnswer = (events: object[], after: string, share = 1) => ({
  events,
  after,
  next: null,
  coverage: {
    from: '2026-11-27T09:00:00.000Z',
    to: '2026-11-27T10:00:00.000Z',
    kept: 1,
    received: 1,
    share,
    isWhole: true,
  },
  keepAllUntil: null,
});
const anIssue = {
  id: 'iss_1',
  destinationId: 'dst_1',
  sourceId: 'src_1',
  subscriptionId: null,
  subscriptions: [],
  code: '400',
  message: `no channel ${HOSTILE}`,
  retried: true,
  count: 7,
  ended: 3,
  firstSeenAt: '2026-11-27T09:00:00.000Z',
  lastSeenAt: '2026-11-27T09:30:00.000Z',
  advice: 'Put the channel right.',
};
const aSample = {
  messageId: 'm-1',
  at: '2026-11-27T09:30:00.000Z',
  subscriptionId: null,
  code: '400',
  message: null,
  event: { event: 'X' },
  isMasked: true,
  exchanges: [
    {
      method: 'POST',
      url: 'https://tool.example/x',
      requestHeaders: {},
      requestBody: `{"a":"${HOSTILE}"}`,
      status: 400,
      responseHeaders: {},
      responseBody: 'channel_not_found',
      latencyMs: 12.4,
    },
  ],
};
const named = (id: string, over: object) => ({ id, ...over });
const SOURCES = {
  sources: [named('src_1', { slug: 'website' }), named('src_2', { slug: 'app' })],
  pagination: { current: 'x', totalEntries: 2 },
};
const DESTINATIONS = {
  destinations: [named('dst_1', { name: 'Slack' }), named('dst_2', { name: 'Twin' }), named('dst_3', { name: 'Twin' })],
  pagination: { current: 'x', totalEntries: 3 },
};

/** A deployment that answers what it is told, each answer of an operation by the operation's own shape, and a clock that waiting moves on. */
function setUp(answers: Partial<Record<string, object[]>>) {
  let nowMs = NOW;
  const asked: string[] = [];
  const left = new Map(Object.entries(answers).map(([path, list]) => [path, [...(list ?? [])]]));
  const type = terminal(PROFILE, {
    now: () => new Date(nowMs),
    wait: async (ms) => void (nowMs += ms),
    fetch: (async (input: string | URL) => {
      const url = new URL(input);
      asked.push(`${url.pathname}${decodeURIComponent(url.search)}`);
      const list = left.get(url.pathname) ?? [];
      const data = list.length > 1 ? list.shift() : list[0];
      return new Response(JSON.stringify({ data }), { status: data === undefined ? 404 : 200 });
    }) as typeof fetch,
  });
  return { type, asked };
}
const shaped = (id: HandledId, answer: object): object => HANDLED[id].answer?.().parse(answer) as object;
const ofWebsite = (...answers: object[]) => ({
  '/sources': [SOURCES],
  '/app-api/sources/src_1/events': answers.map((answer) => shaped('listSourceEvents', answer)),
});

test('tail shows what is there, then what comes, with what became of it, until its time is over', async () => {
  const { type, asked } = setUp(
    ofWebsite(
      anAnswer([anEvent()], 'c1', 0.25),
      anAnswer([anEvent({ type: null, name: null, verdict: 'INVALID', reason: 'missing-user', userId: null })], 'c2'),
      anAnswer([], 'c3'),
    ),
  );
  const { code, out, notes } = await type('tail --source website --event Order --seconds 4');
  expect({ code, lines: out.split('\n') }).toEqual({
    code: 0,
    lines: [
      '2026-11-27T10:00:00.000Z  website  track "Order Completed"  user u-1  to 1 of 2 destinations',
      '2026-11-27T10:00:00.000Z  website  no type  INVALID missing-user',
    ],
  });
  expect(notes).toBe('website: the debugger keeps 25 % of its events since 2026-11-27T09:00:00.000Z.');
  expect(asked.slice(1)).toEqual([
    '/app-api/sources/src_1/events?event=Order&count=10',
    '/app-api/sources/src_1/events?event=Order&count=500&after=c1',
    '/app-api/sources/src_1/events?event=Order&count=500&after=c2',
  ]);
});

test.each([
  ['', ''],
  ['in JSON', ' --json'],
])('no event moves the cursor of the terminal that follows it %s', async (_case, flag) => {
  const hostile = anEvent({
    name: HOSTILE,
    userId: HOSTILE,
    reason: HOSTILE,
    verdict: 'BLOCKED',
    payload: { HOSTILE },
  });
  const { type } = setUp(ofWebsite(anAnswer([hostile], 'c1')));
  const { out } = await type(`tail --source website --seconds 0${flag}`);
  expect(out).toContain('Buy');
  // oxlint-disable-next-line no-control-regex -- those are what must not be there
  expect(out).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  if (flag !== '') expect(JSON.parse(out)).toMatchObject({ source: 'website', name: HOSTILE });
});

test.each([
  ['tail --source shop', 1, 'There is no source "shop" that this token may see; there are website, app.'],
  ['tail --status LOUD', 2, '--status is one of ALLOWED'],
  ['tail --seconds soon', 1, '--seconds is a whole number'],
  ['failures --range 1y', 2, '--range is one of 10m'],
  [
    'failures --destination Email',
    1,
    'There is no destination "Email" that this token may see; there are Slack, Twin, Twin.',
  ],
  ['failures --destination Twin', 1, '"Twin" are several: name one by its id (dst_2, dst_3).'],
])('"tributary %s" says what is wrong', async (line, code, sentence) => {
  const { type } = setUp({ '/sources': [SOURCES], '/destinations': [DESTINATIONS] });
  const typed = await type(line);
  expect(typed.code).toBe(code);
  expect(typed.notes).toContain(sentence);
});

test('failures tells what failed, since when, what to do about it, and shows a sample, harmless', async () => {
  const page = { issues: [anIssue], destinationsLeftOut: 2, pagination: { current: 'x', totalEntries: 1 } };
  const { type, asked } = setUp({
    '/destinations': [DESTINATIONS],
    '/app-api/delivery/issues': [shaped('listDeliveryIssues', page)],
    '/app-api/delivery/issues/iss_1/samples': [shaped('listDeliveryIssueSamples', { samples: [aSample], keptDays: 7 })],
  });
  const { code, out, notes } = await type('failures --destination Slack --range 1h');
  const safe = 'Buy\u{fffd}[2J\u{fffd}31m\u{fffd}';
  expect({ code, lines: out.split('\n') }).toEqual({
    code: 1,
    lines: [
      `Slack: 400 no channel ${safe}`,
      '  7 tries, 3 sends ended so, some are tried again; from 2026-11-27T09:00:00.000Z to 2026-11-27T09:30:00.000Z',
      '  Put the channel right.',
      '    m-1 at 2026-11-27T09:30:00.000Z, what is personal is masked',
      `      POST https://tool.example/x {"a":"${safe}"}`,
      '      400 after 12 ms channel_not_found',
    ],
  });
  expect(notes).toContain('2 destinations that fail were not looked into');
  expect(asked).toContain('/app-api/delivery/issues?range=1h&pagination[count]=50&destinationId=dst_1');
});

test('where nothing failed that is said, and it is no fault', async () => {
  const page = { issues: [], destinationsLeftOut: 0, pagination: { current: 'x', totalEntries: 0 } };
  const { type } = setUp({ '/destinations': [DESTINATIONS], '/app-api/delivery/issues': [page] });
  expect(await type('failures')).toEqual({ code: 0, out: 'Nothing failed within 24h.', notes: '' });
  expect(JSON.parse((await type('failures --json')).out)).toEqual({ range: '24h', issues: [], destinationsLeftOut: 0 });
});
