import { Button, Skeleton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { counted } from '../../ui/format.ts';
import { titleOfColumn } from './columns.ts';
import classes from './debugger.module.css';
import { EventRow, type RowLayout } from './event-row.tsx';
import type { Row } from './live-rows.ts';

const ROW_PX = 36;
const PHONE_ROW_PX = 60;
/** Rows that are drawn above and below what is seen. */
const OVERSCAN = 8;
/** So far down one looks at something, and it must not move. */
const SCROLLED_PX = 8;

export type EventListProps = {
  rows: readonly Row[];
  waiting: number;
  layout: RowLayout;
  isPhone: boolean;
  openKey: string | undefined;
  onOpen: (row: Row | undefined) => void;
  /** The list is scrolled, hovered or has the focus: it must not move. */
  onHeld: (isHeld: boolean) => void;
  onRelease: () => void;
  /** On phones, below the open row. */
  inline?: ReactNode;
  older: { isThere: boolean; isLoading: boolean; onMore: () => void };
  /** Where no row fits. */
  nothing: ReactNode;
};

/** Events as they come, the newest first; only those in sight are drawn. Arrow keys, `j` and `k` go through them. */
export function EventList(props: EventListProps) {
  const { rows, waiting, layout, isPhone, openKey, onOpen, onHeld, onRelease, inline, older, nothing } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const place = useRef({ isScrolled: false, isOver: false, hasFocus: false });
  const [focusKey, setFocusKey] = useState<string>();
  // oxlint-disable-next-line react/incompatible-library -- what it returns is used in this render alone
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => (isPhone ? PHONE_ROW_PX : ROW_PX),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: OVERSCAN,
  });
  const tell = useCallback(
    (change: Partial<(typeof place)['current']>) => {
      Object.assign(place.current, change);
      const { isScrolled, isOver, hasFocus } = place.current;
      onHeld(isScrolled || isOver || hasFocus);
    },
    [onHeld],
  );
  // The row that keys have gone to is drawn first, then it can have the focus.
  useEffect(() => {
    if (focusKey === undefined) return;
    const row = scroll.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(focusKey)}"]`);
    row?.focus({ preventScroll: true });
    setFocusKey(undefined);
  }, [focusKey]);

  const open = useCallback((row: Row) => onOpen(row.key === openKey ? undefined : row), [onOpen, openKey]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return;
    const at = rows.findIndex(({ key }) => key === (event.target as HTMLElement).dataset['key']);
    if (at === -1) return;
    const to = placeOf(event.key, at, rows.length);
    const row = to === undefined ? undefined : rows[to];
    if (event.key === 'Escape' && openKey !== undefined) {
      event.stopPropagation();
      onOpen(undefined);
    }
    if (to === undefined || row === undefined) return;
    event.preventDefault();
    virtual.scrollToIndex(to);
    setFocusKey(row.key);
    // Where one is open, the next is seen beside the list.
    if (openKey !== undefined && !isPhone) onOpen(row);
  };
  const first = rows[0]?.key;
  const openIsThere = rows.some(({ key }) => key === openKey);

  return (
    <>
      <div className={classes.columns} style={{ gridTemplateColumns: layout.template }} aria-hidden="true">
        {[...layout.before, undefined, ...layout.behind].map((id) => (
          <span key={id ?? 'name'}>{id === undefined ? 'Event' : titleOfColumn(id)}</span>
        ))}
      </div>
      {/* The button lies over the list: who goes to it with the pointer has not left. */}
      <div
        className={classes.held}
        onPointerEnter={({ pointerType }) => pointerType === 'mouse' && tell({ isOver: true })}
        onPointerLeave={() => tell({ isOver: false })}
      >
        {waiting > 0 && (
          <button
            type="button"
            className={classes.new}
            onClick={() => {
              scroll.current?.scrollTo({ top: 0 });
              tell({ isScrolled: false });
              onRelease();
            }}
          >
            {counted(waiting, 'new event')}
          </button>
        )}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys come up from the rows, which are buttons */}
        <div
          ref={scroll}
          className={classes.scroll}
          role="region"
          aria-label="Events"
          onScroll={({ currentTarget }) => tell({ isScrolled: currentTarget.scrollTop > SCROLLED_PX })}
          onFocus={({ target }) => tell({ hasFocus: target.matches(':focus-visible') })}
          onBlur={() => tell({ hasFocus: false })}
          onKeyDown={onKeyDown}
        >
          {rows.length === 0 ? (
            nothing
          ) : (
            <ul
              aria-label="Events, the newest first"
              style={{ height: virtual.getTotalSize(), position: 'relative', margin: 0, padding: 0, listStyle: 'none' }}
            >
              {virtual.getVirtualItems().map(({ index, key, start }) => {
                const row = rows[index];
                if (row === undefined) return null;
                const isOpen = row.key === openKey;
                return (
                  <li
                    key={key}
                    ref={virtual.measureElement}
                    data-index={index}
                    aria-posinset={index + 1}
                    aria-setsize={rows.length}
                    style={{
                      position: 'absolute',
                      top: 0,
                      left: 0,
                      width: '100%',
                      transform: `translateY(${start}px)`,
                    }}
                  >
                    <EventRow
                      row={row}
                      layout={layout}
                      isOpen={isOpen}
                      isTabStop={openIsThere ? isOpen : row.key === first}
                      isPhone={isPhone}
                      onOpen={open}
                    />
                    {isOpen && isPhone && <div className={classes.inline}>{inline}</div>}
                  </li>
                );
              })}
            </ul>
          )}
          {older.isThere && rows.length > 0 && (
            <div className={classes.more}>
              <Button variant="default" size="xs" loading={older.isLoading} onClick={older.onMore}>
                Load older events
              </Button>
            </div>
          )}
        </div>
      </div>
    </>
  );
}

/** Where a key goes from a row. */
function placeOf(key: string, at: number, count: number): number | undefined {
  if (key === 'ArrowDown' || key === 'j') return Math.min(count - 1, at + 1);
  if (key === 'ArrowUp' || key === 'k') return Math.max(0, at - 1);
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : undefined;
}

/** The list while its first answer is awaited. */
export function GhostList() {
  return (
    <div role="status" aria-label="Loading events" data-face="loading" style={{ padding: '44px 12px 0' }}>
      {Array.from({ length: 12 }, (_, index) => (
        <div key={index} style={{ display: 'flex', gap: 14, height: ROW_PX, alignItems: 'center' }}>
          <Skeleton height={11} width={84} />
          <Skeleton height={11} width={50} />
          <Skeleton height={11} width={`${18 + ((index * 7) % 16)}%`} />
          <Skeleton height={11} width="16%" ml="auto" />
          <Skeleton height={11} width="10%" />
        </div>
      ))}
    </div>
  );
}
