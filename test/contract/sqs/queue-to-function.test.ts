import { build } from 'esbuild';
import { systemClock } from '../../../local/clock.ts';
import { type EventSourceMappings, eventSourceMappings } from '../../../local/lambda/event-source-mapping.ts';
import { awsEndpoint } from '../../builders/aws-endpoint.ts';
import { closedAfterEach, someLocalFunctions } from '../../builders/local-functions.ts';
import { createResource, someLocalQueues, until } from '../../builders/local-queues.ts';

/** A function as it is deployed: an ES module bundle with the SDK inside. It passes on what is not `poison`. */
const SOURCE = `
  import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
  const client = new SQSClient();
  export const handler = async (event) => {
    const failed = [];
    for (const { messageId, body } of event.Records) {
      if (body === 'poison') failed.push(messageId);
      else await client.send(new SendMessageCommand({ QueueUrl: process.env.NEXT_QUEUE_URL, MessageBody: body + '!' }));
    }
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
`;
const BANNER = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const bundled = async (): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: SOURCE, resolveDir: process.cwd() },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: { js: BANNER },
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
};

const closing = closedAfterEach<{ close: () => Promise<void> }>();

test.each([
  ['worker threads', false],
  ['child processes', true],
])(
  '100 messages go through a queue, a function in %s and the next queue, and a poison one stays behind',
  async (_name, processes) => {
    const queues = someLocalQueues({ baseUrl: () => endpoint.clientConfig.endpoint });
    const endpoint = await awsEndpoint(queues.sqs);
    const functions = someLocalFunctions({ processes });
    const mappings: EventSourceMappings = eventSourceMappings({
      clock: systemClock,
      sqs: queues.sqs,
      lambda: functions.lambda,
      logs: { write: () => undefined },
      meter: { count: () => undefined },
      authorize: () => undefined,
    });
    closing({
      close: async () => {
        await mappings.close();
        await functions.close();
        await endpoint.close();
        await queues.close();
      },
    });
    const next = await queues.add('next');
    const dead = await queues.add('dead');
    const first = await queues.add('first', {
      VisibilityTimeout: 20,
      RedrivePolicy: { deadLetterTargetArn: dead.arn, maxReceiveCount: 1 },
    });
    await functions.add('f', await bundled(), {
      Timeout: 20,
      MemorySize: 256,
      Environment: {
        Variables: {
          NEXT_QUEUE_URL: `${endpoint.clientConfig.endpoint}/000000000000/next`,
          AWS_ENDPOINT_URL: endpoint.clientConfig.endpoint,
        },
      },
    });
    await createResource(mappings.providers, 'AWS::Lambda::EventSourceMapping', 'mapping', {
      EventSourceArn: first.arn,
      FunctionName: 'f',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    mappings.start();

    const send = (MessageBody: string) => queues.call('SendMessage', 'first', { MessageBody });
    await Promise.all([...Array.from({ length: 100 }, (_, i) => send(String(i))), send('poison')]);
    const arrived = new Set<string>();
    while (arrived.size < 100) {
      const messages = await next.receive({ max: 10, waitMs: 20_000 });
      expect(messages).not.toEqual([]);
      for (const { body } of messages) arrived.add(body);
    }
    expect([...arrived].toSorted()).toEqual(Array.from({ length: 100 }, (_, i) => `${i}!`).toSorted());
    await until(() => first.counts().inFlight === 1);
    expect(functions.metrics.filter(({ name, value }) => name === 'Errors' && value > 0)).toEqual([]);
  },
  40_000,
);
