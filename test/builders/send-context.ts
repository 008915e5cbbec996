import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
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

export { runInSendContext };
