import { isJsonObject, own } from '../../shared/domain/json.ts';
import { nearest } from '../nearest.ts';

/**
 * The sentence for a function's log line about a write key that nobody owns, with the nearest one there is; `undefined` for any other line.
 * `writeKeys`: key by the slug of its source.
 */
export function unknownWriteKeyLine(line: string, writeKeys: Readonly<Record<string, string>>): string | undefined {
  if (!line.includes('unknown-write-key')) return undefined;
  const sent = writeKeyOf(line);
  if (sent === undefined) return undefined;
  const shown = JSON.stringify(sent);
  const near = nearest(sent, Object.values(writeKeys));
  const slug = Object.keys(writeKeys).find((name) => writeKeys[name] === near?.candidate);
  const hint = near === undefined ? '' : ` The nearest is ${near.candidate} (${slug}).`;
  return `WARN An event came with the write key ${shown}, which no source has.${hint}`;
}

function writeKeyOf(line: string): string | undefined {
  try {
    const json: unknown = JSON.parse(line);
    if (!isJsonObject(json) || own(json, 'code') !== 'unknown-write-key') return undefined;
    const writeKey = own(json, 'writeKey');
    return typeof writeKey === 'string' ? writeKey : undefined;
  } catch {
    return undefined;
  }
}
