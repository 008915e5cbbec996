import fc from 'fast-check';
import { deliverBatch } from '../../../../functions/deliver/deliver-batch.ts';
import type { DoneRow } from '../../../../shared/domain/ledger-rows.ts';
import type { SendOutcome } from '../../../../shared/domain/outcomes.ts';
import { deliverDeps } from '../../../builders/deliver-deps.ts';
import type { Fate } from '../../../builders/fake-engine.ts';
import { aLaneRecord, aPart } from '../../../builders/lane-parts.ts';
import { aWorkspaceConfig } from '../../../builders/workspace-config.ts';
import { aDestination, aMapping } from '../../../builders/workspace-things.ts';

const NOW = new Date('2026-11-24T10:15:00.120Z');
/** The retry window of a part that has waited since then is over. */
const LONG_AGO = '2026-11-20T10:00:00.000Z';

const configOf = (over: Record<string, unknown> = {}, mapping: Record<string, unknown> = {}) => {
  const destination = aDestination({ type: 'webhook', ...over });
  return aWorkspaceConfig([
    { destination, mappings: [aMapping({ destinationId: destination.id, action: 'send', ...mapping })] },
  ]);
};

async function run(config: ReturnType<typeof configOf>, part: Record<string, unknown> = {}, fate?: Fate) {
  const { deps, dones, samples } = deliverDeps({ config, fate, now: () => NOW });
  await deliverBatch(deps)([aLaneRecord([aPart({ count: 3, ...part })])], { remainingMs: () => 30_000 });
  return { dones, samples };
}

/** Every code that the books name, whatever became of the send. */
const codesIn = (rows: readonly DoneRow[]): Set<string> =>
  new Set(
    rows.flatMap(({ discarded, deadLettered, errors }) => [
      ...Object.keys(discarded),
      ...Object.keys(deadLettered),
      ...errors.map(({ code }) => code),
    ]),
  );

test.each([
  ['the destination is switched off', configOf({ enabled: false }), {}, 'destination_disabled'],
  ['the destination is paused', configOf({ paused: { since: LONG_AGO, by: 'hand' } }), {}, 'destination_paused'],
  ['the destination is gone', aWorkspaceConfig([]), {}, 'destination_deleted'],
  ['the mapping is switched off', configOf({}, { enabled: false }), {}, 'mapping_disabled'],
  ['the mapping is gone', configOf({}, { id: 'map_9' }), {}, 'mapping_deleted'],
  ['the trigger wants it no more', configOf({}, { trigger: 'type = "page"' }), {}, 'NO_MATCHING_MAPPING'],
])('where %s, what ends without a call has a sample: the event, and no request', async (_case, config, part, code) => {
  const { dones, samples } = await run(config, part);
  expect([...codesIn(dones.rows)]).toEqual([code]);
  expect(samples.kept).toHaveLength(3);
  expect(samples.kept[0]).toMatchObject({
    destinationId: 'dst_1',
    mappingId: 'map_1',
    code,
    message: expect.stringMatching(/\S/),
    event: { type: 'track' },
    requests: [],
  });
});

test('what went round as often as it may has a sample under that code', async () => {
  const { dones, samples } = await run(configOf(), { hop: 1_400 }, () => ({
    outcome: 'retry',
    code: '500',
    message: 'x',
  }));
  expect(dones.rows).toMatchObject([{ deadLettered: { hop_cap: 3 } }]);
  expect(new Set(samples.kept.map(({ code }) => code))).toEqual(new Set(['500', 'hop_cap']));
});

test('what was given up has a sample under that code with the last exchange, beside that of the try', async () => {
  const { dones, samples } = await run(configOf(), { hop: 3, waitingSince: LONG_AGO }, () => ({
    outcome: 'retry',
    code: '503',
    message: 'away',
  }));
  expect(dones.rows).toMatchObject([{ deadLettered: { retry_window: 3 } }]);
  expect(samples.kept.map(({ code }) => code).toSorted()).toEqual([
    '503',
    '503',
    '503',
    'retry_window',
    'retry_window',
    'retry_window',
  ]);
  expect(samples.kept.find(({ code }) => code === 'retry_window')?.message).toContain('503 away');
});

const outcome: fc.Arbitrary<SendOutcome> = fc.oneof(
  fc.constant({ outcome: 'delivered' } as const),
  fc.record({
    outcome: fc.constant('discarded' as const),
    code: fc.constantFrom('400', '404', 'MESSAGE_REJECTED'),
    message: fc.constant('no'),
  }),
  fc.record({
    outcome: fc.constant('retry' as const),
    code: fc.constantFrom('429', '500', 'ECONNRESET'),
    message: fc.constant('later'),
  }),
);

test('every code in the ledger has a sample, whatever tools answer (G15)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(outcome, { minLength: 1, maxLength: 12 }),
      fc.constantFrom({}, { hop: 2, waitingSince: LONG_AGO }),
      async (outcomes, part) => {
        const fate: Fate = ({ properties }) =>
          outcomes[(properties as { index: number }).index % outcomes.length] ?? { outcome: 'delivered' };
        const { dones, samples } = await run(configOf(), { count: 12, ...part }, fate);
        const sampled = new Set(samples.kept.map(({ code }) => code));
        expect([...codesIn(dones.rows)].filter((code) => !sampled.has(code))).toEqual([]);
      },
    ),
    { numRuns: 40 },
  );
});
