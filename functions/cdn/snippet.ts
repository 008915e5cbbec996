import type { WriteKey } from '../../shared/domain/ids.ts';
import type { Places } from './source-settings.ts';

/** What stands in Analytics.js for its maker's hosts and for the source. Each is replaced wherever it stands. */
export const WRITE_KEY_PLACE = '__WRITE_KEY__';
export const CDN_PLACE = 'https://cdn.segment.com';
export const API_PLACE = 'api.segment.io/v1';

/** Characters of an origin; what goes into a script's string literals must not be able to end one. */
const ORIGIN = /^https?:\/\/[A-Za-z0-9.:[\]-]+$/;
const SOURCE_MAP = /\n\/\/# sourceMappingURL=.*\s*$/;

/**
 * Analytics.js for one source, as snippets load it: the package's own script, with the source's write key, and our hosts in the place of those that it
 * falls back on, so that without `analytics._cdn`, from an http page, or with an error before its settings came, nothing goes elsewhere.
 */
export function snippetOf(script: string, writeKey: WriteKey, { cdnUrl, trackingUrl }: Places): string {
  const [cdn, tracking] = [cdnUrl, trackingUrl].map((url) => new URL(url));
  for (const url of [cdn, tracking]) {
    if (url === undefined || !ORIGIN.test(url.origin)) throw new Error(`${url?.origin} cannot stand in a script`);
  }
  return script
    .replace(SOURCE_MAP, '\n')
    .replaceAll(WRITE_KEY_PLACE, writeKey)
    .replaceAll(CDN_PLACE, cdn?.origin ?? '')
    .replaceAll(API_PLACE, `${tracking?.host}/v1`);
}
