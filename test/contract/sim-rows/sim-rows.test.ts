import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoBreakerStore } from '../../../shared/aws/dynamo-breaker-store.ts';
import { dynamoClaimStore } from '../../../shared/aws/dynamo-claim-store.ts';
import { dynamoDeviceLedger } from '../../../shared/aws/dynamo-device-ledger.ts';
import { dynamoDoneStore, dynamoPlanStore } from '../../../shared/aws/dynamo-ledger.ts';
import { dynamoTryStore } from '../../../shared/aws/dynamo-try-store.ts';
import { type DynamodbBackend, localDynamodb } from '../../builders/dynamodb-backends.ts';
import { aStateTable } from '../../builders/state-table.ts';
import type { FaultKind } from '../../sim/fault-kinds.ts';
import { Faults } from '../../sim/faults.ts';
import { Host } from '../../sim/host.ts';
import { LedgerModel } from '../../sim/ledger-model.ts';
import { BreakerModel, SeenModel } from '../../sim/table-models.ts';
import { World } from '../../sim/world.ts';
import { describeRows, type RowsUnderTest } from './describe-rows.ts';
import type { DoneRow, PlanRow } from '../../../shared/domain/ledger-rows.ts';
import { touchesOfDone, touchOfPlan } from '../../../shared/pipeline/touch-of.ts';

// The simulator's tables are only worth what they share with the adapters: both go through one description.

let backend: DynamodbBackend;
beforeAll(async () => {
  backend = await localDynamodb();
}, 90_000);
afterAll(() => backend.close());

describeRows('the adapters on the local cloud', async () => {
  const doc = DynamoDBDocumentClient.from(backend.client);
  const table = await aStateTable(backend.client);
  return {
    plans: dynamoPlanStore(doc, table),
    dones: dynamoDoneStore(doc, table),
    tries: dynamoTryStore(doc, table, Date.now),
    claims: dynamoClaimStore(doc, await aStateTable(backend.client)),
    devices: dynamoDeviceLedger(doc, await aStateTable(backend.client)),
    breakers: dynamoBreakerStore(doc, table),
  };
});

/** The models, in a world that goes on whenever one of them is asked for something. */
function models(chosen: readonly FaultKind[]): RowsUnderTest {
  const world = new World(1);
  const faults = new Faults(world.random, chosen);
  const host = new Host(world, faults, 'deliver', 'host');
  host.begin({ number: 1, startedAtMs: 0, deadlineMs: 0, records: [] }, () => undefined);
  const ignored = { onPlan: () => undefined, onDone: () => undefined, onUnreadable: () => undefined };
  const ledger = new LedgerModel(faults, ignored);
  const seen = new SeenModel(faults, world.random);
  const going = <T extends object>(store: T): T =>
    new Proxy(store, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          let isOver = false;
          const answer = Promise.resolve(Reflect.apply(method, target, args)).finally(() => {
            isOver = true;
          });
          // What waits for the end of its tick makes its appointments then.
          await new Promise((resolve) => process.nextTick(resolve));
          await world.run(Number.POSITIVE_INFINITY, () => isOver);
          return await answer;
        };
      },
    });
  const touches = going(ledger.touches(host));
  const plans = going(ledger.planStore(host));
  const dones = going(ledger.doneStore(host));
  return {
    // The model refuses a row that nobody has touched first.
    plans: {
      ...plans,
      putPlan: async (row: PlanRow) => {
        await touches.touch([touchOfPlan(row)]);
        return await plans.putPlan(row);
      },
    },
    dones: {
      ...dones,
      putDone: async (row: DoneRow) => {
        await touches.touch(touchesOfDone({ destinationId: row.destinationId, part: row }));
        return await dones.putDone(row);
      },
    },
    tries: going(ledger.tryStore(host)),
    claims: going(seen.claimStore(host)),
    devices: going(seen.deviceLedger(host)),
    breakers: going(new BreakerModel(faults).store(host)),
  };
}

describeRows('the models of the simulator', async () => models([]));

// What a lost answer makes of a conditional put is the heart of it: the same description holds while answers get lost.
describeRows('the models of the simulator, while answers get lost', async () => models(['row answered too late']));
