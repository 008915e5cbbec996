import type { DestinationDefinition as LibraryDefinition } from '@segment/actions-core';
import type { Engine, EngineWork, SendResult } from '../../shared/destinations/engine.ts';
import type { Json, JsonObject } from '../../shared/domain/json.ts';
import type { bundledDestinations } from './destination-bundle.ts';
import { type Answer, toolServer } from './tool-server.ts';

export const NOW = new Date('2026-11-24T10:00:00.000Z');
type Bundle = Awaited<ReturnType<typeof bundledDestinations>>;

/** Makes all calls of a piece of work, and answers the results in the order of its events. */
export async function runWork(engine: Engine, work: EngineWork): Promise<SendResult[]> {
  const results: SendResult[] = [];
  const calls = await engine.callsOf(work);
  await Promise.all(
    calls.map(async (call) => {
      const answers = await call.run();
      for (const [at, index] of call.events.entries()) results[index] = answers[at] as SendResult;
    }),
  );
  return results;
}

export type Sent = {
  action: string;
  settings: Record<string, Json>;
  events: readonly JsonObject[];
  trigger?: string;
  /** Fields of the mapping beside the action's defaults. */
  fields?: Record<string, Json>;
  hopThroughUs?: number;
};

/**
 * A destination of ours, run by the engine as in deliver's bundle, against a tool on loopback. `toolIs: 'us'`: the tool is this deployment's
 * own tracking API, and nothing else may be reached. Build the bundle once a file: it takes seconds.
 */
export async function ownDestination(
  bundle: Bundle,
  slug: string,
  answer?: Answer,
  toolIs: 'foreign' | 'us' = 'foreign',
) {
  const tool = await toolServer(answer);
  const rules = toolIs === 'us' ? bundle.targetRules('', tool.host, tool.origin) : bundle.targetRules(tool.host, '');
  const http = bundle.guardedHttp(rules);
  const row = bundle.OWN_ROWS.find((each) => each.slug === slug);
  if (row === undefined) throw new Error(`There is no row of ${slug}`);
  const engine = bundle.createEngine({ http, now: () => NOW, loaders: { [slug]: row.load } });
  const { definition } = (await row.load()) as { definition: LibraryDefinition<JsonObject> };
  const send = async ({ action, settings, events, trigger, fields, hopThroughUs = 1 }: Sent): Promise<SendResult[]> => {
    const code = definition.actions[action];
    const defaults = Object.entries(code?.fields ?? {}).flatMap(([key, field]) =>
      field.default === undefined ? [] : [[key, field.default]],
    );
    const mapping = {
      action,
      trigger: trigger ?? code?.defaultSubscription ?? '',
      fields: { ...(Object.fromEntries(defaults) as Record<string, Json>), ...fields },
    };
    return await runWork(engine, { slug, settings, mapping, events, hopThroughUs });
  };
  const close = async (): Promise<void> => {
    await tool.close();
    bundle.closeGuardedHttp(http);
  };
  return { tool, engine, send, close, definition };
}
