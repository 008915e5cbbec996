import type { Engine, SendResult } from '../../shared/destinations/engine.ts';
import { INBOX } from '../../shared/destinations/inbox-definition.ts';
import type { JsonObject } from '../../shared/domain/json.ts';
import type { LaneSend, Part } from '../../shared/domain/lane-message.ts';
import type { Mapping } from '../../shared/domain/workspace.ts';
import type { InboxStore } from '../../shared/ports/delivery-stores.ts';
import type { LaneTask } from './lane-task.ts';
import type { SendEnd } from './settle-part.ts';
import type { Closed, Open } from './target-of.ts';

/** Sends of one mapping that go out together. */
export type PartCall = {
  sends: readonly LaneSend[];
  mappingId: string;
  /** One result for each send, in order. Rejects only where our own side fails: then nothing is settled, and the message comes again. */
  run: () => Promise<readonly SendResult[]>;
};

export type PartPlan = {
  /** Sends that have ended without being tried. */
  ended: ReadonlyMap<number, SendEnd>;
  calls: readonly PartCall[];
};

export type PlanDeps = { engine: Engine; inbox: Pick<InboxStore, 'add'>; now: () => Date };

/** What is to be done for a part, as things stand now: present settings and mappings count, not those of the time when it was queued. */
export async function planPart(deps: PlanDeps, task: LaneTask, target: Open | Closed): Promise<PartPlan> {
  const { part } = task;
  const ended = new Map<number, SendEnd>();
  const end = (sends: readonly LaneSend[], outcome: SendEnd['outcome']): void => {
    for (const [send] of sends) ended.set(send, { outcome, at: deps.now(), untried: true });
  };
  if (target.state === 'closed') {
    end(part.sends, { outcome: 'undeliverable', code: target.code, message: target.message });
    return { ended, calls: [] };
  }
  const live: { sends: LaneSend[]; mapping: Mapping }[] = [];
  for (const [mappingId, sends] of byMapping(part)) {
    const mapping = target.mappings.get(mappingId);
    if (mapping === undefined) {
      end(sends, { outcome: 'discarded', code: 'mapping_deleted', message: 'The mapping was deleted' });
    } else if (!mapping.enabled) {
      end(sends, { outcome: 'discarded', code: 'mapping_disabled', message: 'The mapping is switched off' });
    } else {
      live.push({ sends, mapping });
    }
  }
  if (target.type === INBOX.slug) return { ended, calls: inboxCalls(deps, task, live) };
  const calls = await Promise.all(live.map((each) => engineCalls(deps.engine, part, target, each)));
  // In the order of the events: what somebody did first goes out first.
  return { ended, calls: calls.flat().toSorted((a, b) => firstOf(a) - firstOf(b)) };
}

const firstOf = ({ sends: [first] }: PartCall): number => first?.[0] ?? 0;

function byMapping(part: Part): Map<string, LaneSend[]> {
  const groups = new Map<string, LaneSend[]>();
  for (const send of part.sends) {
    const mappingId = part.mappings[send[2]] ?? '';
    const group = groups.get(mappingId);
    if (group === undefined) groups.set(mappingId, [send]);
    else group.push(send);
  }
  return groups;
}

const eventOf = (part: Part, [, index]: LaneSend): JsonObject => part.events[index] as JsonObject;

async function engineCalls(
  engine: Engine,
  part: Part,
  target: Open,
  { sends, mapping }: { sends: readonly LaneSend[]; mapping: Mapping },
): Promise<PartCall[]> {
  const calls = await engine.callsOf({
    slug: target.type,
    settings: target.settings,
    mapping: { action: mapping.action, trigger: mapping.trigger, fields: mapping.fields },
    events: sends.map((send) => eventOf(part, send)),
    hopThroughUs: (part.through ?? 0) + 1,
  });
  return calls.map((call) => ({
    sends: call.events.map((index) => sends[index] as LaneSend),
    mappingId: mapping.id,
    run: call.run,
  }));
}

/** The Inbox keeps what was queued for it, one write a part, whichever of its mappings chose the event. */
function inboxCalls(
  { inbox }: PlanDeps,
  { part, destinationId }: LaneTask,
  live: readonly { sends: readonly LaneSend[]; mapping: Mapping }[],
): PartCall[] {
  const sends = live.flatMap((each) => each.sends);
  const [first] = live;
  if (first === undefined) return [];
  const events = [...new Set(sends.map(([, index]) => index))].map((index) => part.events[index] as JsonObject);
  const run = async (): Promise<SendResult[]> => {
    // Sorts by time, and the same part writes the same items.
    await inbox.add(destinationId, `${part.receivedAt}#${part.intakeId}#${part.slice}`, events);
    return sends.map(() => ({ outcome: { outcome: 'delivered' }, exchanges: [] }));
  };
  return [{ sends, mappingId: first.mapping.id, run }];
}
