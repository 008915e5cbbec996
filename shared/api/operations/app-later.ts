import { governanceOperations } from './later/governance.ts';
import { profilesOperations } from './later/profiles.ts';

/** What the web app needs beyond the Public API and what is not built yet: agreed here, answered 501 until then. */
export const appLaterOperations = {
  ...governanceOperations,
  ...profilesOperations,
};
