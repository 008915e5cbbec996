import {
  auditEvent,
  packRequests,
  REQUEST_BYTES_MAX,
  REQUEST_EVENTS_MAX,
} from '../../../../functions/notify/audit-event.ts';
import { EVENT_BYTES_MAX } from '../../../../shared/config/limits.ts';
import type { IntakeMessage } from '../../../../shared/domain/intake-message.ts';
import { readIntake } from '../../../../shared/pipeline/read-intake.ts';
import { anEntry } from '../../../builders/notify-world.ts';
import { aSource } from '../../../builders/workspace-things.ts';

const read = (bodyText: string) =>
  readIntake(
    {
      v: 1,
      intakeId: 'in_0123456789abcdefghijkl',
      workspaceId: 'ws_1',
      sourceId: 'src_1',
      kind: 'batch',
      receivedAt: '2026-11-24T10:00:10.000Z',
      body: JSON.parse(bodyText),
    } as IntakeMessage,
    aSource(),
  );

test('an entry is a track event: its id is the messageId, its time the timestamp, its actor the user', () => {
  const entry = anEntry(1, {
    before: { enabled: false },
    after: { enabled: true },
    requestId: 'req_1',
    ip: '192.0.2.1',
  });
  expect(auditEvent(entry)).toEqual({
    type: 'track',
    messageId: 'aud_000001',
    event: 'Source Created',
    userId: 'usr_ann',
    timestamp: '2026-11-24T10:00:00.001Z',
    context: { library: { name: 'tributary-audit', version: '1' }, ip: '192.0.2.1' },
    properties: {
      id: 'aud_000001',
      type: 'Source Created',
      workspaceId: 'ws_1',
      actor: { type: 'user', id: 'usr_ann', email: 'ann@example.com' },
      resource: { type: 'SOURCE', id: 'src_2', name: 'Server' },
      requestId: 'req_1',
      before: { enabled: false },
      after: { enabled: true },
    },
  });
});

test('what route makes of it is valid, whoever acted and however large the change was', () => {
  const large = { settings: 'x'.repeat(59_000) };
  const entries = [
    anEntry(1),
    anEntry(2, { actor: { type: 'system', id: '' } }),
    anEntry(3, { before: large, after: large }),
    anEntry(4, {
      event: 'E'.repeat(128),
      resource: { type: 'T'.repeat(64), id: 'i'.repeat(512), name: '日'.repeat(512) },
    }),
  ];
  const [request, ...others] = packRequests(entries);
  expect(others).toEqual([]);
  const reading = read(request?.bodyText ?? '');
  expect(reading.invalid).toEqual({});
  expect(reading.events.map(({ event }) => [event.messageId, event['userId'], event['event']])).toEqual([
    ['aud_000001', 'usr_ann', 'Source Created'],
    ['aud_000002', 'system', 'Source Created'],
    ['aud_000003', 'usr_ann', 'Source Created'],
    ['aud_000004', 'usr_ann', 'E'.repeat(128)],
  ]);
  expect(reading.events[2]?.event['properties']).toMatchObject({
    id: 'aud_000003',
    leftOut: expect.stringMatching(/^before and after: 1\d{5} bytes are too many for an event$/),
  });
});

test('requests hold what ingest would take of one, and every entry once and in order', () => {
  const entries = Array.from({ length: 450 }, (_, index) =>
    anEntry(index, index % 3 === 0 ? { after: { text: 'é'.repeat(15_000) } } : {}),
  );
  const requests = packRequests(entries);
  expect(requests.flatMap((request) => request.entries)).toEqual(entries);
  for (const { entries: own, bodyText } of requests) {
    expect(own.length).toBeLessThanOrEqual(REQUEST_EVENTS_MAX);
    expect(Buffer.byteLength(bodyText)).toBeLessThanOrEqual(REQUEST_BYTES_MAX + 12);
    expect(read(bodyText).events.map(({ event }) => event.messageId)).toEqual(own.map(({ id }) => id));
  }
  expect(packRequests([])).toEqual([]);
});

test('an event keeps before and after up to the size of an event', () => {
  const bytes = (after: string) => Buffer.byteLength(JSON.stringify(auditEvent(anEntry(1, { after: { after } }))));
  const room = EVENT_BYTES_MAX - bytes('');
  expect(bytes('x'.repeat(room))).toBe(EVENT_BYTES_MAX);
  expect(bytes('x'.repeat(room + 1))).toBeLessThan(1_000);
});
