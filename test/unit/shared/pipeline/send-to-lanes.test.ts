import type { LaneResult } from '../../../../shared/ports/queues.ts';
import { DestinationId } from '../../../../shared/domain/ids.ts';
import { bytesOf } from '../../../../shared/pipeline/read-intake.ts';
import { sendToLanes } from '../../../../shared/pipeline/send-to-lanes.ts';
import { fakeLaneQueue } from '../../../builders/fake-queues.ts';
import { aPart } from '../../../builders/lane-parts.ts';

const forLane = (id: string, lane?: number) => {
  const part = aPart();
  return { destinationId: DestinationId.parse(`dst_${id}`), part, bytes: bytesOf(part), lane, delaySeconds: 7 };
};

const told = async (script: LaneResult[]) => {
  const lanes = fakeLaneQueue(script.map((result) => [result]));
  const left = await sendToLanes(lanes, [forLane('x', 3)]);
  return {
    sent: lanes.sendings.flat().map(({ lane, delaySeconds, message }) => ({
      lane,
      delaySeconds,
      again: message.parts.every((part) => part.again === true),
    })),
    left: left.length,
  };
};

test.each<[string, LaneResult[], [number | undefined, boolean][], number]>([
  ['taken by its own lane is sent once', ['taken'], [[3, false]], 0],
  [
    'refused goes to the shared lane as it is',
    ['refused', 'taken'],
    [
      [3, false],
      [undefined, false],
    ],
    0,
  ],
  [
    'doubtful goes there marked',
    ['doubtful', 'taken'],
    [
      [3, false],
      [undefined, true],
    ],
    0,
  ],
  [
    'doubtful once stays marked, although a later try was refused',
    ['doubtful', 'refused', 'taken'],
    [
      [3, false],
      [undefined, true],
      [undefined, true],
    ],
    0,
  ],
  [
    'doubtful at the second try is marked from then on',
    ['refused', 'doubtful', 'taken'],
    [
      [3, false],
      [undefined, false],
      [undefined, true],
    ],
    0,
  ],
  [
    'not taken three times is left to whoever brought it',
    ['refused', 'refused', 'refused'],
    [
      [3, false],
      [undefined, false],
      [undefined, false],
    ],
    1,
  ],
])('a message that is %s', async (_case, script, tries, left) => {
  await expect(told(script)).resolves.toEqual({
    sent: tries.map(([lane, again]) => ({ lane, delaySeconds: 7, again })),
    left,
  });
});

test('only what was not taken is sent again', async () => {
  const lanes = fakeLaneQueue([['taken', 'refused', 'taken'], ['taken']]);
  await expect(sendToLanes(lanes, [forLane('x'), forLane('y'), forLane('z')])).resolves.toEqual([]);
  expect(lanes.calls.map((call) => call.map(({ destinationId }) => destinationId))).toEqual([
    ['dst_x', 'dst_y', 'dst_z'],
    ['dst_y'],
  ]);
});

test('of nothing, no call is made', async () => {
  const lanes = fakeLaneQueue();
  await expect(sendToLanes(lanes, [])).resolves.toEqual([]);
  expect(lanes.calls).toEqual([]);
});
