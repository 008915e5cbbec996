import { connectionKey, type FlowConnection, type FlowNode, stateOf } from './flow.ts';

/** More nodes than this on a side are shown by group. */
export const NODES_MAX = 40;

/** A row of a side: a node, or the head of a group with its nodes below it where it is open. */
export type FlowRow =
  | { kind: 'node'; id: string; node: FlowNode; inGroup: boolean }
  | { kind: 'group'; id: string; name: string; nodes: readonly FlowNode[]; open: boolean };

/** A block of rows that stay together: a single node, or a group. */
export type FlowBlock = { id: string; name: string; nodes: readonly FlowNode[]; grouped: boolean };

/** Nodes as they are; by group where there are more than `max`. Groups of one stay nodes. Groups stand where their first node stood. */
export function blocksOf(nodes: readonly FlowNode[], max = NODES_MAX): FlowBlock[] {
  const alone = (node: FlowNode): FlowBlock => ({ id: node.id, name: node.name, nodes: [node], grouped: false });
  if (nodes.length <= max) return nodes.map(alone);
  const byGroup = new Map<string, FlowNode[]>();
  for (const node of nodes) {
    const group = byGroup.get(node.group);
    if (group === undefined) byGroup.set(node.group, [node]);
    else group.push(node);
  }
  return [...byGroup].map(([group, [first, ...rest]]) => {
    if (first === undefined) return { id: groupId(group), name: group, nodes: [], grouped: true };
    if (rest.length === 0) return alone(first);
    return { id: groupId(group), name: first.groupName, nodes: [first, ...rest], grouped: true };
  });
}

const groupId = (group: string): string => `group:${group}`;

/** The rows of a side, with the nodes of open groups below their heads. */
export const rowsOf = (blocks: readonly FlowBlock[], open: ReadonlySet<string>): FlowRow[] =>
  blocks.flatMap(({ id, name, nodes, grouped }): FlowRow[] => {
    if (!grouped) return nodes.map((node) => ({ kind: 'node', id: node.id, node, inGroup: false }));
    const isOpen = open.has(id);
    const head: FlowRow = { kind: 'group', id, name, nodes, open: isOpen };
    return isOpen
      ? [head, ...nodes.map((node): FlowRow => ({ kind: 'node', id: node.id, node, inGroup: true }))]
      : [head];
  });

/** The row that stands for each node: its own, or that of its closed group. */
export function rowIdOf(rows: readonly FlowRow[]): ReadonlyMap<string, string> {
  const rowOf = new Map<string, string>();
  for (const row of rows) {
    if (row.kind === 'node') rowOf.set(row.node.id, row.id);
    else if (!row.open) for (const node of row.nodes) rowOf.set(node.id, row.id);
  }
  return rowOf;
}

/** A line between two rows: one connection, or all those between two groups. */
export type FlowLine = {
  key: string;
  sourceRow: string;
  destinationRow: string;
  connections: readonly FlowConnection[];
  perMinute: number;
  /** The worst of its connections. */
  failedShare: number;
  failing: number;
  paused: boolean;
};

/** Lines between the visible rows. Connections of things that are not there are left out. */
export function linesOf(
  connections: readonly FlowConnection[],
  sourceRowOf: ReadonlyMap<string, string>,
  destinationRowOf: ReadonlyMap<string, string>,
): FlowLine[] {
  const lines = new Map<string, FlowConnection[]>();
  for (const connection of connections) {
    const source = sourceRowOf.get(connection.sourceId);
    const destination = destinationRowOf.get(connection.destinationId);
    if (source === undefined || destination === undefined) continue;
    const key = connectionKey({ sourceId: source, destinationId: destination });
    const line = lines.get(key);
    if (line === undefined) lines.set(key, [connection]);
    else line.push(connection);
  }
  return [...lines].map(([key, inside]) => {
    const [first] = inside;
    return {
      key,
      sourceRow: sourceRowOf.get(first?.sourceId ?? '') ?? '',
      destinationRow: destinationRowOf.get(first?.destinationId ?? '') ?? '',
      connections: inside,
      perMinute: inside.reduce((sum, { perMinute }) => sum + perMinute, 0),
      failedShare: Math.max(...inside.map((one) => (one.paused === true ? 0 : one.failedShare))),
      failing: inside.filter((one) => stateOf(one) === 'failing').length,
      paused: inside.every(({ paused }) => paused === true),
    };
  });
}
