import type { IntakeMessage, RefusalNotice } from '../../shared/domain/intake-message.ts';
import type { ArchiveMessage, LaneMessage } from '../../shared/domain/lane-message.ts';
import type { ArchiveQueue, IntakeQueue, LaneQueues, LaneResult, LaneSending } from '../../shared/ports/queues.ts';

/** An intake queue that takes everything, or fails as told. */
export function fakeIntakeQueue(fault?: Error) {
  const sent: { head: Omit<IntakeMessage, 'body'>; bodyText: string }[] = [];
  const notices: RefusalNotice[] = [];
  const queue: IntakeQueue = {
    send: async (head, bodyText) => {
      if (fault !== undefined) throw fault;
      sent.push({ head, bodyText });
    },
    sendNotice: async (notice) => {
      if (fault !== undefined) throw fault;
      notices.push(notice);
    },
  };
  return { ...queue, sent, notices };
}

/** A lane that answers calls by script, one list of results a call; what the script leaves open is taken. `lies` is what is on the queue. */
export function fakeLaneQueue(script: LaneResult[][] = []) {
  const calls: LaneMessage[][] = [];
  const sendings: LaneSending[][] = [];
  const lies: LaneMessage[] = [];
  const queue: LaneQueues = {
    send: async (sent) => {
      sendings.push([...sent]);
      const messages = sent.map(({ message }) => message);
      calls.push(messages);
      const results = messages.map((_, index) => script[calls.length - 1]?.[index] ?? 'taken');
      lies.push(...messages.filter((_, index) => results[index] !== 'refused'));
      return results;
    },
  };
  return { ...queue, calls, sendings, lies };
}

/** An archive queue that takes everything, or fails as often as told. */
export function fakeArchiveQueue(failures = 0) {
  const lies: ArchiveMessage[] = [];
  let left = failures;
  const queue: ArchiveQueue = {
    send: async (messages) => {
      if (left > 0) {
        left -= 1;
        throw new Error('the archive queue is away');
      }
      lies.push(...messages);
    },
  };
  return { ...queue, lies };
}
