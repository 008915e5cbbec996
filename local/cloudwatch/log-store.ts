import { createWriteStream, mkdirSync, readdirSync, rmSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { errorText } from '../front-door/error-text.ts';
import type { Clock, LogLine, LogSink, MetricSink, ResourceProvider } from '../types.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../types.ts';
import { parseEmf } from './emf.ts';

/** Lines of each function kept in memory. */
const LINES_MAX = 1_000;
/** A log event (CloudWatch Logs quota); the rest of a longer line is cut. */
const LINE_CHARS_MAX = 1024 * 1024;
/** One function's file of one day; what comes after is left out of it. */
const FILE_BYTES_MAX = 100 * 1024 * 1024;
/** For how long files are kept where no log group says. */
const RETENTION_DAYS_DEFAULT = 14;
const DAY_MS = 86_400_000;

export type LogStore = LogSink & {
  readonly provider: ResourceProvider;
  /** The newest lines of a function, oldest first. */
  tail(functionName: string): LogLine[];
  /** Writes what is left, and closes the files. */
  close(): Promise<void>;
};

/**
 * CloudWatch Logs: lines go to memory and to a file by function and day, `DIRECTORY/FUNCTION/2026-01-31.log`; embedded metrics in them go to `metrics`.
 * Files are kept for the longest retention of any log group of the template. A disk that fails costs lines, never a call, and is told once.
 */
export function logStore(options: {
  directory: string;
  clock: Clock;
  metrics: MetricSink;
  onProblem(sentence: string): void;
}): LogStore {
  const { directory, clock } = options;
  const lines = new Map<string, LogLine[]>();
  const files = new Map<string, { day: string; stream: WriteStream; bytes: number }>();
  const retentionDays = new Map<string, number>();
  let isTold = false;
  let isClosed = false;
  let sweptDay = '';

  const tellOnce = (error: unknown): void => {
    if (isTold) return;
    isTold = true;
    options.onProblem(`Logs cannot be written: ${errorText(error)}`);
  };

  const fileOf = (functionName: string, day: string) => {
    const known = files.get(functionName);
    if (known?.day === day) return known;
    known?.stream.end();
    const folder = join(directory, safeName(functionName));
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `${day}.log`);
    const stream = createWriteStream(path, { flags: 'a' });
    stream.on('error', tellOnce);
    const file = { day, stream, bytes: statSync(path, { throwIfNoEntry: false })?.size ?? 0 };
    files.set(functionName, file);
    return file;
  };

  const append = ({ functionName, requestId, atMs, line }: LogLine): void => {
    const at = new Date(atMs).toISOString();
    const day = at.slice(0, 10);
    try {
      if (day > sweptDay) {
        sweptDay = day;
        sweep();
      }
      const file = fileOf(functionName, day);
      const text = `${at} ${requestId} ${line}\n`;
      if (file.bytes + text.length > FILE_BYTES_MAX) return;
      file.bytes += text.length;
      file.stream.write(text);
    } catch (error) {
      tellOnce(error);
    }
  };

  const sweep = (): void => {
    const days = Math.max(...(retentionDays.size === 0 ? [RETENTION_DAYS_DEFAULT] : retentionDays.values()));
    if (!Number.isFinite(days)) return;
    const oldest = new Date(clock.now() - days * DAY_MS).toISOString().slice(0, 10);
    mkdirSync(directory, { recursive: true });
    for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
      const day = /(\d{4}-\d{2}-\d{2})\.log$/.exec(name)?.[1];
      if (day !== undefined && day < oldest) rmSync(join(directory, name), { force: true });
    }
  };

  const measure = ({ functionName, line }: LogLine): void => {
    const emf = parseEmf(line, clock.now());
    if (emf.outcome === 'metrics') for (const datum of emf.data) options.metrics.put(datum);
    if (emf.outcome !== 'invalid') return;
    options.metrics.put({
      namespace: 'AWS/Logs',
      name: 'EMFParsingErrors',
      dimensions: { LogGroupName: `/aws/lambda/${functionName}` },
      value: 1,
      unit: 'Count',
      atMs: clock.now(),
    });
  };

  return {
    write: (given) => {
      measure(given);
      const kept = given.line.length > LINE_CHARS_MAX ? { ...given, line: given.line.slice(0, LINE_CHARS_MAX) } : given;
      let ring = lines.get(kept.functionName);
      if (ring === undefined) {
        ring = [];
        lines.set(kept.functionName, ring);
      }
      ring.push(kept);
      // Cut by half at once: a shift for each line would move all of them.
      if (ring.length >= 2 * LINES_MAX) ring.splice(0, ring.length - LINES_MAX);
      if (!isClosed) append(kept);
    },
    tail: (functionName) => (lines.get(functionName) ?? []).slice(-LINES_MAX),
    close: async () => {
      isClosed = true;
      await Promise.all(
        [...files.values()].map(({ stream }) => {
          return new Promise<void>((resolve) => {
            if (stream.destroyed) return resolve();
            stream.on('close', resolve);
            return stream.end();
          });
        }),
      );
      files.clear();
    },
    provider: {
      type: 'AWS::Logs::LogGroup',
      honoured: ['LogGroupName', 'RetentionInDays'],
      ignored: ['DataProtectionPolicy', 'KmsKeyId', 'LogGroupClass', 'Tags'],
      create: async ({ physicalName, properties }) => {
        const LogGroup = z.looseObject({
          LogGroupName: z.string().default(physicalName),
          // Without it a log group keeps its lines for ever.
          RetentionInDays: z.coerce.number().int().min(1).default(Number.POSITIVE_INFINITY),
        });
        const { LogGroupName: name, RetentionInDays } = LogGroup.parse(properties);
        retentionDays.set(name, RetentionInDays);
        const arn = `arn:aws:logs:${LOCAL_REGION}:${LOCAL_ACCOUNT}:log-group:${name}:*`;
        return { ref: name, attributes: { Arn: arn } };
      },
      remove: async ({ ref }) => {
        retentionDays.delete(ref);
      },
    },
  };
}

/** Function names are letters, digits, - and _; anything else must not leave the directory. */
const safeName = (functionName: string): string => functionName.replaceAll(/[^\w-]/g, '_');
