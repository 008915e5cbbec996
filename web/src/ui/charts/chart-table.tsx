import { useState } from 'react';
import styles from './charts.module.css';
import type { TimeFormat } from './format.ts';
import type { ChartModel } from './model.ts';
import { ScrollRegion } from './scroll-region.tsx';

/** Rows that are shown before all are asked for. */
const ROWS_SHOWN = 100;

/** The numbers of a chart as a table: a row for each time, a column for each series. */
export function ChartTable({
  model,
  hidden,
  label,
  height,
  times,
  exact,
}: {
  model: ChartModel;
  hidden: ReadonlySet<string>;
  label: string;
  height: number;
  times: TimeFormat;
  exact: (value: number) => string;
}) {
  const [all, setAll] = useState(false);
  const columns = model.series.filter(({ id }) => !hidden.has(id));
  const rows = all ? model.times : model.times.slice(0, ROWS_SHOWN);
  return (
    <ScrollRegion label={`${label}, table`} className={styles['scroll']} style={{ maxHeight: height }}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {columns.map(({ id, label: name }) => (
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
              {columns.map(({ id, values }) => {
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
    </ScrollRegion>
  );
}
