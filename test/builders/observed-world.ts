import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Analytics } from '@segment/analytics-node';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { publicApiClient, unwrap } from './public-api-client.ts';
import { aDirectory, balanceOf, isSource, sum, until } from './running-tributary.ts';
import { aWebhook, SINK_WRITE_KEY } from './sink-seed.ts';
import { startWholeCloud, theWholeApp, type WholeCloud } from './whole-cloud.ts';

export const APP_WRITE_KEY = 'writekeyofthemobileapp0000000001';
/** Two letters from the server's. */
export const MISTYPED_KEY = `${SINK_WRITE_KEY.slice(0, -2)}xy`;

/** What is sent, each number another one, so that no two can be taken for each other. */
export const MIX = {
  bought: 11,
  flaky: 3,
  refused: 5,
  blocked: 6,
  pages: 7,
  identifies: 4,
  aliases: 2,
  groups: 1,
  screens: 8,
  noName: 9,
  noUser: 12,
  duplicates: 10,
  suppressed: 13,
  mistyped: 14,
  revoked: 15,
} as const;
const ofServer = ['bought', 'flaky', 'refused', 'pages', 'identifies', 'aliases', 'groups'] as const;
export const ROUTED = ofServer.reduce((total, name) => total + MIX[name], 0);
export const INVALID = MIX.noName + MIX.noUser;
/** Everything of the server source that is an event or pretends to be one. */
export const RECEIVED = ROUTED + MIX.blocked + INVALID + MIX.duplicates + MIX.suppressed;
const ACCEPTED_DIFFERENT = RECEIVED - MIX.duplicates + MIX.screens;
export const SUPPRESSED_USER = 'u-suppressed';
/** Longer than functions go on with configuration that they have read. */
const CONFIG_MS = 6_500;
const SETTLE_MS = 90_000;

type Call = { method?: string; body?: unknown };

/** A whole local cloud with two sources, destinations that fail by script, and a sink that keeps its own books. */
export async function observedWorld() {
  const [assembly, sink] = await Promise.all([theWholeApp(), startSink({ host: '127.0.0.1', port: 0 })]);
  const directory = aDirectory();
  const options = { assembly, stateDirectory: join(directory, 'state'), seedFile: join(directory, 'seed.json') };
  writeFileSync(options.seedFile, JSON.stringify(seedFor(sink)));
  let running = await startWholeCloud(options);
  let printed = '';

  const ask = async <T>(path: string, { method = 'GET', body }: Call = {}): Promise<T> => {
    const { apiUrl, apiToken } = running.endpoints;
    const answer = await fetch(`${apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (JSON.parse(text) as { data: T }).data;
  };
  const api = () => publicApiClient(running.endpoints.apiUrl, running.endpoints.apiToken);
  const { sources } = await unwrap(api().sources.listSources({ count: 10 }));
  const { destinations } = await unwrap(api().destinations.listDestinations({ count: 10 }));
  const ids = new Map([...sources, ...destinations].map(({ id, name }) => [name ?? '', id]));
  const idOf = (name: string): string => {
    const id = ids.get(name);
    if (id === undefined) throw new Error(`Nothing is called ${name}`);
    return id;
  };
  const post = async (writeKey: string, path: string, body: object): Promise<Response> =>
    await fetch(`${running.endpoints.trackingUrl}${path}`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${writeKey}:`)}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  return {
    sink,
    ask,
    api,
    idOf,
    running: (): WholeCloud => running,
    log: () => printed + running.log(),
    /** A function as the scheduler invokes it. */
    invoke: async (part: string): Promise<void> => {
      const found = running.cloud.functions().find(({ name }) => name.includes(part));
      const result = await running.cloud.invoke(found?.name ?? '', {});
      if (!result.ok) throw new Error(`${part} failed: ${JSON.stringify(result)}\n${running.log().slice(-3_000)}`);
    },
    /** Stops the whole cloud with whatever is on its way, and starts it on what lies on the disk. */
    restart: async (): Promise<void> => {
      printed += running.log();
      await running.cloud.stop();
      running = await startWholeCloud(options);
    },
    /** What has to be so before the mix is sent: a user suppressed, a key taken away, a page of the tools told. */
    prepare: async (): Promise<{ revokedKey: string }> => {
      const source = idOf('Server');
      await unwrap(
        api().suppression.createWorkspaceRegulation({
          regulationType: 'SUPPRESS_ONLY' as never,
          subjectType: 'USER_ID' as never,
          subjectIds: [SUPPRESSED_USER],
        }),
      );
      const made = await unwrap(api().sources.createWriteKeyForSource(source));
      const revokedKey = made.source.writeKeys.find((key) => key !== SINK_WRITE_KEY) ?? '';
      await unwrap(api().sources.removeWriteKeyFromSource(source, revokedKey));
      await new Promise((resolve) => setTimeout(resolve, CONFIG_MS));
      return { revokedKey };
    },
    /** Sends the mix by the official library, and by hand what no library would send. */
    send: async (): Promise<void> => {
      const { trackingUrl: host } = running.endpoints;
      const refused: unknown[] = [];
      const sdk = (writeKey: string) => {
        const analytics = new Analytics({ writeKey, host, flushAt: 15, flushInterval: 50, maxRetries: 3 });
        analytics.on('error', (error) => refused.push(error));
        return analytics;
      };
      const times = (count: number, make: (number: number) => void): void => {
        for (let number = 0; number < count; number += 1) make(number);
      };
      const user = (number: number) => ({ userId: `u${number % 4}` });
      const server = sdk(SINK_WRITE_KEY);
      const bought = (n: number) => ({ ...user(n), event: 'Bought', properties: { n }, messageId: `bought-${n}` });
      times(MIX.bought, (n) => server.track(bought(n)));
      for (const [event, count] of [
        ['Flaky', MIX.flaky],
        ['Refused', MIX.refused],
        ['Blocked', MIX.blocked],
      ] as const) {
        times(count, (n) => server.track({ ...user(n), event, messageId: `${event.toLowerCase()}-${n}` }));
      }
      times(MIX.pages, (n) => server.page({ anonymousId: n === 0 ? 'a0' : `web${n % 2}`, name: 'Home' }));
      times(MIX.identifies, (n) => server.identify({ ...user(n), anonymousId: `a${n}`, traits: { plan: 'pro' } }));
      times(MIX.aliases, (n) => server.alias({ ...user(n), previousId: `p${n}`, messageId: `alias-${n}` }));
      times(MIX.groups, (n) => server.group({ ...user(n), groupId: 'g' }));
      times(MIX.suppressed, (n) =>
        server.track({ userId: SUPPRESSED_USER, event: 'Bought', messageId: `suppressed-${n}` }),
      );
      await server.closeAndFlush();
      const again = sdk(SINK_WRITE_KEY);
      times(MIX.duplicates, (n) => again.track(bought(n)));
      await again.closeAndFlush();
      const app = sdk(APP_WRITE_KEY);
      times(MIX.screens, (n) => app.screen({ anonymousId: `s${n % 2}`, name: 'Cart' }));
      await app.closeAndFlush();
      const batch = [
        ...Array.from({ length: MIX.noName }, (_, n) => ({ type: 'track', userId: 'u0', messageId: `no-name-${n}` })),
        ...Array.from({ length: MIX.noUser }, (_, n) => ({
          type: 'track',
          event: 'Bought',
          messageId: `no-user-${n}`,
        })),
      ];
      await post(SINK_WRITE_KEY, '/v1/batch', { batch });
      if (refused.length > 0) throw new Error(`Not all went as it should: ${JSON.stringify(refused)}`);
    },
    /** Requests with a key that is nobody's. What was refused is told from ten seconds later on, by the next request that is refused. */
    refuse: async (writeKey: string, count: number): Promise<void> => {
      for (let number = 0; number < count; number += 1) {
        const answer = await post(writeKey, '/v1/track', { userId: 'u0', event: 'Bought' });
        if (answer.headers.get('tributary-rejected') !== 'unknown-write-key') throw new Error(`${writeKey} was taken`);
      }
    },
    /** When everything that was sent is in the books and nothing is on its way. */
    settled: async (): Promise<void> => {
      await until(
        async () => {
          const lines = await balanceOf(running.endpoints);
          const own = lines.filter(isSource);
          const different = sum(own, 'accepted') - sum(own, 'duplicate');
          return different === ACCEPTED_DIFFERENT && lines.every((line) => isSource(line) || line.inFlight === 0);
        },
        SETTLE_MS,
        () => 'It did not settle',
      );
    },
    stop: async (): Promise<void> => {
      await running.cloud.stop();
      await sink.stop();
    },
  };
}
export type ObservedWorld = Awaited<ReturnType<typeof observedWorld>>;

const seedFor = ({ url }: Sink) => {
  const source = (slug: string, name: string, kind: string, key: string) => ({ slug, name, kind, writeKeys: [key] });
  const twice = aWebhook('Twice', `${url}/twice`, { trigger: 'type = "page"' });
  const [mapping] = twice.mappings;
  return {
    workspace: { slug: 'test', name: 'Test' },
    sources: [
      { ...source('server', 'Server', 'server', SINK_WRITE_KEY), schema: { track: { Blocked: { enabled: false } } } },
      source('app', 'App', 'mobile', APP_WRITE_KEY),
    ],
    destinations: [
      aWebhook('Sink', `${url}/all`),
      aWebhook('Flaky', `${url}/first/1/503/retry-after/3`, { trigger: 'event = "Flaky"' }),
      aWebhook('Refuses', `${url}/status/400`, { trigger: 'event = "Refused"' }),
      aWebhook('Never', `${url}/status/503/retry-after/31536000`, { trigger: 'type = "alias"' }),
      { ...twice, mappings: [mapping, { ...mapping, name: 'The same again' }] },
      { ...aWebhook('App sink', `${url}/app`), source: 'app' },
    ],
  };
};
