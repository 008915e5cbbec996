import { schemaOf } from '../../shared/domain/workspace.ts';
import type { SQSRecord } from 'aws-lambda';
import { decodeHead, decodeIntake } from '../../shared/aws/intake-codec.ts';
import { decodeMessage } from '../../shared/aws/queue-codec.ts';
import { PLAN_HOLD_MS } from '../../shared/config/limits.ts';
import { AppError } from '../../shared/domain/app-error.ts';
import { LaneMessage } from '../../shared/domain/lane-message.ts';
import { readPlan } from '../../shared/pipeline/obey-plan.ts';
import type { SizedPart } from '../../shared/pipeline/parts.ts';
import type { ConfigReader } from '../../shared/ports/config-store.ts';
import type { PlanStore } from '../../shared/ports/ledger.ts';

export type ReadDeps = {
  configs: ConfigReader;
  plans: Pick<PlanStore, 'getPlan' | 'putRefusals'>;
  now: () => Date;
};

/** What lies in a dead-letter queue. */
export type Found =
  | { found: 'parts'; parts: readonly Pick<SizedPart, 'destinationId' | 'part'>[] }
  /** Not in the books: kept whole. */
  | { found: 'unreadable'; reason: 'crash_loop' | 'malformed' }
  /** Another invocation may be at work on it yet. */
  | { found: 'held' }
  /** Nothing that anybody waits for any more. */
  | { found: 'nothing' };

/** Of a message of the intake queue: the parts of its plan. Of one without a plan nothing is read but its head: it may have killed whoever did. */
export async function partsOfRequest(deps: ReadDeps, { body }: SQSRecord): Promise<Found> {
  const head = decodeHead(body);
  if (head === undefined) return await partsOfNoRequest(deps, body);
  const row = await deps.plans.getPlan(head);
  if (row === undefined) return { found: 'unreadable', reason: 'crash_loop' };
  if (deps.now().getTime() - Date.parse(row.plannedAt) < PLAN_HOLD_MS) return { found: 'held' };
  const entry = opened(body);
  if (entry?.entry !== 'request') return { found: 'unreadable', reason: 'malformed' };
  const { message } = entry;
  const config = await deps.configs.workspaceConfig(message.workspaceId);
  const source = config?.sources.find(({ id }) => id === message.sourceId);
  return { found: 'parts', parts: readPlan(message, source, row, schemaOf(config, message.sourceId)).parts };
}

async function partsOfNoRequest(deps: ReadDeps, body: string): Promise<Found> {
  const entry = opened(body);
  if (entry?.entry !== 'refusals') return { found: 'unreadable', reason: 'malformed' };
  await deps.plans.putRefusals(entry.notice);
  return { found: 'nothing' };
}

/** `undefined`: malformed. */
function opened(body: string): ReturnType<typeof decodeIntake> | undefined {
  try {
    return decodeIntake(body);
  } catch (error) {
    if (error instanceof AppError && error.code === 'malformed-message') return undefined;
    throw error;
  }
}

/** Of a message of a lane. */
export function partsOfLaneMessage({ body }: SQSRecord): Found {
  const message = laneMessageOf(body);
  if (message === undefined) return { found: 'unreadable', reason: 'malformed' };
  const { destinationId, parts } = message;
  return { found: 'parts', parts: parts.map((part) => ({ destinationId, part })) };
}

/** `undefined`: malformed, or with a send that points at no event or mapping. */
function laneMessageOf(body: string): LaneMessage | undefined {
  let json: unknown;
  try {
    json = decodeMessage(body);
  } catch {
    return undefined;
  }
  const { data } = LaneMessage.safeParse(json);
  const isWhole = data?.parts.every(({ sends, events, mappings }) =>
    sends.every(([, event, mapping]) => event < events.length && mapping < mappings.length),
  );
  return isWhole === true ? data : undefined;
}
