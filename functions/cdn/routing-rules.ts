import type { Filter, FilterAction } from '../../shared/domain/filter.ts';
import { and, type Ir } from '../../shared/domain/fql/tsub-ir.ts';
import { parseFql } from '../../shared/domain/fql/parse-fql.ts';
import { tsubOf } from '../../shared/domain/fql/tsub-of.ts';
import { leadsThroughList, whyNot } from './field-actions.ts';
import { changesWhatIsRead } from './reads-changed.ts';

type Matcher = { type: 'all' } | { type: 'fql'; ir: string };
type Transformer = { type: string; config?: unknown };
/** A rule as Analytics.js and the mobile libraries read it: `matchers[i]` guards `transformers[i]`, one after the other. */
export type RoutingRule = {
  scope: 'destinations';
  target_type: 'workspace::project::destination';
  destinationName: string;
  matchers: Matcher[];
  transformers: Transformer[][];
};

export type Rule =
  | { outcome: 'none' }
  | { outcome: 'rule'; rule: RoutingRule }
  /** Lets nothing through (C05). */
  | { outcome: 'closed'; rule: RoutingRule; because: string };

/** A condition and what is done where it holds. */
type Step = { matcher: Matcher; actions: FilterAction[] };

/** What ends the matter comes first, then fields go (C01). */
const ENDING = ['SAMPLE', 'DROP'] as const;
const FIELDS = ['DROP_PROPERTIES', 'ALLOW_PROPERTIES'] as const;
/** The event keeps these whatever a filter says, as on the server. */
const KEPT_AT_TOP = ['type', 'messageId'];
const ALL: Matcher = { type: 'all' };
const DROP: Transformer = { type: 'drop' };

/**
 * The filters of a device-mode destination as the one rule that its device applies: React Native reads only the last rule of a destination. What
 * cannot be said in tsub closes the destination: its rule drops every event, since a filter that is left out would let through what it forbids.
 */
export function routingRuleOf(destinationName: string, filters: readonly Filter[]): Rule {
  const closed = (filter: Filter, because: string): Rule => {
    const rule = ruleOf(destinationName, [{ matcher: ALL, transformers: [DROP] }]);
    return { outcome: 'closed', rule, because: `filter ${filter.id}: ${because}` };
  };
  const undecidable: Matcher[] = [];
  const ending: Step[] = [];
  const fields: Step[] = [];
  for (const filter of filters.filter(({ enabled }) => enabled)) {
    const condition = conditionOf(filter.if);
    if ('reason' in condition) return closed(filter, condition.reason);
    const unsaid = filter.actions.map(whyNot).find((reason) => reason !== undefined);
    if (unsaid !== undefined) return closed(filter, unsaid);
    if (condition.undecidable !== undefined) undecidable.push({ type: 'fql', ir: condition.undecidable });
    for (const action of filter.actions) {
      const guard = leadsThroughList(action);
      if (guard !== undefined) undecidable.push(guarded(condition.matcher, guard));
      if (action.type === 'SAMPLE' || action.type === 'DROP')
        ending.push({ matcher: condition.matcher, actions: [action] });
      else addTo(fields, condition.matcher, action);
    }
    const changed = fields.findIndex(({ matcher }, at) => changesWhatIsRead(fields.slice(0, at), matcher));
    if (changed >= 0) return closed(filter, 'another filter takes away what its condition reads');
  }
  const steps = [
    ...undecidable.map((matcher) => ({ matcher, transformers: [DROP] })),
    ...inOrder(ending, ENDING),
    ...fields.map(({ matcher, actions }) => ({ matcher, transformers: sorted(actions, FIELDS).map(transformerOf) })),
  ];
  return steps.length === 0 ? { outcome: 'none' } : { outcome: 'rule', rule: ruleOf(destinationName, steps) };
}

const ruleOf = (
  destinationName: string,
  steps: readonly { matcher: Matcher; transformers: Transformer[] }[],
): RoutingRule => ({
  scope: 'destinations',
  target_type: 'workspace::project::destination',
  destinationName,
  matchers: steps.map(({ matcher }) => matcher),
  transformers: steps.map(({ transformers }) => transformers),
});

/** `undecidable`: true where the condition cannot be judged, and nothing may go out (C05). */
type Condition = { matcher: Matcher; undecidable?: string | undefined };

function conditionOf(fql: string): Condition | { reason: string } {
  const parsed = parseFql(fql);
  if (parsed.outcome === 'invalid') return { reason: 'its condition is no FQL' };
  if (parsed.expression.kind === 'all') return { matcher: ALL };
  const form = tsubOf(parsed.expression);
  if (form.outcome === 'inexpressible') return { reason: form.reason };
  return { matcher: { type: 'fql', ir: form.ir }, undecidable: form.undecidable };
}

const guarded = (matcher: Matcher, guard: Ir): Matcher => ({
  type: 'fql',
  ir: JSON.stringify(matcher.type === 'all' ? guard : and(JSON.parse(matcher.ir) as Ir, guard)),
});

/** One condition is one step: tsub asks each condition of what the steps before have left, the server of the event as it came. */
function addTo(steps: Step[], matcher: Matcher, action: FilterAction): void {
  const known = steps.find((step) => JSON.stringify(step.matcher) === JSON.stringify(matcher));
  if (known === undefined) steps.push({ matcher, actions: [action] });
  else known.actions.push(action);
}

const inOrder = (steps: readonly Step[], order: readonly FilterAction['type'][]) =>
  order.flatMap((type) =>
    steps
      .filter(({ actions: [action] }) => action?.type === type)
      .map(({ matcher, actions }) => ({ matcher, transformers: actions.map(transformerOf) })),
  );

const sorted = (actions: readonly FilterAction[], order: readonly FilterAction['type'][]): FilterAction[] =>
  actions.toSorted((a, b) => order.indexOf(a.type) - order.indexOf(b.type));

function transformerOf(action: FilterAction): Transformer {
  if (action.type === 'DROP') return DROP;
  if (action.type === 'SAMPLE')
    return { type: 'sample_event', config: { sample: { percent: action.percent, path: '' } } };
  const { '': top, ...fields } = action.fields;
  if (action.type === 'ALLOW_PROPERTIES') {
    const allow = { ...fields, ...(top !== undefined && { '': [...new Set([...top, ...KEPT_AT_TOP])] }) };
    return { type: 'allow_properties', config: { allow } };
  }
  const drop = { ...fields, ...(top !== undefined && { '': top.filter((key) => !KEPT_AT_TOP.includes(key)) }) };
  return { type: 'drop_properties', config: { drop } };
}
