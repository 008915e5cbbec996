import * as z from 'zod';
import type { CredentialsChecker } from '../../shared/destinations/credentials-checker.ts';
import { AppError } from '../../shared/domain/app-error.ts';
import { DestinationId, MappingId, SourceId, WorkspaceId } from '../../shared/domain/ids.ts';
import { isJsonObject, type Json, type JsonObject } from '../../shared/domain/json.ts';
import type { TestResult } from '../../shared/domain/test-result.ts';
import { type Destination, Mapping, type SealedValue, type WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { ConfigReader } from '../../shared/ports/config-store.ts';
import type { CheckOutcome, TestAsk } from '../../shared/ports/deliver-asks.ts';
import type { Resealer, Sealer } from '../../shared/ports/sealer.ts';
import { trialOf } from './trial-of.ts';

const TriedMapping = Mapping.pick({ name: true, action: true, trigger: true, fields: true });

/** What the API asks of the one function that opens secrets of destinations. It comes by Invoke, where batches come from queues. */
const Ask = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('check'), workspaceId: WorkspaceId, destinationId: DestinationId }),
  z.strictObject({
    ask: z.literal('test'),
    workspaceId: WorkspaceId,
    destinationId: DestinationId,
    event: z.custom<JsonObject>(isJsonObject, 'an object'),
    subscriptionId: MappingId.optional(),
    mapping: TriedMapping.optional(),
    applyFilters: z.boolean(),
    dryRun: z.boolean(),
  }),
  z.strictObject({
    ask: z.literal('trial'),
    workspaceId: WorkspaceId,
    sourceId: SourceId,
    type: z.string(),
    event: z.custom<JsonObject>(isJsonObject, 'an object'),
    mappings: z.array(TriedMapping),
  }),
  z.strictObject({ ask: z.literal('reseal'), workspaceId: WorkspaceId, from: DestinationId, to: DestinationId }),
]);
export type Ask = z.infer<typeof Ask>;

export type AskDeps = {
  configs: ConfigReader;
  sealer: Pick<Sealer, 'open'> & Resealer;
  check: CredentialsChecker;
  /** As `testEvent`, of a workspace. */
  test: (config: WorkspaceConfig | undefined, ask: TestAsk) => Promise<TestResult | undefined>;
  now: () => Date;
};

type Answer = CheckOutcome | { test: TestResult } | { secrets: Record<string, SealedValue> } | { outcome: 'not-found' };

/** Answers an ask by the configuration as it is now. Throws for what is no ask, and where configuration or key service do not answer. */
export const answerAsk =
  (deps: AskDeps) =>
  async (event: unknown): Promise<Answer> => {
    const ask = Ask.parse(event);
    const config = await deps.configs.workspaceConfig(ask.workspaceId, deps.now().getTime());
    if (ask.ask === 'test') {
      const { ask: _, ...what } = ask;
      const test = await deps.test(config, what);
      return test === undefined ? { outcome: 'not-found' } : { test };
    }
    if (ask.ask === 'trial') {
      const trial = trialOf(config, ask, deps.now().toISOString());
      const test = trial && (await deps.test(trial.config, trial.ask));
      return test === undefined ? { outcome: 'not-found' } : { test };
    }
    const find = (id: DestinationId) =>
      config?.destinations.find(({ destination }) => destination.id === id)?.destination;
    const destination = find(ask.ask === 'check' ? ask.destinationId : ask.from);
    if (destination === undefined) return { outcome: 'not-found' };
    if (ask.ask === 'check') return await check(deps, destination);
    return find(ask.to) === undefined ? { outcome: 'not-found' } : { secrets: await reseal(deps, destination, ask.to) };
  };

async function check(deps: AskDeps, destination: Destination): Promise<CheckOutcome> {
  const { id: destinationId, workspaceId, settings, secrets, type } = destination;
  const opened: Record<string, string> = {};
  try {
    for (const [field, value] of Object.entries(secrets)) {
      opened[field] = await deps.sealer.open(value, { workspaceId, destinationId, field });
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'secret-unreadable' || error.retry) throw error;
    const message = 'A secret of the destination cannot be read: enter it again';
    return { outcome: 'refused', message, requests: 0 };
  }
  return await deps.check({
    slug: type,
    settings: { ...(settings as Record<string, Json>), ...opened },
    secretValues: Object.values(opened),
  });
}

async function reseal(
  { sealer }: AskDeps,
  { id, workspaceId, secrets }: Destination,
  to: DestinationId,
): Promise<Record<string, SealedValue>> {
  const resealed: Record<string, SealedValue> = {};
  for (const [field, value] of Object.entries(secrets)) {
    resealed[field] = await sealer.reseal(
      value,
      { workspaceId, destinationId: id, field },
      { workspaceId, destinationId: to, field },
    );
  }
  return resealed;
}
