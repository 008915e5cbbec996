import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../local/clock.ts';
import { type LocalLambda, lambdaHost } from '../../local/lambda/lambda-host.ts';
import type { Clock, LogLine, MetricDatum } from '../../local/types.ts';
import { createResource, emptyDirectory } from './local-queues.ts';

export const ROLE_ARN = 'arn:aws:iam::000000000000:role/worker-role';

export type LocalFunctions = {
  lambda: LocalLambda;
  logs: LogLine[];
  metrics: MetricDatum[];
  /** What on-failure destinations got. */
  destinations: { roleArn: string; destinationArn: string; record: unknown }[];
  /** Makes a function of the text of an index.mjs; answers with where that lies. */
  add: (name: string, source: string, properties?: Record<string, unknown>) => Promise<string>;
  close: () => Promise<void>;
};

/** A Lambda host whose functions are texts. Environments see AWS_REGION and access keys beside what Lambda and the template give. */
export function someLocalFunctions(
  options: { processes?: boolean; maxEnvironments?: number; spareEnvironments?: number; clock?: Clock } = {},
): LocalFunctions {
  const { clock = systemClock, ...more } = options;
  const directories = new Map<string, ReturnType<typeof emptyDirectory>>();
  const logs: LogLine[] = [];
  const metrics: MetricDatum[] = [];
  const destinations: LocalFunctions['destinations'] = [];
  const lambda = lambdaHost({
    clock,
    logs: { write: (line) => logs.push(line) },
    metrics: { put: (datum) => metrics.push(datum) },
    environmentFor: (functionName) => ({
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: `key-of-${functionName}`,
      AWS_SECRET_ACCESS_KEY: 'local',
    }),
    resolveCode: (code) => directories.get(String(code['S3Key']))?.directory ?? '',
    sendToDestination: async (roleArn, destinationArn, body) => {
      destinations.push({ roleArn, destinationArn, record: JSON.parse(body) });
    },
    ...more,
  });
  return {
    lambda,
    logs,
    metrics,
    destinations,
    add: async (name, source, properties = {}) => {
      const code = directories.get(name) ?? emptyDirectory();
      directories.set(name, code);
      const file = join(code.directory, 'index.mjs');
      writeFileSync(file, source);
      await createResource(lambda.providers, 'AWS::Lambda::Function', name, {
        Code: { S3Bucket: 'assets', S3Key: name },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Role: ROLE_ARN,
        ...properties,
      });
      return file;
    },
    close: async () => {
      await lambda.close();
      for (const { remove } of directories.values()) remove();
    },
  };
}

/** For a test file: closes after each test what it was given. */
export function closedAfterEach<T extends { close: () => Promise<void> }>(): (one: T) => T {
  const open: T[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  return (one) => {
    open.push(one);
    return one;
  };
}
