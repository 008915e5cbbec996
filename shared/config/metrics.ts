/**
 * The metrics of our own, each without dimensions: CloudWatch bills $0.30 a month for one that is used, so there are few, ten at the very most (M2).
 * Numbers about destinations and sources come from the ledger.
 */
export const METRICS = ['BreakersOpened', 'LedgerMismatch', 'DestinationsPaused'] as const;
export type MetricName = (typeof METRICS)[number];

/** Stages of one account keep their numbers apart. */
export const metricNamespace = (stage: string): string => `Tributary/${stage}`;
