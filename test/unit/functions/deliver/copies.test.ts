import { deliverBatch } from '../../../../functions/deliver/deliver-batch.ts';
import { deliverDeps } from '../../../builders/deliver-deps.ts';
import { aLaneRecord, aPart } from '../../../builders/lane-parts.ts';
import { aTarget, aWorkspaceConfig } from '../../../builders/workspace-config.ts';

const CONTEXT = { remainingMs: () => 30_000 };
const setUp = () => {
  const all = deliverDeps({
    config: aWorkspaceConfig([aTarget('1', ['type = "track"'], { id: 'dst_1' })]),
    fate: () => ({ outcome: 'delivered', status: 200 }),
  });
  return { ...all, deliver: deliverBatch(all.deps) };
};
const part = aPart({ mappings: ['map_1_0'] });

// Found by the simulator: a request that was queued twice and routed in one batch puts both copies of a part into one message.
test('two copies of a part in one message are sent once, and the message is done', async () => {
  const { deliver, engine, dones } = setUp();
  await expect(deliver([aLaneRecord([part, part])], CONTEXT)).resolves.toEqual([]);
  expect(engine.sent).toEqual(['m1-0']);
  expect(dones.rows).toMatchObject([{ delivered: 1, retry: 0 }]);
});

test('a copy in another message goes back and meets the row of the first', async () => {
  const { deliver, engine, dones } = setUp();
  const second = { messageId: 'sqs-2' };
  const records = [aLaneRecord([part]), aLaneRecord([part], second)];
  await expect(deliver(records, CONTEXT)).resolves.toEqual(['sqs-2']);
  await expect(deliver([aLaneRecord([part], { ...second, receiveCount: 2 })], CONTEXT)).resolves.toEqual([]);
  expect(engine.sent).toEqual(['m1-0']);
  expect(dones.rows).toHaveLength(1);
});
