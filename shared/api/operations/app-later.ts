import { governanceOperations } from './later/governance.ts';
import { observabilityOperations } from './later/observability.ts';
import { profilesOperations } from './later/profiles.ts';

/** What the web app needs beyond the Public API and what other issues build: agreed here, answered 501 until then. */
export const appLaterOperations = { ...observabilityOperations, ...governanceOperations, ...profilesOperations };
