import fc from 'fast-check';
import { lineWidth, rateText, stateOf, stateText } from '../../../../../web/src/ui/graph/flow.ts';
import { curveOf, portsOf } from '../../../../../web/src/ui/graph/geometry.ts';
import { blocksOf, linesOf, NODES_MAX, rowIdOf, rowsOf } from '../../../../../web/src/ui/graph/groups.ts';
import { flowLayout } from '../../../../../web/src/ui/graph/layout.ts';

const node = (id: string, group = id) => ({ id, name: id.toUpperCase(), group, groupName: `Group ${group}` });
const connection = (sourceId: string, destinationId: string, more = {}) => ({
  sourceId,
  destinationId,
  perMinute: 10,
  failedShare: 0,
  ...more,
});
const closed = { source: new Set<string>(), destination: new Set<string>() };
const many = (count: number, groups: number, prefix: string) =>
  Array.from({ length: count }, (_, at) => node(`${prefix}${at}`, `g${at % groups}`));

describe('states', () => {
  test.each([
    [{ perMinute: 1, failedShare: 0.05 }, 'flowing', '1 per minute'],
    [{ perMinute: 120, failedShare: 0.061 }, 'failing', '120 per minute, 6.1% failed'],
    [{ perMinute: 0, failedShare: 0 }, 'idle', 'Idle'],
    [{ perMinute: 9, failedShare: 1, paused: true }, 'paused', 'Paused'],
  ])('%j is %s', (flow, state, text) => {
    expect(stateOf(flow)).toBe(state);
    expect(stateText(flow)).toBe(text);
  });

  test.each([
    [0.42, '0.42'],
    [9.96, '10'],
    [120.4, '120'],
    [12_890, '12.9K'],
  ])('%p per minute is %p', (rate, text) => {
    expect(rateText(rate)).toBe(text);
  });

  test('a line grows with the logarithm of its volume, within bounds', () => {
    expect(lineWidth(0)).toBe(1.5);
    expect(lineWidth(100)).toBeGreaterThan(lineWidth(10));
    expect(lineWidth(1e12)).toBe(lineWidth(1e15));
  });
});

describe('the order of destinations', () => {
  test('follows the mean row of their sources; those without one come last', () => {
    const { destinations } = flowLayout(
      [node('s1'), node('s2'), node('s3')],
      [node('alone'), node('d3'), node('d1'), node('middle')],
      [connection('s3', 'd3'), connection('s1', 'd1'), connection('s1', 'middle'), connection('s3', 'middle')],
      closed,
    );
    expect(destinations.map(({ id }) => id)).toEqual(['d1', 'middle', 'd3', 'alone']);
  });

  test('never crosses lines where each destination has one source', () => {
    const sources = many(8, 8, 's');
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 7 }), { maxLength: 30 }), (from) => {
        const to = from.map((_, at) => node(`d${at}`));
        const { destinations } = flowLayout(
          sources,
          to,
          from.map((source, at) => connection(`s${source}`, `d${at}`)),
          closed,
        );
        const rows = destinations.map(({ id }) => from[Number(id.slice(1))] ?? 0);
        expect(rows).toEqual(rows.toSorted((a, b) => a - b));
      }),
    );
  });
});

describe('groups', () => {
  test('as many as the bound stay as they are, one more is grouped', () => {
    expect(blocksOf(many(NODES_MAX, 3, 'd'))).toHaveLength(NODES_MAX);
    expect(blocksOf(many(NODES_MAX + 1, 3, 'd'))).toHaveLength(3);
  });

  test('a group of one stays a thing of its own', () => {
    const blocks = blocksOf([...many(NODES_MAX, 1, 'd'), node('single')]);
    expect(blocks.map(({ grouped }) => grouped)).toEqual([true, false]);
  });

  test('an open group shows its things below its head; each thing has one row', () => {
    const blocks = blocksOf(many(50, 5, 'd'));
    const rows = rowsOf(blocks, new Set(['group:g1']));
    expect(rows).toHaveLength(5 + 10);
    expect(rowIdOf(rows).get('d0')).toBe('group:g0');
    expect(rowIdOf(rows).get('d1')).toBe('d1');
  });

  test('lines between groups hold all connections: their sum, and the worst of them', () => {
    const lines = linesOf(
      [connection('s1', 'd1'), connection('s1', 'd2', { failedShare: 0.4 }), connection('s1', 'gone')],
      new Map([['s1', 's1']]),
      new Map([
        ['d1', 'g'],
        ['d2', 'g'],
      ]),
    );
    expect(lines).toMatchObject([{ key: 's1 g', perMinute: 20, failedShare: 0.4, failing: 1, paused: false }]);
    expect(lines[0]?.connections).toHaveLength(2);
  });

  test('a connection is in exactly one line, however much is open', () => {
    const sources = many(100, 12, 's');
    const destinations = many(200, 30, 'd');
    const connections = destinations.map(({ id }, at) => connection(`s${(at * 7) % 100}`, id));
    for (const open of [closed, { source: new Set(['group:g1']), destination: new Set(['group:g4', 'group:g9']) }]) {
      const { lines } = flowLayout(sources, destinations, connections, open);
      expect(lines.flatMap((line) => line.connections)).toHaveLength(200);
    }
  });
});

describe('places of lines', () => {
  test('ends at one card are spread in the order of the other ends', () => {
    const { lines } = flowLayout(
      [node('s')],
      [node('a'), node('b'), node('c')],
      [connection('s', 'a'), connection('s', 'b'), connection('s', 'c')],
      closed,
    );
    const box = (middle: number) => ({ middle, height: 52 });
    const ports = portsOf(
      lines,
      new Map([['s', box(100)]]),
      new Map([
        ['a', box(300)],
        ['b', box(100)],
        ['c', box(200)],
      ]),
    );
    expect(['s b', 's c', 's a'].map((key) => ports.get(key)?.from)).toEqual([93, 100, 107]);
    expect(ports.get('s a')?.to).toBe(300);
  });

  test('a curve leaves and enters level', () => {
    expect(curveOf(100, 300, 50, 90)).toMatchObject({
      path: 'M100,50C200,50 200,90 300,90',
      middle: { x: 200, y: 70 },
    });
  });
});
