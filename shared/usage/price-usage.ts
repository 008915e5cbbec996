import { PRICES, usdFor } from '../config/prices.ts';
import { SENDS_IN_FLIGHT_MAX } from '../config/limits.ts';
import {
  AGGREGATOR_READS,
  ANSWER_HEADER_BYTES,
  ARCHIVE_BATCH_BYTES,
  ARCHIVE_DAYS,
  ARCHIVE_GZIP,
  ARCHIVE_POLLERS,
  ARCHIVE_WINDOW_SECONDS,
  AWS_CALL_MS,
  CALLS_IN_SEQUENCE,
  CLAIM_BYTES,
  CLAIM_DAYS,
  COLD_MS,
  COLD_SHARE,
  CPU_SENDS,
  CPU_US,
  DAYS_A_MONTH,
  DEVICE_ITEM_BYTES,
  DONE_ROW_BYTES,
  INVOCATION_MS,
  ITEM_OVERHEAD_BYTES,
  LANE_MESSAGES_A_RECEIVE,
  LANE_MESSAGES_AN_INVOCATION_MAX,
  PLAN_ROW_BYTES,
  PLAN_ROW_DESTINATION_BYTES,
  PLAN_ROW_EVENT_BYTES,
  RECEIVE_GATHERS_MS,
  RECEIVE_MESSAGES_MAX,
  REQUEST_HEAD_BYTES,
  ROW_DAYS,
  TLS_BYTES_A_REQUEST,
  TOOL_MS,
  TTL_LATE_DAYS,
  VCPU_MB,
} from './cost-assumptions.ts';
import { throughputOf } from './sending-time.ts';
import type { DestinationUnits, SourceUnits } from './usage-month.ts';

/** A line of a bill: so many units at a list price. `basis`: `counted`, or what it rests on in cost-assumptions.ts. */
export type CostLine = { line: string; price: keyof typeof PRICES; quantity: number; usd: number; basis: string };

/** What a source's price depends on beside its units. */
export type SourceSetting = {
  dedupBy: 'device' | 'event';
  /** Enabled destinations. */
  destinations: number;
  /** Seconds in which the units came: the more of them in a second, the fuller are batches. */
  seconds: number;
};

const GB = 1_000_000_000;
const SQS_UNIT_BYTES = 65_536;
const API_UNIT_BYTES = 524_288;
const WRITE_UNIT_BYTES = 1_024;
const READ_UNIT_BYTES = 4_096;
/** Lambda memory in GB (infra/function-limits.ts). */
const MEMORY_GB = { ingest: 0.5, route: 1, deliver: 0.5, archive: 1 } as const;

const line = (name: string, price: keyof typeof PRICES, quantity: number, basis = 'counted'): CostLine => ({
  line: name,
  price,
  quantity,
  usd: usdFor(PRICES[price], quantity),
  basis,
});
/** Every request of a queue is one of a fair queue, too: senders name a message group. */
const sqs = (name: string, quantity: number, basis?: string): CostLine[] => [
  line(name, 'sqsRequest', quantity, basis),
  line(`${name}: fair queue`, 'sqsFairRequest', quantity, basis),
];
const lambda = (name: keyof typeof MEMORY_GB, invocations: number, busyMs: number, cpuUs: number): CostLine[] => {
  const gb = MEMORY_GB[name];
  const idleMs = invocations * (INVOCATION_MS + COLD_SHARE * COLD_MS) + busyMs;
  const cpuMs = (cpuUs / 1_000) * (VCPU_MB / (gb * 1_024));
  return [
    line(`${name}: invocations`, 'lambdaRequest', invocations, 'RECEIVE_GATHERS_MS'),
    line(`${name}: time`, 'lambdaGbSecond', ((idleMs + cpuMs) / 1_000) * gb, 'AWS_CALL_MS, CPU_US'),
  ];
};
const stored = (name: string, bytes: number, days: number, recoverable: boolean): CostLine[] => {
  const gbMonths = (bytes / GB) * ((days + TTL_LATE_DAYS) / DAYS_A_MONTH);
  const lines = [line(`${name} stored`, 'dynamoGbMonth', gbMonths, 'TTL_LATE_DAYS')];
  if (recoverable) lines.push(line(`${name} recoverable`, 'dynamoRecoveryGbMonth', gbMonths, 'TTL_LATE_DAYS'));
  return lines;
};
/** Requests that come with one receive of the intake queue. */
const requestsAReceive = (requests: number, seconds: number): number =>
  Math.min(RECEIVE_MESSAGES_MAX, Math.max(1, (requests / Math.max(1, seconds)) * (RECEIVE_GATHERS_MS / 1_000)));

/** From the request to the queue of its destinations, and the archive: what a source cost in a time. */
export function priceSource([requests, bytes, received, routed]: SourceUnits, setting: SourceSetting): CostLine[] {
  if (requests === 0) return [];
  const requestBytes = bytes / requests;
  const events = received / requests;
  const share = received === 0 ? 0 : routed / received;
  const receives = requests / requestsAReceive(requests, setting.seconds);
  const rowBytes =
    PLAN_ROW_BYTES +
    setting.destinations * PLAN_ROW_DESTINATION_BYTES +
    events * PLAN_ROW_EVENT_BYTES * Math.max(1, setting.destinations / 3);
  const calls = CALLS_IN_SEQUENCE[setting.dedupBy];
  const archiveBytes = bytes * share;
  const objects =
    archiveBytes === 0
      ? 0
      : Math.max(
          archiveBytes / ARCHIVE_BATCH_BYTES,
          Math.min(receives, (setting.seconds / ARCHIVE_WINDOW_SECONDS) * ARCHIVE_POLLERS),
        );
  const claims =
    setting.dedupBy === 'event'
      ? [
          line('de-duplication claims', 'dynamoWriteUnit', received, 'counted'),
          ...stored('claims', received * (CLAIM_BYTES + ITEM_OVERHEAD_BYTES), CLAIM_DAYS, false),
        ]
      : [
          line('de-duplication claims', 'dynamoWriteUnit', requests, 'counted'),
          line('de-duplication reads', 'dynamoReadUnit', requests, 'counted'),
          ...stored('claims', (received / 40) * (DEVICE_ITEM_BYTES + ITEM_OVERHEAD_BYTES), CLAIM_DAYS, false),
        ];
  return [
    line('HTTP API requests', 'httpApiRequest', requests * Math.ceil(requestBytes / API_UNIT_BYTES)),
    line('answers to clients', 'transferOutGb', (requests * ANSWER_HEADER_BYTES) / GB, 'ANSWER_HEADER_BYTES'),
    ...lambda('ingest', requests, requests * calls.ingest * AWS_CALL_MS, received * CPU_US.ingest),
    ...sqs('intake queue: sends', requests * Math.ceil(requestBytes / SQS_UNIT_BYTES)),
    ...sqs(
      'intake queue: receives and deletes',
      receives * (Math.ceil((requestBytes * (requests / receives)) / SQS_UNIT_BYTES) + 1),
      'RECEIVE_GATHERS_MS',
    ),
    ...lambda('route', receives, receives * calls.route * AWS_CALL_MS, received * CPU_US.route),
    line('plan rows', 'dynamoWriteUnit', requests * Math.ceil(rowBytes / WRITE_UNIT_BYTES), 'PLAN_ROW_BYTES'),
    ...stored('plan rows', requests * (rowBytes + ITEM_OVERHEAD_BYTES), ROW_DAYS, true),
    line(
      'plan rows read for totals',
      'dynamoReadUnit',
      ((requests * rowBytes) / READ_UNIT_BYTES) * AGGREGATOR_READS,
      'AGGREGATOR_READS',
    ),
    ...claims,
    ...sqs('archive queue', receives * 3 * share, 'RECEIVE_GATHERS_MS'),
    ...lambda('archive', objects, objects * calls.archive * AWS_CALL_MS, routed * CPU_US.archive),
    // An object and its digest.
    line('archive objects', 's3Put', objects * 2, 'ARCHIVE_WINDOW_SECONDS'),
    line('archive digests read', 's3Get', objects * DIGEST_READS, 'ARCHIVE_WINDOW_SECONDS'),
    line(
      'archive stored',
      's3GbMonth',
      (archiveBytes / ARCHIVE_GZIP / GB) * (ARCHIVE_DAYS / DAYS_A_MONTH),
      'ARCHIVE_GZIP',
    ),
  ].filter(({ usd }) => usd > 0);
}

/** Runs that look at an hour: while it lasts, and three after it. */
const DIGEST_READS = 4;

/** From its queue to the tool. `source`: units of its source in the same time, by which messages are packed. */
export function priceDestination(
  [parts, sends, bytesOut]: DestinationUnits,
  source: { units: SourceUnits; seconds: number },
): CostLine[] {
  if (parts === 0) return [];
  const together = requestsAReceive(source.units[0], source.seconds);
  const messages = parts / together;
  const receives = together > 1 ? messages / LANE_MESSAGES_A_RECEIVE : messages;
  const invocations = messages / Math.min(LANE_MESSAGES_AN_INVOCATION_MAX, Math.max(1, together / 3));
  // A message is compressed where it is long: ten requests of 20 events stay within one unit.
  const rowBytes = DONE_ROW_BYTES;
  const { waitingMs, cpuMs } = sendingTime(sends, invocations);
  return [
    ...sqs('lane: sends', messages, 'RECEIVE_GATHERS_MS'),
    ...sqs('lane: receives and deletes', receives * 2, 'RECEIVE_GATHERS_MS'),
    ...lambda('deliver', invocations, invocations * CALLS_IN_SEQUENCE.event.deliver * AWS_CALL_MS, 0),
    line('deliver: waiting for tools', 'lambdaGbSecond', (waitingMs / 1_000) * MEMORY_GB.deliver, 'TOOL_MS'),
    line('deliver: CPU', 'lambdaGbSecond', (cpuMs / 1_000) * MEMORY_GB.deliver, 'CPU_US'),
    line('bytes to tools', 'transferOutGb', (bytesOut + sends * REQUEST_HEAD_BYTES) / GB, 'REQUEST_HEAD_BYTES'),
    line('bytes to tools: TLS', 'transferOutGb', (sends * TLS_BYTES_A_REQUEST) / GB, 'TLS_BYTES_A_REQUEST'),
    line('done rows', 'dynamoWriteUnit', parts * Math.ceil(rowBytes / WRITE_UNIT_BYTES)),
    ...stored('done rows', parts * (rowBytes + ITEM_OVERHEAD_BYTES), ROW_DAYS, true),
    line(
      'done rows read for totals',
      'dynamoReadUnit',
      ((parts * rowBytes) / READ_UNIT_BYTES) * AGGREGATOR_READS,
      'AGGREGATOR_READS',
    ),
  ].filter(({ usd }) => usd > 0);
}

/** As the bench reckons it: many sends wait at once, and one thread works for them in turn. */
function sendingTime(sends: number, invocations: number): { waitingMs: number; cpuMs: number } {
  const cpuSeconds = ((CPU_US.deliver / CPU_SENDS) * VCPU_MB) / (MEMORY_GB.deliver * 1_024) / 1_000_000;
  const each = sends / invocations;
  const inFlight = Math.max(1, Math.min(SENDS_IN_FLIGHT_MAX, Math.round(each)));
  const rounds = each <= inFlight ? 1 : each / inFlight + 0.5;
  const both = (sends / throughputOf(inFlight, TOOL_MS / 1_000, cpuSeconds)) * 1_000;
  return { waitingMs: invocations * rounds * TOOL_MS, cpuMs: Math.max(0, both - (sends * TOOL_MS) / inFlight) };
}

export const sumUsd = (lines: readonly CostLine[]): number => lines.reduce((sum, { usd }) => sum + usd, 0);
