import type { InvokeResult, LambdaHost } from '../../local/types.ts';

/** Functions that answer as the test says, and remember what they were called with. */
export function fakeLambdaHost(answer: (event: unknown) => InvokeResult | Promise<InvokeResult>) {
  const calls: { functionName: string; event: unknown }[] = [];
  const host: LambdaHost = {
    invoke: async (functionName, event) => {
      calls.push({ functionName, event });
      return await answer(event);
    },
    invokeLater: (functionName, event) => {
      calls.push({ functionName, event });
    },
  };
  return { host, calls };
}
