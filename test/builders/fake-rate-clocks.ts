import type { RateClocks, RateMove } from '../../shared/ports/rate-clocks.ts';

/** The moments of sources in memory, as the table keeps them, with the calls counted. Away while `fault` is set. */
export function fakeRateClocks() {
  const moments = new Map<string, number>();
  const state: { calls: number; fault: Error | undefined } = { calls: 0, fault: undefined };
  const move = (id: string, toMs: (atMs: number | undefined) => number | undefined): RateMove => {
    state.calls += 1;
    if (state.fault !== undefined) throw state.fault;
    const atMs = moments.get(id);
    const moved = toMs(atMs);
    if (moved === undefined) return { outcome: 'refused', atMs };
    moments.set(id, moved);
    return { outcome: 'moved', atMs: moved };
  };
  const clocks: RateClocks = {
    set: async (id, toMs, ifNotAfterMs) =>
      move(id, (atMs) => (atMs === undefined || atMs <= ifNotAfterMs ? toMs : undefined)),
    advance: async (id, byMs, ifAfterMs, ifNotAfterMs) =>
      move(id, (atMs) => (atMs !== undefined && atMs > ifAfterMs && atMs <= ifNotAfterMs ? atMs + byMs : undefined)),
  };
  return { ...clocks, state };
}
