import { triggerCondition } from './condition.ts';
import type { TributaryEvent } from './event.ts';
import type { FilteredReason } from './outcomes.ts';
import { judgeForTarget, type RuledTarget } from './target-verdict.ts';

/** Which mappings an event goes by, and what they may see of it; or why it goes by none. */
export type MappingVerdict<M> = { reason: FilteredReason } | { mappings: readonly M[]; event: TributaryEvent };

/**
 * What becomes of an event at a destination: every rule before its mappings, then the trigger of each of those given, in their order. This is how
 * route decides, and how what-if asks what it would decide.
 */
export function chooseMappings<M extends { trigger: string }>(
  event: TributaryEvent,
  target: RuledTarget & { mappings: readonly M[] },
): MappingVerdict<M> {
  const judged = judgeForTarget(event, target);
  if (judged.verdict === 'filtered') return { reason: judged.reason };
  const mappings: M[] = [];
  let isUnreadable = false;
  for (const mapping of target.mappings) {
    const verdict = triggerCondition(mapping.trigger)(judged.event);
    if (verdict === true) mappings.push(mapping);
    if (verdict === 'unreadable') isUnreadable = true;
  }
  if (mappings.length > 0) return { mappings, event: judged.event };
  return { reason: isUnreadable ? 'INVALID_TRIGGER' : 'NO_MATCHING_MAPPING' };
}
