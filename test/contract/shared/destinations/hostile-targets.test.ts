import type { LookupAddress } from 'node:dns';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { guardedFetch } from '../../../../shared/destinations/guarded-fetch.ts';
import { guardedHttp } from '../../../../shared/destinations/guarded-http.ts';
import { type Resolve, runInSendContext, type SendContext } from '../../../../shared/destinations/send-context.ts';
import { targetRules } from '../../../../shared/destinations/target-rules.ts';
import type { Json, JsonObject } from '../../../../shared/domain/json.ts';
import { bundledDestinations } from '../../../builders/destination-bundle.ts';
import { divertedDials, TOOL_ADDRESS } from '../../../builders/diverted-dials.ts';
import { HOSTILE_URLS, OWN_HOSTS } from '../../../builders/hostile-targets.ts';
import { fakeDns } from '../../../builders/send-context.ts';

type Bundle = Awaited<ReturnType<typeof bundledDestinations>>;
type World = Awaited<ReturnType<typeof divertedDials>>;
let bundle: Bundle;
const closing: (() => Promise<unknown> | void)[] = [];

beforeAll(async () => {
  bundle = await bundledDestinations(['webhook']);
}, 60_000);
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A way out: sends to a URL, and answers what came of it, in words. */
type Ask = (url: string) => Promise<string>;
type Way = (world: World, resolve: Resolve, own?: string, deadlineMs?: number) => Ask;

async function aWorld(answer?: (request: IncomingMessage, response: ServerResponse) => void): Promise<World> {
  const world = await divertedDials(answer);
  closing.push(world.close);
  return world;
}

const BY_FETCH: Way = (world, resolve, own = OWN_HOSTS, deadlineMs = 10_000) => {
  const http = world.divert(guardedHttp(targetRules('', own), resolve));
  closing.push(() => http.agents.https.destroy());
  return async (url) => {
    const context: SendContext = {
      http,
      now: () => new Date(),
      deadlineMs: performance.now() + deadlineMs,
      hopThroughUs: 1,
      mayReachUs: false,
      exchanges: [],
      isOver: false,
    };
    try {
      const response = await runInSendContext(context, () => guardedFetch(url, { method: 'POST', body: '{}' }));
      return `answered ${response.status}`;
    } catch (error) {
      return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    }
  };
};

const EVENT: JsonObject = { type: 'track', event: 'Cup Bought', messageId: 'm1', userId: 'u1', properties: {} };

/** A webhook of the library, as deliver runs it. */
const BY_WEBHOOK: Way = (world, resolve, own = OWN_HOSTS) => {
  const http = world.divert(bundle.guardedHttp(bundle.targetRules('', own), resolve));
  closing.push(() => http.agents.https.destroy());
  const engine = bundle.createEngine({ http, now: () => new Date('2026-11-24T10:00:00.000Z') });
  return async (url) => {
    const fields: Record<string, Json> = { url, method: 'POST', data: { '@path': '$.' } };
    const mapping = { action: 'send', trigger: 'type = "track"', fields };
    const [call] = await engine.callsOf({ slug: 'webhook', settings: {}, mapping, events: [EVENT], hopThroughUs: 1 });
    const [result] = (await call?.run()) ?? [];
    const outcome = result?.outcome;
    if (outcome?.outcome === 'delivered') return 'answered 200';
    return outcome === undefined ? 'nothing' : `${outcome.outcome} ${outcome.code}: ${outcome.message}`;
  };
};

const WAYS = [
  ['the guarded client', BY_FETCH],
  ['a webhook', BY_WEBHOOK],
] as const;

/** The webhook's own check of its URL field comes before our client, and is stricter: no IDN, nothing empty. */
const OWN_CHECK = /^discarded MESSAGE_REJECTED: (URL must be a valid URI|.*missing the required field 'url')/;

const PUBLIC = { 'public.example': [TOOL_ADDRESS], 'internal.example': ['10.0.0.1'] };

test('the list of hostile URLs is as long as it says, and says everything once', () => {
  expect(new Set(HOSTILE_URLS.map(([url]) => url)).size).toBe(HOSTILE_URLS.length);
  expect(HOSTILE_URLS.length).toBeGreaterThanOrEqual(650);
});

test.each(WAYS)('of the hostile URLs %s connects to none, and says why (T2, R16)', async (_way, way) => {
  const world = await aWorld();
  const ask = way(world, fakeDns(PUBLIC));
  const wrong: unknown[] = [];
  let judged = 0;
  for (const [url, reason] of HOSTILE_URLS) {
    const said = await ask(url);
    if (way === BY_WEBHOOK && OWN_CHECK.test(said)) continue;
    judged += 1;
    if (!/^(TargetRefusedError|discarded INVALID_SETTINGS): /.test(said) || !said.endsWith(`is refused: ${reason}`)) {
      wrong.push({ url, said, reason });
    }
  }
  expect(wrong).toEqual([]);
  expect(judged).toBeGreaterThanOrEqual(550);
  expect([world.trapped(), world.reached()]).toEqual([0, 0]);
  // The way is open for what is public, so that a leak would be seen.
  for (const url of [`https://${TOOL_ADDRESS}/`, 'https://public.example:8443/', 'https://93.184.55330/']) {
    await expect(ask(url)).resolves.toBe('answered 200');
  }
  expect([world.trapped(), world.reached()]).toEqual([0, 3]);
  await ask('https://93.184.216.35/');
  expect(world.trapped()).toBe(1);
});

type Answers = readonly (readonly string[] | null)[];

const family = (address: string): LookupAddress => ({ address, family: isIP(address) });
const P = TOOL_ADDRESS;
const MANY = Array.from({ length: 500 }, () => P);

/**
 * What a hostile DNS does, query by query (the last answer stands for all that follow), and what is said of the first send and the second.
 * An answer of `null` is a server that does not answer, a text that is no address is passed on as one.
 */
const TRICKS: readonly (readonly [trick: string, answers: Answers, said: readonly RegExp[]])[] = [
  ['a loopback address', [['127.0.0.1']], [/not public/]],
  ['another loopback address', [['127.8.8.8']], [/not public/]],
  ['the loopback address of IPv6', [['::1']], [/not public/]],
  ['this host', [['0.0.0.0']], [/not public/]],
  ['this host in IPv6', [['::']], [/not public/]],
  ['a metadata service', [['169.254.169.254']], [/not public/]],
  ["a task's credentials", [['169.254.170.2']], [/not public/]],
  ['a metadata service in IPv6', [['fd00:ec2::254']], [/not public/]],
  ['a link-local address with its zone', [['fe80::1%eth0']], [/not public/]],
  ['an address behind a carrier', [['100.64.0.1']], [/not public/]],
  ['A public, AAAA private', [[P, 'fd00::1']], [/not public/]],
  ['A private, AAAA public', [['10.0.0.1', '2606:2800:220:1::1']], [/not public/]],
  ['a private address first', [['192.168.0.1', P]], [/not public/]],
  ['a private address last of 501', [[...MANY, '10.0.0.1']], [/not public/]],
  ['a private address in the midst of 501', [[...MANY.slice(250), '10.0.0.1', ...MANY.slice(250)]], [/not public/]],
  ['an IPv4-mapped address', [['::ffff:127.0.0.1']], [/not public/]],
  ['an IPv4-mapped address of a public one', [[P, `::ffff:${P}`]], [/not public/]],
  ['an IPv4-compatible address', [['::127.0.0.1']], [/not public/]],
  ['NAT64', [['64:ff9b::7f00:1']], [/not public/]],
  ['6to4', [['2002:7f00:1::1']], [/not public/]],
  ['Teredo', [['2001:0:7f00:1::1']], [/not public/]],
  ['an alias of a private name', [['localhost']], [/not public/]],
  ['an address in octal', [['0177.0.0.1']], [/not public/]],
  ['an address in octal that looks public', [['010.0.0.1']], [/not public/]],
  ['an address as one number', [['2130706433']], [/not public/]],
  ['an address in short form', [['127.1']], [/not public/]],
  ['no address at all', [[]], [/ENOTFOUND/]],
  ['an empty address', [['']], [/not public/]],
  ['our own address', [['93.184.216.99']], [/this deployment itself/]],
  ['our own address beside another', [[P, '93.184.216.99']], [/this deployment itself/]],
  ['our own address of IPv6', [['2606:2800::99']], [/this deployment itself/]],
  ['our own address of IPv6, spelled out', [['2606:2800:0:0:0:0:0:99']], [/this deployment itself/]],
  ['no answer to the query', [null], [/No whole answer within|ETIMEDOUT/]],
  ['public once, then private (TTL 0)', [[P], ['127.0.0.1']], [/answered 200/, /not public/]],
  ['public once, then both', [[P], [P, '127.0.0.1']], [/answered 200/, /not public/]],
  ['public once, then nothing', [[P], []], [/answered 200/, /ENOTFOUND/]],
  ['private once, then public: the next send may', [['127.0.0.1'], [P]], [/not public/, /answered 200/]],
  ['flips with each query', [['127.0.0.1'], [P], ['127.0.0.1']], [/not public/, /answered 200/]],
];

/** A DNS that answers query after query from a list, and counts the queries. */
function scriptedDns(answers: Answers) {
  let queries = 0;
  const resolve: Resolve = (hostname) => {
    if (hostname !== 'hook.example') return Promise.reject(new Error(`Nobody should ask for ${hostname}`));
    const answer = answers[Math.min(queries, answers.length - 1)];
    queries += 1;
    return answer ? Promise.resolve(answer.map(family)) : new Promise(() => undefined);
  };
  return { resolve, queries: () => queries };
}

test('the list of DNS tricks is as long as it says', () => {
  expect(TRICKS.length).toBeGreaterThanOrEqual(35);
});

describe.each(WAYS)('by %s', (_way, way) => {
  // Each connection is closed after its answer, so that the second send looks the name up again.
  const closed = (_request: IncomingMessage, response: ServerResponse): void =>
    void response.writeHead(200, { connection: 'close' }).end('{}');

  test.each(TRICKS.filter(([, answers]) => way === BY_FETCH || !answers.includes(null)))(
    'a DNS that answers %s leads to no private address (T2, R16)',
    async (_trick, answers, said) => {
      const world = await aWorld(closed);
      const dns = scriptedDns(answers);
      const ask = way(world, dns.resolve, OWN_HOSTS, answers.includes(null) ? 200 : undefined);
      for (const [sends, words] of said.entries()) {
        await expect(ask('https://hook.example/')).resolves.toMatch(words);
        expect(dns.queries()).toBe(sends + 1);
      }
      expect(world.trapped()).toBe(0);
    },
  );

  test('a name that turns private while a kept socket dies is judged anew: the fresh dial is refused (L4, T2)', async () => {
    let answered = 0;
    const world = await aWorld((request, response) => {
      answered += 1;
      if (answered === 1) response.end('{}');
      else request.socket.destroy();
    });
    const dns = scriptedDns([[P], ['127.0.0.1']]);
    const ask = way(world, dns.resolve);
    await expect(ask('https://hook.example/')).resolves.toBe('answered 200');
    await expect(ask('https://hook.example/')).resolves.toMatch(/not public/);
    expect([dns.queries(), world.reached(), world.trapped()]).toEqual([2, 2, 0]);
  });

  test.each([301, 302, 303, 307, 308])(
    'a redirect (%i) to what is private is not followed, not even looked up (T2)',
    async (status) => {
      const targets = [
        'https://127.0.0.1/',
        'https://[::1]/',
        'https://169.254.169.254/latest/meta-data/',
        'http://169.254.170.2/v2/credentials',
        'https://internal.example/',
        '//127.0.0.1/',
        '\\\\127.0.0.1\\',
      ];
      let next = 0;
      const world = await aWorld((_request, response) => {
        response.writeHead(status, { location: targets[next], refresh: `0; url=${targets[next]}` }).end();
        next += 1;
      });
      const dns = scriptedDns([[P]]);
      const ask = way(world, dns.resolve);
      for (const _ of targets) await expect(ask('https://hook.example/')).resolves.toContain(String(status));
      expect([dns.queries(), world.reached(), world.trapped()]).toEqual([1, targets.length, 0]);
    },
  );
});
