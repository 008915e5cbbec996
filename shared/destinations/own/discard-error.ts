/**
 * Thrown by a destination of ours for an event that is not to be sent, or that the tool refused in an answer that looks like success: it ends
 * as discarded with this code and text, and is not tried again. Told apart by its name, as every error of a destination is (see `outcome-of`).
 */
export class DiscardError extends Error {
  override readonly name = 'DiscardError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The settings cannot work, whatever the event: `what` says which and why. */
export const invalidSettings = (what: string): DiscardError => new DiscardError('INVALID_SETTINGS', what);

/** The tool would not take this event, or did not. */
export const rejected = (why: string): DiscardError => new DiscardError('MESSAGE_REJECTED', why);
