import * as z from 'zod';
import { AppError } from '../domain/app-error.ts';
import type { AlertSender } from '../ports/alert-sender.ts';
import type { LightSetting } from './light-client.ts';
import { logError } from './log.ts';
import { signedPost } from './signed-post.ts';

/** Longer than all channels may take at once (see send-alerts), shorter than the 15 s of who asks. */
const TEST_TIMEOUT_MS = 13_500;
const WAKE_TIMEOUT_MS = 2_000;
const ANSWER_BYTES_MAX = 100_000;

const Tested = z.object({
  channels: z.array(z.object({ type: z.string(), sent: z.boolean(), message: z.string() })),
});
const NotFound = z.object({ outcome: z.literal('not-found') });

/** Asks send-alerts by Lambda's Invoke: see the port. */
export function lightAlertSender(endpoint: string, setting: LightSetting, functionName: string): AlertSender {
  const post = signedPost('lambda', new URL(setting.endpointUrl ?? endpoint), setting, ANSWER_BYTES_MAX);
  const invoke = (type: 'Event' | 'RequestResponse', payload: Record<string, unknown>, timeoutMs: number) =>
    post({
      path: `/2015-03-31/functions/${functionName}/invocations`,
      headers: { 'content-type': 'application/json', 'x-amz-invocation-type': type },
      body: JSON.stringify(payload),
      timeoutMs,
    });
  return {
    wake: async () => {
      try {
        const { status } = await invoke('Event', { ask: 'wake' }, WAKE_TIMEOUT_MS);
        if (status !== 202) throw new Error(`lambda Invoke answered ${status}`);
      } catch (error) {
        logError('What sends alerts was not woken; it looks by itself within a minute', error);
      }
    },
    test: async (workspaceId, alertId) => {
      let posted: Awaited<ReturnType<typeof post>>;
      try {
        posted = await invoke('RequestResponse', { ask: 'test', workspaceId, alertId }, TEST_TIMEOUT_MS);
      } catch (cause) {
        throw new AppError('upstream-unavailable', 'The function that sends alerts does not answer', { cause });
      }
      if (posted.status !== 200 || posted.headers['x-amz-function-error'] !== undefined) {
        throw new AppError('upstream-unavailable', `The function that sends alerts failed: ${posted.status}`);
      }
      const answer: unknown = JSON.parse(posted.text);
      if (NotFound.safeParse(answer).success) {
        throw new AppError('not-found', 'There is no such alert any more', { retry: false });
      }
      return Tested.parse(answer).channels;
    },
  };
}
