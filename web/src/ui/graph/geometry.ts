import type { FlowLine } from './groups.ts';

/** Where a card is: its vertical middle and its height, in px within the graph. */
export type Box = { middle: number; height: number };
/** A point, in px. */
export type Point = { x: number; y: number };
/** A drawn line: its path, its middle (where a failing one is marked) and the place of its label. */
export type Curve = { path: string; middle: Point; label: Point };

/** Distance between the ends of two lines at one card; less where the card is too low for it. */
const PORT_PX = 7;
/** Part of a card's height that ends of lines keep off at both of its corners. */
const PORT_MARGIN_PX = 12;
/** Where on a line its label is: near the destination, where lines have spread. Neighbours at one card alternate. */
const LABEL_AT = [0.72, 0.52, 0.62] as const;

/** Where each line leaves its source and enters its destination: spread over the card, in the order of the other ends. */
export function portsOf(
  lines: readonly FlowLine[],
  sources: ReadonlyMap<string, Box>,
  destinations: ReadonlyMap<string, Box>,
): Map<string, { from: number; to: number; place: number }> {
  const ports = new Map<string, { from: number; to: number; place: number }>();
  for (const { key } of lines) ports.set(key, { from: 0, to: 0, place: 0 });
  spread(
    lines,
    (line) => line.sourceRow,
    sources,
    (line) => destinations.get(line.destinationRow)?.middle ?? 0,
    (key, y) => {
      const port = ports.get(key);
      if (port !== undefined) port.from = y;
    },
  );
  spread(
    lines,
    (line) => line.destinationRow,
    destinations,
    (line) => sources.get(line.sourceRow)?.middle ?? 0,
    (key, y, place) => {
      const port = ports.get(key);
      if (port === undefined) return;
      port.to = y;
      port.place = place;
    },
  );
  return ports;
}

function spread(
  lines: readonly FlowLine[],
  rowOf: (line: FlowLine) => string,
  boxes: ReadonlyMap<string, Box>,
  otherEnd: (line: FlowLine) => number,
  put: (key: string, y: number, place: number) => void,
): void {
  const byRow = Map.groupBy(lines, rowOf);
  for (const [row, atRow] of byRow) {
    const box = boxes.get(row);
    if (box === undefined) continue;
    const ordered = atRow.toSorted((a, b) => otherEnd(a) - otherEnd(b));
    const room = Math.max(0, box.height - 2 * PORT_MARGIN_PX);
    const gap = ordered.length < 2 ? 0 : Math.min(PORT_PX, room / (ordered.length - 1));
    for (const [place, line] of ordered.entries()) {
      put(line.key, box.middle + (place - (ordered.length - 1) / 2) * gap, place);
    }
  }
}

/** A bezier from the right edge of a source to the left edge of a destination, level at both ends. */
export function curveOf(left: number, right: number, from: number, to: number, place = 0): Curve {
  const bend = (right - left) / 2;
  const at = (t: number): Point => ({
    x: cubic(left, left + bend, right - bend, right, t),
    y: cubic(from, from, to, to, t),
  });
  const path = `M${round(left)},${round(from)}C${round(left + bend)},${round(from)} ${round(right - bend)},${round(to)} ${round(right)},${round(to)}`;
  return { path, middle: at(0.5), label: at(LABEL_AT[place % LABEL_AT.length] ?? 0.5) };
}

const round = (value: number): number => Math.round(value * 10) / 10;

const cubic = (a: number, b: number, c: number, d: number, t: number): number =>
  (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t ** 2 * c + t ** 3 * d;
