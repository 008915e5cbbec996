import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { documentClient } from '../../shared/aws/document-client.ts';
import { dynamoLedgerReader } from '../../shared/aws/dynamo-ledger.ts';
import { SourceId } from '../../shared/domain/ids.ts';
import { type Sink, startSink } from '../../cli/sink/start-sink.ts';
import { statusByName } from '../builders/books-of.ts';
import { type Operator, operatorOf } from '../builders/operator-of.ts';
import { type PublicApiClient, publicApiClient, unwrap } from '../builders/public-api-client.ts';
import {
  aDirectory,
  isSource,
  type Running,
  runTributary,
  settledBalance,
  until,
} from '../builders/running-tributary.ts';
import { sendBySdk } from '../builders/sdk-load.ts';
import { ledgerOfPath } from '../builders/sink-books.ts';
import { aSinkSeed, aWebhook, SINK_WRITE_KEY } from '../builders/sink-seed.ts';

/** Eight of each of the six types, sent by the official library. */
const EVENTS = 48;
const PER_TYPE = EVENTS / 6;
/** Requests of one event each that is none: without a user. */
const INVALID = 5;
/** The every-minute run, and some. */
const HEALTH_MS = 150_000;
const SECRET = 'canary-shared-secret';
const PAGE = { count: 100 };

type Issue = { id: string; destinationId: string; code: string; count: number; ended: number };
type Page = {
  received: number;
  steps: { step: string; count: number; discards: { reason: string; count: number }[] }[];
  delivery?: { firstTry: number; onRetry: number; failed: number; unsupported: number; p95Ms: number | null };
};
type Health = {
  groups: { group: string; things: { id: string; state: string; lines: { kinds: string[]; code: string }[] }[] }[];
};

let sink: Sink;
let running: Running;
let operator: Operator;
let api: PublicApiClient;
let ids: ReadonlyMap<string, string>;
let sourceId: string;

const ask = async <T>(path: string): Promise<T> => {
  const { apiUrl, apiToken } = running.endpoints;
  const answer = await fetch(`${apiUrl}${path}`, { headers: { authorization: `Bearer ${apiToken}` } });
  const body = (await answer.json()) as { data: T };
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(body)}`);
  return body.data;
};
const idOf = (name: string): string => {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`No destination ${name}`);
  return id;
};
/** The hour before now and the next minute. */
const range = () => {
  const nowMs = Date.now();
  return [new Date(nowMs - 3_600_000).toISOString(), new Date(nowMs + 60_000).toISOString()] as const;
};

beforeAll(async () => {
  sink = await startSink({ host: '127.0.0.1', port: 0 });
  const failing = (name: string, path: string, trigger: string) =>
    aWebhook(name, `${sink.url}${path}`, { trigger, settings: { sharedSecret: SECRET } });
  const seed = aSinkSeed(aDirectory(), `${sink.url}/all`, [
    failing('Refuses', '/status/400', 'type = "track"'),
    failing('Asks for a year', '/status/503/retry-after/31536000', 'type = "alias"'),
  ]);
  running = await runTributary({ args: ['--no-demo', '--allow-private-targets', '--seed', seed] });
  const { trackingUrl } = running.endpoints;
  expect(await sendBySdk({ host: trackingUrl, writeKey: SINK_WRITE_KEY, count: EVENTS })).toEqual({
    accepted: EVENTS,
    refused: [],
  });
  for (let n = 0; n < INVALID; n += 1) {
    const body = JSON.stringify({ writeKey: SINK_WRITE_KEY, event: 'Nobody', properties: {} });
    expect((await fetch(`${trackingUrl}/v1/track`, { method: 'POST', body })).status).toBe(200);
  }
  const balance = await settledBalance(running.endpoints, EVENTS + INVALID, 90_000);
  sourceId = balance.find(isSource)?.source ?? '';
  operator = await operatorOf(running);
  api = publicApiClient(running.endpoints.apiUrl, running.endpoints.apiToken);
  ids = new Map([...(await statusByName(running.endpoints))].map(([name, { id }]) => [name, id]));
}, 180_000);
afterAll(async () => {
  await running?.kill();
  await sink?.stop();
}, 30_000);

test('what the official library reads of a destination is what its tool received, to one (G08, G11)', async () => {
  const delivered = async (name: string) =>
    await unwrap(
      api.deliveryOverview.getEgressSuccessMetricsFromDeliveryOverview(
        sourceId,
        idOf(name),
        ...range(),
        'minute',
        PAGE,
        ['eventType'],
      ),
    );
  const received = await ledgerOfPath(sink, '/all');
  const success = await delivered('Sink');
  expect(success.total).toBe(EVENTS);
  expect([received.takenMessageIds, received.taken]).toEqual([EVENTS, EVENTS]);
  expect(Object.fromEntries(success.dataset.map(({ eventType = '', total }) => [eventType, total]))).toEqual(
    Object.fromEntries(['alias', 'group', 'identify', 'page', 'screen', 'track'].map((type) => [type, PER_TYPE])),
  );
  const failed = await unwrap(
    api.deliveryOverview.getEgressFailedMetricsFromDeliveryOverview(
      sourceId,
      idOf('Refuses'),
      ...range(),
      'minute',
      PAGE,
      ['discardReason'],
    ),
  );
  expect(failed.dataset.map(({ discardReason, total }) => [discardReason, total])).toEqual([['400', PER_TYPE]]);
  const filtered = await unwrap(
    api.deliveryOverview.getFilteredAtDestinationMetricsFromDeliveryOverview(
      sourceId,
      idOf('Refuses'),
      ...range(),
      'minute',
      PAGE,
      ['discardReason'],
    ),
  );
  expect(filtered.dataset.map(({ discardReason, total }) => [discardReason, total])).toEqual([
    ['NO_MATCHING_MAPPING', EVENTS - PER_TYPE],
  ]);
  const ingest = await unwrap(
    api.deliveryOverview.getIngressFailedMetricsFromDeliveryOverview(sourceId, ...range(), 'minute', PAGE, [
      'discardReason',
    ]),
  );
  expect(ingest.dataset.map(({ discardReason, total }) => [discardReason, total])).toEqual([['id_required', INVALID]]);
  const volume = await unwrap(api.events.getEventsVolumeFromWorkspace('MINUTE', ...range(), ['source']));
  expect(volume.result).toMatchObject([{ source: { id: sourceId }, total: EVENTS }]);
});

test('the page of a destination shows all of it at once (G02)', async () => {
  const page = await ask<Page>(`/app-api/destinations/${idOf('Asks for a year')}/delivery?range=1h`);
  expect(page.received).toBe(EVENTS + INVALID);
  expect(page.steps.map(({ step, count }) => [step, count])).toEqual([
    ['SUCCESSFULLY_RECEIVED', EVENTS],
    ['FAILED_ON_INGEST', INVALID],
    ['FILTERED_AT_SOURCE', 0],
    ['FILTERED_AT_DESTINATION', EVENTS - PER_TYPE],
    ['FAILED_DELIVERY', PER_TYPE],
    ['SUCCESSFUL_DELIVERY', 0],
  ]);
  const sunk = await ask<Page>(`/app-api/destinations/${idOf('Sink')}/delivery?range=1h`);
  expect(sunk.delivery).toMatchObject({ firstTry: EVENTS, onRetry: 0, failed: 0, p95Ms: expect.any(Number) });
});

test('every code in the ledger has an issue, each issue a sample with request and answer, and no secret (G03, G04, G15)', async () => {
  const { issues } = await ask<{ issues: Issue[] }>('/app-api/delivery/issues?range=1h');
  const codes = issues.map(({ destinationId, code, ended }) => [destinationId, code, ended]);
  expect(codes).toEqual(
    expect.arrayContaining([
      [idOf('Refuses'), '400', PER_TYPE],
      [idOf('Asks for a year'), '503', 0],
      [idOf('Asks for a year'), 'retry_after', PER_TYPE],
    ]),
  );
  for (const { id, code } of issues) {
    const { samples } = await ask<{ samples: { code: string; exchanges: unknown[]; event: object }[] }>(
      `/app-api/delivery/issues/${id}/samples`,
    );
    expect(samples.length).toBeGreaterThan(0);
    expect(samples.length).toBeLessThanOrEqual(10);
    expect(samples[0]).toMatchObject({ code, exchanges: [{ method: 'POST', status: expect.any(Number) }] });
    expect(JSON.stringify(samples)).not.toContain(SECRET);
  }
});

test('every reason for which events ended before anything was sent has samples: at the source, and filtered at a destination (G13, G15)', async () => {
  const pages = await Promise.all(
    [idOf('Refuses'), idOf('Asks for a year')].map(async (id) => ({
      id,
      page: await ask<Page>(`/app-api/destinations/${id}/delivery?range=1h`),
    })),
  );
  const shown: string[] = [];
  for (const { id, page } of pages) {
    for (const { step, discards } of page.steps) {
      if (step === 'FAILED_DELIVERY') continue;
      const place = step === 'FILTERED_AT_DESTINATION' ? `&destinationId=${id}` : '';
      for (const { reason } of discards) {
        const { samples } = await ask<{ samples: { code: string; event: object }[] }>(
          `/app-api/sources/${sourceId}/delivery/samples?range=1h&reason=${reason}${place}`,
        );
        expect({ reason, count: samples.length > 0 && samples.length <= 10 }).toEqual({ reason, count: true });
        expect(samples[0]).toMatchObject({ code: reason, event: expect.any(Object) });
        shown.push(`${step} ${reason}`);
      }
    }
  }
  expect(new Set(shown)).toEqual(
    new Set(['FAILED_ON_INGEST id_required', 'FILTERED_AT_DESTINATION NO_MATCHING_MAPPING']),
  );
});

test('CloudWatch counts the same requests as the ledger, within one period and 1 %', async () => {
  const doc = documentClient(new DynamoDBClient(operator.client));
  const ledger = dynamoLedgerReader(doc, operator.output('LedgerTableName'));
  const hours = new Set(range().map((at) => at.slice(0, 13)));
  const rows = await Promise.all([...hours].map((hour) => ledger.plansOfHour(SourceId.parse(sourceId), hour)));
  const planned = rows.flat().length;
  expect(planned).toBeGreaterThan(INVALID);
  const client = new CloudWatchClient(operator.client);
  let sent = 0;
  await until(
    async () => {
      sent = await sumOf(client, operator.output('IntakeQueueUrl').split('/').at(-1) ?? '');
      return sent >= planned;
    },
    90_000,
    () => `The ledger has ${planned} requests, CloudWatch ${sent}`,
  );
  expect(Math.abs(sent - planned) / planned).toBeLessThanOrEqual(0.01);
}, 120_000);

/** Messages that the queue took in the last hour, a minute a period. */
async function sumOf(client: CloudWatchClient, queue: string): Promise<number> {
  const nowMs = Date.now();
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(nowMs - 3_600_000),
      EndTime: new Date(nowMs + 60_000),
      MetricDataQueries: [
        {
          Id: 'sent',
          MetricStat: {
            Metric: {
              Namespace: 'AWS/SQS',
              MetricName: 'NumberOfMessagesSent',
              Dimensions: [{ Name: 'QueueName', Value: queue }],
            },
            Period: 60,
            Stat: 'Sum',
          },
        },
      ],
    }),
  );
  return (MetricDataResults[0]?.Values ?? []).reduce((sum, value) => sum + value, 0);
}

test('health tells within minutes what fails on every try, and by which code (H01)', async () => {
  const failing = async () => {
    const { groups } = await ask<Health>('/app-api/health');
    return (groups.find(({ group }) => group === 'DESTINATIONS')?.things ?? []).map(({ id, state, lines }) => [
      id,
      state,
      lines.map(({ kinds, code }) => `${kinds[0]} ${code}`),
    ]);
  };
  await until(
    async () => (await failing()).length === 2,
    HEALTH_MS,
    () => 'Health does not tell of both',
  );
  expect(new Set((await failing()).map((one) => JSON.stringify(one)))).toEqual(
    new Set([
      JSON.stringify([idOf('Refuses'), 'FAILING', ['CONSISTENT 400']]),
      JSON.stringify([idOf('Asks for a year'), 'FAILING', ['CONSISTENT 503']]),
    ]),
  );
}, 180_000);
