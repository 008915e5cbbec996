import type { Engine, SendResult } from '../../shared/destinations/engine.ts';
import { INBOX } from '../../shared/destinations/inbox-definition.ts';
import { rehearsed } from '../../shared/destinations/stand-in.ts';
import { invariant } from '../../shared/domain/app-error.ts';
import { triggerCondition } from '../../shared/domain/condition.ts';
import type { TributaryEvent } from '../../shared/domain/event.ts';
import type { JsonObject } from '../../shared/domain/json.ts';
import type { LaneSend, Part } from '../../shared/domain/lane-message.ts';
import type { FilteredReason } from '../../shared/domain/outcomes.ts';
import { withoutBlockedTraits } from '../../shared/domain/schema-rules.ts';
import { judgeForTarget, type TargetVerdict } from '../../shared/domain/target-verdict.ts';
import type { Mapping } from '../../shared/domain/workspace.ts';
import type { InboxStore } from '../../shared/ports/delivery-stores.ts';
import type { LaneTask } from './lane-task.ts';
import type { SendEnd } from './settle-part.ts';
import { splitSuppressed, SUPPRESSED, type SuppressionDeps } from './suppressed-sends.ts';
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
  /** Sends of users who are suppressed now: however they end, nothing of them is shown (T25). */
  unseen: ReadonlySet<number>;
  calls: readonly PartCall[];
};

export type PlanDeps = SuppressionDeps & { engine: Engine; inbox: Pick<InboxStore, 'add'>; now: () => Date };

/** What is to be done for a part, as things stand now: present settings and mappings count, not those of the time when it was queued. */
export async function planPart(deps: PlanDeps, task: LaneTask, target: Open | Closed): Promise<PartPlan> {
  const { part } = task;
  const ended = new Map<number, SendEnd>();
  const end = (sends: readonly LaneSend[], outcome: SendEnd['outcome']): void => {
    for (const [send] of sends) ended.set(send, { outcome, at: deps.now(), untried: true });
  };
  const { suppressed, open } = await splitSuppressed(deps, task);
  const unseen = new Set(suppressed.map(([send]) => send));
  if (target.state === 'closed') {
    end(part.sends, { outcome: 'undeliverable', code: target.code, message: target.message });
    return { ended, unseen, calls: [] };
  }
  end(suppressed, SUPPRESSED);
  const judge = judgeOf(part, target);
  const live: Live[] = [];
  for (const [mappingId, sends] of byMapping(part, open)) {
    const mapping = target.mappings.get(mappingId);
    if (mapping === undefined) {
      end(sends, { outcome: 'discarded', code: 'mapping_deleted', message: 'The mapping was deleted' });
    } else if (!mapping.enabled) {
      end(sends, { outcome: 'discarded', code: 'mapping_disabled', message: 'The mapping is switched off' });
    } else {
      const { kept, ended: rest } = sendsAllowed(sends, mapping, judge);
      for (const { send, outcome } of rest) end([send], outcome);
      if (kept.length > 0) live.push({ sends: kept, mapping });
    }
  }
  if (target.type === INBOX.slug) return { ended, unseen, calls: inboxCalls(deps, task, live, judge) };
  const calls = await Promise.all(live.map((each) => engineCalls(deps, part, target, each, judge)));
  // In the order of the events: what somebody did first goes out first.
  return { ended, unseen, calls: calls.flat().toSorted((a, b) => firstOf(a) - firstOf(b)) };
}

const firstOf = ({ sends: [first] }: PartCall): number => first?.[0] ?? 0;

function byMapping(part: Part, sends: readonly LaneSend[]): Map<string, LaneSend[]> {
  const groups = new Map<string, LaneSend[]>();
  for (const send of sends) {
    const mappingId = part.mappings[send[2]] ?? '';
    const group = groups.get(mappingId);
    if (group === undefined) groups.set(mappingId, [send]);
    else group.push(send);
  }
  return groups;
}

type Live = { sends: LaneSend[]; mapping: Mapping };
/** What the destination may see of the event of a send, or why it gets none. */
type Judge = (send: LaneSend) => TargetVerdict;

/** Today's rules, once for each event of the part. */
function judgeOf(part: Part, target: Open): Judge {
  const verdicts = new Map<number, TargetVerdict>();
  return ([, index]) => {
    const known = verdicts.get(index);
    if (known !== undefined) return known;
    const event = withoutBlockedTraits(target.schema, part.events[index] as TributaryEvent);
    const verdict = judgeForTarget(event, target);
    verdicts.set(index, verdict);
    return verdict;
  };
}

type Discarded = { send: LaneSend; outcome: { outcome: 'discarded'; code: string; message: string } };

/** Sends that today's rules and the mapping's trigger of today still want; the others end as discarded, with the reason. */
function sendsAllowed(
  sends: readonly LaneSend[],
  { trigger }: Mapping,
  judge: Judge,
): { kept: LaneSend[]; ended: Discarded[] } {
  const condition = triggerCondition(trigger);
  const kept: LaneSend[] = [];
  const ended: Discarded[] = [];
  for (const send of sends) {
    const verdict = judge(send);
    const code = verdict.verdict === 'filtered' ? verdict.reason : CODES[String(condition(verdict.event))];
    if (code === undefined) kept.push(send);
    else ended.push({ send, outcome: { outcome: 'discarded', code, message: MESSAGES[code] } });
  }
  return { kept, ended };
}

const CODES: Readonly<Record<string, FilteredReason>> = { false: 'NO_MATCHING_MAPPING', unreadable: 'INVALID_TRIGGER' };

const MESSAGES: Readonly<Record<FilteredReason, string>> = {
  UNSUPPORTED_EVENT_TYPE: 'The destination does not take events of this call',
  MESSAGE_SENT_CLIENT_SIDE: 'The browser has sent it to the destination itself',
  NOT_SENT_CLIENT_SIDE: 'Browsers alone feed this destination, and the sender of this event did not',
  FILTERED_BY_INTEGRATIONS_OBJECT: 'Its integrations object keeps it from the destination',
  FILTERED_BY_SCHEMA: "The source's schema keeps it from the destination",
  FILTERED_BY_END_USER_CONSENT: "The person's consent keeps it from the destination",
  FILTERED_BY_RULES: 'A filter of the destination keeps it out (by now)',
  FILTERED_BY_SAMPLING: "It is not in the sample of the destination's filter",
  INVALID_FILTER: 'A filter of the destination cannot be read or judged, so that nothing goes out',
  NO_MATCHING_MAPPING: 'The trigger does not choose this event (any more)',
  INVALID_TRIGGER: 'The trigger cannot be read',
};

const eventOf = (judge: Judge, send: LaneSend): JsonObject => {
  const verdict = judge(send);
  invariant(verdict.verdict === 'passes', 'only sends that passed are called');
  return verdict.event;
};

async function engineCalls(
  { engine, now }: Pick<PlanDeps, 'engine' | 'now'>,
  part: Part,
  target: Open,
  { sends, mapping }: Live,
  judge: Judge,
): Promise<PartCall[]> {
  const calls = await engine.callsOf({
    slug: target.type,
    settings: target.settings,
    mapping: { action: mapping.action, trigger: mapping.trigger, fields: mapping.fields },
    events: sends.map((send) => eventOf(judge, send)),
    hopThroughUs: (part.through ?? 0) + 1,
    standIn: rehearsed(() => target.rehearsalAt(now().getTime())),
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
  live: readonly Live[],
  judge: Judge,
): PartCall[] {
  const sends = live.flatMap((each) => each.sends);
  const [first] = live;
  if (first === undefined) return [];
  const byEvent = new Map(sends.map((send) => [send[1], send]));
  const events = [...byEvent.values()].map((send) => eventOf(judge, send));
  const run = async (): Promise<SendResult[]> => {
    // Sorts by time, and the same part writes the same items.
    await inbox.add(destinationId, `${part.receivedAt}#${part.intakeId}#${part.slice}`, events);
    return sends.map(() => ({ outcome: { outcome: 'delivered' }, exchanges: [] }));
  };
  return [{ sends, mappingId: first.mapping.id, run }];
}
