import type { BalanceLine } from '../../shared/books/read-balance.ts';
import type { WorkspaceConfig } from '../../shared/domain/workspace.ts';

/** A balance is served again for so long: scripts that wait for one to settle ask it over and over. */
const SERVED_AGAIN_MS = 1_000;

/** One read at a time of a workspace's balance, shared by all who ask within a second of its beginning. One that failed is not kept. */
export function sharedBalance(
  read: (config: WorkspaceConfig) => Promise<BalanceLine[]>,
  now: () => Date,
): (config: WorkspaceConfig) => Promise<BalanceLine[]> {
  const kept = new Map<string, { untilMs: number; lines: Promise<BalanceLine[]> }>();
  return (config) => {
    const nowMs = now().getTime();
    const known = kept.get(config.workspaceId);
    if (known !== undefined && nowMs < known.untilMs) return known.lines;
    for (const [id, { untilMs }] of kept) if (nowMs >= untilMs) kept.delete(id);
    const lines = read(config);
    kept.set(config.workspaceId, { untilMs: nowMs + SERVED_AGAIN_MS, lines });
    lines.catch(() => kept.delete(config.workspaceId));
    return lines;
  };
}
