import { DEBUG_PAYLOAD_CHARS_MAX, DEBUG_REASON_PAYLOAD_CHARS_MAX } from '../../shared/config/debugger.ts';
import { membersOf } from '../../shared/domain/bitmap.ts';
import type { DebugEntry, DebugTarget, DebugVerdict } from '../../shared/domain/debug-entry.ts';
import type { IntakeMessage } from '../../shared/domain/intake-message.ts';
import { isJsonObject, type Json, type JsonObject } from '../../shared/domain/json.ts';
import type { PlanRow } from '../../shared/domain/ledger-rows.ts';
import { shortenJson } from '../../shared/domain/shorten-json.ts';
import { plannedByEvent, unroutedWords } from '../../shared/domain/row-detail.ts';
import { isOfSuppressed } from '../../shared/domain/suppression.ts';
import type { WorkspaceConfig } from '../../shared/domain/workspace.ts';
import { type IntakeReading, type ReadEvent, sentEvents } from '../../shared/pipeline/read-intake.ts';

/** A message whose plan we have put. `suppressed`: who is, as it was planned. */
export type RoutedMessage = {
  message: IntakeMessage;
  reading: IntakeReading;
  row: PlanRow;
  suppressed: WorkspaceConfig['suppressed'];
};

type Judged = { verdict: DebugVerdict; reason?: string; read?: ReadEvent; raw: Json };

/** What each event of a message came to, one by one and only where somebody looks. */
export type JudgedMessage = {
  count: number;
  /** `undefined`: of somebody who is suppressed, or that nobody may see. */
  entryAt(index: number, isReason?: boolean): DebugEntry | undefined;
  /** Places of the first event of each of these reasons (see reasonsOf) that are found. */
  findReasons(wanted: ReadonlySet<string>): Map<string, number>;
};

/** Every reason for which an event of a plan went nowhere, or not to a destination, each by one name. */
export function reasonsOf({ invalid, duplicate, blocked, destinations }: PlanRow): string[] {
  return [
    ...Object.keys(invalid).map((reason) => `INVALID ${reason}`),
    ...Object.keys(blocked).map((reason) => `BLOCKED ${reason}`),
    ...(duplicate > 0 ? ['DUPLICATE duplicate'] : []),
    ...destinations.flatMap(({ destinationId, filtered }) =>
      Object.keys(filtered).map((reason) => `${destinationId} ${reason}`),
    ),
  ];
}

/** Nothing is judged here: the plan row tells of each event what it came to. */
export function readVerdicts({ message, reading, row, suppressed }: RoutedMessage): JudgedMessage {
  const sent = sentEvents(message);
  const count = Math.max(sent.count, 1);
  const byIndex = new Map(reading.events.map((read) => [read.index, read]));
  const routed = new Set(membersOf(row.routedBitmap));
  const unrouted = unroutedWords(row);
  const destinations = row.destinations.map((planned) => ({ id: planned.destinationId, at: plannedByEvent(planned) }));

  const judgedAt = (index: number): Judged => {
    // A body without events counts as one that is invalid.
    const raw = sent.count === 0 ? ((message.body ?? null) as Json) : sent.at(index);
    const read = byIndex.get(index);
    const of = { raw, ...(read !== undefined && { read }) };
    return routed.has(index) ? { ...of, verdict: 'ALLOWED' } : { ...of, ...verdictOf(unrouted.get(index)) };
  };
  const isHidden = ({ raw, read }: Judged): boolean =>
    isOfSuppressed(read?.event ?? (isJsonObject(raw) ? raw : {}), suppressed);

  return {
    count,
    entryAt: (index, isReason = false) => {
      const judged = judgedAt(index);
      if (isHidden(judged)) return undefined;
      const charsMax = isReason ? DEBUG_REASON_PAYLOAD_CHARS_MAX : DEBUG_PAYLOAD_CHARS_MAX;
      const targets =
        judged.verdict === 'ALLOWED' ? destinations.map(({ id, at }) => targetOf(id, at(index))) : undefined;
      return entryOf(message, index, judged, targets, charsMax);
    },
    findReasons: (wanted) => {
      const found = new Map<string, number>();
      const of = new Set([...wanted].map((name) => name.split(' ')[0]));
      const asked = destinations.filter(({ id }) => of.has(id));
      for (let index = 0; index < count && found.size < wanted.size; index += 1) {
        const judged = judgedAt(index);
        if (isHidden(judged)) continue;
        const { verdict, reason } = judged;
        const names =
          verdict === 'ALLOWED'
            ? asked.map(({ id, at }) => `${id} ${targetOf(id, at(index)).reason ?? ''}`)
            : [`${verdict} ${reason}`];
        for (const name of names) if (wanted.has(name) && !found.has(name)) found.set(name, index);
      }
      return found;
    },
  };
}

/** From a word of `unrouted`; of a webhook's items, rows name the first 2,500 alone. Those of suppressed users are hidden whatever is said here. */
function verdictOf(word = 'invalid.hook_too_many_items'): Pick<Judged, 'verdict' | 'reason'> {
  const [kind = '', ...rest] = word.split('.');
  if (kind === 'duplicate') return { verdict: 'DUPLICATE', reason: word };
  return { verdict: kind === 'blocked' ? 'BLOCKED' : 'INVALID', reason: rest.join('.') };
}

const targetOf = (id: DebugTarget['id'], planned: ReturnType<ReturnType<typeof plannedByEvent>>): DebugTarget =>
  'mappings' in planned ? { id, mappings: planned.mappings } : { id, reason: planned.reason ?? '' };

function entryOf(
  { intakeId, receivedAt, test }: IntakeMessage,
  index: number,
  { verdict, reason, read, raw }: Judged,
  destinations: DebugTarget[] | undefined,
  charsMax: number,
): DebugEntry {
  const shown = shortenJson(withoutKey(raw), charsMax);
  const event = read === undefined ? undefined : shortenJson(read.event, charsMax);
  const isShortened = shown?.isShortened !== false || event?.isShortened === true;
  return {
    intakeId,
    index,
    receivedAt,
    verdict,
    ...(reason !== undefined && { reason }),
    raw: shown?.value ?? null,
    ...(event !== undefined && { event: event.value as JsonObject }),
    ...(isShortened && { isShortened }),
    ...(test === true && { isTest: true as const }),
    ...(destinations !== undefined && { destinations }),
  };
}

/** A write key may send: who reads events need not have it. */
function withoutKey(raw: Json): Json {
  if (!isJsonObject(raw)) return raw;
  const { writeKey: _, ...rest } = raw;
  return rest;
}
