import { parseFql, validate } from '@segment/destination-subscriptions';
import type { TributaryEvent } from '../../shared/domain/event.ts';

/** Parsed triggers that one environment keeps: parsing costs some 40 evaluations. */
const TRIGGERS_MAX = 2_000;

type Parsed = ReturnType<typeof parseFql>;
const parsedTriggers = new Map<string, Parsed>();

/**
 * Whether a mapping's trigger chooses an event, by the very evaluator that deliver's engine uses. `unreadable`: the text does not parse;
 * nothing is sent then (T26: a rule that cannot be read lets nothing out).
 */
export function triggerVerdict(trigger: string, event: TributaryEvent): 'chosen' | 'passed over' | 'unreadable' {
  const parsed = parsedTriggers.get(trigger) ?? parseAndKeep(trigger);
  if ('error' in parsed && parsed.error !== undefined) return 'unreadable';
  try {
    return validate(parsed, event) ? 'chosen' : 'passed over';
  } catch {
    return 'unreadable';
  }
}

function parseAndKeep(trigger: string): Parsed {
  const parsed = parseFql(trigger);
  const oldest = parsedTriggers.keys().next();
  if (parsedTriggers.size >= TRIGGERS_MAX && !oldest.done) parsedTriggers.delete(oldest.value);
  parsedTriggers.set(trigger, parsed);
  return parsed;
}
