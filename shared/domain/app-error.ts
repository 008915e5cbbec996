/** Codes of errors that somebody can act on. */
export type AppErrorCode =
  | 'upstream-unavailable'
  /** Others keep changing the same thing: nothing was saved, and what was decided on is old. */
  | 'conflict'
  | 'secret-unreadable'
  | 'malformed-item'
  | 'malformed-message'
  | 'not-found'
  | 'unauthorised'
  | 'bad-request';

/** An error that is neither an expected outcome nor a bug of ours. `retry` decides whether the work is tried again; nobody reads messages. */
export class AppError extends Error {
  readonly code: AppErrorCode;
  readonly retry: boolean;
  constructor(code: AppErrorCode, message: string, options: { cause?: unknown; retry?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.retry = options.retry ?? true;
  }
}

/** States what must be so; a breach is a bug of ours and throws. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}
