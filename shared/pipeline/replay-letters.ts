import { inGroups } from './in-groups.ts';
import type { DestinationId, ReplayId } from '../domain/ids.ts';
import { isJsonObject, type JsonObject } from '../domain/json.ts';
import type { ReplayFilter } from '../domain/replay.ts';
import { codeFits, eventFits, eventNameOf, messageIdOf } from '../domain/replay-filter.ts';
import { isOfSuppressed } from '../domain/suppression.ts';
import { dayOf } from '../domain/timestamp.ts';
import type { DoneKey, DoneStore } from '../ports/ledger.ts';
import type { DeadLetterReader, KeptLetter } from '../ports/replay-stores.ts';
import type { OwnerOf } from './replay-owners.ts';

/** Objects that are read at once, each line by line. */
const OBJECTS_AT_ONCE = 32;
const DAY_MS = 86_400_000;

/** A letter without its event, and where it lies. */
export type LetterHead = Pick<KeptLetter, 'mappingId' | 'outcome' | 'code' | 'message' | 'receivedAt' | 'settledAt'> & {
  key: string;
  /** From 0. */
  line: number;
  messageId: string;
  event: string;
};

/**
 * `suppressed`: its user is suppressed at present, so deliver would only discard it again; `filtered`: so it would by another rule of today's. `orphan`: a crash left it behind; its part was worked on once more and ended otherwise, or in another letter. `taken`: it belongs to a run,
 * which has sent it or will.
 */
export type JudgedLetter = LetterHead &
  (
    | { verdict: 'free' | 'orphan' | 'suppressed' }
    | { verdict: 'filtered'; reason: string }
    | { verdict: 'taken'; runId: ReplayId }
  );

export type SurveyDeps = { reader: Pick<DeadLetterReader, 'objects' | 'letters'>; dones: Pick<DoneStore, 'findDone'> };

export type Survey = {
  destinationId: DestinationId;
  filter: ReplayFilter;
  ownerOf: OwnerOf;
  /** Left out: nobody is looked for. */
  suppressed?: ReadonlySet<string>;
  /** Why today's rules keep an event from the destination. Left out: nobody is asked. */
  judge?: ((event: JsonObject) => string | undefined) | undefined;
};

/**
 * A destination's letters that fit the filter, an object at a time, oldest day first. A letter counts only if its done row names the very object
 * that it lies in: an object is written before its row, and a crash between the two leaves it without one.
 */
export async function* surveyLetters(
  deps: SurveyDeps,
  { destinationId, filter, ownerOf, suppressed, judge }: Survey,
): AsyncGenerator<JudgedLetter[]> {
  for await (const keys of inGroups(deps.reader.objects(destinationId, daysOf(filter)), OBJECTS_AT_ONCE)) {
    const objects = await Promise.all(
      keys.map(async (key) => ({
        key,
        letters: await fittingLetters(deps.reader, key, { filter, suppressed, judge }),
      })),
    );
    const vouchedFor = await vouchedParts(deps.dones, objects);
    for (const { key, letters } of objects) {
      if (letters.length === 0) continue;
      yield letters.map(({ head, part, isSuppressed, reason }) => {
        if (vouchedFor.get(nameOf(part)) !== key) return { ...head, verdict: 'orphan' };
        const runId = ownerOf(key, head.line);
        if (runId !== undefined) return { ...head, verdict: 'taken', runId };
        if (isSuppressed) return { ...head, verdict: 'suppressed' };
        return reason === undefined ? { ...head, verdict: 'free' } : { ...head, verdict: 'filtered', reason };
      });
    }
  }
}

type Fitting = { head: LetterHead; part: DoneKey; isSuppressed: boolean; reason: string | undefined };

async function fittingLetters(
  reader: Pick<DeadLetterReader, 'letters'>,
  key: string,
  { filter, suppressed, judge }: Pick<Survey, 'filter' | 'suppressed' | 'judge'>,
): Promise<Fitting[]> {
  const found: Fitting[] = [];
  let line = -1;
  for await (const letter of reader.letters(key)) {
    line += 1;
    if (!fits(filter, letter)) continue;
    const isSuppressed = isOfSuppressed(letter.event, suppressed);
    const reason = isSuppressed ? undefined : judge?.(letter.event);
    found.push({ head: headOf(letter, key, line), part: partKeyOf(letter), isSuppressed, reason });
  }
  return found;
}

/** Which object each part's done row names. */
async function vouchedParts(
  dones: Pick<DoneStore, 'findDone'>,
  objects: readonly { letters: readonly Fitting[] }[],
): Promise<Map<string, string | undefined>> {
  const parts = new Map(objects.flatMap(({ letters }) => letters.map(({ part }) => [nameOf(part), part])));
  if (parts.size === 0) return new Map();
  const rows = await dones.findDone([...parts.values()]);
  return new Map(rows.map((row) => [nameOf(row), row.deadLetterKey]));
}

const partKeyOf = ({ destinationId, dueAt, receivedAt, intakeId, slice, hop, replay }: KeptLetter): DoneKey => ({
  destinationId,
  dueAt: dueAt ?? receivedAt,
  intakeId,
  slice,
  hop,
  replay,
});

const nameOf = ({ intakeId, slice, hop, dueAt, replay }: DoneKey): string =>
  [intakeId, slice, hop, dueAt, replay ?? ''].join(' ');

const headOf = (
  { mappingId, outcome, code, message, receivedAt, settledAt, event }: KeptLetter,
  key: string,
  line: number,
): LetterHead => ({
  key,
  line,
  mappingId,
  outcome,
  code,
  message,
  receivedAt,
  settledAt,
  messageId: messageIdOf(event),
  event: eventNameOf(event),
});

export const fits = (filter: ReplayFilter, { code, settledAt, receivedAt, event }: KeptLetter): boolean =>
  isJsonObject(event) &&
  codeFits(filter, code) &&
  (filter.from === undefined || settledAt >= filter.from) &&
  (filter.to === undefined || settledAt < filter.to) &&
  (filter.receivedFrom === undefined || receivedAt >= filter.receivedFrom) &&
  eventFits(filter, event);

/** An object is filed under the day of its first letter; the others may have ended a little before or after midnight. */
const daysOf = ({ from, to, receivedFrom }: ReplayFilter): { from?: string | undefined; to?: string | undefined } => {
  // What came at a time cannot have ended before it.
  const earliest = [from, receivedFrom]
    .filter((time) => time !== undefined)
    .toSorted()
    .at(-1);
  return {
    from: earliest === undefined ? undefined : dayOf(new Date(Date.parse(earliest) - DAY_MS).toISOString()),
    to: to === undefined ? undefined : dayOf(new Date(Date.parse(to) + DAY_MS).toISOString()),
  };
};
