import { deadLetterOf } from '../../../../shared/pipeline/dead-letters.ts';
import { DestinationId } from '../../../../shared/domain/ids.ts';
import { intakeIdOf } from '../../../builders/ledger-rows.ts';
import { aPart } from '../../../builders/lane-parts.ts';

const end = {
  outcome: 'dead-lettered',
  code: '503',
  message: 'Service Unavailable',
  attempts: 4,
  settledAt: '2026-11-24T12:00:00.000Z',
} as const;

test('a letter holds the event and all that names its send: part, hop, due time, number and mapping', () => {
  const part = aPart({
    count: 3,
    slice: 2,
    hop: 3,
    dueAt: '2026-11-24T11:00:00.000Z',
    mappings: ['map_1', 'map_2'],
    sends: [[17, 2, 1, 3]],
  });
  const [send = [0, 0, 0, 0]] = part.sends;
  expect(deadLetterOf(DestinationId.parse('dst_1'), part, send, end)).toEqual({
    v: 1,
    workspaceId: 'ws_1',
    sourceId: 'src_1',
    destinationId: 'dst_1',
    intakeId: intakeIdOf(1),
    slice: 2,
    hop: 3,
    dueAt: '2026-11-24T11:00:00.000Z',
    send: 17,
    mappingId: 'map_2',
    receivedAt: '2026-11-24T10:15:00.000Z',
    event: part.events[2],
    ...end,
  });
});

test('a letter of a replay run says which', () => {
  const replay = `rp_${'r'.repeat(22)}`;
  const part = aPart({ replay });
  const letter = deadLetterOf(DestinationId.parse('dst_1'), part, [0, 0, 0, 0], end);
  expect(letter).toMatchObject({ replay, hop: 0, dueAt: part.receivedAt });
});
