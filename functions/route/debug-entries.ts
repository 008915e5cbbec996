import { DEBUG_PAYLOAD_CHARS_MAX, DEBUG_REASON_PAYLOAD_CHARS_MAX } from '../../shared/config/debugger.ts';
import type { DebugEntry, DebugTarget, DebugVerdict } from '../../shared/domain/debug-entry.ts';
import type { IntakeMessage } from '../../shared/domain/intake-message.ts';
import { isJsonObject, type Json, type JsonObject } from '../../shared/domain/json.ts';
import type { PlanRow } from '../../shared/domain/ledger-rows.ts';
import { shortenJson } from '../../shared/domain/shorten-json.ts';
import { chooseMappings } from '../../shared/domain/choose-mappings.ts';
import { isOfSuppressed } from '../../shared/domain/suppression.ts';
import { schemaOf, type WorkspaceConfig } from '../../shared/domain/workspace.ts';
import { type IntakeReading, type ReadEvent, sentEvents } from '../../shared/pipeline/read-intake.ts';
import { blockedBecause, type Target } from './plan-intake.ts';

/** A message whose plan we have put, with all that it was decided by. */
export type RoutedMessage = {
  message: IntakeMessage;
  reading: IntakeReading;
  config: WorkspaceConfig | undefined;
  row: PlanRow;
  duplicates: ReadonlySet<string>;
  targets: readonly Target[];
};

type Judged = { verdict: DebugVerdict; reason?: string; read?: ReadEvent; raw: Json };

/** What each event of a message came to, one by one and only where somebody looks: the same rules as the plan's. */
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

export function judgeMessage({ message, reading, config, duplicates, targets }: RoutedMessage): JudgedMessage {
  const sent = sentEvents(message);
  const count = Math.max(sent.count, 1);
  const byIndex = new Map(reading.events.map((read) => [read.index, read]));
  const schema = schemaOf(config, message.sourceId);

  const judge = (index: number): Judged => {
    // A body without events counts as one that is invalid.
    const raw = sent.count === 0 ? ((message.body ?? null) as Json) : sent.at(index);
    const read = byIndex.get(index);
    if (read === undefined) return { raw, ...faultOf(reading, index) };
    if (duplicates.has(read.event.messageId)) return { raw, read, verdict: 'DUPLICATE', reason: 'duplicate' };
    const reason = blockedBecause(reading, read.event, schema);
    return reason === undefined ? { raw, read, verdict: 'ALLOWED' } : { raw, read, verdict: 'BLOCKED', reason };
  };
  const isHidden = ({ raw, read }: Judged): boolean =>
    isOfSuppressed(read?.event ?? (isJsonObject(raw) ? raw : {}), config?.suppressed);

  return {
    count,
    entryAt: (index, isReason = false) => {
      const judged = judge(index);
      if (isHidden(judged)) return undefined;
      const charsMax = isReason ? DEBUG_REASON_PAYLOAD_CHARS_MAX : DEBUG_PAYLOAD_CHARS_MAX;
      return entryOf(message, index, judged, targets, charsMax);
    },
    findReasons: (wanted) => {
      const found = new Map<string, number>();
      const of = new Set([...wanted].map((name) => name.split(' ')[0]));
      const asked = targets.filter(({ destination }) => of.has(destination.id));
      for (let index = 0; index < count && found.size < wanted.size; index += 1) {
        const judged = judge(index);
        if (isHidden(judged)) continue;
        const { verdict, reason, read } = judged;
        const names =
          verdict === 'ALLOWED' && read !== undefined
            ? asked.map((target) => `${target.destination.id} ${reasonOf(read, target)}`)
            : [`${verdict} ${reason}`];
        for (const name of names) if (wanted.has(name) && !found.has(name)) found.set(name, index);
      }
      return found;
    },
  };
}

function reasonOf(read: ReadEvent, target: Target): string {
  const verdict = chooseMappings(read.event, target);
  return 'reason' in verdict ? verdict.reason : '';
}

/** Why a place of the message has no event that was read; of a webhook's, the books name the first 2,500 alone. */
function faultOf({ items }: IntakeReading, index: number): Pick<Judged, 'verdict' | 'reason'> {
  const fault = items[index]?.fault ?? 'invalid.hook_too_many_items';
  return fault === 'duplicate'
    ? { verdict: 'DUPLICATE', reason: fault }
    : { verdict: 'INVALID', reason: fault.slice(fault.indexOf('.') + 1) };
}

function entryOf(
  { intakeId, receivedAt, test }: IntakeMessage,
  index: number,
  { verdict, reason, read, raw }: Judged,
  targets: readonly Target[],
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
    ...(verdict === 'ALLOWED' &&
      read !== undefined && { destinations: targets.map((target) => targetOf(read, target)) }),
  };
}

function targetOf({ event }: ReadEvent, target: Target): DebugTarget {
  const { id } = target.destination;
  const verdict = chooseMappings(event, target);
  return 'reason' in verdict
    ? { id, reason: verdict.reason }
    : { id, mappings: verdict.mappings.map((mapping) => mapping.id) };
}

/** A write key may send: who reads events need not have it. */
function withoutKey(raw: Json): Json {
  if (!isJsonObject(raw)) return raw;
  const { writeKey: _, ...rest } = raw;
  return rest;
}
