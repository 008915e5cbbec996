import { findEvent, type FindDeps } from '../../../../../functions/api/trace/find-event.ts';
import { IntakeId, SourceId } from '../../../../../shared/domain/ids.ts';
import type { Origin } from '../../../../../shared/ports/trace-stores.ts';
import { aDebugEntry, fakeDebugReader } from '../../../../builders/debug-items.ts';
import { aPlanRow, intakeIdOf } from '../../../../builders/ledger-rows.ts';
import { aSource } from '../../../../builders/workspace-things.ts';

const NOW = new Date('2026-11-27T10:20:00.000Z');
const AT = '2026-11-27T10:15:00.000Z';
const originOf = (number: number): Origin => ({
  sourceId: SourceId.parse('src_1'),
  intakeId: IntakeId.parse(intakeIdOf(number)),
  receivedAt: AT,
});

function setUp(over: { claim?: Origin; device?: string; row?: boolean; isWhole?: boolean; rows?: number } = {}) {
  const kept = fakeDebugReader();
  const asked: string[] = [];
  const deps: FindDeps = {
    debug: kept.reader,
    claims: {
      byEvent: async () => (over.claim === undefined || over.device !== undefined ? [] : [over.claim]),
      byDevice: async (_source, device) => (device === over.device ? over.claim : undefined),
    },
    plans: {
      byHash: async (_source, { from, to }) => {
        asked.push(`${from} ${to}`);
        const found =
          over.row === true && from.startsWith('2026-11-27T08')
            ? [aPlanRow({ receivedAt: '2026-11-27T08:00:00.000Z' })]
            : [];
        return { found, rows: over.rows ?? 10, isWhole: over.isWhole ?? true };
      },
    },
  };
  return { deps, asked, ...kept };
}
const find = (deps: FindDeps, ask: object = {}, sources = [aSource()]) =>
  findEvent(deps, sources, { messageId: 'm1', ...ask }, NOW);

test('a request that is named goes before claims, claims before the debugger, the debugger before the books', async () => {
  const { deps, write, asked } = setUp({ claim: originOf(2), row: true });
  write(AT, [aDebugEntry(1)]);
  const named = await find(deps, { intakeId: intakeIdOf(9), at: AT });
  expect(named.found).toMatchObject({ foundBy: 'INTAKE_ID', origin: originOf(9), claim: originOf(2) });
  expect((await find(deps)).found).toMatchObject({ foundBy: 'CLAIM', origin: originOf(2) });
  const unclaimed = setUp({ row: true });
  unclaimed.write(AT, [aDebugEntry(1)]);
  expect((await find(unclaimed.deps)).found).toMatchObject({ foundBy: 'DEBUGGER', origin: originOf(1) });
  expect((await find(setUp({ row: true }).deps)).found).toMatchObject({ foundBy: 'BOOKS' });
  expect(asked).toEqual([]);
});

test('a device that the caller knows finds what its source remembers by device', async () => {
  const { deps } = setUp({ claim: originOf(3), device: 'a anon-1' });
  const sources = [aSource({ kind: 'mobile' })];
  expect((await find(deps, { anonymousId: 'anon-1' }, sources)).found).toMatchObject({ foundBy: 'CLAIM' });
  expect((await find(deps, { anonymousId: 'other' }, sources)).found).toBeUndefined();
});

test('books are searched newest first, around a time or a day back, and the answer says how far', async () => {
  const around = setUp();
  const { lookedBackTo } = await find(around.deps, { at: '2026-11-27T10:00:30.000Z' });
  expect(around.asked).toEqual(['2026-11-27T10:00 2026-11-27T10:02', '2026-11-27T09:58 2026-11-27T09:59']);
  expect(lookedBackTo).toBe('2026-11-27T09:58:00.000Z');
  const day = setUp();
  expect((await find(day.deps)).lookedBackTo).toBe('2026-11-26T10:00:00.000Z');
  expect(day.asked).toHaveLength(25);
  // More rows than are looked at: it stops, and has not looked back at all.
  const flood = setUp({ isWhole: false, rows: 20_000 });
  expect((await find(flood.deps)).lookedBackTo).toBe(NOW.toISOString());
  expect(flood.asked).toHaveLength(4);
});

test('without a source named, five are searched, and that is said', async () => {
  const { deps } = setUp();
  const sources = Array.from({ length: 9 }, (_, number) => aSource({ id: `src_${number}`, slug: `s${number}` }));
  expect((await find(deps, {}, sources)).gaps).toEqual([
    { what: 'sources', why: 'Only 5 of 9 sources were searched: name the source.' },
  ]);
});
