import * as z from 'zod';
import { AppError } from '../domain/app-error.ts';
import type { TestResult } from '../domain/test-result.ts';
import { SealedValue } from '../domain/workspace.ts';
import type { DeliverAsks } from '../ports/deliver-asks.ts';
import type { LightSetting } from './light-client.ts';
import { signedPost } from './signed-post.ts';

/** Longer than a check may take (CHECK_TIMEOUT_MS of deliver) with a cold start, shorter than the 15 s of who asks. */
const INVOKE_TIMEOUT_MS = 13_500;
/** Sealed secrets of one destination, of which there are few; the answer of a test, which deliver keeps below it (TEST_ANSWER_BYTES_MAX). */
const ANSWER_BYTES_MAX = 1_000_000;

const Checked = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('accepted'), requests: z.int().nonnegative() }),
  z.object({
    outcome: z.literal('refused'),
    message: z.string(),
    status: z.int().optional(),
    requests: z.int().nonnegative(),
  }),
  z.object({ outcome: z.literal('not-offered') }),
]);
const Resealed = z.object({ secrets: z.record(z.string(), SealedValue) });
/** Made by the same deployment, and shown as it is. */
const Tested = z.object({ test: z.custom<TestResult>((value) => typeof value === 'object' && value !== null) });
const NotFound = z.object({ outcome: z.literal('not-found') });

/** Asks deliver by Lambda's Invoke, and waits for its answer: once, since a check that is repeated asks the tool twice. */
export function lightDeliverAsks(endpoint: string, setting: LightSetting, functionName: string): DeliverAsks {
  const post = signedPost('lambda', new URL(setting.endpointUrl ?? endpoint), setting, ANSWER_BYTES_MAX);
  const path = `/2015-03-31/functions/${functionName}/invocations`;

  const ask = async <T>(schema: z.ZodType<T>, payload: Record<string, unknown>): Promise<T> => {
    let posted: Awaited<ReturnType<typeof post>>;
    try {
      const headers = { 'content-type': 'application/json', 'x-amz-invocation-type': 'RequestResponse' };
      posted = await post({ path, headers, body: JSON.stringify(payload), timeoutMs: INVOKE_TIMEOUT_MS });
    } catch (cause) {
      throw new AppError('upstream-unavailable', 'The function that delivers does not answer', { cause });
    }
    if (posted.status !== 200 || posted.headers['x-amz-function-error'] !== undefined) {
      const cause = new Error(`lambda Invoke answered ${posted.status} ${posted.text.slice(0, 200)}`);
      throw new AppError('upstream-unavailable', 'The function that delivers failed', { cause });
    }
    const answer: unknown = JSON.parse(posted.text);
    if (NotFound.safeParse(answer).success) {
      throw new AppError('not-found', 'There is no such destination any more', { retry: false });
    }
    return schema.parse(answer);
  };

  return {
    check: (workspaceId, destinationId) => ask(Checked, { ask: 'check', workspaceId, destinationId }),
    test: async (what) => (await ask(Tested, { ask: 'test', ...what })).test,
    trial: async (what) => (await ask(Tested, { ask: 'trial', ...what })).test,
    reseal: async (workspaceId, from, to) => (await ask(Resealed, { ask: 'reseal', workspaceId, from, to })).secrets,
  };
}
