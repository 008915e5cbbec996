import { mappingSends, monthUsage } from '../../../../functions/check-alerts/alert-facts.ts';
import type { DeliveryLine } from '../../../../shared/domain/detail.ts';
import { MappingId, WorkspaceId } from '../../../../shared/domain/ids.ts';
import type { DetailRange } from '../../../../shared/ports/detail-reader.ts';
import { noSourceUsage, noUsageMonth, type UsageMonth } from '../../../../shared/usage/usage-month.ts';
import { aDestination, aMapping } from '../../../builders/workspace-things.ts';

const MINUTE = 60_000;
const WS = WorkspaceId.parse('ws_1');
const MAP = MappingId.parse('map_1');

function aClock() {
  let ms = Date.parse('2026-11-27T10:30:00.000Z');
  return { now: () => new Date(ms), pass: (more: number) => (ms += more) };
}

const aLine = (over: Partial<DeliveryLine> = {}): DeliveryLine => ({
  mappingId: MAP,
  kind: ['track', 'Order Completed', ''],
  firstTry: 0,
  onRetry: 0,
  discarded: {},
  deadLettered: {},
  retry: 0,
  retried: 0,
  ...over,
});

function mappings(lines: DeliveryLine[] | Error) {
  const clock = aClock();
  const asked: DetailRange[] = [];
  const destination = aDestination();
  const config = {
    workspaceId: WS,
    configVersion: 1,
    sources: [],
    destinations: [{ destination, mappings: [aMapping({ id: MAP, name: 'Orders' })] }],
  };
  const read = mappingSends(
    {
      destination: async (_id, range) => {
        asked.push(range);
        if (lines instanceof Error) throw lines;
        return [{ from: range.from, to: range.to, detail: { parts: 0, bytesOut: 0, latency: [], errors: [], lines } }];
      },
    },
    clock.now,
  );
  return { clock, asked, destination, read: async () => [...((await read(config, [destination.id])) ?? [])] };
}

test('of a mapping each send of the last 24 hours counts once, delivered or failed, and not what somebody ended by hand (H07)', async () => {
  const { read, asked, destination } = mappings([
    aLine({ firstTry: 5, onRetry: 1, retry: 3, retried: 1 }),
    aLine({ discarded: { '400': 2 }, deadLettered: { retry_window: 1, destination_disabled: 7 } }),
    aLine({ mappingId: 'map_other', firstTry: 100 }),
  ]);
  expect(await read()).toEqual([[MAP, { name: 'Orders', delivered: 6, failed: 5 }]]);
  expect(asked).toEqual([
    {
      from: '2026-11-26T10:30:00.000Z',
      to: '2026-11-27T10:30:00.000Z',
      step: 'hour',
      since: destination.createdAt,
    },
  ]);
});

test('what waited before these 24 hours and was settled within them is no failure of theirs', async () => {
  const { read } = mappings([aLine({ onRetry: 4, retried: 4 })]);
  expect((await read()).map(([, sends]) => sends)).toEqual([{ name: 'Orders', delivered: 4, failed: 0 }]);
});

test('the books are read for it once in five minutes at most, also where they cannot be read: then nothing is known', async () => {
  const { read, asked, clock } = mappings(new Error('too many rows'));
  for (const pass of [0, MINUTE, 3 * MINUTE]) {
    clock.pass(pass);
    expect(await read()).toEqual([]);
  }
  expect(asked).toHaveLength(1);
  clock.pass(MINUTE);
  await read();
  expect(asked).toHaveLength(2);
});

function usage(month: UsageMonth | undefined) {
  const clock = aClock();
  const asked: string[] = [];
  const get = async (_ws: string, of: string) => {
    asked.push(of);
    return month && { month, version: 1 };
  };
  const read = monthUsage({ get }, clock.now);
  return { clock, asked, read: () => read({ workspaceId: WS }) };
}

test('a month has the calls of all its sources, and users who are identified or never were (I02)', async () => {
  const { read } = usage({
    ...noUsageMonth(WS, '2026-11', '2026-11-27T10:05:00.000Z'),
    users: {
      isExact: true,
      days: [
        [1, 2, 1],
        [3, 4, 2],
      ],
    },
    sources: { src_1: { ...noSourceUsage(), calls: [10, 0, 5] }, src_gone: { ...noSourceUsage(), calls: [2] } },
  });
  await expect(read()).resolves.toEqual({ API_CALLS: 17, MTU: 5 });
});

test('a month is read every ten minutes at most, and another month at once; where nothing was counted yet nothing is known', async () => {
  const { read, asked, clock } = usage(undefined);
  await expect(read()).resolves.toEqual({});
  clock.pass(9 * MINUTE);
  await read();
  expect(asked).toEqual(['2026-11']);
  clock.pass(Date.parse('2026-12-01T00:00:00.000Z') - clock.now().getTime());
  await read();
  await read();
  expect(asked).toEqual(['2026-11', '2026-12']);
});
