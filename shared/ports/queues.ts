import type { IntakeMessage, RefusalNotice } from '../domain/intake-message.ts';
import type { ArchiveMessage, LaneMessage } from '../domain/lane-message.ts';

export type IntakeQueue = {
  /**
   * Resolves when SQS has the message, which is what a 200 to the client promises. `bodyText` is the client's JSON as it came: it is
   * embedded as it is. Throws when the queue did not take it.
   */
  send(message: Omit<IntakeMessage, 'body'>, bodyText: string): Promise<void>;
  sendNotice(notice: RefusalNotice): Promise<void>;
};

/** `doubtful`: the queue may have it although no answer came (timeout, 5xx). */
export type LaneResult = 'taken' | 'refused' | 'doubtful';

/** One message for a lane: `lane` as its destination holds it; absent, or a lane that this deployment does not have: the shared lane. */
export type LaneSending = {
  message: LaneMessage;
  lane?: number | undefined;
  /** Whole seconds until it may be received, at most LANE_DELAY_SECONDS_MAX. */
  delaySeconds?: number | undefined;
};

export type LaneQueues = {
  /** One answer for each sending, in order. Never throws for one entry. */
  send(sendings: readonly LaneSending[]): Promise<LaneResult[]>;
};

export type ArchiveQueue = {
  /** Resolves when every message was taken; throws otherwise. */
  send(messages: readonly ArchiveMessage[]): Promise<void>;
};
