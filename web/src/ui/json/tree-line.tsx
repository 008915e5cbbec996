import { memo } from 'react';
import { IconChevronRight } from '@tabler/icons-react';
import type { Mark } from './diff.ts';
import styles from './json.module.css';
import { Marked, Scalar } from './scalar.tsx';
import { SIGN_TEXT, SIGN_WORD } from './signs.ts';
import { keyText, summaryOf, TREE_DEPTH_MAX, type TreeRow } from './tree.ts';
import { dottedPath, isContainer, scalarText } from './values.ts';

/** How far a level is set in, and the deepest that still is: further ones would leave no room. */
const INDENT_PX = 16;
const INDENTS_MAX = 24;

/** Place of a line at that depth, in px from the left. */
export const indentOf = (depth: number): number => Math.min(depth, INDENTS_MAX) * INDENT_PX;

/** One line of the tree. Clicks and keys are handled by the tree, by the line's `data-pointer`. */
export const TreeLine = memo(
  ({
    row,
    mark,
    marked,
    search,
    current,
  }: {
    row: TreeRow;
    mark: Mark | undefined;
    /** Whether lines have room for a sign before them. */
    marked: boolean;
    search: string | undefined;
    current: boolean;
  }) => {
    const { step, depth, kind, value, size, open } = row;
    const openable = size > 0 && depth < TREE_DEPTH_MAX;
    const sign = mark?.kind ?? 'same';
    return (
      <li
        role="treeitem"
        className={styles['line']}
        aria-level={depth + 1}
        aria-posinset={row.place}
        aria-setsize={row.siblings}
        aria-expanded={openable ? open : undefined}
        aria-selected={current}
        tabIndex={current ? 0 : -1}
        data-pointer={row.pointer}
        data-sign={sign}
        title={depth > 0 ? dottedPath(row.path) : undefined}
      >
        {marked && (
          <span className={styles['sign']} aria-hidden="true">
            {SIGN_TEXT[sign]}
          </span>
        )}
        <span className={styles['turn']} style={{ marginLeft: indentOf(depth) }} aria-hidden="true">
          {openable && <IconChevronRight size={13} className={open ? styles['open'] : undefined} />}
        </span>
        <span className={styles['text']} dir="ltr">
          {mark !== undefined && <span className={styles['hidden']}>{SIGN_WORD[sign]}</span>}
          {step !== undefined && (
            <>
              <span className={typeof step === 'number' ? styles['quiet'] : styles['key']}>
                <Marked text={keyText(step)} search={typeof step === 'number' ? undefined : search} />
              </span>
              <span className={styles['quiet']}>: </span>
            </>
          )}
          {isContainer(value) ? (
            <span className={styles['quiet']}>
              {summaryOf(kind === 'array' ? 'array' : 'object', size)}
              {size > 0 && depth >= TREE_DEPTH_MAX && ` – deeper than ${TREE_DEPTH_MAX} levels, see the raw text`}
            </span>
          ) : (
            <Scalar value={value} search={search} tabbable={false} />
          )}
          {mark?.kind === 'changed' && (
            <span className={styles['quiet']}>
              {' '}
              was{' '}
              <span className={styles['was']}>
                {isContainer(mark.before) ? 'another value' : scalarText(mark.before)}
              </span>
            </span>
          )}
        </span>
      </li>
    );
  },
);
TreeLine.displayName = 'TreeLine';
