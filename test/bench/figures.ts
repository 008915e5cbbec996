import type { ApiLatency } from './api-latency.ts';
import type { coldStarts } from './cold-start.ts';
import type { BacklogSize } from './cost/backlog-sizes.ts';
import type { CostFigures } from './cost/measure-cost.ts';
import type { DeliverRate } from './deliver-rate.ts';
import type { DestinationLoad } from './destination-loads.ts';
import type { EndToEnd } from './end-to-end.ts';
import type { FilterCost } from './filter-cost.ts';
import type { FunctionCpu } from './function-cpu.ts';
import type { IngestCpu } from './ingest-cpu.ts';

/** What `npm run bench -- --json FILE` writes; parts that were not asked for are absent. */
export type Figures = Partial<CostFigures> & {
  run: { date: string; node: string; isQuick: boolean };
  bundleKb?: Record<string, number> | undefined;
  coldStart?: Awaited<ReturnType<typeof coldStarts>> | undefined;
  /** ingest by events a request. */
  cpu?: { ingest: Record<string, IngestCpu>; route: FunctionCpu; deliver: FunctionCpu } | undefined;
  rate?: DeliverRate | undefined;
  filters?: FilterCost | undefined;
  sizes?: BacklogSize[] | undefined;
  loads?: DestinationLoad[] | undefined;
  e2e?: EndToEnd | undefined;
  api?: ApiLatency | undefined;
  memoryMb: {
    localCloudAfterLoad: number | undefined;
    afterFirstEvent: Record<string, number>;
    afterLoad: { route: number | undefined; deliver: number | undefined };
  };
};
