import type { KindName } from '../../../shared/ports/control-store.ts';

/** One entry of `errors` in an answer. `field`: a dotted path into what was sent. */
export type FaultEntry = { type: string; message: string; field?: string; data?: unknown };

/**
 * What a request comes to when it cannot be done: an answer with its entries in the Public API's envelope. Handlers throw it; nothing has been changed
 * by then.
 */
export class ApiFault extends Error {
  readonly status: number;
  readonly entries: readonly FaultEntry[];
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, entries: readonly FaultEntry[], headers: Record<string, string> = {}) {
    super(entries[0]?.message ?? `status ${status}`);
    this.name = 'ApiFault';
    this.status = status;
    this.entries = entries;
    this.headers = headers;
  }
}

/** Words for things that are not found. */
const NOUNS: Partial<Record<KindName | 'route', string>> = {
  route: 'route',
  mapping: 'subscription',
  writeKey: 'write key',
  oauthApp: 'OAuth app',
  apiToken: 'token',
  member: 'user',
  trackingPlan: 'tracking plan',
};

/** 404, alike for what is not there, what is of another workspace and what the caller may not see. */
export const notFound = (kind: KindName | 'route', id: string): ApiFault =>
  new ApiFault(404, [{ type: 'not-found', message: `There is no ${NOUNS[kind] ?? kind} ${id.slice(0, 128)}.` }]);

/** 422, one entry for each field. */
/** A type of the catalog that is not in it. */
export const noSuchType = (what: 'source' | 'destination' | 'warehouse', id: string | undefined): ApiFault =>
  new ApiFault(404, [{ type: 'not-found', message: `There is no type of ${what} ${(id ?? '').slice(0, 128)}.` }]);

export const invalid = (...faults: readonly { field: string; message: string; data?: unknown }[]): ApiFault =>
  new ApiFault(
    422,
    faults.map(({ field, message, data }) => ({
      type: 'input-validation',
      field,
      message,
      ...(data !== undefined && { data }),
    })),
  );

/** 409: somebody changed it in between, or it is used elsewhere. */
export const conflict = (message: string, data?: unknown): ApiFault =>
  new ApiFault(409, [{ type: 'conflict', message, ...(data !== undefined && { data }) }]);

export const CHANGED_MEANWHILE = 'It was changed in between. Read it again and decide again; nothing was saved.';
