import { useMemo, useState } from 'react';
import { ScrollRegion } from '../charts/scroll-region.tsx';
import { countMarks, marksOf } from './diff.ts';
import { type DiffRow, diffRows, type Stretch, stretchesOf } from './diff-rows.ts';
import styles from './json.module.css';
import { Scalar } from './scalar.tsx';
import { countsText, SIGN_TEXT, SIGN_WORD } from './signs.ts';
import { indentOf } from './tree-line.tsx';
import { keyText, ROWS_STEP } from './tree.ts';

/** Unchanged lines that are shown around changed ones, where nothing is said. */
const CONTEXT_LINES = 2;

/** What is compared. */
export type DiffProps = {
  before: unknown;
  after: unknown;
  /** Names the comparison: "Changes by the mapping". */
  label?: string;
  context?: number;
  maxHeight?: number;
};

/**
 * Two JSON values as one text: `+` came, `−` went, `~` has another value, each with its colour. Shows what changed with the lines that lead
 * there; folded parts open one by one or all at once.
 */
export function Diff({ before, after, label = 'Changes', context = CONTEXT_LINES, maxHeight }: DiffProps) {
  const [whole, setWhole] = useState(false);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const [max, setMax] = useState(ROWS_STEP);
  const counts = useMemo(() => countMarks(marksOf(before, after)), [before, after]);
  const { rows, cut } = useMemo(() => diffRows(before, after), [before, after]);
  const stretches = useMemo(() => stretchesOf(rows, context), [rows, context]);
  const text = countsText(counts);
  const shown = cutTo(
    stretches.map((one) => (whole || opened.has(one.start) ? { ...one, folded: false } : one)),
    max,
  );
  const more = cut || shown.at(-1)?.end !== rows.length;

  if (text === '' && !whole) {
    return (
      <div className={styles['box']}>
        <div className={styles['bar']}>
          <span className={styles['grow']}>No differences</span>
          <Whole whole={whole} onChange={setWhole} />
        </div>
      </div>
    );
  }
  return (
    <div className={styles['box']}>
      <div className={styles['bar']}>
        <span className={styles['grow']}>{text === '' ? 'No differences' : text}</span>
        <Whole whole={whole} onChange={setWhole} />
      </div>
      <ScrollRegion label={label} className={styles['lines']} style={{ maxHeight }}>
        {shown.map(({ folded, start, end }) =>
          folded ? (
            <button
              key={start}
              type="button"
              className={`${styles['more']} ${styles['fold']}`}
              onClick={() => setOpened(new Set([...opened, start]))}
            >
              Show {(end - start).toLocaleString('en-GB')} unchanged lines
            </button>
          ) : (
            rows.slice(start, end).map((row, at) => <Line key={start + at} row={row} />)
          ),
        )}
      </ScrollRegion>
      {more && shown.at(-1)?.end !== rows.length && (
        <button type="button" className={`${styles['more']} ${styles['fold']}`} onClick={() => setMax(max + ROWS_STEP)}>
          Show {ROWS_STEP.toLocaleString('en-GB')} more lines
        </button>
      )}
      {cut && <div className={styles['empty']}>Too long to be shown as a whole.</div>}
    </div>
  );
}

/** The stretches up to a number of shown lines; a folded one counts as a line. */
function cutTo(stretches: readonly Stretch[], max: number): Stretch[] {
  const shown: Stretch[] = [];
  let left = max;
  for (const one of stretches) {
    if (left <= 0) return shown;
    const length = one.folded ? 1 : one.end - one.start;
    shown.push(length > left ? { ...one, end: one.start + left } : one);
    left -= length;
  }
  return shown;
}

function Whole({ whole, onChange }: { whole: boolean; onChange: (whole: boolean) => void }) {
  return (
    <button type="button" className={styles['tool']} aria-pressed={whole} onClick={() => onChange(!whole)}>
      Show everything
    </button>
  );
}

function Line({ row }: { row: DiffRow }) {
  const { sign, depth, step, role, value, text } = row;
  return (
    <div className={styles['line']} data-sign={sign}>
      <span className={styles['sign']} aria-hidden="true">
        {SIGN_TEXT[sign]}
      </span>
      <span className={styles['text']} dir="ltr" style={{ paddingLeft: indentOf(depth) }}>
        {sign !== 'same' && <span className={styles['hidden']}>{SIGN_WORD[sign]}</span>}
        {step !== undefined && (
          <>
            <span className={typeof step === 'number' ? styles['quiet'] : styles['key']}>{keyText(step)}</span>
            <span className={styles['quiet']}>: </span>
          </>
        )}
        {sign === 'changed' && (
          <>
            <span className={styles['was']}>
              <Scalar value={row.was} />
            </span>
            <span className={styles['quiet']}> → </span>
          </>
        )}
        {role === 'value' && text === undefined ? (
          <Scalar value={value} />
        ) : (
          <span className={styles['quiet']}>{text}</span>
        )}
      </span>
    </div>
  );
}
