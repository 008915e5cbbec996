/** A request that our rules do not let out. No further try will help until somebody changes a setting. */
export class TargetRefusedError extends Error {
  override readonly name = 'TargetRefusedError';
  readonly code = 'INVALID_SETTINGS';
  readonly status = 400;
}

/** The send's time was over before its answer had come whole. */
export class SendTimeoutError extends Error {
  override readonly name = 'SendTimeoutError';
  readonly code = 'ETIMEDOUT';
}

/** No answer, or half of one: `code` is the system's word for it, such as ECONNRESET or ENOTFOUND. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  readonly code: string;
  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
