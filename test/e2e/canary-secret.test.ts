import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { DynamoDBClient, ListTablesCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { statusByName } from '../builders/books-of.ts';
import { around, base64, CORE, isLeak } from '../builders/canary.ts';
import { type Operator, operatorOf } from '../builders/operator-of.ts';
import { aDirectory, balanceOf, isSource, type Running, runTributary, until } from '../builders/running-tributary.ts';
import { aSeed, aWebhook, SINK_WRITE_KEY } from '../builders/sink-seed.ts';

const SECRET = `q/${CORE}+"x" <ü>&=`;

/** Some places take letters only: there the secret of the destination is just the core. */
const LETTERS_ONLY: ReadonlySet<string> = new Set(['/header-name', '/content-type', '/no-http']);

/** What a tool may do with a secret that it knows, by path. */
const ANSWERS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/json': (response) => json(response, 400, { message: `The key ${SECRET} is not valid` }),
  '/nested': (response) => json(response, 400, { errors: [{ detail: { message: SECRET } }] }),
  '/key': (response) => json(response, 400, { [SECRET]: SECRET, error: SECRET }),
  '/json-in-json': (response) => json(response, 400, { error: JSON.stringify({ secret: SECRET, plain: SECRET }) }),
  '/unauthorized': (response) => json(response, 401, { error: `Bearer ${SECRET}` }),
  '/basic': (response) => json(response, 403, { error: `Authorization: Basic ${base64(`user:${SECRET}`)}` }),
  '/basic-of-three': (response) =>
    json(response, 400, { error: base64(`abc:${SECRET}`), more: base64(`ab:${SECRET}:c`) }),
  '/base64': (response) => json(response, 400, { error: base64(SECRET) }),
  '/base64url': (response) => json(response, 400, { error: Buffer.from(SECRET).toString('base64url') }),
  '/hex': (response) => json(response, 400, { error: Buffer.from(SECRET).toString('hex') }),
  '/url': (response) => json(response, 400, { error: `https://tool.example/?k=${encodeURIComponent(SECRET)}` }),
  '/small-url': (response) =>
    json(response, 400, { error: encodeURIComponent(SECRET).replaceAll(/%../g, (hex) => hex.toLowerCase()) }),
  '/text': (response) => void response.writeHead(400).end(`no: ${SECRET}`),
  '/html': (response) => void response.writeHead(400, { 'content-type': 'text/html' }).end(`<p>${SECRET}</p>`),
  '/server-error': (response) => json(response, 500, { error: SECRET }),
  '/success': (response) => json(response, 200, { yourKey: SECRET }),
  '/cut-message': (response) => json(response, 400, { message: `${'x'.repeat(240)}${SECRET}` }),
  '/cut-body': (response) => void response.writeHead(400).end(`${'x'.repeat(4_096 - 20)}${SECRET}`),
  '/gzip': (response) =>
    void response.writeHead(400, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify({ error: SECRET }))),
  '/headers': (response) =>
    void response
      .writeHead(400, { 'x-echo': SECRET, 'set-cookie': `a=${encodeURIComponent(SECRET)}`, etag: base64(SECRET) })
      .end(),
  '/header-name': (response) => void response.writeHead(400, { [`x-${CORE}`]: '1' }).end(),
  '/content-type': (response) => void response.writeHead(400, { 'content-type': `text/${CORE}` }).end('{}'),
  '/reason': (response) => void response.writeHead(400, `Bad ${SECRET}`).end(),
  '/reason-of-500': (response) => void response.writeHead(503, `Bad ${SECRET}`).end(),
  '/redirect': (response) =>
    void response.writeHead(302, { location: `https://tool.example/?k=${encodeURIComponent(SECRET)}` }).end(),
  '/retry-after': (response) => void response.writeHead(429, { 'retry-after': SECRET }).end(SECRET),
  '/no-http': (response) => void response.socket?.end(`${CORE} no http\r\n\r\n`),
  '/half': (response) => {
    response.writeHead(400, { 'content-length': '9999' });
    response.write(SECRET, () => response.socket?.destroy());
  },
};
const json = (response: ServerResponse, status: number, body: unknown): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** Tried again: they are in flight when all is looked at. */
const WAITING = ['/server-error', '/reason-of-500', '/retry-after', '/no-http', '/half'];

jest.setTimeout(60_000);

let tool: Server;
let running: Running;
let operator: Operator;
let requests = 0;

beforeAll(async () => {
  tool = createServer((request, response) => {
    requests += 1;
    request.resume().on('end', () => ANSWERS[request.url ?? '']?.(response));
  });
  await new Promise<void>((resolve) => tool.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(tool.address() as AddressInfo).port}`;
  const seed = aSeed(
    aDirectory(),
    Object.keys(ANSWERS).flatMap((path) => {
      const settings = { sharedSecret: LETTERS_ONLY.has(path) ? CORE : SECRET };
      return [
        aWebhook(path, `${origin}${path}`, { settings }),
        aWebhook(`${path} in batches`, `${origin}${path}`, { settings, fields: { enable_batching: true } }),
      ];
    }),
  );
  running = await runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', seed] });
  const batch = [1, 2].map((number) => ({ type: 'track', event: 'E', userId: 'u', messageId: `canary-${number}` }));
  const accepted = await fetch(`${running.endpoints.trackingUrl}/v1/batch`, {
    method: 'POST',
    body: JSON.stringify({ writeKey: SINK_WRITE_KEY, batch }),
  });
  expect(accepted.status).toBe(200);
  await until(
    async () => {
      const lines = (await statusByName(running.endpoints)).values();
      return [...lines].every(({ name, delivered, discarded, deadLettered, errors }) => {
        const ended = delivered + total(discarded) + total(deadLettered);
        return WAITING.includes(name.split(' ')[0] ?? '') ? errors.length > 0 : ended === batch.length;
      });
    },
    60_000,
    () => 'Not every destination was tried',
  );
  operator = await operatorOf(running);
}, 150_000);
afterAll(async () => {
  await running?.kill();
  tool?.closeAllConnections();
  tool?.close();
}, 30_000);

const total = (counts: Record<string, number>): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

test('the tool was asked and answered with the secret in every way', () => {
  expect(requests).toBeGreaterThanOrEqual(3 * Object.keys(ANSWERS).length);
  expect(isLeak(SECRET) && isLeak(base64(`user:${SECRET}`)) && isLeak(encodeURIComponent(SECRET))).toBe(true);
});

test('no answer of the API holds it, and what it says is there (T18)', async () => {
  const { apiUrl, apiToken } = running.endpoints;
  const authorization = `Bearer ${apiToken}`;
  const answers = await Promise.all(
    ['/', '/app-api/status', '/app-api/balance'].map(async (path) => {
      const answer = await fetch(`${apiUrl}${path}`, { headers: { authorization } });
      return `${JSON.stringify([...answer.headers])} ${await answer.text()}`;
    }),
  );
  expect(answers.filter(isLeak).map(around)).toEqual([]);
  // The message is kept, without the secret: people see what the tool said.
  const { errors } = (await statusByName(running.endpoints)).get('/json') ?? { errors: [] };
  expect(errors).toMatchObject([{ code: '400', message: 'The key [redacted] is not valid' }]);
  const lines = await balanceOf(running.endpoints);
  expect(lines.filter((line) => !isSource(line))).toHaveLength(2 * Object.keys(ANSWERS).length);
});

test('no table holds it, samples and rows of the ledger included (T18)', async () => {
  const client = new DynamoDBClient(operator.client);
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const leaks: string[] = [];
  let items = 0;
  for (const TableName of TableNames) {
    for await (const { Items = [] } of paginateScan({ client }, { TableName })) {
      for (const item of Items) {
        items += 1;
        if (isLeak(readable(item))) leaks.push(`${TableName} ${around(readable(item))}`);
      }
    }
  }
  expect(leaks).toEqual([]);
  expect(items).toBeGreaterThan(4 * Object.keys(ANSWERS).length);
});

/** Texts of an item as they are, its binary values as text and unpacked where they are packed. */
function readable(item: unknown): string {
  const binaries: string[] = [];
  const text = JSON.stringify(item, (_key, value: unknown) => {
    if (!(value instanceof Uint8Array)) return value;
    const bytes = Buffer.from(value);
    binaries.push(
      bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes).toString('utf8') : bytes.toString('latin1'),
    );
    return undefined;
  });
  return `${text} ${binaries.join(' ')}`;
}

test('no object of S3 holds it, dead letters included (T18)', async () => {
  const s3 = new S3Client({ ...operator.client, forcePathStyle: true });
  const leaks: string[] = [];
  let letters = 0;
  for (const Bucket of ['DeadLetterBucketName', 'ArchiveBucketName'].map(operator.output)) {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    for (const { Key } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
      const text = bytes[0] === 0x1f ? gunzipSync(bytes).toString('utf8') : bytes.toString('latin1');
      if (Key?.startsWith('destination=') === true) letters += text.trim().split('\n').length;
      if (isLeak(text)) leaks.push(`${Bucket} ${Key} ${around(text)}`);
    }
  }
  expect(leaks).toEqual([]);
  expect(letters).toBeGreaterThan(2 * Object.keys(ANSWERS).length);
});

test('neither what was printed nor any file of the whole state holds it: logs, queues, tables as they lie on the disk (T18)', () => {
  expect(isLeak(running.output())).toBe(false);
  const files = readdirSync(running.directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(running.directory, name))
    .filter((path) => existsSync(path) && statSync(path).isFile());
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((path) => isLeak(readFileSync(path).toString('latin1')))).toEqual([]);
});
