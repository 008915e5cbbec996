import type { DigestReader } from '../../../shared/ports/digest-store.ts';
import type { LedgerReader } from '../../../shared/ports/ledger.ts';
import type { MetricsReader } from '../../../shared/ports/metrics-reader.ts';
import type { RollupStore } from '../../../shared/ports/rollup-store.ts';

/** What health reads: sums of minutes and hours, refusals of ingest, CloudWatch through the one item that all share, and the check of the books. */
export type HealthWork = {
  digests: DigestReader;
  refusals: Pick<LedgerReader, 'refusalsOfHour'>;
  metrics: MetricsReader;
  rollups: Pick<RollupStore, 'getMismatches'>;
};
