import { DEBUG_KEY_PREFIX, HOOK_SAMPLE_KEY_PREFIX } from '../config/key-prefixes.ts';
import { minuteOf } from '../domain/timestamp.ts';

/**
 * Access patterns of the samples table.
 *
 * | question | pk | sk |
 * | --- | --- | --- |
 * | samples of a destination, newest first | `S#<destination>` | `<minute>#<code>#<slot>`, backwards |
 * | what an Inbox keeps, newest first | `I#<destination>` | `<batch id>#<piece>`, backwards; batch ids begin with a time |
 * | what was posted to a webhook source last | `H#<source>` | `LAST` |
 * | what the debugger keeps of a source, by the hour in which it was written | `E#<source>#<hour>` | `<time of writing>#<random>` |
 * | how much the debugger may write of a source | `E#<source>` | `BUCKET` |
 *
 * Slots are few and written over, so however many environments write in a minute, so many items stay.
 */
export const samplesKeys = {
  sample: (destinationId: string, at: string, code: string, slot: number) => ({
    pk: samplesKeys.samplesOf(destinationId),
    sk: `${minuteOf(at)}#${code}#${slot}`,
  }),
  /** Of a sample's `sk`; a code may hold what separates. */
  codeOf: (sk: string) => sk.slice(sk.indexOf('#') + 1, sk.lastIndexOf('#')),
  samplesOf: (destinationId: string) => `S#${destinationId}`,
  inboxPiece: (destinationId: string, batchId: string, piece: number) => ({
    pk: samplesKeys.inboxOf(destinationId),
    sk: `${batchId}#${piece}`,
  }),
  inboxOf: (destinationId: string) => `I#${destinationId}`,
  debugItem: (sourceId: string, hour: string, id: string) => ({ pk: samplesKeys.debugHour(sourceId, hour), sk: id }),
  debugHour: (sourceId: string, hour: string) => `${DEBUG_KEY_PREFIX}${sourceId}#${hour}`,
  debugBucket: (sourceId: string) => ({ pk: `${DEBUG_KEY_PREFIX}${sourceId}`, sk: 'BUCKET' }),
  hookSample: (sourceId: string) => ({ pk: `${HOOK_SAMPLE_KEY_PREFIX}${sourceId}`, sk: 'LAST' }),
};
