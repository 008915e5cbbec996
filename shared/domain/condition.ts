import { compileFql, compileJudge } from './fql/compile-fql.ts';
import { parseFql } from './fql/parse-fql.ts';
import { parseTrigger } from './fql/parse-trigger.ts';
import type { JsonObject } from './json.ts';

/** Whether a condition holds for an event; `unreadable`: it cannot be read, or judged for this one, and nothing may be sent by it (C05, T26). */
export type Condition = (event: JsonObject) => boolean | 'unreadable';

/** Conditions of either kind that one environment keeps compiled: reading one costs some 40 evaluations. */
const CONDITIONS_MAX = 2_000;

/** What a filter's FQL means; the same text is read once. It must be judged: where it cannot be, it is `unreadable`. Never throws. */
export const filterCondition = remembered((fql) => {
  const parsed = parseFql(fql);
  if (parsed.outcome === 'invalid') return UNREADABLE;
  const judge = compileJudge(parsed.expression);
  return (event) => {
    const judgement = judge(event);
    return judgement === 'undecidable' ? 'unreadable' : judgement;
  };
});

/** What a mapping's trigger means: it chooses events, so what cannot be judged is not chosen. The same text is read once. Never throws. */
export const triggerCondition = remembered((fql) => {
  const parsed = parseTrigger(fql);
  return parsed.outcome === 'parsed' ? compileFql(parsed.expression) : UNREADABLE;
});

function remembered(read: (fql: string) => Condition): (fql: string) => Condition {
  const conditions = new Map<string, Condition>();
  return (fql) => {
    const known = conditions.get(fql);
    if (known !== undefined) return known;
    const condition = read(fql);
    const oldest = conditions.keys().next();
    if (conditions.size >= CONDITIONS_MAX && !oldest.done) conditions.delete(oldest.value);
    conditions.set(fql, condition);
    return condition;
  };
}

const UNREADABLE: Condition = () => 'unreadable';
