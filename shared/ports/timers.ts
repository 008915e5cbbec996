/** Time as functions measure and wait for it; tests and the simulator have their own. */
export type Timers = {
  /** Milliseconds that only ever grow, from any beginning (the wall clock jumps at a thaw, trap L12). */
  monotonicMs(): number;
  /** Runs `work` once after so many ms, unless the function that it answers is called before. */
  after(ms: number, work: () => void): () => void;
};
