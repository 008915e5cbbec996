import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { lightClient, lightSetting } from '../../../../shared/aws/light-client.ts';
import { signedAuthorization } from '../../../../shared/aws/signature.ts';

type Seen = { headers: IncomingHttpHeaders; body: string };
type Scripted = { status: number; body: string } | 'reset';

/** A service that answers by script, then with `{}`. */
async function scripted(script: Scripted[]) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ headers: request.headers, body });
      const next = script.shift() ?? { status: 200, body: '{}' };
      if (next === 'reset') {
        request.socket.destroy();
        return;
      }
      response.writeHead(next.status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(next.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'token' };
  return {
    seen,
    credentials,
    endpointUrl,
    client: lightClient('dynamodb', 'https://unused.example', { region: 'eu-west-1', credentials, endpointUrl }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('a request is signed as AWS documents it (test suite of Signature Version 4, post-vanilla)', () => {
  const authorization = signedAuthorization(
    {
      service: 'service',
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
    },
    { path: '/', headers: { host: 'example.amazonaws.com', 'x-amz-date': '20150830T123600Z' }, body: '' },
  );
  expect(authorization).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, ' +
      'Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  );
});

test('a call is signed as the SDK signs it, with the session token', async () => {
  const service = await scripted([]);
  const sdk = new DynamoDBClient({
    region: 'eu-west-1',
    endpoint: service.endpointUrl,
    credentials: service.credentials,
  });
  await sdk.send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'é' } } }));
  const [sdksOwn] = service.seen;
  const names = /SignedHeaders=([^,]+)/.exec(sdksOwn?.headers.authorization ?? '')?.[1]?.split(';') ?? [];
  const headers = Object.fromEntries(names.map((name) => [name, String(sdksOwn?.headers[name])]));
  const scope = { service: 'dynamodb', region: 'eu-west-1', credentials: service.credentials };
  expect(signedAuthorization(scope, { path: '/', headers, body: sdksOwn?.body ?? '' })).toBe(
    sdksOwn?.headers.authorization,
  );

  await expect(service.client.call('GetItem', { TableName: 't' })).resolves.toEqual({});
  expect(service.seen[1]).toMatchObject({
    body: '{"TableName":"t"}',
    headers: {
      'x-amz-target': 'DynamoDB_20120810.GetItem',
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-security-token': 'token',
    },
  });
  sdk.destroy();
  await service.close();
});

test.each<[string, Scripted]>([
  ['a fault of theirs', { status: 500, body: '{}' }],
  ['a throttle', { status: 400, body: '{"__type":"com.amazonaws#ThrottlingException"}' }],
  ['a connection that broke', 'reset'],
])('%s is tried again', async (_case, first) => {
  const service = await scripted([first, { status: 200, body: '{"ok":1}' }]);
  await expect(service.client.call('SendMessage', {})).resolves.toEqual({ ok: 1 });
  expect(service.seen).toHaveLength(2);
  await service.close();
});

test('a fault of ours is not, and names its type in the cause', async () => {
  const service = await scripted([{ status: 400, body: '{"__type":"com.amazonaws#AccessDeniedException"}' }]);
  await expect(service.client.call('SendMessage', {})).rejects.toMatchObject({
    code: 'upstream-unavailable',
    retry: true,
    cause: expect.objectContaining({ message: 'dynamodb SendMessage answered 400 AccessDeniedException' }),
  });
  expect(service.seen).toHaveLength(1);
  await service.close();
});

test('what is malformed or too large is refused for good: no further try, here or later, would help', async () => {
  const service = await scripted([{ status: 400, body: '{"__type":"com.amazon.coral.validate#ValidationException"}' }]);
  await expect(service.client.call('TransactWriteItems', {})).rejects.toMatchObject({
    code: 'bad-request',
    retry: false,
    cause: expect.objectContaining({ type: 'ValidationException' }),
  });
  expect(service.seen).toHaveLength(1);
  await service.close();
});

test('a condition that fails is an outcome, with the item that it failed on, and no fault', async () => {
  const body = '{"__type":"com.amazonaws#ConditionalCheckFailedException","Item":{"n":{"N":"1"}}}';
  const service = await scripted([
    { status: 400, body },
    { status: 400, body: body.replace(/,"Item".*/, '}') },
  ]);
  await expect(service.client.callIf('UpdateItem', {})).resolves.toEqual({
    outcome: 'condition-failed',
    item: { n: { N: '1' } },
  });
  await expect(service.client.callIf('UpdateItem', {})).resolves.toMatchObject({ outcome: 'condition-failed' });
  await expect(service.client.callIf('UpdateItem', {})).resolves.toEqual({ outcome: 'done', answer: {} });
  await service.close();
});

test('a caller may have less patience', async () => {
  const service = await scripted(['reset']);
  await expect(service.client.call('GetItem', {}, { attemptsMax: 1, tryTimeoutMs: 500 })).rejects.toMatchObject({
    code: 'upstream-unavailable',
  });
  expect(service.seen).toHaveLength(1);
  await service.close();
});

test('three tries are the most', async () => {
  const service = await scripted(['reset', 'reset', 'reset']);
  await expect(service.client.call('SendMessage', {})).rejects.toMatchObject({ code: 'upstream-unavailable' });
  expect(service.seen).toHaveLength(3);
  await service.close();
});

test('an environment that is no function’s is named at cold start', () => {
  expect(() => lightSetting({ AWS_REGION: 'eu-west-1' })).toThrow('AWS_ACCESS_KEY_ID');
});
