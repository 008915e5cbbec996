import type { BalanceLine } from '../../../shared/books/read-balance.ts';
import { BOOK_DAYS_MAX } from '../../../shared/books/read-book.ts';
import { LEDGER_HOUR_DAYS } from '../../../shared/config/limits.ts';
import { dayOf, dayPlus, hourOf } from '../../../shared/domain/timestamp.ts';
import type { Workspace, WorkspaceConfig } from '../../../shared/domain/workspace.ts';
import { ApiFault } from '../http/api-fault.ts';
import type { HandlersOf } from '../http/request.ts';
import type { Status } from '../read-status.ts';

export type StatusWork = {
  status: (workspace: Workspace, config: WorkspaceConfig) => Promise<Status>;
  /** Of hours, both included, or of all time. */
  balance: (config: WorkspaceConfig, hours?: { from: string; to: string }) => Promise<BalanceLine[]>;
};

const HOUR = /^\d{4}-\d\d-\d\dT\d\d$/;

export const statusHandlers: HandlersOf<'getStatus' | 'getBalance'> = {
  getStatus: async (request) => {
    const work = await request.deps.status();
    return await work.status(request.workspace, await request.config());
  },

  /**
   * Everything since the deployment began. With `?from=2026-11-24T00&to=2026-11-24T10`, hours in UTC, both included, only of those, and what was in
   * flight before them; `to` is the present hour where it is left out.
   */
  getBalance: async (request, { query }) => {
    const now = request.now().toISOString();
    const { from, to = hourOf(now) } = query;
    const work = await request.deps.status();
    const config = await request.config();
    if (from === undefined) {
      if (query.to !== undefined) throw badRequest('to needs a from.');
      return await work.balance(config);
    }
    const fault = faultOf(from, to, dayOf(now));
    if (fault !== undefined) throw badRequest(fault);
    return await work.balance(config, { from, to });
  },
};

const badRequest = (message: string): ApiFault => new ApiFault(400, [{ type: 'bad-request', message }]);

function faultOf(from: string, to: string, today: string): string | undefined {
  if (![from, to].every((hour) => HOUR.test(hour) && !Number.isNaN(Date.parse(`${hour}:00:00.000Z`)))) {
    return 'from and to are hours in UTC, such as 2026-11-24T10.';
  }
  if (from > to) return 'from must not be after to.';
  if (dayOf(from) < dayPlus(today, -BOOK_DAYS_MAX + 1)) return `from must not be over ${BOOK_DAYS_MAX - 1} days ago.`;
  const oldest = dayPlus(today, -LEDGER_HOUR_DAYS + 1);
  const isSplit = (day: string, isWhole: boolean): boolean => day < oldest && !isWhole;
  if (isSplit(dayOf(from), from.endsWith('T00')) || isSplit(dayOf(to), to.endsWith('T23'))) {
    return `Before ${oldest} there are whole days only: from ends in T00, to in T23.`;
  }
  return undefined;
}
