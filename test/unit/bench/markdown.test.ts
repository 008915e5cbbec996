import { CELL_NAMES, type CellName } from '../../bench/cost/cells.ts';
import type { Figures } from '../../bench/figures.ts';
import { markdownOf } from '../../bench/markdown.ts';

const RUN = { date: '2026-11-26', node: 'v24.21.0', isQuick: false };
const NO_MEMORY = {
  localCloudAfterLoad: undefined,
  afterFirstEvent: {},
  afterLoad: { route: undefined, deliver: undefined },
};
const someFigures = (over: Partial<Figures> = {}): Figures => ({ run: RUN, memoryMb: NO_MEMORY, ...over });

const everyCell = (usd: number) =>
  Object.fromEntries(CELL_NAMES.map((cell) => [cell, usd])) as Record<CellName, number>;

test('a run of which no part was measured prints nothing', () => {
  expect(markdownOf(someFigures())).toBe('');
});

test('dollars of each cell stand in a row of their own, by load', () => {
  const text = markdownOf(
    someFigures({ cost: everyCell(1.234), costTrickle: everyCell(2), costBatching: everyCell(0.5) }),
  );
  const lines = text.split('\n');
  expect(lines).toHaveLength(2 + CELL_NAMES.length);
  expect(lines[2]).toBe('| 1 a request, 1 destination | $1.23 | $0.50 | $2.00 |');
  expect(lines.at(-1)).toBe('| 100 a request, 10 destinations | $1.23 | $0.50 | $2.00 |');
});

test('what finds repeats is named beside its dollars', () => {
  const of = (full: number) => ({ full, batching: full / 2, trickle: full * 2 });
  const text = markdownOf(someFigures({ costByDedup: { device: of(0.86), event: of(1.44) } }));
  expect(text.split('\n').slice(2)).toEqual([
    '| websites and mobile apps: by device | $0.86 | $0.43 | $1.72 |',
    '| servers: an exact claim for each messageId | $1.44 | $0.72 | $2.88 |',
  ]);
});

test('the bill shows lines from a cent, sums the others up, and adds to the whole', () => {
  const text = markdownOf(
    someFigures({
      costLines: {
        full: [
          { line: 'claims', usd: 0.625, basis: 'counted' },
          { line: 'runtime', usd: 0.004, basis: 'INVOCATION_MS' },
        ],
        trickle: [
          { line: 'claims', usd: 0.625, basis: 'counted' },
          { line: 'waiting', usd: 0.3, basis: 'TOOL_MS' },
        ],
      },
    }),
  );
  expect(text.split('\n').slice(2)).toEqual([
    '| claims | counted | 0.625 | 0.625 |',
    '| waiting | TOOL_MS | 0.000 | 0.300 |',
    '| all lines below a cent |  | 0.004 | 0.000 |',
    '| **sum** |  | **0.629** | **0.925** |',
  ]);
});

test('a month without events comes first', () => {
  const bill = (usd: number) => ({ full: usd, trickle: usd });
  const text = markdownOf(
    someFigures({ month: { '1000000': bill(12), '1000000000': bill(1_600), idle: bill(10.39) } }),
  );
  expect(text.split('\n').slice(2)).toEqual([
    '| none | $10.39 | $10.39 |',
    '| 1,000,000 | $12.00 | $12.00 |',
    '| 1,000,000,000 | $1600.00 | $1600.00 |',
  ]);
});
