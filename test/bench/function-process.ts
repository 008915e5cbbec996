import { fork } from 'node:child_process';
import { join } from 'node:path';
import * as z from 'zod';

/** Longer than any function's own limit. */
const ANSWER_MS_MAX = 60_000;
const TIMEOUT_MS = 30_000;

const Ran = z.object({ answer: z.unknown(), cpuUs: z.number(), sinceStartUs: z.number(), rssBytes: z.number() });
type Ran = z.infer<typeof Ran>;

export type FunctionProcess = {
  /** CPU of this event alone, and of the process since its start. Throws where the function does, and where it names records that failed. */
  run(event: unknown): Promise<Ran>;
  stop(): void;
};

/** A function's bundle, or a floor with a handler, in a process of its own. */
export function functionProcess(moduleFile: string, variables: Record<string, string>): FunctionProcess {
  const child = fork(join(import.meta.dirname, 'function-child.mjs'), [moduleFile], {
    env: variables,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const next = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        child.off('message', onMessage);
        child.off('exit', onExit);
        settle();
      };
      const onMessage = (message: unknown) => end(() => resolve(message));
      const onExit = (code: number | null) => end(() => reject(new Error(`${moduleFile} ended with ${code}`)));
      const timer = setTimeout(
        () => end(() => reject(new Error(`${moduleFile} gave no answer in ${ANSWER_MS_MAX} ms`))),
        ANSWER_MS_MAX,
      );
      child.on('message', onMessage);
      child.on('exit', onExit);
    });
  const ready = next();
  return {
    run: async (event) => {
      await ready;
      const answered = next();
      child.send({ event: JSON.stringify(event), timeoutMs: TIMEOUT_MS });
      const message = await answered;
      const ran = Ran.safeParse(message);
      if (!ran.success) throw new Error(`${moduleFile}: ${JSON.stringify(message)}`);
      const failed = (ran.data.answer as { batchItemFailures?: unknown[] } | undefined)?.batchItemFailures ?? [];
      if (failed.length > 0) throw new Error(`${moduleFile} handed ${failed.length} records back`);
      return ran.data;
    },
    stop: () => {
      child.kill();
    },
  };
}
