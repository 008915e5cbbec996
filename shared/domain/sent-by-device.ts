import { isJsonObject, own } from './json.ts';
import type { TributaryEvent } from './event.ts';

/**
 * Whether the browser that sent an event has sent it to a tool itself, too (B10): Analytics.js lists what it has loaded in `_metadata.bundled`. A
 * mobile SDK says `integrations.<Name> = false` instead, which another rule reads.
 */
export function isSentByDevice(event: TributaryEvent, names: readonly string[]): boolean {
  const metadata = own(event, '_metadata');
  if (!isJsonObject(metadata)) return false;
  const bundled = own(metadata, 'bundled');
  return Array.isArray(bundled) && bundled.some((name) => typeof name === 'string' && names.includes(name));
}
