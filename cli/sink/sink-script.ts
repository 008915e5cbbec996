/** Longest wait that a path may ask for. */
export const DELAY_MS_MAX = 60_000;

/** What the sink does with a request, as its path says. */
export type SinkAnswer = { status: number; delayMs: number };

/**
 * The path is the script, so that a destination is made to fail by its URL alone; parts may be combined: `/delay/2000/status/503`.
 * `/status/<code>` answers that code, `/flaky/<share>` answers 500 to that share of requests, `/delay/<ms>` waits first. `random` is 0 to 1.
 */
export function sinkAnswer(path: string, random: () => number): SinkAnswer {
  const answer: SinkAnswer = { status: 200, delayMs: 0 };
  const parts = path.split('/').filter((part) => part !== '');
  for (const [index, part] of parts.entries()) {
    const value = Number(parts[index + 1]);
    if (part === 'status' && Number.isInteger(value) && value >= 200 && value <= 599) answer.status = value;
    if (part === 'flaky' && value >= 0 && value <= 1 && random() < value) answer.status = 500;
    if (part === 'delay' && value >= 0) answer.delayMs = Math.min(Math.floor(value), DELAY_MS_MAX);
  }
  return answer;
}
