import type { Rule, TrackingPlan } from '../../../shared/domain/governance.ts';
import { TrackingPlanId } from '../../../shared/domain/ids.ts';
import type { Change } from '../../../shared/ports/control-store.ts';
import { notFound } from '../http/api-fault.ts';
import { firstThatFit } from '../http/one-commit.ts';
import type { ApiRequest } from '../http/request.ts';
import { inRounds } from './in-rounds.ts';

/** The plan that a path names, as it is now. Throws ApiFault 404. */
export async function planOf(request: ApiRequest, id: string | undefined): Promise<TrackingPlan> {
  const parsed = TrackingPlanId.safeParse(id);
  const plans = parsed.success ? await request.control.listTrackingPlans(request.workspaceId) : [];
  const found = plans.find((plan) => plan.id === parsed.data);
  if (found === undefined) throw notFound('trackingPlan', id ?? '');
  return found;
}

/** What a rule is known by in its plan. */
export const ruleKey = ({ type, key = '', ruleVersion }: Pick<Rule, 'type' | 'key' | 'ruleVersion'>): string =>
  JSON.stringify([type, key, ruleVersion]);

/**
 * Makes changes of rules in commits of bounded size. `decide` is asked anew before each, with the rules as they are then, and answers what is still to
 * do; nothing when all is done. Sent again after a crash, or after the 503 that says its time was over, a request goes on where it ended.
 */
export async function changeRules(
  request: ApiRequest,
  planId: TrackingPlanId,
  decide: (rules: readonly Rule[]) => readonly Change[],
): Promise<void> {
  let rules: readonly Rule[] = [];
  await inRounds(request, async (_config, isRead) => {
    if (isRead) {
      await planOf(request, planId);
      rules = await request.control.listRules(request.workspaceId, planId);
    }
    const wanted = decide(rules);
    const changes = firstThatFit(wanted);
    rules = rulesAfter(rules, changes);
    return { changes, isLast: changes.length === wanted.length };
  });
}

/** Rules after changes of them were saved. */
function rulesAfter(rules: readonly Rule[], changes: readonly Change[]): Rule[] {
  const byName = new Map(rules.map((rule) => [ruleKey(rule), rule]));
  for (const change of changes) {
    if (change.kind !== 'rule') continue;
    const { verb, thing } = change;
    if (verb === 'remove') byName.delete(ruleKey(thing));
    else byName.set(ruleKey(thing), { ...thing, version: thing.version + 1 });
  }
  return [...byName.values()];
}

export const removeRules = (
  request: ApiRequest,
  planId: TrackingPlanId,
  isMeant: (rule: Rule) => boolean,
): Promise<void> =>
  changeRules(request, planId, (rules) =>
    rules.filter(isMeant).map((thing): Change => ({ kind: 'rule', verb: 'remove', thing })),
  );
