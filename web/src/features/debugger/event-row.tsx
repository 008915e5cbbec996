import { memo, type ReactNode } from 'react';
import { titleOf } from '../trace/head.ts';
import { ToneDot } from '../trace/tone-dot.tsx';
import type { ColumnId } from './columns.ts';
import { fineTime } from '../../ui/format.ts';
import classes from './debugger.module.css';
import type { Row } from './live-rows.ts';
import { verdictTone, verdictWord, whereTo } from './verdict.ts';

const CELLS: Readonly<Record<ColumnId, (row: Row) => ReactNode>> = {
  time: ({ receivedAt }) => <span className={classes.mono}>{fineTime(receivedAt)}</span>,
  type: ({ type }) => <span className={classes.quiet}>{type ?? '—'}</span>,
  user: ({ userId, anonymousId }) => <span className={classes.mono}>{userId ?? anonymousId ?? '—'}</span>,
  verdict: ({ verdict }) => (
    <span className={classes.verdict}>
      <ToneDot tone={verdictTone(verdict)} />
      {verdictWord(verdict)}
    </span>
  ),
  to: (row) => <span className={classes.quiet}>{whereTo(row)}</span>,
};

export type RowLayout = { before: readonly ColumnId[]; behind: readonly ColumnId[]; template: string };

/** One event of the list: a button that opens it. */
export const EventRow = memo(
  ({
    row,
    layout,
    isOpen,
    isTabStop,
    isPhone,
    onOpen,
  }: {
    row: Row;
    layout: RowLayout;
    isOpen: boolean;
    isTabStop: boolean;
    isPhone: boolean;
    onOpen: (row: Row) => void;
  }) => {
    const name = (
      <span className={classes.name}>
        {titleOf(row)}
        {row.isTest && <span className={classes.quiet}> · test</span>}
      </span>
    );
    return (
      <button
        type="button"
        className={classes.row}
        style={{ gridTemplateColumns: layout.template }}
        aria-expanded={isOpen}
        tabIndex={isTabStop ? 0 : -1}
        data-key={row.key}
        onClick={() => onOpen(row)}
      >
        {isPhone ? (
          <>
            {name}
            {CELLS.time(row)}
            {CELLS.verdict(row)}
            <span className={classes.quiet} style={{ textAlign: 'right' }}>
              {whereTo(row)}
            </span>
          </>
        ) : (
          <>
            {layout.before.map((id) => (
              <Cell key={id} id={id} row={row} />
            ))}
            {name}
            {layout.behind.map((id) => (
              <Cell key={id} id={id} row={row} />
            ))}
          </>
        )}
      </button>
    );
  },
);
EventRow.displayName = 'EventRow';

const Cell = ({ id, row }: { id: ColumnId; row: Row }) => CELLS[id](row);
