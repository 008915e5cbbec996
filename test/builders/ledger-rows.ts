import { bitmapOf } from '../../shared/domain/bitmap.ts';
import { DoneRow, LATENCY_BUCKETS_MS, PlanRow, UnreadableRow } from '../../shared/domain/ledger-rows.ts';

/** An intake id that differs by its number. */
export const intakeIdOf = (number: number): string => `in_${String(number).padStart(22, '0')}`;

/** A plan row of one event that goes out by one mapping, parsed: an impossible one cannot be built. */
export const aPlanRow = (over: Record<string, unknown> = {}): PlanRow =>
  PlanRow.parse({
    v: 1,
    intakeId: intakeIdOf(1),
    workspaceId: 'ws_1',
    sourceId: 'src_1',
    receivedAt: '2026-11-24T10:15:00.000Z',
    plannedAt: '2026-11-24T10:15:00.100Z',
    configVersion: 1,
    writeId: 'w1',
    received: 1,
    invalid: {},
    duplicate: 0,
    suppressed: 0,
    blocked: {},
    routed: 1,
    types: { track: 1 },
    routedBitmap: bitmapOf([0]),
    destinations: [
      {
        destinationId: 'dst_1',
        filtered: {},
        queued: 1,
        sends: 1,
        mappings: ['map_1'],
        bitmap: bitmapOf([0]),
        cuts: [1],
      },
    ],
    ...over,
  });

/** The end of that one send. */
export const aDoneRow = (over: Record<string, unknown> = {}): DoneRow =>
  DoneRow.parse({
    v: 1,
    workspaceId: 'ws_1',
    sourceId: 'src_1',
    destinationId: 'dst_1',
    intakeId: intakeIdOf(1),
    slice: 0,
    hop: 0,
    dueAt: '2026-11-24T10:15:00.000Z',
    settledAt: '2026-11-24T10:15:01.000Z',
    writeId: 'w2',
    delivered: 1,
    discarded: {},
    deadLettered: {},
    retry: 0,
    errors: [],
    latency: LATENCY_BUCKETS_MS.map((_, bucket) => (bucket === 5 ? 1 : 0)).concat(0),
    ...over,
  });

/** A request that nobody could read, parsed. */
export const anUnreadableRow = (over: Record<string, unknown> = {}): UnreadableRow =>
  UnreadableRow.parse({
    v: 1,
    unreadableId: 'u1',
    at: '2026-11-24T10:15:00.000Z',
    sourceId: 'src_1',
    intakeId: intakeIdOf(1),
    reason: 'crash_loop',
    deadLetterKey: 'unreadable/day=2026-11-24/u1.gz',
    ...over,
  });
