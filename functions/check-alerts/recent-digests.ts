import { hourOf, hourPlus, minuteOf, minutePlus } from '../../shared/domain/timestamp.ts';
import type { Digest } from '../../shared/domain/digest.ts';
import type { WorkspaceId } from '../../shared/domain/ids.ts';
import type { DigestReader } from '../../shared/ports/digest-store.ts';

/** Sums that are younger change from run to run, as rows come in. */
const OPEN_MINUTES = 15;
const OPEN_HOURS = 2;
/** Older ones change only by late rows: they are read again after so long. */
const KEPT_MS = 10 * 60_000;
/** Spans that an environment keeps of all workspaces together; beyond it all are read anew. */
const SPANS_MAX = 20_000;

type Kept = { digest: Digest | undefined; readAtMs: number };
type Span = { next: (span: string) => string; openSince: (now: string) => string };

const MINUTES: Span = {
  next: (minute) => minutePlus(minute, 1),
  openSince: (now) => minutePlus(minuteOf(now), -OPEN_MINUTES),
};
const HOURS: Span = { next: (hour) => hourPlus(hour, 1), openSince: (now) => hourPlus(hourOf(now), -OPEN_HOURS) };

/** Sums of before, kept in memory between runs of one environment: each run reads the newest ones, and the rest every ten minutes. */
export function recentDigests(now: () => Date): (reader: DigestReader) => Pick<DigestReader, 'minutes' | 'hours'> {
  const kept = new Map<string, Kept>();

  async function read(
    workspaceId: WorkspaceId,
    { from, to }: { from: string; to: string },
    { next, openSince }: Span,
    load: (from: string, to: string) => Promise<Map<string, Digest>>,
  ): Promise<Map<string, Digest>> {
    const nowMs = now().getTime();
    const open = openSince(now().toISOString());
    const spans: string[] = [];
    for (let span = from; span <= to; span = next(span)) spans.push(span);
    const isKept = (span: string): boolean => {
      const known = kept.get(`${workspaceId} ${span}`);
      return span < open && known !== undefined && nowMs - known.readAtMs < KEPT_MS;
    };
    const missing = spans.filter((span) => !isKept(span));
    const [first, last] = [missing[0], missing.at(-1)];
    if (first !== undefined && last !== undefined) {
      const found = await load(first, last);
      if (kept.size > SPANS_MAX) kept.clear();
      for (const span of spans) {
        if (span < first || span > last) continue;
        kept.set(`${workspaceId} ${span}`, { digest: found.get(span), readAtMs: nowMs });
      }
    }
    return new Map(
      spans.flatMap((span): [string, Digest][] => {
        const digest = kept.get(`${workspaceId} ${span}`)?.digest;
        return digest === undefined ? [] : [[span, digest]];
      }),
    );
  }

  return (reader) => ({
    minutes: (id, from, to) => read(id, { from, to }, MINUTES, (first, last) => reader.minutes(id, first, last)),
    hours: (id, from, to) => read(id, { from, to }, HOURS, (first, last) => reader.hours(id, first, last)),
  });
}
