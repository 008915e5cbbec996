/** What destination-bundle builds: the engine and the way out, as deliver's bundle has them. */
export { createEngine } from '../../shared/destinations/engine.ts';
export { guardedFetch } from '../../shared/destinations/guarded-fetch.ts';
export { closeGuardedHttp, guardedHttp } from '../../shared/destinations/guarded-http.ts';
export { runInSendContext } from '../../shared/destinations/send-context.ts';
export { targetRules } from '../../shared/destinations/target-rules.ts';
