import { DatabaseSync } from 'node:sqlite';
import { errorText } from '../front-door/error-text.ts';
import type { Clock, MetricDatum, MetricSink } from '../types.ts';
import type { Bucket } from './statistics.ts';
import { addSet, addValue, emptyBucket } from './statistics.ts';

export const MINUTE_MS = 60_000;
/** One-minute data points are kept 15 days (CloudWatch, metrics retention). */
const RETENTION_MINUTES = 15 * 24 * 60;
/** Different metrics (name and dimensions). Others beyond are dropped and told once: somebody put an id into a dimension (trap M2). */
const SERIES_MAX = 5_000;
/** How often changed minutes go to the file, and old ones out of it. */
const FLUSH_INTERVAL_MS = 10_000;
const SWEEP_INTERVAL_MS = 3_600_000;
/** Minutes that stay in memory after they were written, since late values still reach them. */
const OPEN_MINUTES = 3;

export type Series = {
  id: number;
  namespace: string;
  name: string;
  dimensions: Readonly<Record<string, string>>;
  unit: string;
};
export type MetricKey = { namespace: string; name: string; dimensions: Readonly<Record<string, string>> };
export type StatisticSet = { sum: number; min: number; max: number; count: number };

export type MetricStore = MetricSink & {
  /** A value that occurred `times` times, or values known by their bounds and sum. */
  putMany(datum: MetricDatum, what: { times: number } | { set: StatisticSet }): void;
  find(key: MetricKey): Series | undefined;
  list(): Series[];
  /** Minutes in [fromMinute, toMinute) that have values, in order. */
  read(series: Series, fromMinute: number, toMinute: number): Bucket[];
  /** Writes what is left, and stops. */
  close(): void;
};

/**
 * Metrics by minute, in an SQLite file (or in memory for `:memory:`). Written every 10 s without waiting for the disk: after a crash the last seconds of
 * metrics may be gone, as may any of CloudWatch's; nothing of the books rests on them. A disk that fails is told to `onProblem`, once.
 */
export function metricStore(options: { file: string; clock: Clock; onProblem(sentence: string): void }): MetricStore {
  const { clock } = options;
  const db = new DatabaseSync(options.file);
  db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = OFF;
    CREATE TABLE IF NOT EXISTS series (id INTEGER PRIMARY KEY, namespace TEXT, name TEXT, dimensions TEXT, unit TEXT);
    CREATE TABLE IF NOT EXISTS bucket (
      series INTEGER, minute INTEGER, sum REAL, min REAL, max REAL, count REAL, samples BLOB,
      PRIMARY KEY (series, minute)
    ) WITHOUT ROWID;
  `);
  const sql = {
    series: db.prepare('SELECT id, namespace, name, dimensions, unit FROM series'),
    addSeries: db.prepare('INSERT INTO series (id, namespace, name, dimensions, unit) VALUES (?, ?, ?, ?, ?)'),
    removeSeries: db.prepare('DELETE FROM series WHERE id = ?'),
    write: db.prepare('INSERT OR REPLACE INTO bucket VALUES (?, ?, ?, ?, ?, ?, ?)'),
    one: db.prepare('SELECT * FROM bucket WHERE series = ? AND minute = ?'),
    range: db.prepare('SELECT * FROM bucket WHERE series = ? AND minute >= ? AND minute < ? ORDER BY minute'),
    forget: db.prepare('DELETE FROM bucket WHERE series = ? AND minute < ?'),
    any: db.prepare('SELECT 1 FROM bucket WHERE series = ? LIMIT 1'),
  };
  const byKey = new Map<string, Series>();
  const open = new Map<Series, Map<number, Bucket>>();
  const changed = new Map<Bucket, Series>();
  const unsaved = new Set<Series>();
  const told = new Set<string>();
  let isClosed = false;
  let lastId = 0;
  let sweptAtMs = clock.now();

  for (const row of sql.series.all()) {
    const dimensions = JSON.parse(String(row['dimensions'])) as Record<string, string>;
    const series = {
      id: Number(row['id']),
      namespace: String(row['namespace']),
      name: String(row['name']),
      dimensions,
      unit: String(row['unit']),
    };
    byKey.set(keyOf(series), series);
    lastId = Math.max(lastId, series.id);
  }

  const tellOnce = (sentence: string): void => {
    if (told.has(sentence)) return;
    told.add(sentence);
    options.onProblem(sentence);
  };

  const bucketFor = (datum: MetricDatum): Bucket | undefined => {
    if (isClosed) return undefined;
    const key = keyOf(datum);
    let series = byKey.get(key);
    if (series === undefined) {
      if (byKey.size >= SERIES_MAX) {
        tellOnce(`More than ${SERIES_MAX} metrics: those of ${datum.namespace} ${datum.name} are dropped.`);
        return undefined;
      }
      const { namespace, name, unit } = datum;
      lastId += 1;
      series = { id: lastId, namespace, name, dimensions: { ...datum.dimensions }, unit };
      byKey.set(key, series);
      unsaved.add(series);
    }
    let minutes = open.get(series);
    if (minutes === undefined) {
      minutes = new Map();
      open.set(series, minutes);
    }
    const minute = Math.floor(datum.atMs / MINUTE_MS);
    let bucket = minutes.get(minute);
    if (bucket === undefined) {
      const row = sql.one.get(series.id, minute);
      bucket = row === undefined ? emptyBucket(minute) : bucketOf(row);
      minutes.set(minute, bucket);
    }
    changed.set(bucket, series);
    return bucket;
  };

  const flush = (): void => {
    if (changed.size > 0) {
      try {
        db.exec('BEGIN');
        for (const { id, namespace, name, dimensions, unit } of unsaved) {
          sql.addSeries.run(id, namespace, name, JSON.stringify(dimensions), unit);
        }
        for (const [{ minute, sum, min, max, count, samples }, { id }] of changed) {
          const blob = samples === undefined ? null : new Uint8Array(new Float64Array(samples).buffer);
          sql.write.run(id, minute, sum, min, max, count, blob);
        }
        db.exec('COMMIT');
        changed.clear();
        unsaved.clear();
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK');
        tellOnce(`Metrics cannot be written: ${errorText(error)}`);
      }
    }
    const oldest = Math.floor(clock.now() / MINUTE_MS) - OPEN_MINUTES;
    for (const [series, minutes] of open) {
      for (const [minute, bucket] of minutes) if (minute < oldest && !changed.has(bucket)) minutes.delete(minute);
      if (minutes.size === 0) open.delete(series);
    }
  };

  const sweep = (): void => {
    sweptAtMs = clock.now();
    const oldest = Math.floor(sweptAtMs / MINUTE_MS) - RETENTION_MINUTES;
    for (const [key, series] of byKey) {
      sql.forget.run(series.id, oldest);
      if (open.has(series) || sql.any.get(series.id) !== undefined) continue;
      sql.removeSeries.run(series.id);
      byKey.delete(key);
    }
  };

  let cancel = (): void => {};
  const tick = (): void => {
    flush();
    if (clock.now() - sweptAtMs >= SWEEP_INTERVAL_MS) sweep();
    cancel = clock.after(FLUSH_INTERVAL_MS, tick);
  };
  sweep();
  tick();

  return {
    put: (datum) => {
      const bucket = bucketFor(datum);
      if (bucket !== undefined) addValue(bucket, datum.value);
    },
    putMany: (datum, what) => {
      const bucket = bucketFor(datum);
      if (bucket === undefined) return;
      if ('set' in what) addSet(bucket, what.set);
      else addValue(bucket, datum.value, what.times);
    },
    find: (key) => byKey.get(keyOf(key)),
    list: () => [...byKey.values()],
    read: (series, fromMinute, toMinute) => {
      const buckets = new Map<number, Bucket>();
      for (const row of sql.range.all(series.id, fromMinute, toMinute)) {
        const bucket = bucketOf(row);
        buckets.set(bucket.minute, bucket);
      }
      // What is in memory is newer than what is in the file.
      for (const [minute, bucket] of open.get(series) ?? []) {
        if (minute >= fromMinute && minute < toMinute) buckets.set(minute, bucket);
      }
      return [...buckets.values()].toSorted((a, b) => a.minute - b.minute);
    },
    close: () => {
      cancel();
      flush();
      isClosed = true;
      db.close();
    },
  };
}

/** Metrics are the same when namespace, name and all dimensions are; the order of dimensions does not matter. */
function keyOf({ namespace, name, dimensions }: MetricKey): string {
  const names = Object.keys(dimensions);
  if (names.length > 1) names.sort();
  let key = `${namespace}\n${name}`;
  for (const dimension of names) key += `\n${dimension}\n${dimensions[dimension]}`;
  return key;
}

function bucketOf(row: Record<string, unknown>): Bucket {
  const { samples } = row;
  return {
    minute: Number(row['minute']),
    sum: Number(row['sum']),
    min: Number(row['min']),
    max: Number(row['max']),
    count: Number(row['count']),
    samples:
      samples instanceof Uint8Array
        ? // The blob may lie anywhere in a larger buffer; doubles must be aligned.
          [...new Float64Array(samples.slice().buffer)]
        : undefined,
  };
}
