/** One entry of `errors` in an answer. `field`: a dotted path into what was sent. */
export type ApiErrorEntry = { type: string; message: string; field?: string; data?: unknown };

/** An answer of the API that is not a good one. What was asked for was not done, but for a status of 500 and more: there nobody knows. */
export class ApiError extends Error {
  readonly status: number;
  readonly entries: readonly ApiErrorEntry[];
  /** Such as `GET /sources`: what was asked, without its query. */
  readonly asked: string;
  /** Of the log, where the answer names one. */
  readonly requestId: string | undefined;
  constructor(status: number, entries: readonly ApiErrorEntry[], asked: string, requestId?: string) {
    super(entries[0]?.message ?? `status ${status}`);
    this.requestId = requestId;
    this.name = 'ApiError';
    this.status = status;
    this.entries = entries;
    this.asked = asked;
  }
}

/** No answer at all: nobody there, broken off, too slow, too long. */
export class ApiUnreachable extends Error {
  readonly asked: string;
  constructor(message: string, asked: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'ApiUnreachable';
    this.asked = asked;
  }
}
