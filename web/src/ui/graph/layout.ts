import type { FlowConnection, FlowNode } from './flow.ts';
import { blocksOf, type FlowBlock, type FlowLine, type FlowRow, linesOf, rowIdOf, rowsOf } from './groups.ts';
import { orderDestinations } from './order.ts';

/** What the graph draws: rows of both sides in their order, lines between them, and what each node is connected with. */
export type FlowLayout = {
  sources: readonly FlowRow[];
  destinations: readonly FlowRow[];
  lines: readonly FlowLine[];
  /** Connections of each node, by its id. */
  bySource: ReadonlyMap<string, readonly FlowConnection[]>;
  byDestination: ReadonlyMap<string, readonly FlowConnection[]>;
};

/** Rows and lines of the graph; `open` names the open groups of each side. */
export function flowLayout(
  sources: readonly FlowNode[],
  destinations: readonly FlowNode[],
  connections: readonly FlowConnection[],
  open: { source: ReadonlySet<string>; destination: ReadonlySet<string> },
): FlowLayout {
  const sourceRows = rowsOf(blocksOf(sources), open.source);
  const sourceRowOf = rowIdOf(sourceRows);
  const placeOf = new Map(sourceRows.map(({ id }, place) => [id, place]));
  const place = new Map([...sourceRowOf].map(([node, row]) => [node, placeOf.get(row) ?? 0]));
  const ordered = orderDestinations(place, blocksOf(destinations), idsOf, connections).map((block) => ({
    ...block,
    nodes: orderDestinations(place, block.nodes, ({ id }) => [id], connections),
  }));
  const destinationRows = rowsOf(ordered, open.destination);
  return {
    sources: sourceRows,
    destinations: destinationRows,
    lines: linesOf(connections, sourceRowOf, rowIdOf(destinationRows)),
    bySource: Map.groupBy(connections, ({ sourceId }) => sourceId),
    byDestination: Map.groupBy(connections, ({ destinationId }) => destinationId),
  };
}

const idsOf = ({ nodes }: FlowBlock): string[] => nodes.map(({ id }) => id);
