import { traceWork } from '../../../../../functions/api/trace/trace-event.ts';
import { IntakeId, SourceId } from '../../../../../shared/domain/ids.ts';
import type { DeliverySample } from '../../../../../shared/ports/delivery-stores.ts';
import { aDebugEntry, fakeDebugReader } from '../../../../builders/debug-items.ts';
import { aDoneRow, aPlanRow, intakeIdOf } from '../../../../builders/ledger-rows.ts';
import { aWorkspaceConfig } from '../../../../builders/workspace-config.ts';
import { aSource } from '../../../../builders/workspace-things.ts';

const AT = '2026-11-24T10:15:00.000Z';
const EVENT = {
  type: 'track',
  event: 'Order Completed',
  userId: 'ada',
  messageId: 'm1',
  properties: { email: 'ada@shop.test' },
};
const SAMPLE: DeliverySample = {
  destinationId: 'dst_1',
  mappingId: 'map_1',
  messageId: 'm1',
  at: AT,
  code: '400',
  message: 'no ada here',
  event: EVENT,
  requests: [
    {
      method: 'POST',
      url: 'https://tool.test/people/ada',
      headers: { 'x-user': 'ada' },
      body: '{"user":"ada"}',
      status: 400,
      responseHeaders: { 'x-user': 'ada' },
      responseBody: 'no ada',
      tookMs: 7,
    },
  ],
};

/** An event that went to one tool, which did not take it; its payload lies in the debugger, or in the archive. */
async function traced(
  over: { piiAccess?: boolean; suppressed?: string[]; isArchived?: boolean; archive?: () => Promise<undefined> } = {},
) {
  const { reader, write } = fakeDebugReader();
  if (over.isArchived !== true) {
    write(AT, [aDebugEntry(1, { receivedAt: AT, raw: EVENT, event: { ...EVENT, context: { ip: 'ada' } } })]);
  }
  const origin = { sourceId: SourceId.parse('src_1'), intakeId: IntakeId.parse(intakeIdOf(1)), receivedAt: AT };
  const errors = [{ code: '400', message: 'no ada here', count: 1 }];
  const work = traceWork({
    debug: reader,
    claims: { byEvent: async () => [origin], byDevice: async () => undefined },
    plans: { byHash: async () => ({ found: [], rows: 0, isWhole: true }) },
    planRows: { getPlan: async () => aPlanRow() },
    dones: { getDone: async () => aDoneRow({ delivered: 0, discarded: { 400: 1 }, errors }) },
    samples: { between: async () => [SAMPLE] },
    archive: { find: over.archive ?? (async () => (over.isArchived === true ? EVENT : undefined)) },
    letters: { find: async () => undefined },
    catalog: () => undefined,
  });
  const found = await work(
    aWorkspaceConfig([]),
    [aSource()],
    { messageId: 'm1' },
    {
      now: new Date('2026-11-24T10:20:00.000Z'),
      seesDestinations: () => true,
      piiAccess: over.piiAccess ?? true,
      suppressed: new Set(over.suppressed),
    },
  );
  if (found.outcome !== 'found') throw new Error('The trace was not found');
  return found.trace;
}

test('who may see personal data sees the event, what was sent and what was answered (M03)', async () => {
  const trace = await traced();
  expect(trace).toMatchObject({
    isMasked: false,
    payload: EVENT,
    destinations: [
      {
        sends: [
          {
            state: 'DISCARDED',
            tries: [{ code: '400', message: 'no ada here', exchanges: [{ url: 'https://tool.test/people/ada' }] }],
          },
        ],
      },
    ],
  });
});

test('who may not sees its way with times and codes, and no value of it (M03)', async () => {
  const trace = await traced({ piiAccess: false });
  expect(JSON.stringify(trace)).not.toContain('ada');
  expect(trace).toMatchObject({
    isMasked: true,
    verdict: 'ALLOWED',
    payload: { type: 'track', event: 'Order Completed', messageId: 'm1', userId: '••••••••' },
    stages: [{ stage: 'NORMALISED', changes: { changes: [{ kind: 'added', path: 'context' }] } }, { stage: 'SCHEMA' }],
    destinations: [
      { sends: [{ tries: [{ code: '400', message: null, exchanges: [{ method: 'POST', status: 400, tookMs: 7 }] }] }] },
    ],
  });
});

test.each([
  ['the debugger', false],
  ['the archive', true],
])(
  'of somebody who was suppressed afterwards nothing is shown, though %s holds it and samples do (T25)',
  async (_case, isArchived) => {
    const trace = await traced({ isArchived, suppressed: ['ada'] });
    expect(JSON.stringify(trace)).not.toContain('ada');
    expect(trace).toMatchObject({
      verdict: 'ALLOWED',
      payload: null,
      normalised: null,
      stages: [],
      destinations: [{ sends: [{ state: 'DISCARDED', tries: [{ code: '400', message: null, exchanges: [] }] }] }],
    });
    expect(trace.gaps.map(({ why }) => why)).toContain(
      'Its user is suppressed now: neither it nor what was sent is shown.',
    );
  },
);

test('an archive that cannot be read is a gap, and the way of the event is told', async () => {
  const trace = await traced({ isArchived: true, archive: () => Promise.reject(new Error('away')) });
  expect(trace).toMatchObject({
    verdict: 'ALLOWED',
    payload: null,
    destinations: [{ sends: [{ state: 'DISCARDED' }] }],
  });
  expect(trace.gaps).toContainEqual({ what: 'archive', why: 'It could not be read.' });
});
