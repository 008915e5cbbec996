import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from './clock.ts';
import { cloudFront } from './cloudfront/cloudfront.ts';
import { cloudFormationService } from './cloudformation/cloudformation-service.ts';
import { type CloudWatch, cloudWatch } from './cloudwatch/cloudwatch.ts';
import { cognito } from './cognito/cognito.ts';
import { dynamodbService } from './dynamodb/dynamodb-service.ts';
import { type DeadLetter, eventBuses } from './eventbridge/event-buses.ts';
import { handoverStore } from './eventbridge/handover-store.ts';
import { faultsFromFile, noFaults } from './front-door/faults.ts';
import { type AuthorizedCall, frontDoor } from './front-door/front-door.ts';
import { lambdaMeterSink, memoryMeter } from './front-door/meter.ts';
import { httpApis } from './http-api/http-apis.ts';
import { accessRequests, namedAccess } from './iam/access-requests.ts';
import { type Authorizer, authorizer, type Denial } from './iam/authorizer.ts';
import { iamProviders } from './iam/iam-providers.ts';
import { kmsKeys } from './iam/kms-keys.ts';
import { roleNameOf, startFaults } from './iam/start-checks.ts';
import { matchesArn } from './iam/wildcard.ts';
import { kmsService } from './kms/kms-service.ts';
import { eventSourceMappings } from './lambda/event-source-mapping.ts';
import { functionCallers } from './lambda/function-callers.ts';
import type { FunctionSettings } from './lambda/function-settings.ts';
import { lambdaHost } from './lambda/lambda-host.ts';
import { lambdaService } from './lambda/lambda-service.ts';
import { bucketDeploymentProvider } from './s3/bucket-deployment.ts';
import { s3Service } from './s3/s3-service.ts';
import { scheduler } from './scheduler/scheduler.ts';
import type { Mail } from './ses/mail-store.ts';
import { sesService } from './ses/ses-service.ts';
import { sqsService } from './sqs/sqs-service.ts';
import { takeStateDirectory } from './state-directory.ts';
import { acceptedProviders } from './template/accepted-providers.ts';
import { readAssembly } from './template/assembly.ts';
import { codeDirectory } from './template/code-directory.ts';
import { provision, type ProvisionChange } from './template/provisioner.ts';
import { stackStore } from './template/stack-store.ts';
import { TemplateError } from './template/template-error.ts';
import {
  type Clock,
  type InvokeResult,
  LOCAL_ACCOUNT,
  LOCAL_REGION,
  type LogLine,
  type Meter,
  type Principal,
} from './types.ts';

/** The APIs that a caller may give a port: an API is called by the last word of its name in the template. */
export type ApiName = 'tracking' | 'api' | 'cdn';

export type LocalCloudOptions = {
  /** What `cdk synth` left. */
  assemblyDirectory: string;
  /** Everything that is to outlive the process. One instance at a time. */
  stateDirectory: string;
  host: string;
  /** Of the endpoint of all AWS services; default: any free one. A port that is taken: the next free one. */
  awsPort?: number;
  /** Ports of the HTTP APIs; default: any free one. A port that is taken: the next free one. */
  apiPorts?: Partial<Record<ApiName, number>>;
  /** Of the CloudFront distribution; default: any free one. A port that is taken: the next free one. */
  cdnPort?: number;
  /** Of the issuers of the user pools; default: any free one. A port that is taken: the next free one. */
  signInPort?: number;
  /** Values of template parameters, by stack name. */
  parameters: Record<string, Record<string, string>>;
  /** Faults to inject into calls, read again when the file changes. */
  faultsFile?: string;
  /** Functions in child processes instead of worker threads. */
  processes?: boolean;
  clock?: Clock;
  /** Gets each line that a function writes, and lines of the local cloud itself under the function name `local-cloud`. */
  onLog: (line: LogLine) => void;
};

export type LocalCloud = {
  readonly awsEndpointUrl: string;
  /** Outputs by stack name and output name. */
  readonly stacks: Record<string, Record<string, string>>;
  readonly apis: { name: string; url: string }[];
  /** CloudFront distributions. */
  readonly distributions: { id: string; url: string }[];
  /** User pools with their app clients. */
  readonly userPools: {
    poolId: string;
    issuer: string;
    clients: { clientId: string; callbackUrls: readonly string[] }[];
  }[];
  readonly meter: Meter;
  /** What is new, changed or gone since the last start on this directory. */
  readonly changes: ProvisionChange[];
  /** Calls that IAM refused, each kind once with its count. */
  denials(): Denial[];
  /** What was mailed, newest first; none of it leaves the machine. */
  mails(): Mail[];
  /** By name or ARN, as Lambda's synchronous invoke. */
  invoke(functionName: string, event: unknown): Promise<InvokeResult>;
  /** True when no queue but dead-letter queues holds a message, no function runs and no request is being answered. */
  idle(): Promise<boolean>;
  /** As the template has them, with their resolved variables and where their code lies. */
  functions(): readonly FunctionSettings[];
  /** Event source mappings: `stop` lets what runs end and leaves messages in their queues, so that a backlog can be built; `start` goes on. */
  readonly pollers: { start(): void; stop(): Promise<void> };
  /** Ends requests and invocations under way (10 s each at most), then closes the stores. A second call waits for the first. */
  stop(): Promise<void>;
};

/**
 * Runs a synthesised CDK app on this machine: makes its resources or finds them again, then polls, schedules and answers. Resolves when the HTTP
 * APIs take requests. Throws an Error fit to be shown (directory taken, full or read-only; what in the template is not known here; which grant is
 * missing), with everything closed that was opened.
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const closing: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    const faults: unknown[] = [];
    // One part that does not close well leaves the others, and the lock, no reason to stay open.
    for (const close of closing.splice(0).toReversed()) {
      try {
        await close();
      } catch (error) {
        faults.push(error);
      }
    }
    if (faults.length > 0) throw new AggregateError(faults, 'Not all of the local cloud closed as it should.');
  };
  try {
    const cloud = await compose(options, closing);
    let stopped: Promise<void> | undefined;
    return {
      ...cloud,
      stop: () => {
        stopped ??= stop();
        return stopped;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function compose(
  options: LocalCloudOptions,
  closing: (() => Promise<void> | void)[],
): Promise<Omit<LocalCloud, 'stop'>> {
  const { host, stateDirectory, onLog, clock = systemClock } = options;
  const assembly = readAssembly(options.assemblyDirectory);
  closing.push(takeStateDirectory(stateDirectory));
  const inState = (name: string) => {
    const directory = join(stateDirectory, name);
    mkdirSync(directory, { recursive: true });
    return directory;
  };
  const say = (line: string) => onLog({ functionName: 'local-cloud', requestId: '', atMs: clock.now(), line });
  const onUnexpected = (error: unknown, call: string) =>
    say(`${call} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);

  // Services. What is opened first is closed last: stores outlive those who use them.
  const watch = cloudWatch({ directory: inState('cloudwatch'), clock, onProblem: say });
  closing.push(() => watch.close());
  const dynamodb = await dynamodbService({ directory: inState('dynamodb'), clock });
  closing.push(() => dynamodb.close());
  const s3 = s3Service({ directory: inState('s3'), clock });
  closing.push(() => s3.close());
  const kms = kmsService({ directory: inState('kms') });
  const sqs = sqsService({ directory: inState('sqs'), clock, metrics: watch.metrics, baseUrl: () => awsEndpointUrl });
  closing.push(() => sqs.close());
  const people = cognito({ directory: inState('cognito'), host, port: options.signInPort ?? 0, onUnexpected });
  closing.push(() => people.close());
  const ses = sesService({ directory: inState('ses'), clock });
  const handovers = handoverStore(inState('eventbridge'));
  closing.push(() => handovers.close());
  const store = stackStore(stateDirectory);
  const providers = [...iamProviders, ...acceptedProviders, ...watch.providers];
  providers.push(
    ...dynamodb.providers,
    ...s3.providers,
    ...kms.providers,
    ...sqs.providers,
    ...people.providers,
    ...ses.providers,
  );
  const cloudformation = cloudFormationService({ store, providers, clock });

  const iam = authorizer();
  const events = eventBuses({
    clock,
    store: handovers,
    invokeLater: (functionArn, event, onEnd) => lambda.invokeLater(functionArn, event, onEnd),
    mayInvoke: (functionArn, ruleArn) =>
      lambda
        .permissions()
        .some(
          ({ functionName, principal, sourceArn }) =>
            functionArn.endsWith(`:${functionName}`) &&
            principal === 'events.amazonaws.com' &&
            (sourceArn === undefined || matchesArn(sourceArn, ruleArn)),
        ),
    sendToQueue: async (queueArn, ruleArn, { body, attributes }: DeadLetter) => {
      const context = { 'aws:sourcearn': ruleArn };
      iam.authorize({ kind: 'service', service: 'events.amazonaws.com' }, [
        { action: 'sqs:SendMessage', resource: queueArn, context },
      ]);
      await sendAsOperator(queueArn, {
        MessageBody: body,
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
        ),
      });
    },
    onLost: (what) => say(`EventBridge gave up ${what}`),
  });
  providers.push(...events.providers);
  const sendAsOperator = async (queueArn: string, message: Record<string, unknown>) => {
    const QueueUrl = `${awsEndpointUrl}/${LOCAL_ACCOUNT}/${queueArn.split(':').at(-1)}`;
    await sqs.call('SendMessage', { QueueUrl, ...message }, { principal: { kind: 'operator' }, requestId: '' });
  };

  // The front door, through which the functions reach them.
  const keys = kmsKeys();
  const meter = memoryMeter();
  const injected = options.faultsFile === undefined ? noFaults : faultsFromFile(options.faultsFile, say);
  const callers = functionCallers();
  let awsEndpointUrl = '';
  const door = await frontDoor({
    host,
    port: options.awsPort ?? 0,
    services: [
      watch.service,
      dynamodb,
      s3,
      kms,
      sqs,
      people,
      events.service,
      cloudformation,
      lambdaService({
        invoke: (name, event) => lambda.invoke(name, event),
        invokeLater: (name, event) => lambda.invokeLater(name, event),
      }),
      ses,
    ],
    principalOf: callers.principalOf,
    authorize: ({ principal, service, operation, input, resource, context }: AuthorizedCall) => {
      if (principal.kind === 'operator') return;
      const needs =
        resource === undefined
          ? accessRequests(service, operation, input, keys)
          : [namedAccess(service, operation, resource, context)];
      iam.authorize(principal, needs);
    },
    meter,
    faults: injected,
    clock,
    onUnexpected,
  });
  closing.push(() => door.close());
  awsEndpointUrl = door.url;

  const logs = teed(watch, onLog);
  const lambda = lambdaHost({
    clock,
    logs,
    metrics: lambdaMeterSink(
      meter,
      (name) => lambda.functions().find((one) => one.name === name)?.memoryMb,
      watch.metrics,
    ),
    onCpu: (principal, cpuMs) =>
      meter.count({ operation: 'lambda:Cpu', principal, calls: 1, units: cpuMs / 1_000, bytes: 0 }),
    environmentFor: (functionName) => ({
      AWS_REGION: LOCAL_REGION,
      AWS_ENDPOINT_URL: awsEndpointUrl,
      AWS_ACCESS_KEY_ID: callers.accessKeyIdOf(functionName),
      AWS_SECRET_ACCESS_KEY: 'local',
    }),
    resolveCode: (code) => codeDirectory(assembly, code),
    sendToDestination: async (roleArn, destinationArn, body) => {
      authorizeService(iam, roleArn, 'sqs:SendMessage', destinationArn);
      await sendAsOperator(destinationArn, { MessageBody: body });
    },
    ...(options.processes === undefined ? {} : { processes: options.processes }),
  });
  closing.push(() => lambda.close());
  closing.push(() => events.close());
  const mappings = eventSourceMappings({
    clock,
    sqs,
    lambda,
    logs,
    meter,
    faults: injected,
    authorize: (roleArn, action, resource) => authorizeService(iam, roleArn, action, resource),
  });
  closing.push(() => mappings.close());
  const schedules = scheduler({ clock, lambda, onUnexpected });
  closing.push(() => schedules.close());
  const apis = httpApis({
    host,
    portOf: ({ name }) => options.apiPorts?.[apiNameOf(name)] ?? 0,
    lambda,
    clock,
    metrics: watch.metrics,
    meter,
    onUnexpected,
  });
  closing.push(() => apis.close());
  const edge = cloudFront({
    host,
    port: options.cdnPort ?? 0,
    clock,
    meter,
    s3,
    apiUrls: () => apis.list().map(({ url }) => url),
    authorize: (distributionArn, action, resource) =>
      iam.authorize({ kind: 'service', service: 'cloudfront.amazonaws.com' }, [
        { action, resource, context: { 'aws:sourcearn': distributionArn } },
      ]),
    onUnexpected,
  });
  closing.push(() => edge.close());
  providers.push(...lambda.providers, ...mappings.providers, ...schedules.providers, ...apis.providers);
  providers.push(...edge.providers);
  providers.push(
    bucketDeploymentProvider({
      filesOf: (bucket) => s3.filesOf(bucket),
      assetPath: (hash) => assembly.assetPath(hash),
      clock,
    }),
  );

  const { parameters } = options;
  const { resources, changes } = await provision({
    assembly,
    providers,
    parameters,
    store,
    nowMs: clock.now(),
    onCreated: (resource) => {
      iam.learn(resource);
      keys.learn(resource);
      callers.learn(resource);
    },
  });
  const faults = startFaults(resources, iam);
  if (faults.length > 0) throw new TemplateError(faults.join('\n'));
  mappings.start();
  schedules.start();
  events.start();
  apis.open();
  edge.open();
  people.open();

  return {
    awsEndpointUrl,
    stacks: Object.fromEntries(
      assembly.stacks.map(({ stackName }) => [
        stackName,
        Object.fromEntries(store.get(stackName)?.outputs.map(({ name, value }) => [name, value]) ?? []),
      ]),
    ),
    apis: apis.list().map(({ name, url }) => ({ name: apiNameOf(name), url })),
    distributions: edge.list().map(({ id, url }) => ({ id, url })),
    userPools: people.list(),
    meter,
    changes,
    denials: () => iam.denials(),
    functions: () => lambda.functions(),
    mails: () => ses.mails(),
    pollers: { start: () => mappings.start(), stop: () => mappings.close() },
    invoke: (functionName, event) => lambda.invoke(functionName, event),
    // In one step of the event loop: a message is in its queue until what it led to is there.
    idle: async () =>
      sqs.isIdle() && events.pending() === 0 && lambda.running() === 0 && apis.running() === 0 && edge.running() === 0,
  };
}

function authorizeService(iam: Authorizer, roleArn: string, action: string, resource: string): void {
  const principal: Principal = { kind: 'service', service: 'lambda.amazonaws.com', roleName: roleNameOf(roleArn) };
  iam.authorize(principal, [{ action, resource, context: {} }]);
}

const apiNameOf = (name: string): ApiName => {
  if (/\btracking$/i.test(name)) return 'tracking';
  return /\bcdn$/i.test(name) ? 'cdn' : 'api';
};

const teed = ({ logs }: CloudWatch, onLog: (line: LogLine) => void) => ({
  write: (line: LogLine) => {
    logs.write(line);
    onLog(line);
  },
});
