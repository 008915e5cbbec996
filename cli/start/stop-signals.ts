/** A second signal sooner than this is the same Ctrl-C, once from the terminal and once handed on by npm. */
export const SAME_SIGNAL_MS = 1_000;

/** Tells a first signal to stop from a second one that forces. */
export function stopSignals(deps: { nowMs: () => number; onStop: () => void; onForce: () => void }): () => void {
  let firstMs: number | undefined;
  return () => {
    const nowMs = deps.nowMs();
    if (firstMs === undefined) {
      firstMs = nowMs;
      deps.onStop();
    } else if (nowMs - firstMs >= SAME_SIGNAL_MS) deps.onForce();
  };
}
