import { setTimeout as wait } from 'node:timers/promises';
import { ApiFault, type FaultEntry } from '../http/api-fault.ts';
import type { HandlersOf } from '../http/request.ts';

/** `echo` may be asked to wait: with ECHO_PER_MINUTE_MAX a caller holds one environment of the function at a time, on average. */
export const ECHO_DELAY_MS_MAX = 2_000;
const FAULT: Omit<FaultEntry, 'message'> = { type: 'bad-request' };

export const workspacesHandlers: HandlersOf<'getWorkspace' | 'echo'> = {
  getWorkspace: async ({ workspace: { id, slug, name } }) => ({ workspace: { id, slug, name } }),

  // What smoke tests of client libraries call: it answers what it was sent, or fails as it was asked to.
  echo: async ({ asked }, { query }) => {
    const { message, delay = 0, triggerError, triggerMultipleErrors, triggerUnexpectedError, statusCode } = query;
    if (delay > 0) await wait(Math.min(delay, ECHO_DELAY_MS_MAX));
    if (triggerUnexpectedError === true) {
      throw new ApiFault(500, [{ type: 'internal-error', message: 'This error was asked for.' }]);
    }
    if (triggerMultipleErrors === true) {
      throw new ApiFault(faultStatus(statusCode), [
        { ...FAULT, message },
        { ...FAULT, message },
      ]);
    }
    if (triggerError === true || (statusCode ?? 200) >= 400) {
      throw new ApiFault(faultStatus(statusCode), [{ ...FAULT, message }]);
    }
    return { message, method: 'get' as const, headers: withoutCredentials(asked.headers) };
  },
};

const faultStatus = (asked: number | undefined): number =>
  asked !== undefined && asked >= 400 && asked <= 599 ? asked : 400;

/** Headers come back as they came, but for what opens doors. */
const withoutCredentials = (headers: Readonly<Record<string, string | undefined>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      /^(?:authorization|cookie|proxy-authorization)$/i.test(name) ? '[redacted]' : value,
    ]),
  );
