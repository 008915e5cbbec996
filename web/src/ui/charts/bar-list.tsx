import { type ReactNode, useState } from 'react';
import { percent } from '../format.ts';
import styles from './charts.module.css';
import { exactNumber, shortNumber } from './format.ts';
import { type Tone, toneColor } from './palette.ts';

/** Bars that are shown before all are asked for. */
const BARS_SHOWN = 10;

/** One bar. */
export type Bar = {
  id: string;
  label: string;
  value: number;
  tone?: Tone /** An icon before the label. */;
  mark?: ReactNode;
};

/**
 * Shares of a whole as bars, in the order given. `total` is the whole; the sum of all where nothing is said. `linkTo` wraps a row in a link
 * of the router: it gets the row's content, and returns the link with it inside.
 */
export function BarList({
  label,
  bars,
  total,
  format = shortNumber,
  linkTo,
  empty = 'Nothing in this range',
  shownMax = BARS_SHOWN,
}: {
  label: string;
  bars: readonly Bar[];
  total?: number;
  format?: (value: number) => string;
  linkTo?: (bar: Bar, content: ReactNode, className: string) => ReactNode;
  empty?: string;
  shownMax?: number;
}) {
  const [all, setAll] = useState(false);
  const whole = total ?? bars.reduce((sum, { value }) => sum + value, 0);
  const top = Math.max(0, ...bars.map(({ value }) => value));
  if (bars.length === 0) return <div className={styles['empty']}>{empty}</div>;
  return (
    <div>
      <ul className={styles['bars']} aria-label={label}>
        {(all ? bars : bars.slice(0, shownMax)).map((bar) => {
          const content = (
            <>
              <span
                className={styles['fill']}
                style={{ width: `${top > 0 ? (bar.value / top) * 100 : 0}%`, color: toneColor(bar.tone ?? 'neutral') }}
              />
              <span className={styles['label']} title={bar.label}>
                {bar.mark}
                <span className={styles['name']}>{bar.label}</span>
              </span>
              <span className={styles['number']} title={exactNumber(bar.value)}>
                {format(bar.value)}
              </span>
              <span className={styles['share']}>{whole > 0 ? percent(bar.value / whole) : '–'}</span>
            </>
          );
          return (
            <li key={bar.id}>
              {linkTo === undefined ? (
                <div className={styles['bar']}>{content}</div>
              ) : (
                linkTo(bar, content, styles['bar'] ?? '')
              )}
            </li>
          );
        })}
      </ul>
      {bars.length > shownMax && (
        <button type="button" className={styles['more']} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${bars.length}`}
        </button>
      )}
    </div>
  );
}
