import type * as z from 'zod';
import type { RuleInputV1, RuleV1 } from '../../../shared/api/shapes.ts';
import { Rule, RULES_PER_PLAN_MAX } from '../../../shared/domain/governance.ts';
import type { Json } from '../../../shared/domain/json.ts';
import { jsonSchemaFault } from '../../../shared/pipeline/rules/json-schema-faults.ts';
import type { Change } from '../../../shared/ports/control-store.ts';
import { invalid } from '../http/api-fault.ts';
import { parsedAs } from '../http/read-input.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { faulty, overQuota, SUCCESS, unsaved } from '../resources/faults.ts';
import { changeRules, planOf, removeRules, ruleKey } from '../resources/plans.ts';

type RuleInput = z.output<ReturnType<typeof RuleInputV1>> & { newKey?: string | undefined };

const shown = ({
  type,
  key,
  ruleVersion,
  jsonSchema,
  createdAt,
  updatedAt,
}: Rule): z.output<ReturnType<typeof RuleV1>> => ({
  type,
  ...(key !== undefined && { key }),
  jsonSchema,
  version: ruleVersion,
  createdAt,
  updatedAt,
});

const keyOf = ({ type, key, version }: Pick<RuleInput, 'type' | 'key' | 'version'>): string =>
  ruleKey({ type, key, ruleVersion: version });

/** Throws ApiFault 422 for schemas that are not kept (T15), track rules without an event, and a rule that is there twice. */
function refuseRules(rules: readonly RuleInput[]): void {
  const seen = new Set<string>();
  const faults = rules.flatMap((rule, index) => {
    const at = `rules.${index}`;
    const fault = jsonSchemaFault(rule.jsonSchema as Json);
    const isRepeated = seen.has(keyOf(rule));
    seen.add(keyOf(rule));
    return [
      ...(fault === undefined ? [] : [{ field: `${at}.jsonSchema`, message: `The schema ${fault}.` }]),
      ...(rule.type === 'TRACK' && rule.key === undefined
        ? [{ field: `${at}.key`, message: 'A rule of TRACK names its event.' }]
        : []),
      ...(isRepeated ? [{ field: at, message: 'This rule is there twice: type, key and version are its name.' }] : []),
    ];
  });
  if (faults.length > 0) throw faulty(faults);
}

const isSaved = (rule: Rule, wanted: RuleInput): boolean =>
  JSON.stringify(rule.jsonSchema) === JSON.stringify(wanted.jsonSchema);

/** What saves a rule as it is wanted, over the one that is there. */
function saving(
  request: ApiRequest,
  planId: Rule['trackingPlanId'],
  wanted: RuleInput,
  before: Rule | undefined,
): Change {
  const { type, version: ruleVersion, jsonSchema } = wanted;
  const key = wanted.newKey ?? wanted.key;
  const fresh = unsaved(request);
  const thing = parsedAs(Rule, {
    trackingPlanId: planId,
    workspaceId: request.workspaceId,
    type,
    ...(key !== undefined && { key }),
    ruleVersion,
    jsonSchema: jsonSchema as Json,
    ...fresh,
    ...(before !== undefined && { version: before.version, createdAt: before.createdAt }),
  });
  return { kind: 'rule', verb: 'save', thing };
}

const refuseMany = (count: number): void => {
  if (count > RULES_PER_PLAN_MAX) {
    throw overQuota('rules', RULES_PER_PLAN_MAX, `A tracking plan has ${RULES_PER_PLAN_MAX} rules at most.`);
  }
};

/** Rules have no id: type, key and version are their name. Each call is several commits where it changes much; it ends as if it were one. */
export const trackingPlanRulesHandlers: HandlersOf<
  | 'listRulesFromTrackingPlan'
  | 'replaceRulesInTrackingPlan'
  | 'updateRulesInTrackingPlan'
  | 'removeRulesFromTrackingPlan'
> = {
  listRulesFromTrackingPlan: async (request, { path, query }) => {
    const plan = await planOf(request, path['trackingPlanId']);
    const items = await request.control.listRules(request.workspaceId, plan.id);
    const page = await request.pages.cut(
      {
        name: `rules of ${plan.id}`,
        items,
        keyOf: ruleKey,
        bytesOf: ({ jsonSchema }) => JSON.stringify(jsonSchema).length,
      },
      query.pagination,
    );
    return { rules: page.items.map(shown), pagination: page.pagination };
  },

  replaceRulesInTrackingPlan: async (request, { path, body }) => {
    const plan = await planOf(request, path['trackingPlanId']);
    refuseRules(body.rules);
    const wanted = new Map(body.rules.map((rule) => [keyOf(rule), rule]));
    await changeRules(request, plan.id, (rules) => {
      const known = new Map(rules.map((rule) => [ruleKey(rule), rule]));
      const saves = [...wanted].flatMap(([name, rule]) => {
        const before = known.get(name);
        return before !== undefined && isSaved(before, rule) ? [] : [saving(request, plan.id, rule, before)];
      });
      // What is new comes before what goes: a plan is never without a rule that both have.
      const gone = rules.filter((rule) => !wanted.has(ruleKey(rule)));
      return [...saves, ...gone.map((thing): Change => ({ kind: 'rule', verb: 'remove', thing }))];
    });
    return SUCCESS;
  },

  /** Saves each over the one of its name; `newKey` renames it. */
  updateRulesInTrackingPlan: async (request, { path, body }) => {
    const plan = await planOf(request, path['trackingPlanId']);
    refuseRules(body.rules);
    const before = await request.control.listRules(request.workspaceId, plan.id);
    refuseRenames(body.rules, before);
    await changeRules(request, plan.id, (rules) => {
      const known = new Map(rules.map((rule) => [ruleKey(rule), rule]));
      const changes = body.rules.flatMap((rule): Change[] => {
        const target = keyOf({ ...rule, key: rule.newKey ?? rule.key });
        const there = known.get(target);
        const old = target === keyOf(rule) ? undefined : known.get(keyOf(rule));
        return [
          ...(there !== undefined && isSaved(there, rule) ? [] : [saving(request, plan.id, rule, there)]),
          ...(old === undefined ? [] : [{ kind: 'rule', verb: 'remove', thing: old } as const]),
        ];
      });
      const names = new Set([
        ...known.keys(),
        ...body.rules.map((rule) => keyOf({ ...rule, key: rule.newKey ?? rule.key })),
      ]);
      for (const { verb, thing } of changes) if (verb === 'remove') names.delete(ruleKey(thing as Rule));
      refuseMany(names.size);
      return changes;
    });
    return SUCCESS;
  },

  /** Rules that are not there are passed over: the call may be repeated. */
  removeRulesFromTrackingPlan: async (request, { path, query }) => {
    const plan = await planOf(request, path['trackingPlanId']);
    if (query.rules.length === 0) throw invalid({ field: 'rules', message: 'Name the rules.' });
    const meant = new Set(query.rules.map(keyOf));
    await removeRules(request, plan.id, (rule) => meant.has(ruleKey(rule)));
    return SUCCESS;
  },
};

/** A rename must not land on another rule that is there, or that the request names. One that was done before, as when a call is repeated, is none. */
function refuseRenames(rules: readonly RuleInput[], known: readonly Rule[]): void {
  const there = new Map(known.map((rule) => [ruleKey(rule), rule]));
  const named = new Set(rules.map(keyOf));
  const faults = rules.flatMap((rule, index) => {
    if (rule.newKey === undefined || rule.newKey === rule.key) return [];
    const name = keyOf({ ...rule, key: rule.newKey });
    const target = there.get(name);
    const isDone = target !== undefined && isSaved(target, rule) && !there.has(keyOf(rule));
    return named.has(name) || (target !== undefined && !isDone)
      ? [{ field: `rules.${index}.newKey`, message: 'There is a rule of this name.' }]
      : [];
  });
  if (faults.length > 0) throw faulty(faults);
}
