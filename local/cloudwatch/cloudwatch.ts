import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, JsonService, MetricSink, ResourceProvider } from '../types.ts';
import { AwsError } from '../types.ts';
import { alarms } from './alarms.ts';
import type { LogStore } from './log-store.ts';
import { logStore } from './log-store.ts';
import { getMetricData, listMetrics, putMetricData } from './metric-data.ts';
import { metricStore } from './metric-store.ts';

export type CloudWatchOptions = {
  /** Holds `metrics.sqlite`, and `logs/` by function and day. */
  directory: string;
  clock: Clock;
  /** Told once of a disk that takes no metrics or logs, and of too many metrics. */
  onProblem: (sentence: string) => void;
};

export type CloudWatch = {
  readonly service: JsonService;
  readonly metrics: MetricSink;
  readonly logs: LogStore;
  readonly providers: ResourceProvider[];
  close(): Promise<void>;
};

/** CloudWatch: metrics from services, functions' logs (EMF) and PutMetricData; alarms computed from them; logs on disk. */
export function cloudWatch(options: CloudWatchOptions): CloudWatch {
  const { directory, clock, onProblem } = options;
  mkdirSync(directory, { recursive: true });
  const store = metricStore({ file: join(directory, 'metrics.sqlite'), clock, onProblem });
  const logs = logStore({ directory: join(directory, 'logs'), clock, metrics: store, onProblem });
  const { provider: alarmProvider, describe } = alarms(store, clock);
  const operations = new Map<string, (input: Record<string, unknown>) => Record<string, unknown>>([
    ['GetMetricData', (input) => getMetricData(store, input)],
    ['ListMetrics', (input) => listMetrics(store, input)],
    ['PutMetricData', (input) => putMetricData(store, clock, input)],
    ['DescribeAlarms', (input) => describe(input)],
  ]);
  return {
    service: {
      name: 'monitoring',
      call: async (operation, input) => {
        const run = operations.get(operation);
        if (run === undefined) {
          throw new AwsError('UnknownOperationException', `The local cloud does not have cloudwatch:${operation}`);
        }
        return run(input);
      },
    },
    metrics: store,
    logs,
    providers: [alarmProvider, logs.provider],
    close: async () => {
      await logs.close();
      store.close();
    },
  };
}
