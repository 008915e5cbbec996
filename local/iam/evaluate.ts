import { LOCAL_ACCOUNT } from '../types.ts';
import { conditionsHold, type RequestContext } from './conditions.ts';
import type { Statement } from './policy-document.ts';
import { matchesWildcard } from './wildcard.ts';

export type AccessRequest = {
  /** Such as `sqs:SendMessage`. */
  action: string;
  /** The ARN, or `*` for actions that know no resource. */
  resource: string;
  context: RequestContext;
};

export type Decision =
  | { verdict: 'allowed' }
  | { verdict: 'denied'; reason: 'no-identity-policy' | 'no-resource-policy' | 'identity-deny' | 'resource-deny' };

export type Policies = {
  /** Of the caller's role; empty for a service that acts without one. */
  identity: readonly Statement[];
  /** Of the resource. */
  resource: readonly Statement[];
  /** How resource policies name the caller. */
  caller: { roleArn: string | undefined; service: string | undefined };
};

const ACCOUNT_ROOT = new Set([LOCAL_ACCOUNT, `arn:aws:iam::${LOCAL_ACCOUNT}:root`]);

/**
 * One request inside one account, judged as IAM does: a deny anywhere wins; then the role's policies or the resource's own may allow. A KMS key is
 * different: its key policy must allow, and the usual statement for the account's root only hands the question on to the role's policies.
 */
export function evaluate(request: AccessRequest, { identity, resource, caller }: Policies): Decision {
  const fits = (statement: Statement) =>
    listed(statement.actions, request.action, true) &&
    listed(statement.resources, request.resource, false) &&
    conditionsHold(statement.conditions, request.context);
  const byIdentity = identity.filter(fits);
  const direct = resource.filter((statement) => namesCaller(statement, caller) && fits(statement));
  const byAccount = resource.filter(
    (statement) => namesAccount(statement) && caller.roleArn !== undefined && fits(statement),
  );
  if (byIdentity.some(denies)) return { verdict: 'denied', reason: 'identity-deny' };
  if ([...direct, ...byAccount].some(denies)) return { verdict: 'denied', reason: 'resource-deny' };
  if (direct.some(allows)) return { verdict: 'allowed' };
  const asksKeyPolicy = request.action.startsWith('kms:');
  if (asksKeyPolicy && !byAccount.some(allows)) return { verdict: 'denied', reason: 'no-resource-policy' };
  if (byIdentity.some(allows)) return { verdict: 'allowed' };
  return { verdict: 'denied', reason: caller.roleArn === undefined ? 'no-resource-policy' : 'no-identity-policy' };
}

const denies = ({ effect }: Statement) => effect === 'Deny';
const allows = ({ effect }: Statement) => effect === 'Allow';

function listed({ patterns, negated }: Statement['actions'], name: string, inAnyCase: boolean): boolean {
  const fold = (text: string) => (inAnyCase ? text.toLowerCase() : text);
  return patterns.some((pattern) => matchesWildcard(fold(pattern), fold(name))) !== negated;
}

function namesCaller({ principals }: Statement, { roleArn, service }: Policies['caller']): boolean {
  if (principals === undefined) return false;
  if (principals.everyone) return true;
  if (roleArn !== undefined) return principals.aws.includes(roleArn);
  return service !== undefined && principals.services.includes(service);
}

const namesAccount = ({ principals }: Statement) => principals?.aws.some((arn) => ACCOUNT_ROOT.has(arn)) === true;
