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

export type LaneQueue = {
  /** One answer for each message, in order. `doubtful`: the queue may have it although no answer came (timeout, 5xx). Never throws for one entry. */
  send(messages: readonly LaneMessage[]): Promise<('taken' | 'refused' | 'doubtful')[]>;
};

export type ArchiveQueue = {
  /** Resolves when every message was taken; throws otherwise. */
  send(messages: readonly ArchiveMessage[]): Promise<void>;
};
