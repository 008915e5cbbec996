import type { AlertId, WorkspaceId } from '../domain/ids.ts';

/** What a channel answered to a message. */
export type ChannelAnswer = { type: string; sent: boolean; message: string };

/** What only the function that sends alerts may do: it alone opens the addresses of their channels. */
export type AlertSender = {
  /** Says that there is something to send. Best effort: it looks by itself every minute. */
  wake(): Promise<void>;
  /** Sends a message through each channel of an alert as it is saved, and waits for the answers. Throws AppError('upstream-unavailable'), AppError('not-found'). */
  test(workspaceId: WorkspaceId, alertId: AlertId): Promise<ChannelAnswer[]>;
};
