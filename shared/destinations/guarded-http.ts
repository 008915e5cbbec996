import { lookup } from 'node:dns/promises';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { SENDS_IN_FLIGHT_MAX } from '../config/limits.ts';
import type { GuardedHttp, Resolve } from './send-context.ts';
import type { TargetRules } from './target-rules.ts';

/** Idle sockets are closed before the other side does it (common peers: 5 s and more), so that few are found dead (trap L4). */
const IDLE_SOCKET_MS = 4_000;
const IDLE_SOCKETS_PER_HOST_MAX = 16;
/** Idle sockets to all hosts together: file descriptors of the environment (1,024). */
const IDLE_SOCKETS_MAX = 256;

const resolveByDns: Resolve = (hostname) => lookup(hostname, { all: true, verbatim: true });

/** Sockets and rules of one environment. Certificates are always checked, and no proxy of the environment is used. */
export function guardedHttp(rules: TargetRules, resolve: Resolve = resolveByDns): GuardedHttp {
  const kept = {
    keepAlive: true,
    timeout: IDLE_SOCKET_MS,
    maxSockets: SENDS_IN_FLIGHT_MAX,
    maxFreeSockets: IDLE_SOCKETS_PER_HOST_MAX,
    maxTotalSockets: IDLE_SOCKETS_MAX + SENDS_IN_FLIGHT_MAX,
  };
  return {
    rules,
    resolve,
    agents: { http: new HttpAgent(kept), https: new HttpsAgent({ ...kept, rejectUnauthorized: true }) },
    freshAgents: {
      http: new HttpAgent({ keepAlive: false }),
      https: new HttpsAgent({ keepAlive: false, rejectUnauthorized: true }),
    },
  };
}

/** Closes idle sockets; for tests and the end of a process. */
export function closeGuardedHttp(http: GuardedHttp): void {
  for (const { http: plain, https } of [http.agents, http.freshAgents]) {
    plain.destroy();
    https.destroy();
  }
}
