import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock } from '../../../local/clock.ts';
import { dynamodbService } from '../../../local/dynamodb/dynamodb-service.ts';
import { dynamoClaimStore } from '../../../shared/aws/dynamo-claim-store.ts';
import { inParallel } from '../../../shared/aws/in-parallel.ts';
import type { ClaimRequest } from '../../../shared/ports/claim-store.ts';
import { awsEndpoint } from '../../builders/aws-endpoint.ts';
import { ClaimVerdicts } from '../../builders/claim-verdicts.ts';
import { aClaim } from '../../builders/claims.ts';
import { committedThenLost, faultyService } from '../../builders/faulty-service.ts';
import { aStateTable } from '../../builders/state-table.ts';
import { randomFrom } from '../../sim/random.ts';

const PAIRS = 1_000;
const CLIENTS = 4;
/** Pairs of one client under way at once. */
const AT_ONCE = 8;
/** Of all pairs, those that come from one and the same device. */
const CROWD_SHARE = 0.1;
/** Of all writes, those that are saved while their answer is lost: the SDK makes them again. */
const LOST_SHARE = 0.05;

const random = randomFrom(2_026);

/** A batch, and what Analytics.js makes of it when it does not hear that it came: all of it again, in pieces, with new events among them. */
function aPair(number: number): ClaimRequest[] {
  const device = random.chance(CROWD_SHARE) ? 'a crowd' : `a ${number}`;
  const batch = Array.from({ length: random.whole(2, 20) }, (_, index) => `ajs-${number}-${index}`);
  const cut = random.whole(0, batch.length);
  const [first, second] = [batch.slice(0, cut), batch.slice(cut)];
  const fresh = (piece: string) =>
    Array.from({ length: random.whole(0, 3) }, (_, index) => `new-${number}-${piece}-${index}`);
  return [batch, [...first, ...fresh('one')], [...fresh('two'), ...second]].map((messageIds, index) =>
    aClaim(number * 3 + index, messageIds, { device }),
  );
}

test('a thousand batches race their own pieces: every event has one owner, none is lost, none is owned twice (E18, G16)', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'tributary-race-'));
  const service = await dynamodbService({ directory, clock: systemClock });
  const losing = faultyService(service, 'PutItem', async (input, call) => {
    const answer = await call(input);
    if (random.chance(LOST_SHARE)) throw committedThenLost();
    return answer;
  });
  const endpoint = await awsEndpoint(losing);
  const clients = Array.from(
    { length: CLIENTS },
    () => new DynamoDBClient({ ...endpoint.clientConfig, maxAttempts: 4 }),
  );
  try {
    const tableName = await aStateTable(clients[0] ?? new DynamoDBClient());
    const stores = clients.map((client) => dynamoClaimStore(DynamoDBDocumentClient.from(client), tableName));
    const pairs = Array.from({ length: PAIRS }, (_, number) => aPair(number));
    const verdicts = new ClaimVerdicts();
    const failed: unknown[] = [];
    const claim = async (request: ClaimRequest, store: (typeof stores)[number] | undefined): Promise<void> => {
      const duplicates = await store?.claim(request);
      if (duplicates !== undefined) verdicts.add(request, duplicates);
    };
    await inParallel(pairs, CLIENTS * AT_ONCE, async (requests) => {
      const results = await Promise.allSettled(
        requests.map((request, index) => claim(request, stores[(index + random.whole(0, 1)) % CLIENTS])),
      );
      failed.push(...results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])));
    });
    expect(failed).toEqual([]);
    expect(verdicts.faults()).toEqual([]);
    // And all of them redelivered, in another order: each hears what it heard.
    await inParallel(pairs.toReversed(), CLIENTS * AT_ONCE, async (requests) => {
      for (const request of requests.toReversed()) await claim(request, stores[0]);
    });
    expect(verdicts.faults()).toEqual([]);
    expect(verdicts.events).toBeGreaterThan(10_000);
  } finally {
    for (const client of clients) client.destroy();
    await endpoint.close();
    await service.close();
    await rm(directory, { recursive: true });
  }
}, 240_000);
