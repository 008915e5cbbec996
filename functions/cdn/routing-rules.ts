import type { Filter, FilterAction } from '../../shared/domain/filter.ts';

/** FQL text in tsub's form, as JSON text; `undefined` where tsub would judge otherwise than we do, or the text is no FQL. */
export type TsubOf = (fql: string) => string | undefined;

type Matcher = { type: 'all' } | { type: 'fql'; ir: string };
type Transformer = { type: string; config?: unknown };
/** A rule as Analytics.js and the mobile libraries read it: `matchers[i]` guards `transformers[i]`. */
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
type Step = { matcher: Matcher; transformer: Transformer };

/** The order in which filters apply, whatever order they were made in (C01). */
const ORDER = ['SAMPLE', 'DROP', 'DROP_PROPERTIES', 'ALLOW_PROPERTIES'] as const;

/**
 * The filters of a device-mode destination as the one rule that its device applies: React Native reads only the last rule of a destination. What
 * cannot be said in tsub closes the destination: its rule drops every event, since a filter that is left out would let through what it forbids.
 */
export function routingRuleOf(destinationName: string, filters: readonly Filter[], tsubOf: TsubOf): Rule {
  const steps: Step[] = [];
  for (const type of ORDER) {
    for (const filter of filters) {
      if (!filter.enabled) continue;
      for (const action of filter.actions) {
        if (action.type !== type) continue;
        const matcher = matcherOf(filter.if, tsubOf);
        const transformer = transformerOf(action);
        if (matcher === undefined || transformer === undefined) {
          const because =
            matcher === undefined ? `its condition is not for browsers` : `${type} so is not for browsers`;
          const rule = ruleOf(destinationName, [{ matcher: { type: 'all' }, transformer: { type: 'drop' } }]);
          return { outcome: 'closed', rule, because: `filter ${filter.id}: ${because}` };
        }
        steps.push({ matcher, transformer });
      }
    }
  }
  return steps.length === 0 ? { outcome: 'none' } : { outcome: 'rule', rule: ruleOf(destinationName, steps) };
}

const ruleOf = (destinationName: string, steps: readonly Step[]): RoutingRule => ({
  scope: 'destinations',
  target_type: 'workspace::project::destination',
  destinationName,
  matchers: steps.map(({ matcher }) => matcher),
  transformers: steps.map(({ transformer }) => [transformer]),
});

function matcherOf(fql: string, tsubOf: TsubOf): Matcher | undefined {
  if (fql.trim() === 'all') return { type: 'all' };
  const ir = tsubOf(fql);
  return ir === undefined ? undefined : { type: 'fql', ir };
}

function transformerOf(action: FilterAction): Transformer | undefined {
  if (action.type === 'DROP') return { type: 'drop' };
  if (action.type === 'SAMPLE') {
    // With a path tsub lets everybody through, whatever the percentage (seen in 2.0.1 and in Analytics.js 1.84.3).
    const isByPath = action.path !== undefined && action.path !== '';
    const sample = { percent: action.percent, path: '' };
    return isByPath ? undefined : { type: 'sample_event', config: { sample } };
  }
  if (!isPlain(action.fields)) return undefined;
  return action.type === 'DROP_PROPERTIES'
    ? { type: 'drop_properties', config: { drop: action.fields } }
    : { type: 'allow_properties', config: { allow: action.fields } };
}

/** tsub splits paths at each dot and knows no escapes. */
const isPlain = (fields: Readonly<Record<string, unknown>>): boolean =>
  Object.keys(fields).every((path) => !path.includes('\\'));
