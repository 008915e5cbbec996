import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { boundedRetries } from '../../../../shared/aws/bounded-retries.ts';

/** A service that answers each call as the script says, its last line for ever; counts calls. */
async function aService(...script: ('ok' | 'throttled' | 'refused' | 'cut off')[]) {
  let calls = 0;
  const server: Server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const answer = script[Math.min(calls, script.length - 1)];
      calls += 1;
      if (answer === 'cut off') {
        response.destroy();
        return;
      }
      const type = answer === 'throttled' ? 'ThrottlingException' : 'ValidationException';
      response.writeHead(answer === 'ok' ? 200 : 400, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(answer === 'ok' ? '{}' : JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}` }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    retryStrategy: boundedRetries(4, () => 0),
  });
  const close = async () => {
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  const call = () => client.send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } }));
  return { call, close, calls: () => calls };
}

test.each([
  ['throttled', 'ok', 2],
  ['cut off', 'ok', 2],
] as const)('a call that is %s is made again', async (first, then, calls) => {
  const service = await aService(first, then);
  await expect(service.call()).resolves.toBeDefined();
  expect(service.calls()).toBe(calls);
  await service.close();
});

test('a call is tried so often and no more, and fails with its own error', async () => {
  const service = await aService('throttled');
  await expect(service.call()).rejects.toMatchObject({ name: 'ThrottlingException' });
  expect(service.calls()).toBe(4);
  await service.close();
});

test('a call that was refused for good is not made again', async () => {
  const service = await aService('refused');
  await expect(service.call()).rejects.toMatchObject({ name: 'ValidationException' });
  expect(service.calls()).toBe(1);
  await service.close();
});

test('the sixtieth call in a bad time has all its tries, too: there is no bucket to empty', async () => {
  const service = await aService('throttled');
  for (let number = 0; number < 60; number += 1) await service.call().catch(() => undefined);
  expect(service.calls()).toBe(240);
  await service.close();
});

const error = (errorType: 'THROTTLING' | 'TRANSIENT') => ({ errorType });

test.each([
  ['THROTTLING', [200, 400, 800, 1_000, 1_000]],
  ['TRANSIENT', [50, 100, 200, 400, 800]],
] as const)('pauses double up to a bound (%s)', async (errorType, longest) => {
  const strategy = boundedRetries(6, () => 1);
  let token = await strategy.acquireInitialRetryToken('');
  const pauses: number[] = [];
  for (const _ of longest) {
    token = await strategy.refreshRetryTokenForRetry(token, error(errorType));
    pauses.push(token.getRetryDelay());
  }
  expect(pauses).toEqual(longest);
  await expect(strategy.refreshRetryTokenForRetry(token, error(errorType))).rejects.toThrow('No further try');
});
