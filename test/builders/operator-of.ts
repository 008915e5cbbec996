import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { findStack } from '../../cli/deployed/stacks.ts';
import type { Running } from './running-tributary.ts';

export type Operator = {
  /** For any client of the AWS SDK: the operator of the running system, who may do all. */
  client: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  /** An output of the Data stack. */
  output(name: string): string;
  /** The names of the functions, by the logical id up to `Function`: `Ingest`, `Route`, `Deliver` … */
  functions: Readonly<Record<string, string>>;
};

/** What an operator knows of a running system by its aws.env alone. */
export async function operatorOf({ directory }: Pick<Running, 'directory'>): Promise<Operator> {
  const lines = readFileSync(join(directory, 'aws.env'), 'utf8').trim().split('\n');
  const environment = new Map(lines.map((line) => line.split('=', 2) as [string, string]));
  const setting = (name: string): string => environment.get(name) ?? '';
  const client = {
    endpoint: setting('AWS_ENDPOINT_URL'),
    region: setting('AWS_REGION'),
    credentials: {
      accessKeyId: setting('AWS_ACCESS_KEY_ID'),
      secretAccessKey: setting('AWS_SECRET_ACCESS_KEY'),
    },
  };
  const cloudFormation = new CloudFormationClient(client);
  const data = await findStack(cloudFormation, 'Tributary-local-Data');
  const functions: Record<string, string> = {};
  for (const part of ['Delivery', 'Ingest', 'Control']) {
    const { StackResources = [] } = await cloudFormation.send(
      new DescribeStackResourcesCommand({ StackName: `Tributary-local-${part}` }),
    );
    for (const { LogicalResourceId: id = '', PhysicalResourceId: name, ResourceType: type } of StackResources) {
      const [, prefix] = /^(.+)Function[0-9A-F]{8}$/.exec(id) ?? [];
      if (type === 'AWS::Lambda::Function' && prefix !== undefined && name !== undefined) functions[prefix] = name;
    }
  }
  return {
    client,
    output: (name) => data?.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue ?? '',
    functions,
  };
}
