/**
 * AWS list prices: us-east-1, on demand, first tier, free tiers and savings plans left out. Read from stored copies of the pages named, not
 * from AWS's price API: look again before you rely on a digit. `unverified` marks what was found nowhere in writing.
 */
export type Price = {
  /** Dollars for `per` units. */
  usd: number;
  per: number;
  unit: string;
  /** When the source was read or written, as year and month. */
  asOf: string;
  source: string;
  unverified?: true;
};

/** Hours of a month as AWS reckons it. */
export const HOURS_A_MONTH = 730;
const MILLION = 1_000_000;

export const PRICES = {
  httpApiRequest: {
    usd: 1,
    per: MILLION,
    unit: 'request of an HTTP API, by started 512 KB; to 300 million a month',
    asOf: '2025-05',
    source: 'apigatewaycost.com, awsforengineers.com',
  },
  lambdaRequest: {
    usd: 0.2,
    per: MILLION,
    unit: 'invocation',
    asOf: '2026-05',
    source: 'aws.amazon.com/lambda/pricing',
  },
  lambdaGbSecond: {
    usd: 0.0000133334,
    per: 1,
    unit: 'GB-second on arm64; to 7.5 billion a month',
    asOf: '2026-05',
    source: 'cloudchipr.com',
  },
  sqsRequest: {
    usd: 0.4,
    per: MILLION,
    unit: 'request of a standard queue, by started 64 KB',
    asOf: '2026-06',
    source: 'cloudburn.io, factualminds.com',
  },
  sqsFairRequest: {
    usd: 0.1,
    per: MILLION,
    unit: 'request of a fair queue, on top of the standard one',
    asOf: '2026-03',
    source: 'cloudburn.io',
  },
  dynamoWriteUnit: {
    usd: 0.625,
    per: MILLION,
    unit: 'write request unit, by started 1 KB',
    asOf: '2025-07',
    source: 'airbyte.com; halved by AWS on 2024-11-01',
  },
  dynamoReadUnit: {
    usd: 0.125,
    per: MILLION,
    unit: 'read request unit, by started 4 KB read strongly',
    asOf: '2025-07',
    source: 'airbyte.com; halved by AWS on 2024-11-01',
  },
  dynamoGbMonth: { usd: 0.25, per: 1, unit: 'GB-month of items', asOf: '2025-07', source: 'airbyte.com' },
  dynamoRecoveryGbMonth: {
    usd: 0.2,
    per: 1,
    unit: 'GB-month of point-in-time recovery',
    asOf: '2025-07',
    source: 'from memory',
    unverified: true,
  },
  s3Put: { usd: 0.005, per: 1_000, unit: 'PUT', asOf: '2024-12', source: 'meltware.com' },
  s3Get: { usd: 0.0004, per: 1_000, unit: 'GET', asOf: '2024-12', source: 'meltware.com' },
  s3GbMonth: { usd: 0.023, per: 1, unit: 'GB-month', asOf: '2024-12', source: 'meltware.com' },
  transferOutGb: {
    usd: 0.09,
    per: 1,
    unit: 'GB to the internet; to 10 TB a month',
    asOf: '2026-04',
    source: 'leanopstech.com',
  },
  logsGb: {
    usd: 0.5,
    per: 1,
    unit: 'GB of log lines taken in; the first 10 TB a month',
    asOf: '2026-02',
    source: 'signoz.io, duckbillgroup.com',
  },
  logsGbMonth: { usd: 0.03, per: 1, unit: 'GB-month of logs kept', asOf: '2026-02', source: 'signoz.io' },
  metricMonth: { usd: 0.3, per: 1, unit: 'custom metric and month; to 10,000', asOf: '2026-02', source: 'signoz.io' },
  alarmMonth: {
    usd: 0.1,
    per: 1,
    unit: 'metric that an alarm looks at, and month',
    asOf: '2026-02',
    source: 'from memory',
    unverified: true,
  },
  metricRead: {
    usd: 0.01,
    per: 1_000,
    unit: 'metric asked for by GetMetricData',
    asOf: '2026-02',
    source: 'from memory',
    unverified: true,
  },
  kmsKeyMonth: {
    usd: 1,
    per: 1,
    unit: 'customer key and month',
    asOf: '2026-02',
    source: 'from memory',
    unverified: true,
  },
  kmsRequest: { usd: 0.03, per: 10_000, unit: 'request', asOf: '2026-02', source: 'from memory', unverified: true },
  schedulerInvocation: {
    usd: 1,
    per: MILLION,
    unit: 'invocation by EventBridge Scheduler',
    asOf: '2026-03',
    source: 'cloudburn.io',
  },
} as const satisfies Record<string, Price>;

/** Dollars for so many units. */
export const usdFor = ({ usd, per }: Price, units: number): number => (units / per) * usd;
