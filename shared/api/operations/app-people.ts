/** Filled in by its part. */
export const appPeopleOperations = {};
