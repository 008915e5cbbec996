import type { Json, JsonObject } from '../../../../shared/domain/json.ts';
import { log } from '../../../../shared/aws/log.ts';
import { bundledDestinations } from '../../../builders/destination-bundle.ts';
import { divertedDials, TOOL_ADDRESS } from '../../../builders/diverted-dials.ts';

let bundle: Awaited<ReturnType<typeof bundledDestinations>>;
let world: Awaited<ReturnType<typeof divertedDials>>;
/** Header names of each request that came, in the order in which they came. */
const seen: string[][] = [];

beforeAll(async () => {
  bundle = await bundledDestinations(['webhook']);
  world = await divertedDials((request, response) => {
    seen.push(request.rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase()));
    response.end('{}');
  });
}, 60_000);
afterAll(async () => await world?.close());

/** Texts that break out of a header where nobody looks. */
const BREAKING = [
  'A\r\nX-Injected: 1',
  'A\nX-Injected: 1',
  'A\rX-Injected: 1',
  'A\r\n\r\nGET /x HTTP/1.1\r\nHost: x\r\n\r\n',
  'A\u0000',
  '\r\n',
  'A\u010d\u010aX-Injected: 1',
  '\u{1f600}',
];

const send = async (fields: Record<string, Json>, name: string) => {
  const http = world.divert(bundle.guardedHttp(bundle.targetRules('', '')));
  const engine = bundle.createEngine({ http, now: () => new Date('2026-11-24T10:00:00.000Z') });
  const event: JsonObject = { type: 'track', event: name, messageId: 'm', userId: 'u' };
  const mapping = {
    action: 'send',
    trigger: 'type = "track"',
    fields: { url: `https://${TOOL_ADDRESS}/`, method: 'POST', data: { '@path': '$.' }, ...fields },
  };
  const [call] = await engine.callsOf({ slug: 'webhook', settings: {}, mapping, events: [event], hopThroughUs: 1 });
  const [result] = (await call?.run()) ?? [];
  http.agents.https.destroy();
  return result?.outcome;
};

test.each(BREAKING)('the event name %j as the value of a header sends no other header (T22)', async (name) => {
  const before = world.reached();
  const outcome = await send({ headers: { 'X-Event': { '@path': '$.event' } } }, name);
  // Refused whole: a value that is bent to fit would be another one than was meant.
  expect(outcome).toMatchObject({
    outcome: 'discarded',
    code: expect.any(String),
    message: expect.stringMatching(/X-Event|header/i),
  });
  expect(outcome).not.toHaveProperty('message', expect.stringMatching(/[\r\n\0]/));
  expect(world.reached()).toBe(before);
});

test.each(['X\r\nX-Injected', 'X: 1\r\nX-Injected', 'X Y', '', ':path', 'X\u0000'])(
  'a header by the name %j is not sent (T22)',
  async (name) => {
    const before = world.reached();
    await expect(send({ headers: { [name]: '1' } }, 'E')).resolves.toMatchObject({ outcome: 'discarded' });
    expect(world.reached()).toBe(before);
  },
);

test.each(['P\r\nX-Injected: 1', 'GET /x HTTP/1.1\r\nHost: x\r\n\r\nPOST', 'PO ST'])(
  'a method that is %j is not sent (T22)',
  async (method) => {
    const before = world.reached();
    await expect(send({ method }, 'E')).resolves.toMatchObject({ outcome: 'discarded' });
    expect(world.reached()).toBe(before);
  },
);

test('a line end in a URL is no line end of the request (T22)', async () => {
  seen.splice(0);
  const url = `https://${TOOL_ADDRESS}/a%0d%0aX-Injected:%201/{{x}}\r\nX-Injected: 1`;
  await send({ url }, 'E');
  for (const names of seen) expect(names).not.toContain('x-injected');
  await expect(send({}, 'A\r\nX-Injected: 1')).resolves.toEqual({ outcome: 'delivered' });
  for (const names of seen) expect(names).not.toContain('x-injected');
});

test('a line of the log is one line, whatever is in it (T22)', () => {
  const lines: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  const nasty = 'a\r\n{"level":"ERROR","message":"made up"}\n\u2028\u2029\u0085\u0000\u001b[31m';
  log('WARN', nasty, { writeKey: nasty });
  write.mockRestore();
  expect(lines).toHaveLength(1);
  expect(lines[0]?.match(/[\r\n]/g)).toEqual(['\n']);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: nasty, writeKey: nasty });
});
