import { LOCAL_ACCOUNT, LOCAL_REGION, type Principal } from '../types.ts';
import type { ProvisionedResource } from '../template/provisioner.ts';
import type { Authorizer } from './authorizer.ts';
import { matchesArn } from './wildcard.ts';

/** What an event source mapping does with its queue in the name of the function's role. */
const POLLER_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/**
 * What AWS refuses, or lets fail in silence, once the stacks run: pollers, gateways and schedules whose grant is missing. One sentence for each;
 * an empty list when all is well.
 */
export function startFaults(resources: readonly ProvisionedResource[], iam: Authorizer): string[] {
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);
  const functions = new Map(ofType('AWS::Lambda::Function').map((resource) => [resource.ref, resource]));
  const faults: string[] = [];
  const need = (
    principal: Principal,
    action: string,
    resource: string,
    what: string,
    context: Record<string, string> = {},
  ) => {
    const decision = iam.decide(principal, { action, resource, context });
    if (decision.verdict === 'denied') faults.push(`${what} may not ${action} on ${resource}.`);
  };
  const asFunction = (functionName: string): Principal => ({
    kind: 'service',
    service: 'lambda.amazonaws.com',
    roleName: roleNameOf(functions.get(functionName)?.properties['Role']),
  });

  for (const { ref, properties } of functions.values()) {
    const role = roleNameOf(properties['Role']);
    if (!iam.trusts(role, 'lambda.amazonaws.com')) faults.push(`Lambda may not assume the role ${role} of ${ref}.`);
  }
  for (const { properties } of ofType('AWS::Lambda::EventSourceMapping')) {
    const functionName = functionNameOf(properties['FunctionName']);
    for (const action of POLLER_ACTIONS) {
      need(
        asFunction(functionName),
        action,
        String(properties['EventSourceArn']),
        `The event source mapping of ${functionName}`,
      );
    }
  }
  for (const { properties } of ofType('AWS::Lambda::EventInvokeConfig')) {
    const functionName = functionNameOf(properties['FunctionName']);
    const destination = member(member(properties['DestinationConfig'], 'OnFailure'), 'Destination');
    if (typeof destination === 'string' && destination.startsWith('arn:aws:sqs:')) {
      need(asFunction(functionName), 'sqs:SendMessage', destination, `The on-failure destination of ${functionName}`);
    }
  }
  for (const { logicalId, properties } of ofType('AWS::Scheduler::Schedule')) {
    const target = properties['Target'];
    const role = roleNameOf(member(target, 'RoleArn'));
    const schedule = `The schedule ${logicalId}`;
    // The scheduler names the group, not the schedule (EventBridge Scheduler, confused deputy prevention).
    const group = `arn:aws:scheduler:${LOCAL_REGION}:${LOCAL_ACCOUNT}:schedule-group/${textOf(properties['GroupName'], 'default')}`;
    if (!iam.trusts(role, 'scheduler.amazonaws.com', group))
      faults.push(`${schedule} may not assume its role ${role}.`);
    const principal: Principal = { kind: 'service', service: 'scheduler.amazonaws.com', roleName: role };
    need(principal, 'lambda:InvokeFunction', String(member(target, 'Arn')), schedule);
    const deadLetters = member(member(target, 'DeadLetterConfig'), 'Arn');
    if (deadLetters !== undefined) need(principal, 'sqs:SendMessage', textOf(deadLetters), schedule);
  }
  for (const { logicalId, attributes, properties } of ofType('AWS::Events::Rule')) {
    const ruleArn = textOf(attributes['Arn']);
    for (const target of Array.isArray(properties['Targets']) ? properties['Targets'] : []) {
      const functionName = functionNameOf(member(target, 'Arn'));
      if (!mayInvoke(permissionsOf(resources), 'events.amazonaws.com', functionName, ruleArn)) {
        faults.push(`EventBridge may not invoke ${functionName} for the rule ${logicalId}.`);
      }
      const deadLetters = member(member(target, 'DeadLetterConfig'), 'Arn');
      if (deadLetters === undefined) continue;
      const principal: Principal = { kind: 'service', service: 'events.amazonaws.com' };
      const context = { 'aws:sourcearn': ruleArn };
      need(principal, 'sqs:SendMessage', textOf(deadLetters), `The rule ${logicalId}`, context);
    }
  }
  return [...faults, ...gatewayFaults(resources)];
}

/** Routes whose function has no AWS::Lambda::Permission for them: the gateway would answer 500. */
function gatewayFaults(resources: readonly ProvisionedResource[]): string[] {
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);
  const permissions = permissionsOf(resources);
  const integrations = new Map(ofType('AWS::ApiGatewayV2::Integration').map((made) => [made.ref, made.properties]));
  return ofType('AWS::ApiGatewayV2::Route').flatMap(({ properties }) => {
    const routeKey = String(properties['RouteKey']);
    const functionName = functionNameOf(integrations.get(lastPart(properties['Target']) ?? '')?.['IntegrationUri']);
    const [method = '', path = ''] = routeKey.includes(' ') ? routeKey.split(' ') : ['$default', '/$default'];
    const source = `arn:aws:execute-api:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${String(properties['ApiId'])}/$default/${method}${path}`;
    return mayInvoke(permissions, 'apigateway.amazonaws.com', functionName, source)
      ? []
      : [`API Gateway may not invoke ${functionName} for the route ${routeKey}.`];
  });
}

const permissionsOf = (resources: readonly ProvisionedResource[]) =>
  resources.filter(({ type }) => type === 'AWS::Lambda::Permission').map(({ properties }) => properties);

/** Whether one of the functions' resource policies lets a service call a function for something of its own. */
const mayInvoke = (
  permissions: readonly Record<string, unknown>[],
  service: string,
  functionName: string,
  sourceArn: string,
): boolean =>
  permissions.some(
    ({ FunctionName: name, Principal: principal, SourceArn: pattern }) =>
      functionNameOf(name) === functionName &&
      principal === service &&
      (pattern === undefined || matchesArn(textOf(pattern), sourceArn)),
  );

const textOf = (value: unknown, otherwise = ''): string => (typeof value === 'string' ? value : otherwise);

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

/** The name at the end of a role's ARN; roles here have names without further slashes. */
export const roleNameOf = (arn: unknown): string => lastPart(arn) ?? '';

/** The name at the end of a role ARN, or of an API route's target. */
const lastPart = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.split('/').at(-1) : undefined;

/** A function by name, ARN, or the URI by which API Gateway calls it. */
function functionNameOf(value: unknown): string {
  const text = String(value);
  return /:function:([^:/]+)/.exec(text)?.[1] ?? text;
}
