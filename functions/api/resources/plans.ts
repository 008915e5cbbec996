import { AppError } from '../../../shared/domain/app-error.ts';
import type { Rule, TrackingPlan } from '../../../shared/domain/governance.ts';
import { TrackingPlanId } from '../../../shared/domain/ids.ts';
import { type Change, CHANGES_PER_COMMIT_MAX } from '../../../shared/ports/control-store.ts';
import { notFound } from '../http/api-fault.ts';
import type { ApiRequest } from '../http/request.ts';

/** Commits of one request: RULES_PER_PLAN_MAX rules, twice over. */
const ROUNDS_MAX = 200;
/** JSON text of the changes of one commit: a transaction takes 4 MB, and an audit entry tells of each. */
const COMMIT_BYTES_MAX = 1_000_000;

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

/** The first of some changes that one commit takes. */
export function firstThatFit(changes: readonly Change[]): Change[] {
  let bytes = 0;
  const end = changes.findIndex((change, index) => {
    bytes += JSON.stringify(change.thing).length;
    return index > 0 && (index >= CHANGES_PER_COMMIT_MAX || bytes > COMMIT_BYTES_MAX);
  });
  return end === -1 ? [...changes] : changes.slice(0, end);
}

/**
 * Makes changes of rules in commits of bounded size. `decide` is asked anew before each, with the rules as they are then, and answers what is still to
 * do; nothing when all is done. Sent again after a crash, a request goes on where it ended.
 */
export async function changeRules(
  request: ApiRequest,
  planId: TrackingPlanId,
  decide: (rules: readonly Rule[]) => readonly Change[],
): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const left = await request.change(async () => {
      await planOf(request, planId);
      const changes = firstThatFit(decide(await request.control.listRules(request.workspaceId, planId)));
      return { changes, value: changes.length };
    });
    if (left === 0) return;
  }
  throw new AppError('upstream-unavailable', 'More is left than one request does: send it again');
}

export const removeRules = (
  request: ApiRequest,
  planId: TrackingPlanId,
  isMeant: (rule: Rule) => boolean,
): Promise<void> =>
  changeRules(request, planId, (rules) =>
    rules.filter(isMeant).map((thing): Change => ({ kind: 'rule', verb: 'remove', thing })),
  );
