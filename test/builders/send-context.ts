import type { LookupAddress } from 'node:dns';
import { type AgentOptions, Agent as HttpsAgent } from 'node:https';
import { connect, isIP, type LookupFunction } from 'node:net';
import { guardedHttp } from '../../shared/destinations/guarded-http.ts';
import { type Resolve, runInSendContext, type SendContext } from '../../shared/destinations/send-context.ts';
import { targetRules } from '../../shared/destinations/target-rules.ts';

/** A DNS that knows these names and no other. */
export const fakeDns =
  (names: Record<string, readonly string[]>): Resolve =>
  async (hostname) => {
    const addresses = names[hostname];
    if (addresses === undefined) throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    return addresses.map((address): LookupAddress => ({ address, family: isIP(address) }));
  };

/** A context of one send. */
export const aSendContext = (
  over: Partial<SendContext> & { allowed?: string; ownHosts?: string; trackingUrl?: string; resolve?: Resolve } = {},
): SendContext => ({
  http: guardedHttp(
    targetRules(over.allowed ?? '', over.ownHosts ?? '', over.trackingUrl),
    over.resolve ?? fakeDns({}),
  ),
  now: () => new Date('2026-11-24T10:00:00.000Z'),
  deadlineMs: performance.now() + 10_000,
  hopThroughUs: 1,
  mayReachUs: false,
  exchanges: [],
  isOver: false,
  ...over,
});

/**
 * Makes every https connection that the rules let through end at this port of loopback, in plain text: names are still looked up by the hook
 * that checks them. Whatever arrives there has got past the guard.
 */
export function divertHttps(context: SendContext, port: number): void {
  const agent = new HttpsAgent();
  agent.createConnection = (
    options: AgentOptions & { lookup: LookupFunction },
    done: (error: Error | null, socket?: unknown) => void,
  ) => {
    const host = String(options.host);
    if (isIP(host) !== 0) return connect(port, '127.0.0.1');
    options.lookup(host, { all: true }, (error) => {
      if (error) done(error);
      else done(null, connect(port, '127.0.0.1'));
    });
    return undefined;
  };
  context.http = { ...context.http, agents: { ...context.http.agents, https: agent } };
}

export { runInSendContext };
