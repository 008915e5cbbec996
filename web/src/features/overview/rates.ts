import type { Overview } from './overview.ts';

const MINUTE_MS = 60_000;

/** Minutes that something can have come in: from the begin of the range, or of the workspace where that is younger. */
export const minutesIn = ({ from, to }: Pick<Overview, 'from' | 'to'>, createdAt: string | undefined): number =>
  Math.max(1, (Date.parse(to) - Math.max(Date.parse(from), Date.parse(createdAt ?? from))) / MINUTE_MS);

/** The answer with rates over the time in which something can have come: of a new workspace an hour would make them far too low. */
export function withRates(overview: Overview, createdAt: string | undefined): Overview {
  const factor = minutesIn(overview, undefined) / minutesIn(overview, createdAt);
  if (factor === 1) return overview;
  const scaled = <T extends { perMinute: number }>(one: T): T => ({ ...one, perMinute: one.perMinute * factor });
  return { ...overview, sources: overview.sources.map(scaled), connections: overview.connections.map(scaled) };
}
