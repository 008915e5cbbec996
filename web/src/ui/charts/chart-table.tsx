import { useState } from 'react';
import styles from './charts.module.css';
import type { TimeFormat } from './format.ts';
import type { ChartModel } from './model.ts';

/** Rows that are shown before all are asked for. */
const ROWS_SHOWN = 100;

/** The numbers of a chart as a table: a row for each time, a column for each series. */
export function ChartTable({
  model,
  label,
  height,
  times,
  exact,
}: {
  model: ChartModel;
  label: string;
  height: number;
  times: TimeFormat;
  exact: (value: number) => string;
}) {
  const [all, setAll] = useState(false);
  const rows = all ? model.times : model.times.slice(0, ROWS_SHOWN);
  return (
    <div
      className={styles['scroll']}
      style={{ maxHeight: height }}
      role="region"
      aria-label={`${label}, table`}
      tabIndex={0}
    >
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {model.series.map(({ id, label: name }) => (
              <th key={id} scope="col" title={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((at, index) => (
            <tr key={at}>
              <th scope="row">
                {times.full(at)}
                {index >= model.partialFrom && ' (so far)'}
              </th>
              {model.series.map(({ id, values }) => {
                const value = values[index];
                return <td key={id}>{value === undefined ? '–' : exact(value)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length < model.times.length && (
        <button type="button" className={styles['more']} onClick={() => setAll(true)}>
          Show all {model.times.length} rows
        </button>
      )}
    </div>
  );
}
