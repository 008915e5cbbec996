import { type CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { CliError } from '../cli-error.ts';

/** The stacks of a deployment, in the order in which they are made; they go in the opposite one. `Tributary-prod` names `Tributary-prod-Data` … */
export const STACK_PARTS = ['Data', 'Delivery', 'Ingest', 'Control', 'Web'] as const;
export type StackPart = (typeof STACK_PARTS)[number];

export const stackName = (deployment: string, part: StackPart): string => `${deployment}-${part}`;

/** What a deployment's outputs say about itself. */
export type Deployment = {
  name: string;
  output(name: OutputName): string;
  /** `undefined` where there is none: not every deployment has every thing. */
  findOutput(name: OutputName): string | undefined;
};
export type OutputName =
  | 'ControlTableName'
  | 'SeenTableName'
  | 'LedgerTableName'
  | 'SamplesTableName'
  | 'UsageTableName'
  | 'DeadLetterBucketName'
  | 'IntakeQueueUrl'
  | 'SharedLaneQueueUrl'
  | 'ArchiveQueueUrl'
  | 'DeadLetterQueueUrls'
  | 'LaneQueueNames'
  | 'LaneCount'
  | 'SecretsKeyArn'
  | 'TrackingUrl'
  | 'ApiUrl'
  | 'AppUrl'
  | 'CdnUrl'
  | 'SignInIssuer'
  | 'AppClientId';

/** A name as given after --stack; also with the part that CloudFormation's console shows at its end. Throws CliError. */
export function deploymentName(text: string | undefined): string {
  if (text === undefined) {
    throw new CliError('Say which deployment: --stack NAME, such as --stack Tributary-prod.');
  }
  const name = text.replace(/-(Data|Delivery|Ingest|Control|Web)$/, '');
  if (/^[A-Za-z][A-Za-z0-9-]{0,100}$/.test(name)) return name;
  throw new CliError(`"${text}" is not the name of a stack.`);
}

/** Reads the outputs of all stacks. Throws CliError naming the first that is not there. */
export async function readDeployment(cloudFormation: CloudFormationClient, name: string): Promise<Deployment> {
  const outputs = new Map<string, string>();
  for (const part of STACK_PARTS) {
    const stack = await findStack(cloudFormation, stackName(name, part));
    if (stack === undefined) throw await noStack(cloudFormation, stackName(name, part));
    for (const { OutputKey, OutputValue } of stack.Outputs ?? []) {
      if (OutputKey !== undefined && OutputValue !== undefined) outputs.set(OutputKey, OutputValue);
    }
  }
  return {
    name,
    findOutput: (key) => outputs.get(key),
    output: (key) => {
      const value = outputs.get(key);
      if (value !== undefined) return value;
      throw new CliError(`The stacks of ${name} have no output ${key}: deploy this version of Tributary first.`);
    },
  };
}

/** `undefined` where there is no such stack, or none any more. */
export async function findStack(cloudFormation: CloudFormationClient, name: string): Promise<Stack | undefined> {
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks.find((stack) => stack.StackStatus !== 'DELETE_COMPLETE');
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message)) {
      return undefined;
    }
    throw error;
  }
}

async function noStack(cloudFormation: CloudFormationClient, name: string): Promise<CliError> {
  const region = await cloudFormation.config.region();
  return new CliError(`There is no stack ${name} in ${region}: check --stack and AWS_REGION, or deploy it first.`);
}
