import type { ConfigHint } from '../domain/config-hint.ts';

export type Hints = {
  /** Tells others of a change that is saved. Best effort: it never rejects, and a hint that was not taken is logged and gone. */
  configChanged(hint: ConfigHint): Promise<void>;
};
