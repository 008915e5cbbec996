import { connect } from 'node:net';
import type { Engine, EngineWork, SendResult } from '../../shared/destinations/engine.ts';
import type { Json, JsonObject } from '../../shared/domain/json.ts';
import type { bundledDestinations } from './destination-bundle.ts';
import { type Answer, toolServer } from './tool-server.ts';

type Bundle = Awaited<ReturnType<typeof bundledDestinations>>;
/** Work whose event came to us for the first time, unless it says otherwise. */
export type Work = Omit<EngineWork, 'hopThroughUs'> & Partial<Pick<EngineWork, 'hopThroughUs'>>;

/** An engine that takes a tool on loopback for whatever public https host it asks for; `definition`: what it knows as `own`. */
export async function publicEngine(bundle: Bundle, answer?: Answer, definition?: unknown) {
  const tool = await toolServer(answer);
  const http = bundle.guardedHttp(bundle.targetRules(tool.host, ''));
  http.agents.https.createConnection = () => connect(tool.port, '127.0.0.1');
  const loaders = definition === undefined ? {} : { loaders: { own: async () => definition } };
  const engine = bundle.createEngine({ http, now: () => new Date('2026-11-24T10:00:00.000Z'), ...loaders });
  const close = async () => {
    await tool.close();
    bundle.closeGuardedHttp(http);
  };
  return { tool, engine, close };
}

/** Makes all calls of a piece of work, and answers the results in the order of its events. */
export async function runWork(engine: Engine, work: Work): Promise<SendResult[]> {
  const results: SendResult[] = [];
  const calls = await engine.callsOf({ hopThroughUs: 1, ...work });
  await Promise.all(
    calls.map(async (call) => {
      const answers = await call.run();
      for (const [at, index] of call.events.entries()) results[index] = answers[at] as SendResult;
    }),
  );
  return results;
}

export const aTrack = (over: Record<string, Json> = {}): JsonObject => ({
  type: 'track',
  event: 'Cup Bought',
  messageId: 'm1',
  userId: 'u1',
  anonymousId: 'a1',
  timestamp: '2026-11-24T09:59:59.000Z',
  receivedAt: '2026-11-24T10:00:00.000Z',
  context: {},
  integrations: {},
  properties: { price: 12 },
  ...over,
});
