import { type KeyboardEvent, type MouseEvent, useMemo, useRef, useState } from 'react';
import { CopyTool } from './copy-tool.tsx';
import type { Mark } from './diff.ts';
import styles from './json.module.css';
import { findIn, isOpen, ROWS_STEP, type TreeRow, TREE_DEPTH_MAX, treeRows } from './tree.ts';
import { TreeLine } from './tree-line.tsx';
import { pointerOf, prettyJson } from './values.ts';

/** Levels that are open at first, where nothing is said. */
const OPEN_DEPTH = 2;

/** What the view shows. */
export type JsonProps = {
  /** Any JSON value. As it is sent by strangers it is shown as text, bounded in depth, number and length. */
  value: unknown;
  /** Names the tree for those who do not see it. */
  label?: string;
  /** Levels that are open at first. */
  collapsedDepth?: number;
  /** Differences to show on their lines, of `marksOf`, where `value` is what came after. Removed ones are not lines of it: for them see `Diff`. */
  marks?: readonly Mark[];
  /** Text to mark in keys and values; what holds a match is opened. */
  search?: string;
  copyable?: boolean;
  /** The height from which on it scrolls, in px. */
  maxHeight?: number;
};

/** A JSON value as a tree: arrow keys walk through it, Enter opens and closes, Home and End go to its ends. */
export function Json({
  value,
  label = 'JSON',
  collapsedDepth = OPEN_DEPTH,
  marks,
  search,
  copyable = true,
  maxHeight,
}: JsonProps) {
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const [max, setMax] = useState(ROWS_STEP);
  const [focused, setFocused] = useState('');
  const list = useRef<HTMLUListElement>(null);

  const found = useMemo(() => findIn(value, search ?? ''), [value, search]);
  const markAt = useMemo(() => new Map((marks ?? []).map((mark) => [pointerOf(mark.path), mark])), [marks]);
  const openness = useMemo(() => {
    // What holds a match is open whatever was closed before; its depth tells whether that is the other way round.
    const all = new Set(turned);
    for (const pointer of found.ancestors) {
      if (depthOf(pointer) >= collapsedDepth) all.add(pointer);
      else all.delete(pointer);
    }
    return { depth: collapsedDepth, turned: all };
  }, [turned, found, collapsedDepth]);
  const { rows, more } = useMemo(() => treeRows(value, openness, max), [value, openness, max]);
  const current = rows.some(({ pointer }) => pointer === focused) ? focused : '';

  const turn = (row: TreeRow) => {
    if (row.size === 0 || row.depth >= TREE_DEPTH_MAX) return;
    setTurned((now) => {
      const next = new Set(now);
      if (isOpen({ depth: collapsedDepth, turned: now }, row.pointer, row.depth) === !row.open) return next;
      if (!next.delete(row.pointer)) next.add(row.pointer);
      return next;
    });
  };
  const focus = (row: TreeRow | undefined) => {
    if (row === undefined) return;
    setFocused(row.pointer);
    const lines = list.current?.querySelectorAll<HTMLElement>('[data-pointer]') ?? [];
    [...lines].find((line) => line.dataset['pointer'] === row.pointer)?.focus();
  };
  const onClick = (event: MouseEvent) => {
    const row = rows.find(({ pointer }) => pointer === pointerOfLine(event.target));
    // Who marks text to copy it does not want it closed.
    if (row === undefined || window.getSelection()?.isCollapsed === false) return;
    setFocused(row.pointer);
    turn(row);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = rows.findIndex(({ pointer }) => pointer === current);
    const row = rows[at];
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = actionOf(event.key, rows, at);
    if (act === undefined) return;
    event.preventDefault();
    if (act === 'turn') turn(row);
    else focus(act);
  };

  return (
    <div className={styles['box']}>
      {(copyable || (search ?? '').trim() !== '') && (
        <div className={styles['bar']}>
          <span className={styles['grow']} aria-live="polite">
            {(search ?? '').trim() !== '' && matchesText(found.matches.size, found.more)}
          </span>
          {copyable && <CopyTool label="Copy JSON" text={() => copyText(value)} />}
        </div>
      )}
      <ul
        ref={list}
        role="tree"
        aria-label={label}
        className={`${styles['lines']} ${styles['tree']}`}
        style={{ maxHeight }}
        onClick={onClick}
        onKeyDown={onKeyDown}
      >
        {rows.map((row) => (
          <TreeLine
            key={row.pointer}
            row={row}
            mark={markAt.get(row.pointer)}
            marked={marks !== undefined}
            search={search}
            current={row.pointer === current}
          />
        ))}
      </ul>
      {more && (
        <button type="button" className={`${styles['more']} ${styles['fold']}`} onClick={() => setMax(max + ROWS_STEP)}>
          Show {ROWS_STEP.toLocaleString('en-GB')} more lines
        </button>
      )}
    </div>
  );
}

const depthOf = (pointer: string): number => pointer.split('/').length - 1;

const copyText = (value: unknown): string => {
  const json = prettyJson(value);
  return 'text' in json ? json.text : '';
};

const matchesText = (count: number, more: boolean): string =>
  count === 0
    ? 'No match'
    : `${count.toLocaleString('en-GB')}${more ? ' or more' : ''} ${count === 1 ? 'match' : 'matches'}`;

const pointerOfLine = (target: EventTarget): string | undefined =>
  target instanceof Element ? target.closest<HTMLElement>('[data-pointer]')?.dataset['pointer'] : undefined;

/** What a key does at a row, by the pattern of trees: a row to go to, or to open or close this one. */
function actionOf(key: string, rows: readonly TreeRow[], at: number): TreeRow | 'turn' | undefined {
  const row = rows[at];
  if (row === undefined) return undefined;
  switch (key) {
    case 'ArrowDown':
      return rows[at + 1];
    case 'ArrowUp':
      return rows[at - 1];
    case 'Home':
      return rows[0];
    case 'End':
      return rows.at(-1);
    case 'Enter':
    case ' ':
      return row.size > 0 ? 'turn' : undefined;
    case 'ArrowRight':
      if (row.size === 0) return undefined;
      return row.open ? rows[at + 1] : 'turn';
    case 'ArrowLeft':
      if (row.open) return 'turn';
      return rows.slice(0, at).findLast(({ depth }) => depth === row.depth - 1);
    default:
      return undefined;
  }
}
