import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock } from '../../../local/clock.ts';
import { dynamodbService } from '../../../local/dynamodb/dynamodb-service.ts';
import { STALE_WHILE_ERROR_MS } from '../../../shared/aws/config-cache.ts';
import { dynamoControlStore } from '../../../shared/aws/dynamo-control-store.ts';
import { lightClient } from '../../../shared/aws/light-client.ts';
import { lightSourceStore } from '../../../shared/aws/light-source-store.ts';
import { CONFIG_CHECK_MS } from '../../../shared/config/limits.ts';
import { awsEndpoint } from '../../builders/aws-endpoint.ts';
import { committedThenLost, faultyService } from '../../builders/faulty-service.ts';
import { aStateTable } from '../../builders/state-table.ts';
import { aSource, aWorkspace, aWriteKey } from '../../builders/workspace-things.ts';

let cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanUp.toReversed()) await close();
  cleanUp = [];
});

/** A control table that people write through the control store and ingest reads through the light client. */
async function setUp() {
  const directory = await mkdtemp(path.join(tmpdir(), 'tributary-sources-'));
  const service = await dynamodbService({ directory, clock: systemClock });
  let reads = 0;
  let isAway = false;
  const counted = faultyService(service, 'GetItem', async (input, call) => {
    reads += 1;
    if (isAway) throw committedThenLost();
    return await call(input);
  });
  const [people, ingest] = [await awsEndpoint(service), await awsEndpoint(counted)];
  const client = new DynamoDBClient(people.clientConfig);
  cleanUp.push(
    () => rm(directory, { recursive: true }),
    () => service.close(),
    () => people.close(),
    () => ingest.close(),
    async () => client.destroy(),
  );
  const tableName = await aStateTable(client);
  const control = dynamoControlStore(DynamoDBDocumentClient.from(client), tableName);
  let nowMs = 0;
  const light = lightClient('dynamodb', ingest.clientConfig.endpoint, {
    ...ingest.clientConfig,
    endpointUrl: undefined,
  });
  await control.saveWorkspace(aWorkspace(), 'w1');
  const saved = await control.saveSource(aSource(), 'w2');
  if (saved.outcome !== 'saved') throw new Error('a new source');
  return {
    control,
    source: saved.value,
    sources: lightSourceStore(light, tableName, { nowMs: () => nowMs }),
    pass: (ms: number) => (nowMs += ms),
    goAway: () => (isAway = true),
    readsSoFar: () => reads,
  };
}

const key = aWriteKey();

test('a write key names its source, and nothing is read while the answer is fresh', async () => {
  const { control, sources, source, readsSoFar } = await setUp();
  await control.addWriteKey(key, 'w3');
  await expect(sources.findByWriteKey(key.writeKey)).resolves.toEqual(source);
  await expect(sources.findByWriteKey(key.writeKey)).resolves.toEqual(source);
  expect(readsSoFar()).toBe(2);
});

test('a key that nobody owns is nobody’s, and works within seconds of being made', async () => {
  const { control, sources, source, pass, readsSoFar } = await setUp();
  await expect(sources.findByWriteKey(key.writeKey)).resolves.toBeUndefined();
  await expect(sources.findByWriteKey(key.writeKey)).resolves.toBeUndefined();
  expect(readsSoFar()).toBe(1);
  await control.addWriteKey(key, 'w3');
  pass(CONFIG_CHECK_MS);
  await expect(sources.findByWriteKey(key.writeKey)).resolves.toEqual(source);
});

test('a change to the source, and a key that is removed, are seen at the next look', async () => {
  const { control, sources, source, pass } = await setUp();
  await control.addWriteKey(key, 'w3');
  await sources.findByWriteKey(key.writeKey);
  await control.saveSource({ ...source, enabled: false }, 'w4');
  pass(CONFIG_CHECK_MS);
  await expect(sources.findByWriteKey(key.writeKey)).resolves.toMatchObject({ id: source.id, enabled: false });
  const stored = await control.findWriteKey(key.writeKey);
  if (stored === undefined) throw new Error('a key');
  await control.removeWriteKey(stored, 'w5');
  pass(CONFIG_CHECK_MS);
  await expect(sources.findByWriteKey(key.writeKey)).resolves.toBeUndefined();
});

test('a table that is away is borne for a minute, and told after it', async () => {
  const { control, sources, source, pass, goAway } = await setUp();
  await control.addWriteKey(key, 'w3');
  await sources.findByWriteKey(key.writeKey);
  goAway();
  pass(STALE_WHILE_ERROR_MS);
  await expect(sources.findByWriteKey(key.writeKey)).resolves.toEqual(source);
  pass(CONFIG_CHECK_MS);
  await expect(sources.findByWriteKey(key.writeKey)).rejects.toMatchObject({ code: 'upstream-unavailable' });
});
