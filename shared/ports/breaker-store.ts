import type { DestinationId } from '../domain/ids.ts';

/** Why a destination's breaker opened. `unauthorised`: 401 or 403 on most sends. */
export type BreakerCause = 'failing' | 'timeouts' | 'unauthorised';

/** The item of an open breaker. There is none while it is closed. */
export type OpenBreaker = {
  destinationId: DestinationId;
  openedAt: string;
  cause: BreakerCause;
  /** Of the last failure: what people see. */
  code: string;
  message: string;
  /** Nothing is sent before; then whoever takes the probe sends one call. */
  probeAt: string;
  /** Probes that failed so far: the wait for the next one grows with it. */
  probes: number;
  /** Of the destination when it opened: after a change of its settings the next probe is due at once. */
  destinationVersion: number;
  /** Names the write that put it so. */
  writeId: string;
};

/** Breakers, shared by all environments of deliver. Reads are strong. */
export type BreakerStore = {
  get(destinationId: DestinationId): Promise<OpenBreaker | undefined>;
  /** Puts the item if there is none; answers the one that stands. */
  open(breaker: OpenBreaker): Promise<OpenBreaker>;
  /** Replaces the item that was read (by its writeId) by `next`: the lease of a probe. False where another was quicker. */
  replace(read: OpenBreaker, next: OpenBreaker): Promise<boolean>;
  /** Takes the item away if it is still the one that was read. */
  close(read: OpenBreaker): Promise<void>;
};
