import type { SQSRecord } from 'aws-lambda';
import type { IntakeId } from '../../shared/domain/ids.ts';
import type { LaneMessage } from '../../shared/domain/lane-message.ts';
import type { DoneRow, PlanRow } from '../../shared/domain/ledger-rows.ts';
import type { WorkspaceConfig } from '../../shared/domain/workspace.ts';
import { touchesOfDone } from '../../shared/pipeline/touch-of.ts';
import type { ConfigReader } from '../../shared/ports/config-store.ts';
import type { LaneQueues, LaneResult } from '../../shared/ports/queues.ts';
import { intakeIdOf } from '../builders/ledger-rows.ts';
import type { Plant } from './functions.ts';
import type { Host } from './host.ts';
import { hashOf } from './random.ts';

/** Bugs that the protocol exists to prevent. Each breaks one promise of one port, and shows first by the rule that is named. */
export const PLANTS: readonly (Plant & { breaks: string })[] = [
  {
    name: 'a request is identified by its SQS MessageId',
    breaks: 'a plan is of a request that was accepted',
    work: (work, host) =>
      host.functionName === 'route' ? (records, context) => work(records.map(byMessageId), context) : work,
  },
  {
    name: "done rows are filed by the clock's minute",
    breaks: 'what is in the books is not sent again',
    deliver: (deps, host) => {
      const { dones } = deps;
      const filed = <T extends { dueAt: string }>(row: T): T => ({ ...row, dueAt: host.now().toISOString() });
      return {
        ...deps,
        dones: {
          findDone: (keys) => dones.findDone(keys.map(filed)),
          putDone: async (row) => {
            const wrong = filed(row);
            await deps.touches.touch(touchesOfDone({ destinationId: wrong.destinationId, part: wrong }));
            return await dones.putDone(wrong);
          },
        },
      };
    },
  },
  {
    name: 'a messageId is marked as seen, without an owner',
    breaks: 'each accepted event is routed',
    route: (deps, host) => ({
      ...deps,
      claims: { claim: (request) => deps.claims.claim({ ...request, intakeId: ownerOf(host, request.intakeId) }) },
    }),
  },
  {
    name: 'the head of a device is put over whatever version is there',
    breaks: 'an event is routed once (E18)',
    devices: (ledger) => ({
      ...ledger,
      putHead: async (key, head) => {
        const there = (await ledger.heads([key])).get(key);
        return await ledger.putHead(key, head, there?.version);
      },
    }),
  },
  {
    name: 'a full head of a device begins anew without its chunk',
    breaks: 'an event is routed once (E18)',
    devices: (ledger) => ({ ...ledger, putChunk: async () => undefined }),
  },
  {
    name: 'what lies behind the head of a device is not read',
    breaks: 'an event is routed once (E18)',
    devices: (ledger) => ({ ...ledger, chunks: async () => [] }),
  },
  {
    name: 'the done row is put after the next hop was sent',
    breaks: 'the done row comes before the next hop',
    deliver: (deps) => {
      const later: DoneRow[] = [];
      return {
        ...deps,
        dones: {
          ...deps.dones,
          putDone: async (row) => {
            if (row.retry === 0) return await deps.dones.putDone(row);
            later.push(row);
            return { outcome: 'saved' };
          },
        },
        lanes: {
          send: async (sendings) => {
            const results = await deps.lanes.send(sendings);
            for (const row of later.splice(0)) await deps.dones.putDone(row);
            return results;
          },
        },
      };
    },
  },
  {
    name: 'the plan row is put after the parts were sent',
    breaks: 'the plan row comes before any send',
    route: (deps) => {
      const later: PlanRow[] = [];
      return {
        ...deps,
        plans: {
          ...deps.plans,
          putPlan: async (row) => {
            later.push(row);
            return { outcome: 'saved' };
          },
        },
        lanes: {
          send: async (sendings) => {
            const results = await deps.lanes.send(sendings);
            for (const row of later.splice(0)) await deps.plans.putPlan(row);
            return results;
          },
        },
      };
    },
  },
  {
    name: 'the done row is not read before a part is sent again',
    breaks: 'what is in the books is not sent again',
    deliver: (deps) => ({ ...deps, dones: { ...deps.dones, findDone: async () => [] } }),
  },
  {
    name: 'a second copy of a part is not marked',
    breaks: 'what is in the books is not sent again',
    route: (deps) => ({ ...deps, lanes: withoutMarks(deps.lanes) }),
  },
  {
    name: 'a done row that was there already is not obeyed',
    breaks: 'a hop is due when its row says',
    deliver: (deps) => ({
      ...deps,
      dones: {
        ...deps.dones,
        // Who comes second believes that its own result is the one in the books.
        putDone: async (row) => {
          await deps.dones.putDone(row);
          return { outcome: 'saved' };
        },
      },
    }),
  },
  {
    name: 'an attempt is counted for what was not tried',
    breaks: 'an attempt is counted for each real try, and for no other',
    deliver: (deps) => ({
      ...deps,
      dones: {
        ...deps.dones,
        putDone: (row) =>
          deps.dones.putDone(row.retryBitmap === undefined ? row : { ...row, triedBitmap: row.retryBitmap }),
      },
    }),
  },
  {
    name: 'a message is acknowledged although not all it brought was taken',
    breaks: 'nothing stays in flight',
    route: (deps) => ({ ...deps, lanes: believing(deps.lanes) }),
    deliver: (deps) => ({ ...deps, lanes: believing(deps.lanes) }),
  },
  {
    name: 'a Retry-After is ignored',
    breaks: 'a Retry-After is kept',
    deliver: (deps) => ({
      ...deps,
      engine: {
        callsOf: async (work) =>
          (await deps.engine.callsOf(work)).map((call) => ({
            ...call,
            run: async () =>
              (await call.run()).map((result) => {
                if (result.outcome.outcome !== 'retry') return result;
                const { retryAfterMs: _ignored, ...outcome } = result.outcome;
                return { ...result, outcome };
              }),
          })),
      },
    }),
  },
  {
    name: 'nobody counts how often a part kills its machine',
    breaks: 'all queues drain once faults are over',
    deliver: (deps) => ({ ...deps, tries: { ...deps.tries, unended: async () => 0, begin: async () => undefined } }),
  },
  {
    name: 'a part that goes on is not sent on when its row is found',
    breaks: 'nothing stays in flight',
    deliver: (deps) => ({
      ...deps,
      dones: {
        ...deps.dones,
        findDone: async (keys) => (await deps.dones.findDone(keys)).map((row) => ({ ...row, retry: 0 })),
      },
    }),
  },
  {
    name: 'undelivered payloads are not kept',
    breaks: 'undelivered payloads are kept before the row is put',
    deliver: (deps) => ({ ...deps, deadLetters: { put: async () => 'somewhere' } }),
  },
  {
    name: 'a breaker never closes',
    breaks: 'a breaker closes when its probe gets through',
    breakers: (store) => ({ ...store, close: async () => undefined }),
  },
  {
    name: 'configuration is read once and kept for ever',
    breaks: 'nothing is sent to a destination that is off, paused or gone',
    deliver: (deps) => {
      let first: Promise<WorkspaceConfig | undefined> | undefined;
      const workspaceConfig: ConfigReader['workspaceConfig'] = (id) => {
        first ??= deps.configs.workspaceConfig(id).catch((error: unknown) => {
          // One that was not read is asked for again: a machine that never works is another bug.
          first = undefined;
          throw error;
        });
        return first;
      };
      return { ...deps, configs: { workspaceConfig } };
    },
  },
  {
    name: 'deliver does not ask who is suppressed',
    breaks: 'nothing is sent of a suppressed user',
    deliver: (deps) => ({ ...deps, configs: withoutSuppression(deps.configs) }),
    // Nor does route, or hardly anything of hers would come so far.
    route: (deps) => ({ ...deps, configs: withoutSuppression(deps.configs) }),
  },
  {
    name: 'a part waits without regard to when it is due',
    breaks: 'a hop is due when its row says',
    deliver: (deps) => ({
      ...deps,
      lanes: { send: (sendings) => deps.lanes.send(sendings.map(dueAtOnce)) },
    }),
  },
  {
    name: 'a plan of another is obeyed while it is young',
    breaks: 'what is in the books is not sent again',
    route: (deps) => ({
      ...deps,
      plans: {
        ...deps.plans,
        getPlan: async (key) => {
          const row = await deps.plans.getPlan(key);
          return row && { ...row, plannedAt: row.receivedAt };
        },
        // And without a look at what is done already.
        findDone: async () => [],
      },
      lanes: withoutMarks(deps.lanes),
    }),
  },
];

/** The request, named by the message that brought it. */
function byMessageId(record: SQSRecord): SQSRecord {
  const name = intakeIdOf(hashOf(record.messageId));
  return { ...record, body: record.body.replaceAll(/in_\d{22}/g, name) };
}

/** One owner for each run of the function: to the next one, a messageId is simply taken. */
const ownerOf = ({ name, invocation }: Host, intakeId: IntakeId): IntakeId =>
  `${intakeId} ${name} ${invocation?.number}` as IntakeId;

const withoutMarks = (lanes: LaneQueues): LaneQueues => ({
  send: (sendings) => lanes.send(sendings.map((sending) => ({ ...sending, message: unmarked(sending.message) }))),
});

const unmarked = (message: LaneMessage): LaneMessage => ({
  ...message,
  parts: message.parts.map(({ again: _again, ...part }) => part),
});

const withoutSuppression = (configs: ConfigReader): ConfigReader => ({
  workspaceConfig: async (...asked) => {
    const config = await configs.workspaceConfig(...asked);
    return config && { ...config, suppressed: new Set() };
  },
});

const believing = (lanes: LaneQueues): LaneQueues => ({
  send: async (sendings) => (await lanes.send(sendings)).map((): LaneResult => 'taken'),
});

/** The message says that it is due long since, and comes at once. */
const dueAtOnce = (sending: Parameters<LaneQueues['send']>[0][number]): typeof sending => ({
  ...sending,
  delaySeconds: 0,
  message: {
    ...sending.message,
    parts: sending.message.parts.map((part) => ({ ...part, dueAt: part.receivedAt })),
  },
});
