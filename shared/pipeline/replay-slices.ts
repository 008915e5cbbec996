import { MAPPINGS_PER_DESTINATION_MAX } from '../domain/rule-bounds.ts';
import { PART_BYTES_MAX, PART_SENDS_MAX } from '../config/limits.ts';
import { membersOf } from '../domain/bitmap.ts';
import { intakeIdOfReplay, type MappingId } from '../domain/ids.ts';
import type { LaneSend, Part } from '../domain/lane-message.ts';
import type { ReplayManifest, ReplaySlice } from '../domain/replay.ts';
import type { KeptLetter } from '../ports/replay-stores.ts';
import { SEND_BYTES_MAX, type SizedPart } from './parts.ts';
import { bytesOf } from './read-intake.ts';

/** Objects that are read ahead at once, as long as few of their lines are wanted. */
const OBJECTS_AT_ONCE = 32;
const LINES_AHEAD_MAX = 200;
/** Slices that are sent at once: at most 12 MB. And the sends that they may hold. */
export const ROUND_SLICES_MAX = 20;
export const ROUND_SENDS_MAX = ROUND_SLICES_MAX * PART_SENDS_MAX;
/** Bytes of a part without events, sends and mappings, with the largest ids and numbers that it has in any hop. */
const EMPTY_PART_BYTES = 800;
/** Quotes, comma and the longest id. */
const MAPPING_BYTES_MAX = 68;

/** What is sent of a letter. */
export type SentLetter = Pick<KeptLetter, 'workspaceId' | 'sourceId' | 'mappingId' | 'through' | 'event'>;

/** An object's letters, in order; none where the object has expired. */
export type LetterLines = { letters(key: string): AsyncIterable<SentLetter> };

/** A letter by its place in the order of a manifest; `undefined`: its object has expired. */
export type Placed = { ordinal: number; letter: SentLetter | undefined };

/** Letters `from` to `to` (not included) of a manifest, in its order. */
export async function* lettersOf(
  reader: LetterLines,
  manifest: ReplayManifest,
  from: number,
  to: number,
): AsyncGenerator<Placed> {
  for (const group of groupsOf(manifest, from, to)) {
    const objects = await Promise.all(
      group.map(async ({ key, lines, ordinal }) => ({ ordinal, letters: await linesOf(reader, key, lines) })),
    );
    for (const { ordinal, letters } of objects) {
      for (const [index, letter] of letters.entries()) yield { ordinal: ordinal + index, letter };
    }
  }
}

type Wanted = { key: string; lines: number[]; ordinal: number };

function* groupsOf(manifest: ReplayManifest, from: number, to: number): Generator<Wanted[]> {
  let group: Wanted[] = [];
  let lines = 0;
  let start = 0;
  for (const object of manifest.objects) {
    const end = start + object.count;
    if (end > from && start < to) {
      const first = Math.max(from - start, 0);
      const wanted = membersOf(object.lines).slice(first, to - start);
      if (group.length === OBJECTS_AT_ONCE || (group.length > 0 && lines + wanted.length > LINES_AHEAD_MAX)) {
        yield group;
        group = [];
        lines = 0;
      }
      group.push({ key: object.key, lines: wanted, ordinal: start + first });
      lines += wanted.length;
    }
    start = end;
  }
  if (group.length > 0) yield group;
}

/** One entry for each line wanted, which come in ascending order. */
async function linesOf(
  reader: LetterLines,
  key: string,
  lines: readonly number[],
): Promise<(SentLetter | undefined)[]> {
  const found: SentLetter[] = [];
  let line = -1;
  for await (const letter of reader.letters(key)) {
    line += 1;
    if (line === lines[found.length]) found.push(letter);
    if (found.length === lines.length) break;
  }
  return lines.map((_, index) => found[index]);
}

/** Letters that go out as one part: `from` to `to` of the manifest, less those that are gone. */
export type Cut = Pick<ReplaySlice, 'from' | 'to'> & { letters: readonly [SentLetter, ...SentLetter[]] };

/**
 * Cuts letters into slices of one source with at most `sendsMax` sends and PART_BYTES_MAX bytes. What is gone at the very end is in none.
 */
export async function* cutSlices(placed: AsyncIterable<Placed>, from: number, sendsMax: number): AsyncGenerator<Cut> {
  let start = from;
  let end = from;
  let letters: SentLetter[] = [];
  let mappings = new Set<MappingId>();
  let bytes = EMPTY_PART_BYTES;
  const cut = (): Cut[] => {
    const [first, ...rest] = letters;
    return first === undefined ? [] : [{ from: start, to: end, letters: [first, ...rest] }];
  };
  for await (const { ordinal, letter } of placed) {
    if (letter !== undefined) {
      const more =
        bytesOf(letter.event) + 1 + SEND_BYTES_MAX + (mappings.has(letter.mappingId) ? 0 : MAPPING_BYTES_MAX);
      const isFull =
        letters.length === sendsMax ||
        bytes + more > PART_BYTES_MAX ||
        (mappings.size === MAPPINGS_PER_DESTINATION_MAX && !mappings.has(letter.mappingId)) ||
        letters.some(({ sourceId }, index) => index === 0 && sourceId !== letter.sourceId);
      if (letters.length > 0 && isFull) {
        yield* cut();
        start = end;
        letters = [];
        mappings = new Set();
        bytes = EMPTY_PART_BYTES;
      }
      letters.push(letter);
      mappings.add(letter.mappingId);
      bytes += more;
    }
    end = ordinal + 1;
  }
  yield* cut();
}

/** The part that a slice is: its name is the run's, its times are the slice's own, and all that was tried before counts no more. */
export function partOfSlice(
  { runId, destinationId, slice, plannedAt }: Pick<ReplaySlice, 'runId' | 'destinationId' | 'slice' | 'plannedAt'>,
  letters: Cut['letters'],
): SizedPart {
  const [first] = letters;
  const mappings = [...new Set(letters.map(({ mappingId }) => mappingId))];
  // A loop must not begin anew by being replayed: the part has come through us as often as any of its events.
  const through = Math.max(...letters.map((letter) => letter.through ?? 0));
  const part: Part = {
    intakeId: intakeIdOfReplay(runId),
    slice,
    workspaceId: first.workspaceId,
    sourceId: first.sourceId,
    receivedAt: plannedAt,
    hop: 0,
    dueAt: plannedAt,
    replay: runId,
    ...(through > 0 && { through }),
    mappings,
    events: letters.map(({ event }) => event),
    sends: letters.map(({ mappingId }, index): LaneSend => [index, index, mappings.indexOf(mappingId), 0]),
  };
  return { destinationId, part, bytes: bytesOf(part) };
}
