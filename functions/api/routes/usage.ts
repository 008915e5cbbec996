import {
  daysBegun,
  monthOf,
  monthPlus,
  noSourceUsage,
  noUsageMonth,
  runningSums,
  type SourceUsage,
  type UsageMonth,
  usersUpTo,
  daysIn,
} from '../../../shared/usage/usage-month.ts';
import { type UserCounts } from '../../../shared/domain/tracked-users.ts';
import { invalid } from '../http/api-fault.ts';
import type { PageInput } from '../http/pages.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';

/** Months before the present one that can be asked for (features 5: twelve-month overview). */
export const MONTHS_BACK_MAX = 12;

type UsageIds =
  | 'getDailyWorkspaceAPICallsUsage'
  | 'getDailyPerSourceAPICallsUsage'
  | 'getDailyWorkspaceMTUUsage'
  | 'getDailyPerSourceMTUUsage';
type Asked = { query: { period: string; pagination?: PageInput | undefined } };

export const usageHandlers: HandlersOf<UsageIds> = {
  getDailyWorkspaceAPICallsUsage: async (request, input) => {
    const { month, days } = await monthAsked(request, input.query.period);
    const total = Array.from({ length: days }, (_, index) => callsOn(month, index));
    const snapshots = runningSums(total, days).map((sum, index) => ({
      apiCalls: String(sum),
      timestamp: dayOfMonth(month, index),
    }));
    const page = await pageOf(request, 'workspace-api-calls', input, snapshots, ({ timestamp }) => timestamp);
    return { dailyWorkspaceAPICallsUsage: page.items, pagination: page.pagination };
  },

  getDailyPerSourceAPICallsUsage: async (request, input) => {
    const { month, days } = await monthAsked(request, input.query.period);
    const snapshots = (await sourcesIn(request, month)).flatMap(([sourceId, { calls }]) =>
      runningSums(calls, days).map((sum, index) => ({
        sourceId,
        apiCalls: String(sum),
        timestamp: dayOfMonth(month, index),
      })),
    );
    const page = await pageOf(request, 'source-api-calls', input, snapshots, bySource);
    return { dailyPerSourceAPICallsUsage: page.items, pagination: page.pagination };
  },

  getDailyWorkspaceMTUUsage: async (request, input) => {
    const { month, days } = await monthAsked(request, input.query.period);
    const snapshots = Array.from({ length: days }, (_, index) => ({
      ...periodOf(month),
      ...usersShown(usersUpTo(month.users, index + 1)),
      timestamp: dayOfMonth(month, index),
    }));
    const page = await pageOf(request, 'workspace-mtu', input, snapshots, ({ timestamp }) => timestamp);
    return { dailyWorkspaceMTUUsage: page.items, pagination: page.pagination };
  },

  getDailyPerSourceMTUUsage: async (request, input) => {
    const { month, days } = await monthAsked(request, input.query.period);
    const snapshots = (await sourcesIn(request, month)).flatMap(([sourceId, { users }]) =>
      Array.from({ length: days }, (_, index) => ({
        sourceId,
        ...periodOf(month),
        ...usersShown(usersUpTo(users, index + 1)),
        timestamp: dayOfMonth(month, index),
      })),
    );
    const page = await pageOf(request, 'source-mtu', input, snapshots, bySource);
    return { dailyPerSourceMTUUsage: page.items, pagination: page.pagination };
  },
};

/** The month that a period names, with the days of it that have begun. Throws 422 for one to come, and one that is too long ago. */
export async function monthAsked(
  request: ApiRequest,
  period: string | undefined,
): Promise<{ month: UsageMonth; days: number; isWritten: boolean }> {
  const now = request.now().toISOString();
  const asked = period === undefined ? monthOf(now) : monthOf(period);
  const oldest = monthPlus(monthOf(now), -MONTHS_BACK_MAX);
  if (asked > monthOf(now) || asked < oldest) {
    const message = `the first day of a month from ${oldest} to ${monthOf(now)}`;
    throw invalid({ field: 'period', message });
  }
  const store = await request.deps.usageMonths();
  const [found] = await store.between(request.workspaceId, asked, asked);
  const month = found ?? noUsageMonth(request.workspaceId, asked, now);
  return { month, days: daysBegun(asked, now), isWritten: found !== undefined };
}

/** Sources that there are, and those that are gone and had something in that month. */
export async function sourcesIn(request: ApiRequest, month: UsageMonth): Promise<[string, SourceUsage][]> {
  const { sources } = await request.config();
  const ids = new Set([...sources.map(({ id }) => String(id)), ...Object.keys(month.sources)]);
  return [...ids]
    .toSorted()
    .map((id) => [id, Object.hasOwn(month.sources, id) ? (month.sources[id] ?? noSourceUsage()) : noSourceUsage()]);
}

export const callsOn = ({ sources }: UsageMonth, index: number): number =>
  Object.values(sources).reduce((sum, { calls }) => sum + (calls[index] ?? 0), 0);

export const dayOfMonth = ({ month }: UsageMonth, index: number): string =>
  `${month}-${String(index + 1).padStart(2, '0')}T00:00:00.000Z`;

export const usersShown = ({ identified, anonymous, neverIdentified }: UserCounts) => ({
  identified: String(identified),
  anonymous: String(anonymous),
  anonymousIdentified: String(Math.max(0, anonymous - neverIdentified)),
  neverIdentified: String(neverIdentified),
});

const periodOf = ({ month }: UsageMonth) => {
  const periodStart = Date.parse(`${month}-01`) / 1_000;
  return { periodStart, periodEnd: periodStart + daysIn(month) * 86_400 };
};

const bySource = ({ sourceId, timestamp }: { sourceId: string; timestamp: string }): string =>
  `${timestamp} ${sourceId}`;

/** A cursor is of one period: its list has the name of the month. */
const pageOf = <T>(
  request: ApiRequest,
  name: string,
  { query: { period, pagination } }: Asked,
  items: readonly T[],
  keyOf: (item: T) => string,
) => request.pages.cut({ name: `${name} ${period}`, items, keyOf }, pagination);
