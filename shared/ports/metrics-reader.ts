/** A queue as CloudWatch last saw it. What is `undefined` CloudWatch has no data for (yet). */
export type LaneMetrics = {
  /** `intake`, `shared lane`, `lane 3`. */
  name: string;
  /** Number of a lane that a destination may hold. */
  lane?: number | undefined;
  /** Messages waiting, received but not yet done, and put off until later. */
  waiting?: number | undefined;
  inFlight?: number | undefined;
  delayed?: number | undefined;
  oldestSeconds?: number | undefined;
  /** The most messages of all three kinds that any minute of the last 30 saw; `undefined` also where minutes are missing. */
  fullestIn30Minutes?: number | undefined;
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
