import { triggerCondition } from './condition.ts';
import type { TributaryEvent } from './event.ts';
import type { FilteredReason } from './outcomes.ts';
import { judgeForTarget, type RuledTarget } from './target-verdict.ts';
import type { Mapping } from './workspace.ts';

/**
 * Which of a destination's mappings an event is for, or the first reason why for none; `event`: what they see of it. Pure and the same each time.
 */
export function chooseMappings(
  event: TributaryEvent,
  target: RuledTarget & { mappings: readonly Mapping[] },
): { reason: FilteredReason } | { mappings: Mapping[]; event: TributaryEvent } {
  const judged = judgeForTarget(event, target);
  if (judged.verdict === 'filtered') return { reason: judged.reason };
  const mappings: Mapping[] = [];
  let isUnreadable = false;
  for (const mapping of target.mappings) {
    const verdict = triggerCondition(mapping.trigger)(judged.event);
    if (verdict === true) mappings.push(mapping);
    if (verdict === 'unreadable') isUnreadable = true;
  }
  if (mappings.length > 0) return { mappings, event: judged.event };
  return { reason: isUnreadable ? 'INVALID_TRIGGER' : 'NO_MATCHING_MAPPING' };
}
