import { CLOCK_SKEW_MS } from '../../shared/config/limits.ts';
import type { JsonObject } from '../../shared/domain/json.ts';
import type { LaneSend, Part } from '../../shared/domain/lane-message.ts';
import type { SendOutcome } from '../../shared/domain/outcomes.ts';
import { isOfSuppressed, SUPPRESSED_CODE } from '../../shared/domain/suppression.ts';
import type { ConfigReader } from '../../shared/ports/config-store.ts';
import type { LaneTask } from './lane-task.ts';

export type SuppressionDeps = { configs: ConfigReader };

/** How the send of a suppressed user ends, untried. Its payload is kept as any other's; a replay sends it only once the user is so no more. */
export const SUPPRESSED = {
  outcome: 'discarded',
  code: SUPPRESSED_CODE,
  message: 'The user is suppressed',
} as const satisfies SendOutcome;

/**
 * Sends of a part by whether their user is suppressed now, whatever was so when they were queued (T25). Throws where nobody can tell: nothing
 * was tried then, and the message comes again.
 */
export async function splitSuppressed(
  { configs }: SuppressionDeps,
  { part, queuedAtMs }: Pick<LaneTask, 'part' | 'queuedAtMs'>,
): Promise<{ suppressed: readonly LaneSend[]; open: readonly LaneSend[] }> {
  const split = async (asOfMs?: number) => {
    const users = (await configs.workspaceConfig(part.workspaceId, asOfMs))?.suppressed;
    const suppressed = part.sends.filter((send) => isOfSuppressed(eventOf(part, send), users));
    const ended = new Set(suppressed);
    return { suppressed, open: suppressed.length === 0 ? part.sends : part.sends.filter((send) => !ended.has(send)) };
  };
  const found = await split();
  // Route let them pass: what says otherwise must not be older than that.
  return found.suppressed.length === 0 ? found : await split(queuedAtMs + CLOCK_SKEW_MS);
}

const eventOf = (part: Part, [, index]: LaneSend): JsonObject => part.events[index] as JsonObject;
