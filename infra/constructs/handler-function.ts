/* oxlint-disable no-new -- a construct enters the tree by being made */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  type Code,
  Function as LambdaFunction,
  LoggingFormat,
  type RecursiveLoop,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type * as z from 'zod';
import { FUNCTION_LIMITS, type FunctionName } from '../function-limits.ts';
import { OperationalAlarm } from './operational-alarm.ts';

/** Where the code of a function comes from, by its folder's name: the bundles, or a stand-in where a test needs no code. */
export type CodeOf = (name: FunctionName) => Code;

/** Exactly the keys of the contract, all as text. */
export type EnvironmentOf<Contract extends z.ZodObject> = Record<keyof z.input<Contract> & string, string>;

export type HandlerFunctionProps<Contract extends z.ZodObject> = {
  /** The folder: functions/<name>/handler.ts. */
  name: FunctionName;
  code: CodeOf;
  /** What the handler parses (shared/config/env.ts). */
  contract: Contract;
  /** A key left out or one too many does not compile. Names of resources, never a secret (trap L11). */
  env: NoInfer<EnvironmentOf<Contract>>;
  alarms: ITopic;
  /** What is lost while this function fails, as one sentence. */
  errorImpact: string;
  recursiveLoop?: RecursiveLoop;
  /** A stage's own; where it must be known before the function is there. */
  functionName?: string;
};

/**
 * One Lambda function with a role, a log group and an error alarm of its own. The role may write its log and nothing else: callers grant the
 * rest. Logs hold ids and codes, no payloads, and live 30 days. Platform lines are off (system level WARN): they would cost more than the
 * function itself.
 */
export class HandlerFunction<Contract extends z.ZodObject> extends Construct {
  readonly fn: LambdaFunction;
  /** Its folder. */
  readonly name: FunctionName;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps<Contract>) {
    super(scope, id);
    this.name = props.name;
    const limits = FUNCTION_LIMITS[props.name];
    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);

    this.fn = new LambdaFunction(this, 'Function', {
      description: `Tributary: functions/${props.name}`,
      functionName: props.functionName,
      code: props.code(props.name),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: Duration.seconds(limits.timeoutSeconds),
      memorySize: limits.memoryMb,
      role,
      environment: { ...props.env, NODE_OPTIONS: '--enable-source-maps' },
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      recursiveLoop: props.recursiveLoop,
    });

    new OperationalAlarm(this, 'Errors', {
      topic: props.alarms,
      metric: this.fn.metricErrors({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 1,
      impact: props.errorImpact,
      runbook: `${props.name}-errors`,
    });
  }
}
