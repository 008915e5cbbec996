import { PRICES } from '../../../shared/config/prices.ts';
import { IDS_KEPT_MAX } from '../../../shared/domain/id-days.ts';
import { dayPlus } from '../../../shared/domain/timestamp.ts';
import { trackedUsers } from '../../../shared/domain/tracked-users.ts';
import { type Day, type Expected, forecastMonth, forecastUsers, PAST_DAYS } from '../../../shared/usage/forecast.ts';
import { costOfMonth, type PricedThing } from '../../../shared/usage/month-cost.ts';
import {
  dayNumberOf,
  daysIn,
  monthOf,
  monthPlus,
  noUsageMonth,
  runningSums,
  type UsageMonth,
  type UsersByDay,
  usersUpTo,
} from '../../../shared/usage/usage-month.ts';
import type { ApiRequest, HandlersOf } from '../http/request.ts';
import { callsOn, dayOfMonth, monthAsked, sourcesIn, usersShown } from './usage.ts';

const MONTHS_SHOWN = 12;
const PERIODS_SHOWN = 5;

export const appUsageHandlers: HandlersOf<'getUsage' | 'getUsageCost' | 'getUsageForecast'> = {
  /** Reads two items: the months of a year, and the configuration. */
  getUsage: async (request, { query: { period, allowance } }) => {
    const { month, days, isWritten } = await monthAsked(request, period);
    const { sources } = await request.config();
    const calls = callsIn(month);
    const users = trackedUsers(usersUpTo(month.users, days));
    const store = await request.deps.usageMonths();
    const year = await store.between(request.workspaceId, monthPlus(month.month, -MONTHS_SHOWN), month.month);
    const totals = Array.from({ length: MONTHS_SHOWN }, (_, index) => {
      const name = monthPlus(month.month, -index);
      return totalOf(year.find((each) => each.month === name) ?? noUsageMonth(request.workspaceId, name, ''));
    });
    return {
      period: `${month.month}-01`,
      asOf: isWritten ? month.asOf : null,
      apiCalls: String(calls),
      // Object sources come later.
      objects: '0',
      trackedUsers: usersOf(month.users, days),
      throughput: {
        perTrackedUser: users === 0 ? 0 : calls / users,
        allowance: allowance ?? null,
        // I04: objects and API calls for each tracked user that is allowed.
        perAllowed: allowance === undefined ? null : calls / allowance,
        usedShare: allowance === undefined ? null : users / allowance,
      },
      sources: (await sourcesIn(request, month)).map(([sourceId, usage]) => ({
        sourceId,
        sourceName: sources.find(({ id }) => id === sourceId)?.name ?? null,
        apiCalls: String(runningSums(usage.calls, days).at(-1) ?? 0),
        trackedUsers: usersOf(usage.users, days),
        daily: runningSums(usage.calls, days).map((sum, index) => ({
          timestamp: dayOfMonth(month, index),
          apiCalls: String(sum),
          trackedUsers: String(trackedUsers(usersUpTo(usage.users, index + 1))),
        })),
      })),
      periods: totals.slice(0, PERIODS_SHOWN),
      months: totals,
    };
  },

  getUsageCost: async (request, { query: { period } }) => {
    const { month, isWritten } = await monthAsked(request, period);
    const cost = costOfMonth(month, await request.config());
    return {
      period: `${month.month}-01`,
      asOf: isWritten ? month.asOf : null,
      dollars: exact(cost.usd),
      region: 'us-east-1',
      isFreeTierApplied: false,
      notIncluded:
        'What a deployment costs without events (docs/cost.md), retries of requests by tools, dead letters, looking at pages, mails, tax.',
      sources: cost.sources.map(shown),
      destinations: cost.destinations.map(shown),
      prices: Object.entries(PRICES).map(([price, one]) => ({
        price,
        dollars: one.usd,
        per: one.per,
        unit: one.unit,
        asOf: one.asOf,
        source: one.source,
        isVerified: !('unverified' in one),
      })),
    };
  },

  getUsageForecast: async (request) => {
    const now = request.now().toISOString();
    const present = monthOf(now);
    const store = await request.deps.usageMonths();
    const [before, month] = await lastTwo(
      request,
      await store.between(request.workspaceId, monthPlus(present, -1), present),
    );
    const config = await request.config();
    const [costBefore, cost] = [costOfMonth(before, config), costOfMonth(month, config)];
    // What is known ends when the hourly run wrote it.
    const until = month.asOf === '' ? now : month.asOf;
    const sums = (users: UsersByDay, days: number) =>
      Array.from({ length: days }, (_, index) => trackedUsers(usersUpTo(users, index + 1)));
    const pastOf = (of: (month: UsageMonth, index: number) => number) => pastDays([before, month], until, of);
    return {
      period: `${present}-01`,
      asOf: month.asOf === '' ? null : month.asOf,
      trackedUsers: counted(
        forecastUsers({
          sums: sums(month.users, dayNumberOf(until)),
          before: before.asOf === '' ? [] : sums(before.users, daysIn(before.month)),
          now: until,
        }),
      ),
      apiCalls: counted(forecastMonth({ past: pastOf(callsOn), soFar: callsIn(month), now: until })),
      dollars: inDollars(
        forecastMonth({
          past: pastOf((each, index) => (each === month ? cost : costBefore).perDay[index] ?? 0),
          soFar: cost.usd,
          now: until,
        }),
      ),
    };
  },
};

const callsIn = ({ sources }: UsageMonth): number =>
  Object.values(sources).reduce((sum, { calls }) => sum + (runningSums(calls, calls.length).at(-1) ?? 0), 0);

const totalOf = (month: UsageMonth) => ({
  period: `${month.month}-01`,
  apiCalls: String(callsIn(month)),
  trackedUsers: String(trackedUsers(usersUpTo(month.users, daysIn(month.month)))),
});

const usersOf = (users: UsersByDay, days: number) => {
  const counts = usersUpTo(users, days);
  return {
    total: String(trackedUsers(counts)),
    ...usersShown(counts),
    isExact: users.isExact,
    standardError: users.isExact ? 0 : 1 / Math.sqrt(IDS_KEPT_MAX),
  };
};

/** The month before the present one and that one itself; asOf is empty where nothing was written yet. */
async function lastTwo(request: ApiRequest, months: readonly UsageMonth[]): Promise<[UsageMonth, UsageMonth]> {
  const present = monthOf(request.now().toISOString());
  const of = (name: string) =>
    months.find(({ month }) => month === name) ?? noUsageMonth(request.workspaceId, name, '');
  return [of(monthPlus(present, -1)), of(present)];
}

/** Whole days before the one of `until`, from the first on which there was anything. */
function pastDays(
  months: readonly UsageMonth[],
  until: string,
  of: (month: UsageMonth, index: number) => number,
): Day[] {
  const today = until.slice(0, 10);
  const days = Array.from({ length: PAST_DAYS }, (_, index) => dayPlus(today, index - PAST_DAYS)).map((day) => {
    const month = months.find((each) => each.month === monthOf(day));
    return { day, count: month === undefined ? 0 : of(month, dayNumberOf(day) - 1) };
  });
  const first = days.findIndex(({ count }) => count > 0);
  return first === -1 ? [] : days.slice(first);
}

/** To a hundredth of a cent. */
const rounded = (usd: number): number => Math.round(usd * 10_000) / 10_000;
const exact = (usd: number): number => Number(usd.toPrecision(9));

const shown = ({ id, name, usd, units, lines }: PricedThing) => ({
  id,
  name,
  dollars: exact(usd),
  units,
  lines: lines.map(({ line, price, quantity, usd: dollars, basis }) => ({
    line,
    price,
    quantity: exact(quantity),
    dollars: exact(dollars),
    basis,
  })),
});

const counted = ({ soFar, forecast, low, high, method }: Expected) => ({
  soFar: String(Math.round(soFar)),
  forecast: String(Math.round(forecast)),
  low: String(Math.round(low)),
  high: String(Math.round(high)),
  method,
});
const inDollars = ({ soFar, forecast, low, high, method }: Expected) => ({
  soFar: rounded(soFar),
  forecast: rounded(forecast),
  low: rounded(low),
  high: rounded(high),
  method,
});
