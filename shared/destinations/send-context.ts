import { AsyncLocalStorage } from 'node:async_hooks';
import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { LookupAddress } from 'node:dns';
import type { WireName } from './destination-definition.ts';
import type { StandIn, StandInName } from './stand-in.ts';
import type { TargetRules } from './target-rules.ts';

/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

/** What all requests of a deployment share: made once for an environment. */
export type GuardedHttp = {
  rules: TargetRules;
  resolve: Resolve;
  agents: { http: HttpAgent; https: HttpsAgent };
  /** Without keep-alive: for the one repetition after a socket turned out to be dead. */
  freshAgents: { http: HttpAgent; https: HttpsAgent };
};

/** One exchange as it happened, not redacted: bodies are cut to EXCHANGE_BODY_BYTES_MAX, nothing else is. */
export type Exchange = {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: Buffer;
  status?: number;
  responseHeaders?: Record<string, string>;
  responseBody?: Buffer;
  error?: string;
  /** Absent: the request went out. */
  answeredBy?: StandInName;
  tookMs: number;
};

/** What belongs to one call of a destination's code: everything that it asks for over HTTP is bounded and written down here. */
export type SendContext = {
  http: GuardedHttp;
  /** For what a request says of its time. */
  now: () => Date;
  /** On performance.now()'s scale. */
  deadlineMs: number;
  /** Value of X-Tributary-Hop for what goes out (loops). */
  hopThroughUs: number;
  /** Constants of the destination's code that are to be said in our name (see `underOurName`). */
  wireNames?: readonly WireName[];
  /** Whether our own tracking API is a target (a Repeater's); everything else of ours never is. */
  mayReachUs: boolean;
  /** Who answers in the tool's place, if anybody does. */
  standIn?: StandIn;
  exchanges: Exchange[];
  /** Set by the first request that is more than a question (GET, HEAD); not every exchange is kept. */
  hasSent?: boolean;
  /** Bytes of the bodies of all requests, kept or not. Absent: none. */
  bytesOut?: number;
  /** Set when the call has settled: what it left running may send no more. */
  isOver: boolean;
};

const storage = new AsyncLocalStorage<SendContext>();

export const runInSendContext = <T>(context: SendContext, work: () => Promise<T>): Promise<T> =>
  storage.run(context, work);

export const currentSendContext = (): SendContext | undefined => storage.getStore();
