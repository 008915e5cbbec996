import type { ReactNode } from 'react';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { ConnectionButton, type NamedConnection } from './connection-button.tsx';
import { type FlowConnection, type FlowNode, type Side, stateOf } from './flow.ts';
import styles from './graph.module.css';
import type { FlowRow } from './groups.ts';

/** Names told in "feeds …"; the rest is told as a number. */
const FEEDS_NAMED = 4;
/** Weight of a row without connections. */
const WEIGHT_MIN = 0.25;

/** What both columns are given. */
export type ColumnParts = {
  renderCard: (node: FlowNode, side: Side) => ReactNode;
  renderLink: (node: FlowNode, side: Side, link: { className: string; children: ReactNode }) => ReactNode;
  selected: string | undefined;
  onSelect: (connection: FlowConnection) => void;
};

/** One side: its heading, and its rows as a list. */
export function FlowColumn({
  side,
  title,
  count,
  action,
  rows,
  connectionsOf,
  nameOf,
  onToggle,
  parts,
}: {
  side: Side;
  title: string;
  count: number;
  action: ReactNode;
  rows: readonly FlowRow[];
  connectionsOf: (node: FlowNode) => readonly FlowConnection[];
  nameOf: ReadonlyMap<string, string>;
  onToggle: (row: string) => void;
  parts: ColumnParts;
}) {
  const named = (node: FlowNode): NamedConnection[] =>
    connectionsOf(node).map((connection) => ({
      connection,
      other: nameOf.get(side === 'source' ? connection.destinationId : connection.sourceId) ?? 'a hidden one',
    }));
  return (
    <div className={styles['column']}>
      <div className={styles['heading']}>
        <span className={styles['title']}>
          {title} <span className={styles['quiet']}>{count}</span>
        </span>
        {action}
      </div>
      <ul className={styles['list']} aria-label={title}>
        {rows.map((row) => (
          <li key={row.id} className={styles['place']} style={{ flexGrow: weightOf(row, connectionsOf) }}>
            <div
              className={row.kind === 'node' && row.inGroup ? `${styles['item']} ${styles['inner']}` : styles['item']}
              data-side={side}
              data-row={row.id}
            >
              {row.kind === 'group' ? (
                <GroupHead row={row} connectionsOf={connectionsOf} onToggle={onToggle} />
              ) : (
                <Card node={row.node} side={side} connections={named(row.node)} parts={parts} />
              )}
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

/**
 * How much of the free height a row takes: by its connections, so that a source stands in the middle of its destinations and lines are short
 * and level.
 */
function weightOf(row: FlowRow, connectionsOf: (node: FlowNode) => readonly FlowConnection[]): number {
  if (row.kind === 'node') return Math.max(WEIGHT_MIN, connectionsOf(row.node).length);
  if (row.open) return WEIGHT_MIN;
  return row.nodes.reduce((sum, node) => sum + connectionsOf(node).length, WEIGHT_MIN);
}

function Card({
  node,
  side,
  connections,
  parts,
}: {
  node: FlowNode;
  side: Side;
  connections: readonly NamedConnection[];
  parts: ColumnParts;
}) {
  return (
    <>
      {parts.renderLink(node, side, { className: styles['card'] ?? '', children: parts.renderCard(node, side) })}
      <div className={styles['port']}>
        <ConnectionButton
          name={node.name}
          side={side}
          connections={connections}
          selected={parts.selected}
          onSelect={parts.onSelect}
        />
      </div>
      <p className={styles['feeds']}>
        {feedsText(
          side,
          connections.map(({ other }) => other),
        )}
      </p>
    </>
  );
}

/** What the lines say, in words: for narrow screens and for those who cannot see them. */
export function feedsText(side: Side, others: readonly string[]): string {
  if (others.length === 0) return side === 'source' ? 'feeds no destination' : 'fed by no source';
  const named = others.slice(0, FEEDS_NAMED).join(', ');
  const rest = others.length - FEEDS_NAMED;
  return `${side === 'source' ? 'feeds' : 'fed by'} ${named}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function GroupHead({
  row,
  connectionsOf,
  onToggle,
}: {
  row: Extract<FlowRow, { kind: 'group' }>;
  connectionsOf: (node: FlowNode) => readonly FlowConnection[];
  onToggle: (row: string) => void;
}) {
  const failing = row.nodes.filter((node) => connectionsOf(node).some((one) => stateOf(one) === 'failing')).length;
  return (
    <button
      type="button"
      className={`${styles['card']} ${styles['group']}`}
      aria-expanded={row.open}
      onClick={() => onToggle(row.id)}
    >
      {row.open ? <IconChevronDown size={16} /> : <IconChevronRight size={16} />}
      <span className={styles['name']} title={row.name}>
        {row.name}
      </span>
      <span className={styles['quiet']}>{row.nodes.length}</span>
      {failing > 0 && <span className={styles['failing']}>{failing} failing</span>}
    </button>
  );
}
