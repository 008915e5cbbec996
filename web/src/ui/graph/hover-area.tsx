import { type FocusEvent, type PointerEvent, type ReactNode, type RefObject, useState } from 'react';
import { FlowLines } from './flow-lines.tsx';
import styles from './graph.module.css';
import type { FlowLine } from './groups.ts';
import { useBoxes } from './use-boxes.ts';

/** What is pointed at or focused: a row of a side, or a line. */
type Pointed = { side: string; row: string } | { line: string };

function pointedOf(target: EventTarget): Pointed | undefined {
  if (!(target instanceof Element)) return undefined;
  const line = target.closest<SVGElement>('[data-line]')?.dataset['line'];
  if (line !== undefined) return { line };
  const card = target.closest<HTMLElement>('[data-row]');
  return card === null ? undefined : { side: card.dataset['side'] ?? '', row: card.dataset['row'] ?? '' };
}

function isLit(pointed: Pointed | undefined, line: FlowLine): boolean {
  if (pointed === undefined) return false;
  if ('line' in pointed) return pointed.line === line.key;
  return (pointed.side === 'source' ? line.sourceRow : line.destinationRow) === pointed.row;
}

const samePointed = (one: Pointed | undefined, other: Pointed | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** Holds what is pointed at: then only the lines are drawn anew, the cards (`children`) are not. */
export function HoverArea({
  area,
  lines,
  rows,
  selected,
  onPick,
  children,
}: {
  area: RefObject<HTMLDivElement | null>;
  lines: readonly FlowLine[];
  /** Changes when rows do: then places are read again. */
  rows: unknown;
  selected: string | undefined;
  onPick: (line: FlowLine) => void;
  children: ReactNode;
}) {
  const boxes = useBoxes(area, rows);
  const [pointed, setPointed] = useState<Pointed>();
  const point = (event: PointerEvent | FocusEvent) => {
    const next = pointedOf(event.target);
    setPointed((now) => (samePointed(now, next) ? now : next));
  };
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- lines answer to the pointer; keys reach the same from the count on each card
    <div
      ref={area}
      className={styles['area']}
      onPointerOver={point}
      onPointerLeave={() => setPointed(undefined)}
      onFocus={point}
      onBlur={() => setPointed(undefined)}
      onClick={(event) => {
        const target = pointedOf(event.target);
        const line =
          target !== undefined && 'line' in target ? lines.find(({ key }) => key === target.line) : undefined;
        if (line !== undefined) onPick(line);
      }}
    >
      {boxes !== undefined && (
        <FlowLines lines={lines} boxes={boxes} lit={(line) => isLit(pointed, line)} selected={selected} />
      )}
      {children}
    </div>
  );
}
