/** Filled in by its part. */
export const appLaterOperations = {};
