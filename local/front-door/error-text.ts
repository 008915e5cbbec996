/** What an exception says. `instanceof Error` fails for errors of another realm (worker, vm), so that only the shape is asked. */
export const errorText = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
