import { AppError } from '../domain/app-error.ts';
import type { ReplayRunner } from '../ports/replay-orders.ts';
import type { LightSetting } from './light-client.ts';
import { signedPost } from './signed-post.ts';

/** An asynchronous invoke is answered when it is queued, with next to nothing. */
const INVOKE_TIMEOUT_MS = 3_000;
const ANSWER_BYTES_MAX = 10_000;
const ACCEPTED = 202;

/** Invokes the function `replay` without waiting for it. */
export function lightReplayRunner(endpoint: string, setting: LightSetting, functionName: string): ReplayRunner {
  const post = signedPost('lambda', new URL(setting.endpointUrl ?? endpoint), setting, ANSWER_BYTES_MAX);
  const path = `/2015-03-31/functions/${functionName}/invocations`;
  const headers = { 'content-type': 'application/json', 'x-amz-invocation-type': 'Event' };
  return {
    tell: async (order) => {
      const { status } = await post({ path, headers, body: JSON.stringify(order), timeoutMs: INVOKE_TIMEOUT_MS });
      if (status === ACCEPTED) return;
      throw new AppError('upstream-unavailable', `The function that replays was not told: ${status}`);
    },
  };
}
