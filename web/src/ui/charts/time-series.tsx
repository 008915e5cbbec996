import { useElementSize } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { ChartTable } from './chart-table.tsx';
import styles from './charts.module.css';
import { clockTime, exactNumber, shortNumber, timeFormat } from './format.ts';
import { viewerZone } from '../time-zone.ts';
import type { ChartKind } from './layout.ts';
import { Legend } from './legend.tsx';
import { chartModel, type Moment, type Series } from './model.ts';
import { seriesColor } from './palette.ts';
import { Plot } from './plot.tsx';
import type { Chosen } from './use-cursor.ts';

/** Height of the plot where nothing is said, in px. */
const HEIGHT_PX = 220;

/** What a chart over time shows. */
export type TimeSeriesProps = {
  /** Names the chart for those who do not see it; a visible heading is the page's. */
  label: string;
  /** Keep the list the same between renders while its content is: the chart is laid out anew when it changes. */
  series: readonly Series[];
  kind?: ChartKind;
  /** Series on top of each other, with a total. Bars of several series always are. */
  stacked?: boolean;
  /** Word behind exact values: `events`, `ms`. */
  unit?: string;
  /** Values at the axis; shortened numbers where nothing is said. Must not change between renders. */
  format?: (value: number) => string;
  /** Values in tooltip and table; exact numbers with the unit where nothing is said, `format` where there is one and no unit. */
  formatExact?: (value: number) => string;
  height?: number;
  /** Until when was counted: buckets that were not over then are drawn as unfinished, and the time stands below. */
  asOf?: Moment;
  /** Said where there is no point at all. */
  empty?: string;
  /** A zone of the IANA list; the viewer's where nothing is said. */
  timeZone?: string;
  /** Called with ISO times when the reader drags over a range, or chooses one by keys. */
  onSelectRange?: (from: string, to: string) => void;
};

/**
 * A chart over time: area, bars or lines; hover, touch and arrow keys read exact values, the legend hides series, and the same numbers are
 * there as a table.
 */
export function TimeSeries(props: TimeSeriesProps) {
  const { label, series, kind = 'area', unit, format = shortNumber, height = HEIGHT_PX, asOf, onSelectRange } = props;
  const { empty = 'No data in this range', timeZone = viewerZone } = props;
  const { ref, width } = useElementSize<HTMLDivElement>();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [lit, setLit] = useState<string>();
  const [asTable, setAsTable] = useState(false);
  const model = useMemo(() => chartModel(series, asOf), [series, asOf]);
  const keys = useMemo(
    () => series.map(({ id, label, color }, index) => ({ id, label, color: color ?? seriesColor(index) })),
    [series],
  );
  const times = useMemo(
    () => timeFormat((model.times.at(-1) ?? 0) - (model.times[0] ?? 0), model.stepMs, timeZone),
    [model, timeZone],
  );
  const exact =
    props.formatExact ??
    (unit === undefined ? (props.format ?? exactNumber) : (value: number) => `${exactNumber(value)} ${unit}`);
  const stacked = (props.stacked ?? kind === 'bars') && series.length > 1;
  const choose =
    onSelectRange === undefined
      ? undefined
      : ({ start, end }: Chosen) => {
          const from = model.times[Math.min(start, end)];
          const to = model.times[Math.max(start, end)];
          if (from === undefined || to === undefined) return;
          onSelectRange(new Date(from).toISOString(), new Date(to + model.stepMs).toISOString());
        };
  const toggle = (id: string) =>
    setHidden((now) => {
      const next = new Set(now);
      if (!next.delete(id)) next.add(id);
      return next.size === series.length ? new Set() : next;
    });

  if (model.times.length === 0) {
    return (
      <div className={styles['empty']} style={{ minHeight: height }}>
        {empty}
      </div>
    );
  }
  return (
    <figure className={styles['figure']} aria-label={label}>
      <div className={styles['head']}>
        {series.length > 1 ? <Legend keys={keys} hidden={hidden} onToggle={toggle} onLight={setLit} /> : <span />}
        <button type="button" className={styles['more']} onClick={() => setAsTable(!asTable)}>
          {asTable ? 'Show as chart' : 'Show as table'}
        </button>
      </div>
      <div ref={ref} style={{ minHeight: height }}>
        {asTable && (
          <ChartTable model={model} hidden={hidden} label={label} height={height} times={times} exact={exact} />
        )}
        {!asTable && width > 0 && (
          <Plot
            model={model}
            keys={keys}
            hidden={hidden}
            kind={kind}
            stacked={stacked}
            width={width}
            height={height}
            label={label}
            timeZone={timeZone}
            times={times}
            format={format}
            exact={exact}
            lit={lit}
            onChoose={choose}
          />
        )}
      </div>
      {asOf !== undefined && (
        <p className={styles['note']}>
          {model.partialFrom < model.times.length && 'The last part is still being counted. '}
          As of {clockTime(new Date(asOf).getTime(), timeZone)}
        </p>
      )}
    </figure>
  );
}
