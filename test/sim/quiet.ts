/**
 * Runs simulations without what the functions log (a line of JSON for each failed call, thousands a second) and without stacks, which cost
 * more than the call that failed.
 */
export async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { stackTraceLimit } = Error;
  const write = process.stdout.write.bind(process.stdout);
  Error.stackTraceLimit = 0;
  process.stdout.write = ((...args: Parameters<typeof write>) =>
    typeof args[0] === 'string' && args[0].startsWith('{"timestamp"') ? true : write(...args)) as typeof write;
  try {
    return await work();
  } finally {
    process.stdout.write = write;
    Error.stackTraceLimit = stackTraceLimit;
  }
}
