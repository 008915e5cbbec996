import { countRecovery, recoveredOf } from '../../../../shared/books/recovered.ts';
import { ReplayRun } from '../../../../shared/domain/replay.ts';
import { aDoneRow } from '../../../builders/ledger-rows.ts';
import { fakeRollupStore } from '../../../builders/rollup-store.ts';

const aRun = (number: number, over: Record<string, unknown> = {}): ReplayRun =>
  ReplayRun.parse({
    v: 1,
    runId: `rp_${String(number).padStart(22, '0')}`,
    number,
    workspaceId: 'ws_1',
    destinationId: 'dst_1',
    startedAt: '2026-11-24T10:00:00.000Z',
    filter: 'all',
    planned: 5,
    position: 5,
    slices: 1,
    gone: 1,
    finishedAt: '2026-11-24T10:01:00.000Z',
    writeId: 'w',
    ...over,
  });
const ROW = aDoneRow({ delivered: 2, discarded: { 400: 1 }, retry: 1 });

test('recovered is what all runs of a destination have delivered; final ones are not read again', async () => {
  const rollups = fakeRollupStore();
  const { destinationId } = aDoneRow();
  await rollups.putRecovery(destinationId, 1, { delivered: 7, isFinal: true });
  await rollups.putRecovery(destinationId, 2, { delivered: 1, isFinal: false });
  const read: string[] = [];
  const replays = {
    listRuns: async () => [aRun(1), aRun(2)],
    donesOfRun: async (id: string) => {
      read.push(id);
      return [ROW];
    },
  };
  await expect(recoveredOf({ replays, rollups }, destinationId)).resolves.toBe(9);
  expect(read).toEqual([aRun(2).runId]);
});

test.each([
  ['a send of it is still under way', [ROW], {}, false],
  ['all of its letters have ended', [ROW, aDoneRow({ hop: 1 })], {}, true],
  ['more of it is to be sent', [ROW, aDoneRow({ hop: 1 })], { finishedAt: undefined }, false],
])('a run where %s is final or not', async (_case, rows, over, isFinal) => {
  const recovery = await countRecovery({ donesOfRun: async () => rows }, aRun(1, over));
  expect(recovery.isFinal).toBe(isFinal);
});
