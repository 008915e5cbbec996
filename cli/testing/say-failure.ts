import { differences, escaped, textOf } from './match.ts';
import { nearestEvent } from './nearest-event.ts';
import type { EventPattern, SeenEvent } from './types.ts';

/** Requests that were turned away before anything was an event. */
export type Refused = { reason: string; count: number; writeKey?: string; sourceId?: string };

/** Lines of each kind in one message. */
const LINES_MAX = 8;

/** Why no event fitted, for the person who reads the failing test: the nearest one with what differs, and what was refused. Pure. */
export function sayMissing(
  pattern: EventPattern,
  waitedMs: number,
  { seen, refused }: { seen: readonly SeenEvent[]; refused: readonly Refused[] },
): string {
  const good = seen.filter(({ verdict }) => verdict === 'ALLOWED' || verdict === 'DUPLICATE');
  const bad = seen.filter(({ verdict }) => verdict === 'BLOCKED' || verdict === 'INVALID');
  const nearest = nearestEvent(pattern, good);
  return [
    `No event came within ${waitedMs / 1_000} s that has`,
    `  ${textOf(pattern)}`,
    ...(nearest === undefined
      ? [
          good.length === 0
            ? 'No event came at all.'
            : `Of ${eventCount(good.length)} none is like it: ${namesOf(good)}`,
        ]
      : [`The nearest of ${eventCount(good.length)}: ${titleOf(nearest)}`, ...differenceLines(pattern, nearest)]),
    ...listed('These came and went no further', bad, (one) => badLine(pattern, one)),
    ...listed('Requests were refused', refused, refusedLine),
  ].join('\n');
}

export const sayUnwanted = (pattern: EventPattern, one: SeenEvent): string =>
  [`An event came that was not to come: ${titleOf(one)}`, `  it has ${textOf(pattern)}`].join('\n');

/** How far an event got on its way to a destination. */
export type WaySeen = { destination: string; what: string };
export const sayUndelivered = (one: SeenEvent, waitedMs: number, way: WaySeen): string =>
  [
    `${titleOf(one)} was not delivered to ${escaped(way.destination)} within ${waitedMs / 1_000} s:`,
    `  ${way.what}`,
  ].join('\n');

export const titleOf = ({ type, name, messageId, receivedAt }: SeenEvent): string =>
  `${escaped(type ?? 'no type')}${name === null ? '' : ` ${textOf(name)}`} (${escaped(messageId ?? 'no messageId')}, ${receivedAt})`;

const eventCount = (count: number): string => (count === 1 ? '1 event' : `${count} events`);

const differenceLines = (pattern: EventPattern, { event }: SeenEvent): string[] => {
  const found = differences(pattern, event);
  const lines = found
    .slice(0, LINES_MAX)
    .map(({ path, expected, got = 'nothing' }) => `  ${escaped(path)}: expected ${expected}, got ${got}`);
  return found.length > LINES_MAX ? [...lines, `  and ${found.length - LINES_MAX} more`] : lines;
};

function badLine(pattern: EventPattern, one: SeenEvent): string {
  const why = one.violations
    .slice(0, LINES_MAX)
    .map(({ field, message }) => `${escaped(field)} ${escaped(message)}`.trim());
  const says = [escaped(one.reason ?? 'no reason is told'), ...why].join('; ');
  const isIt = differences(pattern, one.event).length === 0 ? ', which has all that was asked for' : '';
  return `${titleOf(one)}: ${one.verdict}, ${says}${isIt}`;
}

const refusedLine = ({ reason, count, writeKey }: Refused): string =>
  `${count} × ${escaped(reason)}${writeKey === undefined ? '' : `, sent with the write key ${textOf(writeKey)}`}`;

function namesOf(seen: readonly SeenEvent[]): string {
  const names = [
    ...new Set(
      seen.map(({ type, name }) => [type, name === null ? undefined : textOf(name)].filter(Boolean).join(' ')),
    ),
  ];
  return names.slice(0, LINES_MAX).map(escaped).join(', ') + (names.length > LINES_MAX ? ', …' : '');
}

function listed<T>(title: string, items: readonly T[], text: (item: T) => string): string[] {
  if (items.length === 0) return [];
  const more = items.length > LINES_MAX ? [`  and ${items.length - LINES_MAX} more`] : [];
  return [`${title}:`, ...items.slice(-LINES_MAX).map((item) => `  ${text(item)}`), ...more];
}
