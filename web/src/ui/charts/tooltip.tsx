import styles from './charts.module.css';
import type { TimeFormat } from './format.ts';
import type { Key } from './legend.tsx';
import type { ChartModel } from './model.ts';

/** Series that are named one by one in the tooltip; the rest is told as one. */
const NAMED_MAX = 10;
/** Distance of the tooltip from the cursor's line, in px. */
const GAP_PX = 12;

/** The values of one time, greatest first. */
export function readings(model: ChartModel, at: number, shown: (id: string) => boolean) {
  const all = model.series
    .filter(({ id, values }) => shown(id) && values[at] !== undefined)
    .map(({ id, label, index, values }) => ({ id, label, index, value: values[at] ?? 0 }))
    .toSorted((a, b) => b.value - a.value);
  const sum = (of: readonly { value: number }[]) => of.reduce((total, { value }) => total + value, 0);
  const rest = all.slice(NAMED_MAX);
  return {
    named: all.slice(0, NAMED_MAX),
    restCount: rest.length,
    restSum: sum(rest),
    total: sum(all),
    count: all.length,
  };
}

/** The same in one sentence, for a live region. */
export function spokenReadings(
  model: ChartModel,
  at: number,
  shown: (id: string) => boolean,
  exact: (value: number) => string,
  summed: boolean,
): string {
  const { named, restCount, total, count } = readings(model, at, shown);
  const parts = named.map(({ label, value }) => `${label} ${exact(value)}`);
  if (restCount > 0) parts.push(`and ${restCount} more`);
  if (summed && count > 1) parts.push(`total ${exact(total)}`);
  if (at >= model.partialFrom) parts.push('still counting');
  return parts.length === 0 ? 'No data' : parts.join(', ');
}

/** Exact values at the cursor, at whichever side has room. */
export function Tooltip({
  model,
  at,
  x,
  width,
  keys,
  shown,
  times,
  exact,
  summed,
}: {
  model: ChartModel;
  at: number;
  x: number;
  width: number;
  keys: readonly Key[];
  shown: (id: string) => boolean;
  times: TimeFormat;
  exact: (value: number) => string;
  /** Whether a sum of the series means something. */
  summed: boolean;
}) {
  const { named, restCount, restSum, total, count } = readings(model, at, shown);
  const side = x > width / 2 ? { right: width - x + GAP_PX } : { left: x + GAP_PX };
  return (
    <div className={styles['tooltip']} style={side} aria-hidden="true">
      <div className={styles['when']}>{times.full(model.times[at] ?? 0)}</div>
      {named.map(({ id, label, index, value }) => (
        <div key={id} className={styles['row']}>
          <span className={styles['swatch']} style={{ background: keys[index]?.color }} />
          <span className={styles['name']}>{label}</span>
          <span className={styles['number']}>{exact(value)}</span>
        </div>
      ))}
      {restCount > 0 && (
        <div className={styles['row']}>
          <span />
          <span className={styles['name']}>{restCount} more</span>
          <span className={styles['number']}>{summed ? exact(restSum) : ''}</span>
        </div>
      )}
      {count === 0 && <div className={styles['aside']}>No data</div>}
      {summed && count > 1 && (
        <div className={`${styles['row']} ${styles['total']}`}>
          <span />
          <span>Total</span>
          <span className={styles['number']}>{exact(total)}</span>
        </div>
      )}
      {at >= model.partialFrom && <div className={styles['aside']}>Still counting</div>}
    </div>
  );
}
