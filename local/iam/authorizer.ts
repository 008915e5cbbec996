import { AwsError, LOCAL_ACCOUNT, LOCAL_REGION, type Principal } from '../types.ts';
import type { ProvisionedResource } from '../template/provisioner.ts';
import { type AccessRequest, type Decision, evaluate } from './evaluate.ts';
import { parsePolicy, type Statement } from './policy-document.ts';

/** A refused call, with how often it was refused: for people who look why nothing arrives. */
export type Denial = { principal: string; action: string; resource: string; message: string; count: number };

export type Authorizer = {
  /** Takes policies from a resource as it is made: roles, policies, queue, bucket and key policies. Others do not matter. Throws what parsePolicy throws. */
  learn(resource: ProvisionedResource): void;
  decide(principal: Principal, request: AccessRequest): Decision;
  /** Throws AwsError as AWS words it, and remembers the denial. The operator may do all. */
  authorize(principal: Principal, requests: readonly AccessRequest[]): void;
  /** Whether a service may assume a role by the role's trust policy. `sourceArn` is what the service says it acts for. */
  trusts(roleName: string, service: string, sourceArn?: string): boolean;
  denials(): Denial[];
};

/** Decisions that are remembered. Beyond it all are forgotten: an S3 key is a resource, so there is no end to them. */
const CACHED_DECISIONS_MAX = 10_000;
/** Different denials that are kept. */
const DENIALS_MAX = 500;
/** AWS's own managed policy that Lambda templates commonly name. What it allows (writing logs) is not a call here. */
const AWS_MANAGED = new Set(['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']);

export function authorizer(): Authorizer {
  const roles = new Map<string, { arn: string; statements: Statement[]; trust: Statement[]; managed: string[] }>();
  const managed = new Map<string, Statement[]>();
  const resourcePolicies = new Map<string, Statement[]>();
  const cache = new Map<string, Decision>();
  const denials = new Map<string, Denial>();

  const grant = (roleNames: unknown, statements: readonly Statement[], where: string) => {
    for (const name of listOf(roleNames)) {
      const role = roles.get(name);
      if (role === undefined) throw new Error(`${where}: there is no role ${name}.`);
      role.statements.push(...statements);
    }
  };
  const attach = (arn: string, statements: readonly Statement[]) =>
    resourcePolicies.set(arn, [...(resourcePolicies.get(arn) ?? []), ...statements]);

  const learnFrom: Readonly<Record<string, (resource: ProvisionedResource, where: string) => void>> = {
    'AWS::IAM::Role': ({ ref, attributes, properties }, where) => {
      const inline = Array.isArray(properties['Policies']) ? properties['Policies'] : [];
      const attached = listOf(properties['ManagedPolicyArns']);
      const foreign = attached.find((arn) => arn.startsWith('arn:aws:iam::aws:') && !AWS_MANAGED.has(arn));
      if (foreign !== undefined) throw new Error(`${where}: the local cloud does not have the policy ${foreign}.`);
      roles.set(ref, {
        arn: String(attributes['Arn']),
        statements: inline.flatMap((policy: Record<string, unknown>) => parsePolicy(policy['PolicyDocument'], where)),
        trust: parsePolicy(properties['AssumeRolePolicyDocument'], where),
        managed: attached,
      });
    },
    'AWS::IAM::Policy': ({ properties }, where) =>
      grant(properties['Roles'], parsePolicy(properties['PolicyDocument'], where), where),
    'AWS::IAM::ManagedPolicy': ({ ref, properties }, where) => {
      const statements = parsePolicy(properties['PolicyDocument'], where);
      managed.set(ref, statements);
      grant(properties['Roles'], statements, where);
    },
    'AWS::SQS::QueuePolicy': ({ properties }, where) => {
      const statements = parsePolicy(properties['PolicyDocument'], where);
      for (const url of listOf(properties['Queues'])) {
        attach(`arn:aws:sqs:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${url.slice(url.lastIndexOf('/') + 1)}`, statements);
      }
    },
    'AWS::S3::BucketPolicy': ({ properties }, where) =>
      attach(`arn:aws:s3:::${String(properties['Bucket'])}`, parsePolicy(properties['PolicyDocument'], where)),
    'AWS::KMS::Key': ({ attributes, properties }, where) =>
      // Without a policy of its own a key gets the default: the account's root may do all.
      attach(String(attributes['Arn']), parsePolicy(properties['KeyPolicy'] ?? DEFAULT_KEY_POLICY, where)),
  };

  const identityOf = (roleName: string | undefined): readonly Statement[] => {
    const role = roleName === undefined ? undefined : roles.get(roleName);
    if (role === undefined) return [];
    return [...role.statements, ...role.managed.flatMap((arn) => managed.get(arn) ?? [])];
  };

  const decideAnew = (principal: Exclude<Principal, { kind: 'operator' }>, request: AccessRequest): Decision => {
    const roleArn = principal.roleName === undefined ? undefined : roles.get(principal.roleName)?.arn;
    const always = {
      'aws:securetransport': 'true',
      'aws:requestedregion': LOCAL_REGION,
      'aws:resourceaccount': LOCAL_ACCOUNT,
      'aws:principalisawsservice': String(roleArn === undefined),
    };
    const ofRole = {
      'aws:principalarn': roleArn ?? '',
      'aws:principalaccount': LOCAL_ACCOUNT,
      'kms:calleraccount': LOCAL_ACCOUNT,
    };
    const ofService = { 'aws:sourceaccount': LOCAL_ACCOUNT, 'aws:principalservicename': serviceOf(principal) ?? '' };
    const context = { ...always, ...(roleArn === undefined ? ofService : ofRole), ...request.context };
    return evaluate(
      { ...request, context },
      {
        identity: identityOf(principal.roleName),
        resource: resourcePolicies.get(policyHolder(request.resource)) ?? [],
        caller: { roleArn, service: serviceOf(principal) },
      },
    );
  };

  const decide = (principal: Principal, request: AccessRequest): Decision => {
    if (principal.kind === 'operator') return { verdict: 'allowed' };
    const context = Object.keys(request.context).length === 0 ? '' : JSON.stringify(request.context);
    const who = `${principal.roleName ?? ''} ${serviceOf(principal) ?? ''}`;
    const key = `${who} ${request.action} ${request.resource} ${context}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    const decision = decideAnew(principal, request);
    if (cache.size >= CACHED_DECISIONS_MAX) cache.clear();
    cache.set(key, decision);
    return decision;
  };

  return {
    learn: (resource) => {
      learnFrom[resource.type]?.(resource, `Stack ${resource.stackName}, ${resource.logicalId}`);
      cache.clear();
    },
    decide,
    authorize: (principal, requests) => {
      for (const request of requests) {
        const decision = decide(principal, request);
        if (decision.verdict === 'allowed') continue;
        const denial = denialOf(principal, request, decision.reason);
        const known = denials.get(denial.message);
        if (known !== undefined) known.count += 1;
        else if (denials.size < DENIALS_MAX) denials.set(denial.message, denial);
        throw accessDenied(request.action, denial.message);
      }
    },
    trusts: (roleName, service, sourceArn) => {
      const source = {
        'aws:sourceaccount': LOCAL_ACCOUNT,
        ...(sourceArn === undefined ? {} : { 'aws:sourcearn': sourceArn }),
      };
      const request = { action: 'sts:AssumeRole', resource: '*', context: source };
      const resource = roles.get(roleName)?.trust ?? [];
      return (
        evaluate(request, { identity: [], resource, caller: { roleArn: undefined, service } }).verdict === 'allowed'
      );
    },
    denials: () => [...denials.values()].map((denial) => ({ ...denial })),
  };
}

const DEFAULT_KEY_POLICY = {
  Statement: {
    Effect: 'Allow',
    Action: 'kms:*',
    Resource: '*',
    Principal: { AWS: `arn:aws:iam::${LOCAL_ACCOUNT}:root` },
  },
};

const REASONS = {
  'no-identity-policy': (action: string) => `because no identity-based policy allows the ${action} action`,
  'no-resource-policy': (action: string) => `because no resource-based policy allows the ${action} action`,
  'identity-deny': () => 'with an explicit deny in an identity-based policy',
  'resource-deny': () => 'with an explicit deny in a resource-based policy',
};

function denialOf(principal: Principal, { action, resource }: AccessRequest, reason: keyof typeof REASONS): Denial {
  const who = nameOf(principal);
  const message = `User: ${who} is not authorized to perform: ${action} on resource: ${resource} ${REASONS[reason](action)}`;
  return { principal: who, action, resource, message, count: 1 };
}

/** S3 and the Query services call it AccessDenied and answer 403, the JSON services AccessDeniedException and 400. */
const accessDenied = (action: string, message: string): AwsError =>
  /^(s3|cloudformation|cloudwatch):/.test(action)
    ? new AwsError('AccessDenied', message, 403)
    : new AwsError('AccessDeniedException', message, 400);

function nameOf(principal: Principal): string {
  if (principal.kind === 'operator') return `arn:aws:iam::${LOCAL_ACCOUNT}:root`;
  const session = principal.kind === 'function' ? principal.functionName : principal.service;
  if (principal.roleName === undefined) return session;
  return `arn:aws:sts::${LOCAL_ACCOUNT}:assumed-role/${principal.roleName}/${session}`;
}

const serviceOf = (principal: Principal): string | undefined =>
  principal.kind === 'service' ? principal.service : undefined;
/** A bucket's policy also speaks for its objects. */
const policyHolder = (resource: string): string =>
  resource.startsWith('arn:aws:s3:::') ? (resource.split('/')[0] ?? '') : resource;
const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
