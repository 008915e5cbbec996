import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AttributeValue, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { OPERATOR_ACCESS_KEY_ID } from '../../../local/lambda/function-callers.ts';
import { itemBytes } from '../../../local/front-door/item-size.ts';
import { LOCAL_REGION } from '../../../local/types.ts';
import { aDirectory } from '../../builders/running-tributary.ts';
import { startWholeCloud, type WholeCloud } from '../../builders/whole-cloud.ts';
import { type ByteSink, byteSink } from '../byte-sink.ts';
import { TOOL_MS, TTL_LATE_DAYS } from '../../../shared/usage/cost-assumptions.ts';
import { DESTINATION_COUNTS } from './cells.ts';
import type { DedupKey, Stored } from './counted.ts';

const DAY_SECONDS = 86_400;
const WRITE_UNIT_BYTES = 1_024;
/** Pages of 1 MB that a scan of a bench's table follows. */
const PAGES_MAX = 1_000;

export type BenchOptions = {
  /** Whether the destinations take many events at once. */
  batching: boolean;
  /** `device`: the sources are websites. `event`: servers. */
  dedupBy: DedupKey;
};

export type BenchCloud = {
  whole: WholeCloud;
  dedupBy: DedupKey;
  sink: ByteSink;
  writeKeyFor(destinations: number): string;
  /** Delays every call of the functions to AWS by so many ms; 0 ends it. */
  delayCalls(ms: number): void;
  stored(): Promise<{ seen: Stored; ledger: Stored }>;
  stop(): Promise<void>;
};

/**
 * The synthesised stacks in the local cloud, with a source for each number of destinations. The destinations are webhooks that take every
 * event and answer as slowly as tools do, so that a backlog in front of deliver stays one; with `batching` they take many at once.
 */
export async function startBenchCloud(assembly: string, options: BenchOptions): Promise<BenchCloud> {
  const sink = await byteSink(TOOL_MS);
  const directory = aDirectory();
  const seedFile = join(directory, 'seed.json');
  writeFileSync(seedFile, JSON.stringify(seedFor(sink.url, options)));
  const faultsFile = join(directory, 'faults.json');
  const delayCalls = (delayMs: number) =>
    writeFileSync(
      faultsFile,
      JSON.stringify({
        faults:
          delayMs === 0 ? [] : ['sqs', 'dynamodb', 's3'].map((service) => ({ service, effect: 'delay', delayMs })),
      }),
    );
  delayCalls(0);
  const whole = await startWholeCloud({ assembly, stateDirectory: join(directory, 'state'), seedFile, faultsFile });
  const { awsEndpointUrl, stacks } = whole.cloud;
  const client = new DynamoDBClient({
    endpoint: awsEndpointUrl,
    region: LOCAL_REGION,
    credentials: { accessKeyId: OPERATOR_ACCESS_KEY_ID, secretAccessKey: 'any' },
  });
  const { SeenTableName = '', LedgerTableName = '' } = stacks['Tributary-local-Data'] ?? {};
  return {
    whole,
    dedupBy: options.dedupBy,
    sink,
    writeKeyFor,
    delayCalls,
    stored: async () => ({
      seen: await storedIn(client, SeenTableName),
      ledger: await storedIn(client, LedgerTableName, isRow),
    }),
    stop: async () => {
      client.destroy();
      await whole.cloud.stop();
      sink.stop();
    },
  };
}

/** The kinds of sources that find repeats so unless they are told otherwise. */
const KINDS: Readonly<Record<DedupKey, string>> = { device: 'website', event: 'server' };

const writeKeyFor = (destinations: number): string => `writekeyofthebench${String(destinations).padStart(14, '0')}`;

function seedFor(sinkUrl: string, { batching, dedupBy }: BenchOptions): unknown {
  return {
    workspace: { slug: 'bench', name: 'Bench' },
    sources: DESTINATION_COUNTS.map((count) => ({
      slug: `d${count}`,
      name: `Source of ${count}`,
      kind: KINDS[dedupBy],
      writeKeys: [writeKeyFor(count)],
    })),
    destinations: DESTINATION_COUNTS.flatMap((count) =>
      Array.from({ length: count }, (_, number) => ({
        source: `d${count}`,
        name: `Webhook ${number}`,
        type: 'webhook',
        mappings: [
          {
            name: 'All events',
            action: 'send',
            trigger: 'type = "track"',
            fields: {
              url: `${sinkUrl}/${number}`,
              method: 'POST',
              data: { '@path': '$.' },
              ...(batching && { enable_batching: true }),
            },
          },
        ],
      })),
    ),
  };
}

/** What events leave for good, not what the clock leaves for a day or two: touches, sums of minutes. */
const isRow = (sk: string): boolean => /^(?:plan|more|done)#/.test(sk);

async function storedIn(
  client: DynamoDBClient,
  tableName: string,
  isCounted: (sk: string) => boolean = () => true,
): Promise<Stored> {
  const stored: Stored = { items: 0, writeUnits: 0, bytes: 0, byteDays: 0, itemDays: 0 };
  const nowSeconds = Date.now() / 1_000;
  let from: Record<string, AttributeValue> | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new ScanCommand({ TableName: tableName, ExclusiveStartKey: from }),
    );
    for (const item of Items) {
      const expiresAt = item['expiresAtSeconds']?.N;
      if (expiresAt === undefined || !isCounted(item['sk']?.S ?? '')) continue;
      const days = (Number(expiresAt) - nowSeconds) / DAY_SECONDS + TTL_LATE_DAYS;
      const bytes = itemBytes(item);
      stored.items += 1;
      stored.writeUnits += Math.ceil(bytes / WRITE_UNIT_BYTES);
      stored.bytes += bytes;
      stored.itemDays += days;
      stored.byteDays += bytes * days;
    }
    if (LastEvaluatedKey === undefined) return stored;
    from = LastEvaluatedKey;
  }
  throw new Error(`${tableName} has more than ${PAGES_MAX} pages`);
}
