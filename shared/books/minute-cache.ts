/** How long what was read is served again: as long as other numbers of a page (see cached-shelf.ts). */
const SERVED_AGAIN_MS = 60_000;
/** A minute that ended so long ago seldom gets another row. */
export const MINUTE_RESTS_MS = 3 * 60_000;
/** Lines that are held in all, some 100 MB at most. Beyond them all is read anew. */
const LINES_HELD_MAX = 200_000;

type Kept<D> = { detail: D; untilMs: number };

/**
 * Details of past minutes that are served again for a minute, for a page that asks every few seconds. What came late into them within that time is
 * not in them yet.
 */
export class MinuteCache<D extends { lines: readonly unknown[] }> {
  readonly #kept = new Map<string, Kept<D>>();
  readonly #now: () => Date;
  #lines = 0;

  constructor(now: () => Date) {
    this.#now = now;
  }

  get(subject: string, minute: string): D | undefined {
    const kept = this.#kept.get(`${subject} ${minute}`);
    return kept !== undefined && this.#now().getTime() < kept.untilMs ? kept.detail : undefined;
  }

  /** `readAtMs`: when its rows began to be read. Minutes that may yet get rows are not kept. */
  put(subject: string, minute: string, detail: D, readAtMs: number): void {
    if (Date.parse(`${minute}:00.000Z`) + 60_000 + MINUTE_RESTS_MS > readAtMs) return;
    if (this.#lines >= LINES_HELD_MAX) {
      this.#kept.clear();
      this.#lines = 0;
    }
    this.#kept.set(`${subject} ${minute}`, { detail, untilMs: readAtMs + SERVED_AGAIN_MS });
    // One for the minute itself; those that are put again count again, and are forgotten the sooner.
    this.#lines += 1 + detail.lines.length;
  }
}
