import { FUNCTION_LIMITS } from '../../../infra/function-limits.ts';
import { PRICES, type Price, usdFor } from '../../../shared/config/prices.ts';
import {
  AGGREGATOR_READS,
  ANSWER_HEADER_BYTES,
  ARCHIVE_BATCH_BYTES,
  ARCHIVE_DAYS,
  ARCHIVE_GZIP,
  ARCHIVE_POLLERS,
  ARCHIVE_WINDOW_SECONDS,
  AWS_CALL_MS,
  BACKLOG_ENVIRONMENTS,
  BACKLOG_REQUESTS_A_MINUTE,
  COLD_MS,
  COLD_SHARE,
  DAYS_A_MONTH,
  INVOCATION_MS,
  ITEM_OVERHEAD_BYTES,
  LOG_EVENT_BYTES,
  SAMPLE_UNITS,
  TLS_BYTES_A_REQUEST,
  TOOL_MS,
  TRICKLE_ENVIRONMENTS,
  VCPU_MB,
} from '../../../shared/usage/cost-assumptions.ts';
import { throughputOf } from '../../../shared/usage/sending-time.ts';
import { type Counted, type CountedCall, FUNCTIONS, type FunctionName, type Stored } from './counted.ts';

/** `counted`: units that AWS would bill. `measured`: CPU time of this machine. Else the name of the assumption it hangs on. */
export type Basis = 'counted' | 'measured' | (string & {});
export type Line = { line: string; usd: number; basis: Basis };
/** Dollars for a million events. */
export type Priced = { usdPerMillion: number; lines: readonly Line[] };

export type PriceOptions = {
  /** AWS calls that an invocation makes one after the other, by function: what it waits for. */
  callsInSequence: Readonly<Record<FunctionName, number>>;
  /** Sends that one deliver invocation has in flight at most. */
  sendsInFlight: number;
};

const MILLION = 1_000_000;
const GB = 1_000_000_000;
const CLAIMS = 'de-duplication claims';
/** Calls that route makes for claims alone; its reads of configuration are GetItem and Query, and of redelivered messages there are none. */
const CLAIM_CALLS: ReadonlySet<string> = new Set(['BatchExecuteStatement', 'BatchGetItem', 'UpdateItem']);
const READS: ReadonlySet<string> = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems']);

/** What a run would have cost in AWS, line by line, for a million such events. */
export function priceRun(counted: Counted, options: PriceOptions): Priced {
  const run = [
    ...entryLines(counted),
    ...FUNCTIONS.flatMap((name) => functionLines(counted, name, options)),
    ...callLines(counted.calls.filter(isPriced).map((call) => withoutSamples(counted, call))),
    ...claimPutLines(counted),
    ...sampleLines(counted),
    ...storageLines(counted),
    ...wireLines(counted),
  ];
  const lines = merged(run).map(({ usd, ...rest }) => ({ ...rest, usd: (usd / counted.events) * MILLION }));
  return { usdPerMillion: lines.reduce((sum, { usd }) => sum + usd, 0), lines };
}

const entryLines = ({ entryUnits, requests, answerBodyBytes }: Counted): Line[] => [
  { line: 'HTTP API requests', usd: usdFor(PRICES.httpApiRequest, entryUnits), basis: 'counted' },
  {
    line: 'answers to clients',
    usd: usdFor(PRICES.transferOutGb, (answerBodyBytes + requests * ANSWER_HEADER_BYTES) / GB),
    basis: 'ANSWER_HEADER_BYTES',
  },
];

function functionLines(counted: Counted, name: FunctionName, options: PriceOptions): Line[] {
  const invocations = name === 'archive' ? archiveBatches(counted) : counted.invocations[name];
  const gigabytes = FUNCTION_LIMITS[name].memoryMb / 1_024;
  const secondsOf = (seconds: number) => usdFor(PRICES.lambdaGbSecond, seconds * gigabytes);
  const wait = (ms: number) => secondsOf((invocations * ms) / 1_000);
  const cpuSeconds = (counted.cpuSeconds[name] * VCPU_MB) / FUNCTION_LIMITS[name].memoryMb;
  const sending = name === 'deliver' ? sendingSeconds(counted, cpuSeconds, options.sendsInFlight) : undefined;
  return [
    {
      line: `${name}: invocations`,
      usd: usdFor(PRICES.lambdaRequest, invocations),
      basis: name === 'archive' ? 'ARCHIVE_WINDOW_SECONDS' : 'counted',
    },
    { line: `${name}: CPU`, usd: secondsOf(sending?.cpu ?? cpuSeconds), basis: 'measured' },
    { line: `${name}: waiting for tools`, usd: secondsOf(sending?.waiting ?? 0), basis: 'TOOL_MS' },
    { line: `${name}: runtime`, usd: wait(INVOCATION_MS), basis: 'INVOCATION_MS' },
    { line: `${name}: waiting for AWS`, usd: wait(options.callsInSequence[name] * AWS_CALL_MS), basis: 'AWS_CALL_MS' },
    { line: `${name}: cold starts`, usd: wait(COLD_SHARE * COLD_MS), basis: 'COLD_SHARE' },
  ];
}

/**
 * How long deliver works on its sends. Many wait for their tools at once while one thread works for them in turn, so its CPU time hides
 * behind the waiting until the thread is busy: mean value analysis of a closed network with one queue. Half a round more at the end, when
 * there is nothing left to begin.
 */
function sendingSeconds(
  { toolRequests, invocations: { deliver: invocations } }: Counted,
  cpuSeconds: number,
  sendsInFlight: number,
): { waiting: number; cpu: number } {
  if (toolRequests === 0) return { waiting: 0, cpu: cpuSeconds };
  const sends = toolRequests / invocations;
  const inFlight = Math.max(1, Math.min(sendsInFlight, Math.round(sends)));
  const rounds = sends <= inFlight ? 1 : sends / inFlight + 0.5;
  const waiting = (invocations * rounds * TOOL_MS) / 1_000;
  const both = toolRequests / throughputOf(inFlight, TOOL_MS / 1_000, cpuSeconds / toolRequests);
  return { waiting, cpu: Math.max(0, both - (toolRequests * TOOL_MS) / 1_000 / inFlight) };
}

/** Batches of the archive as its window of 300 s makes them; the local cloud's window is 1 s, so its own number says nothing. */
function archiveBatches({ archiveBytes, requests, requestsPerSecond }: Counted): number {
  const byBytes = archiveBytes / ARCHIVE_BATCH_BYTES;
  if (requestsPerSecond === undefined) return byBytes;
  return Math.max(byBytes, (requests / requestsPerSecond / ARCHIVE_WINDOW_SECONDS) * ARCHIVE_POLLERS);
}

/** The archive's objects follow its batches, not the local cloud's. */
const isPriced = ({ by, operation }: CountedCall): boolean => by !== 'archive' || !operation.startsWith('s3:');

/**
 * What deliver puts beyond its done rows are samples, priced apart. A done row of a first hop that delivered everything has one unit, and the
 * ledger grew by those rows and one plan row a request.
 */
function withoutSamples(counted: Counted, call: CountedCall): CountedCall {
  const { stored, requests } = counted;
  if (call.operation !== 'dynamodb:PutItem') return call;
  if (call.by === 'route') return { ...call, units: Math.min(call.units, planUnits(counted)) };
  if (call.by !== 'deliver') return call;
  const doneRows = stored.ledger.items - requests;
  return { ...call, calls: Math.min(call.calls, doneRows), units: Math.min(call.units, doneRows) };
}

/** Units of plan rows: what the ledger grew by, less done rows of one unit each. */
const planUnits = ({ stored, requests }: Counted): number =>
  stored.ledger.writeUnits - (stored.ledger.items - requests);

/** What route puts beyond plan rows are claims by device. */
function claimPutLines(counted: Counted): Line[] {
  const puts = counted.calls
    .filter(({ by, operation }) => by === 'route' && operation === 'dynamodb:PutItem')
    .reduce((sum, { units }) => sum + units, 0);
  const usd = usdFor(PRICES.dynamoWriteUnit, Math.max(0, puts - planUnits(counted)));
  return [{ line: CLAIMS, usd, basis: 'counted' }];
}

function sampleLines({ requests, requestsPerSecond, sends, events }: Counted): Line[] {
  const minutes =
    requestsPerSecond === undefined
      ? (requests / BACKLOG_REQUESTS_A_MINUTE) * BACKLOG_ENVIRONMENTS
      : (requests / requestsPerSecond / 60) * TRICKLE_ENVIRONMENTS;
  const samples = (sends / events) * minutes;
  return [{ line: 'samples', usd: usdFor(PRICES.dynamoWriteUnit, samples * SAMPLE_UNITS), basis: 'SAMPLE_UNITS' }];
}

const callLines = (calls: readonly CountedCall[]): Line[] =>
  calls.map((call) => ({ line: lineOf(call), usd: usdOfCall(call.operation, call.units), basis: 'counted' }));

/** Dollars for the units of an operation such as `sqs:SendMessage`. Throws for one without a price. */
export function usdOfCall(operation: string, units: number): number {
  const [service = '', action = ''] = operation.split(':');
  switch (service) {
    case 'sqs':
      return usdFor(PRICES.sqsRequest, units) + usdFor(PRICES.sqsFairRequest, units);
    case 'dynamodb':
      return usdFor(READS.has(action) ? PRICES.dynamoReadUnit : PRICES.dynamoWriteUnit, units);
    case 's3':
      return usdFor(action === 'PutObject' ? PRICES.s3Put : PRICES.s3Get, units);
    case 'kms':
      return usdFor(PRICES.kmsRequest, units);
    case 'monitoring':
      return usdFor(PRICES.metricRead, units);
    default:
      throw new Error(`There is no price for ${operation}`);
  }
}

/** What a call is for, where function and operation tell. */
function lineOf({ by, operation }: CountedCall): string {
  const [service, action = ''] = operation.split(':');
  if (service === 'sqs') return `SQS calls of ${by}`;
  if (service !== 'dynamodb') return `${service} calls of ${by}`;
  if (by === 'route' && CLAIM_CALLS.has(action)) return CLAIMS;
  if (READS.has(action)) return `DynamoDB reads of ${by}`;
  if (by === 'route') return 'plan rows';
  return by === 'deliver' ? 'done rows' : `DynamoDB writes of ${by}`;
}

function storageLines(counted: Counted): Line[] {
  const { seen, ledger } = counted.stored;
  const batches = archiveBatches(counted);
  const month = (price: Price, byteDays: number) => usdFor(price, byteDays / GB / DAYS_A_MONTH);
  return [
    { line: 'claims stored', usd: month(PRICES.dynamoGbMonth, byteDaysOf(seen)), basis: 'TTL_LATE_DAYS' },
    {
      line: 'rows stored, recoverable',
      usd: month(PRICES.dynamoGbMonth, byteDaysOf(ledger)) + month(PRICES.dynamoRecoveryGbMonth, byteDaysOf(ledger)),
      basis: 'TTL_LATE_DAYS',
    },
    {
      line: 'rows read for the totals',
      usd: usdFor(PRICES.dynamoReadUnit, (ledger.bytes / 4_096) * AGGREGATOR_READS),
      basis: 'AGGREGATOR_READS',
    },
    { line: 'archive objects', usd: usdFor(PRICES.s3Put, batches), basis: 'ARCHIVE_WINDOW_SECONDS' },
    {
      line: 'archive stored',
      usd: month(PRICES.s3GbMonth, (counted.archiveBytes / ARCHIVE_GZIP) * ARCHIVE_DAYS),
      basis: 'ARCHIVE_GZIP',
    },
  ];
}

const byteDaysOf = ({ byteDays, itemDays }: Stored): number => byteDays + itemDays * ITEM_OVERHEAD_BYTES;

const wireLines = ({ toolBytes, toolRequests, logBytes, logEvents }: Counted): Line[] => [
  { line: 'bytes to tools', usd: usdFor(PRICES.transferOutGb, toolBytes / GB), basis: 'counted' },
  {
    line: 'bytes to tools: TLS',
    usd: usdFor(PRICES.transferOutGb, (toolRequests * TLS_BYTES_A_REQUEST) / GB),
    basis: 'TLS_BYTES_A_REQUEST',
  },
  {
    line: 'log lines',
    usd:
      usdFor(PRICES.logsGb, (logBytes + logEvents * LOG_EVENT_BYTES) / GB) + usdFor(PRICES.logsGbMonth, logBytes / GB),
    basis: 'counted',
  },
];

/** Lines of one name as one, dearest first; those that cost nothing are left out. */
function merged(lines: readonly Line[]): Line[] {
  const byName = new Map<string, Line>();
  for (const each of lines) {
    const known = byName.get(each.line);
    byName.set(each.line, { ...each, usd: each.usd + (known?.usd ?? 0) });
  }
  return [...byName.values()].filter(({ usd }) => usd > 0).toSorted((a, b) => b.usd - a.usd);
}
