import { isJsonObject, type JsonObject, own } from './json.ts';

/**
 * Whether the device that sent an event has also handed it to the tool itself, which goes by `names` (B10). Segment's client libraries list the
 * device-mode tools of their settings in `_metadata.bundled`, and in `failedInitializations` those that would not start (seen on the wire of
 * Analytics.js 1.84.3): what such a tool did not get is not sent. What a filter in the browser kept from the tool does count as sent.
 */
export function isSentByDevice(event: JsonObject, names: readonly string[]): boolean {
  const metadata = own(event, '_metadata');
  if (!isJsonObject(metadata)) return false;
  const bundled = own(metadata, 'bundled');
  const failed = own(metadata, 'failedInitializations');
  return names.some((name) => isIn(bundled, name) && !isIn(failed, name));
}

const isIn = (list: unknown, name: string): boolean => Array.isArray(list) && list.includes(name);
