import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { medianOf } from './median.ts';

const ROUNDS = 9;

export type ColdStart = { ratio: number; wallRatio: number; oursMs: number; emptyMs: number };

/** CPU (and wall) of a process that loads ingest's bundle and answers its first request, over an empty Node's: in turn, medians. */
export async function ingestColdStart(bundleFile: string): Promise<ColdStart> {
  const aws = await startStub();
  try {
    const environment = {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      AWS_ENDPOINT_URL: aws.url,
      CONTROL_TABLE_NAME: 'control',
      INTAKE_QUEUE_URL: `${aws.url}/000000000000/intake`,
    };
    const child = join(import.meta.dirname, 'cold-start-child.mjs');
    const ours: Run[] = [];
    const empty: Run[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      empty.push(await run([join(import.meta.dirname, 'empty.mjs')], environment));
      ours.push(await run([child, bundleFile], environment));
    }
    // The first pair warms the disk cache.
    const cpu = ours.slice(1).map(({ cpuMs }, round) => cpuMs / (empty[round + 1]?.cpuMs ?? Number.NaN));
    const wall = ours.slice(1).map(({ wallMs }, round) => wallMs / (empty[round + 1]?.wallMs ?? Number.NaN));
    return {
      ratio: medianOf(cpu),
      wallRatio: medianOf(wall),
      oursMs: medianOf(ours.slice(1).map(({ cpuMs }) => cpuMs)),
      emptyMs: medianOf(empty.slice(1).map(({ cpuMs }) => cpuMs)),
    };
  } finally {
    aws.stop();
  }
}

type Run = { cpuMs: number; wallMs: number };

const run = (args: string[], environment: Record<string, string>): Promise<Run> =>
  new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('error', reject);
    child.on('exit', (code) => {
      const wallMs = performance.now() - startedAt;
      if (code === 0) resolve({ cpuMs: Number(text.trim().split('\n').at(-1)) / 1_000, wallMs });
      else reject(new Error(`${args.join(' ')} ended with ${code}`));
    });
  });

/** A source for any key, and a queue that takes everything. */
async function startStub(): Promise<{ url: string; stop(): void }> {
  const at = '2026-11-24T10:00:00.000Z';
  const stored = { version: 1, createdAt: at, updatedAt: at };
  const key = { writeKey: 'writekeyofthebench00000000000001', workspaceId: 'ws_1', sourceId: 'src_1', ...stored };
  const source = {
    id: 'src_1',
    workspaceId: 'ws_1',
    slug: 'b',
    name: 'B',
    kind: 'server',
    enabled: true,
    dedupHours: 24,
    ...stored,
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const isRead = String(request.headers['x-amz-target']).startsWith('DynamoDB');
      const data = JSON.stringify(body.includes('KEY#') ? key : source);
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end(
        JSON.stringify(isRead ? { Item: { data: { S: data } } } : { MessageId: 'm', MD5OfMessageBody: 'x' }),
      );
    });
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return { url: `http://127.0.0.1:${port}`, stop: () => server.close() };
}
