import { type ReactNode, useMemo, useRef, useState } from 'react';
import { connectionKey, type FlowConnection, type FlowNode, type Side } from './flow.ts';
import { type ColumnParts, FlowColumn } from './flow-column.tsx';
import styles from './graph.module.css';
import type { FlowLine } from './groups.ts';
import { HoverArea } from './hover-area.tsx';
import { flowLayout } from './layout.ts';

const NONE: ReadonlySet<string> = new Set();

/** What the graph shows. Keep lists the same between renders while their content is. */
export type FlowGraphProps = {
  /** In the order they are shown. */
  sources: readonly FlowNode[];
  /** In any order: the graph puts them where lines cross little. */
  destinations: readonly FlowNode[];
  connections: readonly FlowConnection[];
  /** The connection whose details are open. */
  selected?: Pick<FlowConnection, 'sourceId' | 'destinationId'>;
  onSelectConnection: (connection: FlowConnection) => void;
  /** The content of a card: logo, name, state. No links or buttons: the whole card is a link. */
  renderCard: (node: FlowNode, side: Side) => ReactNode;
  /** The link around it, of the router; it takes the class and the children that it is given. */
  renderLink: (node: FlowNode, side: Side, link: { className: string; children: ReactNode }) => ReactNode;
  /** Stands beside the headings: "Add source". */
  sourcesAction?: ReactNode;
  destinationsAction?: ReactNode;
};

/**
 * Sources at the left, destinations at the right, a line for each connection: wide by volume, dashed when idle, dotted when paused, red and
 * marked when more than 5 % of the tries fail. Pointing at a card or focusing it brings its lines forward. The count on a card lists its
 * connections for the keyboard; below 640 px the lines become words. More than 40 things on a side are grouped by integration.
 */
export function FlowGraph(props: FlowGraphProps) {
  const { sources, destinations, connections, selected, onSelectConnection, renderCard, renderLink } = props;
  const area = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<Record<Side, ReadonlySet<string>>>({ source: NONE, destination: NONE });
  const layout = useMemo(
    () => flowLayout(sources, destinations, connections, open),
    [sources, destinations, connections, open],
  );
  const nameOf = useMemo(
    () => new Map([...sources, ...destinations].map(({ id, name }) => [id, name])),
    [sources, destinations],
  );
  const selectedKey = selected === undefined ? undefined : connectionKey(selected);
  const toggle = (side: Side, row: string) =>
    setOpen((now) => {
      const next = new Set(now[side]);
      if (!next.delete(row)) next.add(row);
      return { ...now, [side]: next };
    });
  const pick = (line: FlowLine) => {
    const [only, ...more] = line.connections;
    if (only !== undefined && more.length === 0) return onSelectConnection(only);
    setOpen((now) => ({
      source: new Set([...now.source, line.sourceRow]),
      destination: new Set([...now.destination, line.destinationRow]),
    }));
  };
  const parts: ColumnParts = { renderCard, renderLink, selected: selectedKey, onSelect: onSelectConnection };
  const selectedLine = layout.lines.find(({ connections: inside }) =>
    inside.some((one) => connectionKey(one) === selectedKey),
  );

  return (
    <div className={styles['graph']}>
      <HoverArea area={area} lines={layout.lines} rows={layout} selected={selectedLine?.key} onPick={pick}>
        <FlowColumn
          side="source"
          title="Sources"
          count={sources.length}
          action={props.sourcesAction}
          rows={layout.sources}
          connectionsOf={({ id }) => layout.bySource.get(id) ?? []}
          nameOf={nameOf}
          onToggle={(row) => toggle('source', row)}
          parts={parts}
        />
        <FlowColumn
          side="destination"
          title="Destinations"
          count={destinations.length}
          action={props.destinationsAction}
          rows={layout.destinations}
          connectionsOf={({ id }) => layout.byDestination.get(id) ?? []}
          nameOf={nameOf}
          onToggle={(row) => toggle('destination', row)}
          parts={parts}
        />
      </HoverArea>
    </div>
  );
}
