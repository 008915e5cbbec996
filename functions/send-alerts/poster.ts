import { guardedFetch } from '../../shared/destinations/guarded-fetch.ts';
import { NetworkError, SendTimeoutError, TargetRefusedError } from '../../shared/destinations/http-errors.ts';
import { type GuardedHttp, runInSendContext, type SendContext } from '../../shared/destinations/send-context.ts';

/** One request, with its answer and what it says; bodies of answers are capped by the guarded client. */
const POST_TIMEOUT_MS = 5_000;

export type Answered =
  | { outcome: 'answered'; status: number; text: string }
  | { outcome: 'refused' | 'again'; message: string };
export type Poster = (url: string, headers: Record<string, string>, body: string) => Promise<Answered>;

/** Posts through the guarded client, by the rules that destinations have (T2): people enter these addresses, too. */
export const guardedPoster =
  (http: GuardedHttp, now: () => Date): Poster =>
  async (url, headers, body) => {
    const context: SendContext = {
      http,
      now,
      deadlineMs: performance.now() + POST_TIMEOUT_MS,
      hopThroughUs: 1,
      mayReachUs: false,
      exchanges: [],
      isOver: false,
    };
    try {
      return await runInSendContext(context, async () => {
        const response = await guardedFetch(url, { method: 'POST', headers, body });
        return { outcome: 'answered', status: response.status, text: await response.text() };
      });
    } catch (error) {
      if (error instanceof TargetRefusedError) return { outcome: 'refused', message: error.message };
      if (error instanceof SendTimeoutError || error instanceof NetworkError) {
        return { outcome: 'again', message: error.message };
      }
      throw error;
    } finally {
      context.isOver = true;
    }
  };
