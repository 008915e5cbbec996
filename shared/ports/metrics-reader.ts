/** A queue as CloudWatch last saw it. */
export type LaneMetrics = {
  name: 'intake' | 'shared lane';
  /** Messages waiting, and received but not yet done. `undefined`: CloudWatch has no data (yet). */
  waiting?: number;
  inFlight?: number;
  oldestSeconds?: number;
};

/** A function's last minutes. */
export type FunctionMetrics = { name: string; perMinute: number; errorsPerMinute: number };

export type OperationalMetrics = {
  /** When CloudWatch was asked; at most METRICS_MAX_AGE_MS old. */
  asOf: string;
  lanes: LaneMetrics[];
  functions: FunctionMetrics[];
};

export type MetricsReader = {
  /** From one item that all environments share, renewed by one of them when it is over a minute old: CloudWatch bills by metric asked. */
  read(): Promise<OperationalMetrics>;
};
