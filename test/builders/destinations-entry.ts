/** What destination-bundle builds: the engine, the way out and the catalog, as deliver's bundle would have them. */
export { findDefinition } from '../../shared/destinations/catalog.ts';
export { credentialsChecker } from '../../shared/destinations/credentials-checker.ts';
export { createEngine } from '../../shared/destinations/engine.ts';
export { guardedFetch } from '../../shared/destinations/guarded-fetch.ts';
export { closeGuardedHttp, guardedHttp } from '../../shared/destinations/guarded-http.ts';
export { placeholderSettings } from '../../shared/destinations/placeholder-settings.ts';
export { runInSendContext } from '../../shared/destinations/send-context.ts';
export { targetRules } from '../../shared/destinations/target-rules.ts';
export { OWN_ROWS } from '../../shared/destinations/own/rows.ts';
