import { LetterLine } from '../../shared/aws/s3-dead-letter-reader.ts';
import { DestinationId, ReplayId } from '../../shared/domain/ids.ts';
import type { Part } from '../../shared/domain/lane-message.ts';
import type { DoneRow } from '../../shared/domain/ledger-rows.ts';
import type { ReplayManifest, ReplayRun, ReplaySlice } from '../../shared/domain/replay.ts';
import type { Destination, WorkspaceConfig } from '../../shared/domain/workspace.ts';
import type { RunDeps } from '../../shared/pipeline/replay-run.ts';
import type { StartDeps } from '../../shared/pipeline/replay-start.ts';
import type { DeadLetterReader, KeptLetter, ManifestStore, ReplayStore } from '../../shared/ports/replay-stores.ts';
import { fakeDoneStore } from './deliver-stores.ts';
import { fakeLaneQueue } from './fake-queues.ts';
import { aDoneRow, intakeIdOf } from './ledger-rows.ts';
import { aTarget } from './workspace-config.ts';

export const RUN_IDS = ['a', 'b', 'c', 'd'].map((letter) => ReplayId.parse(`rp_${letter.repeat(22)}`));
const NOW = '2026-11-26T10:00:00.000Z';

/** A letter of a tracked event, number by number one of its own part; parsed. */
export const aLetter = (number: number, over: Record<string, unknown> = {}): KeptLetter =>
  LetterLine.parse({
    v: 1,
    workspaceId: 'ws_1',
    sourceId: 'src_1',
    destinationId: 'dst_hook',
    intakeId: intakeIdOf(number),
    slice: 0,
    hop: 0,
    dueAt: '2026-11-24T10:15:00.000Z',
    send: 0,
    mappingId: 'map_hook_0',
    attempts: 1,
    receivedAt: '2026-11-24T10:15:00.000Z',
    settledAt: '2026-11-24T10:15:01.000Z',
    outcome: 'discarded',
    code: '400',
    message: 'no',
    event: { type: 'track', event: 'Cup Bought', messageId: `m${number}`, userId: 'u1' },
    ...over,
  });

/** The row that vouches for a letter which lies in that object. */
export const voucherOf = (letter: KeptLetter, deadLetterKey: string): DoneRow => {
  const { destinationId, intakeId, slice, hop, replay, dueAt = letter.receivedAt, settledAt } = letter;
  const discarded = { [letter.code]: 1 };
  return aDoneRow({
    destinationId,
    intakeId,
    slice,
    hop,
    dueAt,
    settledAt,
    replay,
    delivered: 0,
    discarded,
    deadLetterKey,
  });
};

/** All that a replay touches, in memory, with a clock that waits move on. */
export function replayWorld(target: WorkspaceConfig['destinations'][number] = aTarget('hook')) {
  const objects = new Map<string, KeptLetter[]>();
  const ledger = fakeDoneStore();
  const manifests = new Map<string, ReplayManifest>();
  const runs: ReplayRun[] = [];
  const slices: ReplaySlice[] = [];
  const lanes = fakeLaneQueue();
  const waits: number[] = [];
  let nowMs = Date.parse(NOW);
  let writes = 0;
  const ids = [...RUN_IDS];
  const suppressed = new Set<string>();
  const destinationId = DestinationId.parse(target.destination.id);

  const reader: DeadLetterReader = {
    destinations: async () => [destinationId],
    objects: async function* (_id, { from, to }) {
      for (const key of [...objects.keys()].toSorted()) {
        const day = /day=([\d-]+)/.exec(key)?.[1] ?? '';
        if ((from === undefined || day >= from) && (to === undefined || day <= to)) yield key;
      }
    },
    letters: async function* (key) {
      yield* objects.get(key) ?? [];
    },
  };
  const replays: ReplayStore = {
    listRuns: async () => runs.toSorted((a, b) => a.number - b.number),
    getRun: async (_id, number) => runs.find((run) => run.number === number),
    addRun: async (run) => {
      if (runs.some(({ number }) => number === run.number)) return false;
      runs.push(run);
      return true;
    },
    saveRun: async (read, next) => {
      const index = runs.findIndex(({ runId, writeId }) => runId === read.runId && writeId === read.writeId);
      if (index === -1) return false;
      runs[index] = next;
      return true;
    },
    putSlice: async (slice) => {
      if (slices.some((each) => each.runId === slice.runId && each.slice === slice.slice)) return false;
      slices.push(slice);
      return true;
    },
    slicesFrom: async (runId, from) => slices.filter((each) => each.runId === runId && each.slice >= from),
    donesOfRun: async (runId) => ledger.rows.filter(({ replay }) => replay === runId),
  };
  const manifestStore: ManifestStore = {
    put: async (manifest) => void manifests.set(manifest.runId, manifest),
    get: async (_id, runId) => manifests.get(runId),
  };
  const now = () => new Date(nowMs);
  const newWriteId = () => `w${(writes += 1)}`;
  /** What the control table says now; a test may change it. */
  const present = { destination: target.destination as Destination | undefined };
  const deps: StartDeps & RunDeps & { reader: DeadLetterReader; replays: ReplayStore } = {
    reader,
    dones: ledger.store,
    manifests: manifestStore,
    suppressions: { suppressed: async () => suppressed },
    replays,
    lanes,
    destination: async () => present.destination,
    now,
    newRunId: () => ids.shift() ?? RUN_IDS[0] ?? ReplayId.parse(''),
    newWriteId,
    wait: async (ms) => {
      waits.push(ms);
      nowMs += ms;
    },
  };
  return {
    deps,
    target,
    present,
    objects,
    ledger,
    manifests,
    runs,
    lanes,
    waits,
    suppressed,
    /** Puts an object, and vouches for its letters unless a crash did away with that. */
    keep: (key: string, letters: KeptLetter[], isOrphan = false): void => {
      objects.set(key, letters);
      if (!isOrphan) ledger.rows.push(...letters.map((letter) => voucherOf(letter, key)));
    },
    /** The parts on the lane, copies included. */
    parts: (): Part[] => lanes.lies.flatMap(({ parts }) => parts),
  };
}
export type ReplayWorld = ReturnType<typeof replayWorld>;
