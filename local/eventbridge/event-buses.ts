import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { errorText } from '../front-door/error-text.ts';
import {
  AwsError,
  type Clock,
  type JsonService,
  LOCAL_ACCOUNT,
  LOCAL_REGION,
  type ResourceProvider,
} from '../types.ts';
import type { Handover, HandoverStore } from './handover-store.ts';
import { DEFAULT_BUS, readEntries } from './put-events.ts';
import { type Rule, RULE_HONOURED, RULE_IGNORED, type RuleTarget, ruleOf } from './rule-properties.ts';

/** The wait before a further try, doubled each time. EventBridge backs off exponentially and says no more. */
const RETRY_WAIT_MS = 1_000;
const RETRY_WAIT_MAX_MS = 300_000;
const BUS_NAME = /^[/.\-_A-Za-z0-9]{1,256}$/;

export type EventBusesOptions = {
  clock: Clock;
  store: HandoverStore;
  /** Starts an asynchronous run of a function. `onEnd` is called once, when it has succeeded or was given up. */
  invokeLater(functionArn: string, event: unknown, onEnd: () => void): void;
  /** Whether the function's resource policy lets EventBridge call it for the rule. */
  mayInvoke(functionArn: string, ruleArn: string): boolean;
  /** Throws AwsError where the queue's policy does not let EventBridge in for the rule. */
  sendToQueue(queueArn: string, ruleArn: string, message: DeadLetter): Promise<void>;
  /** Told what happened to an event that nobody gets. */
  onLost(what: string): void;
};

/** What EventBridge puts into a target's dead-letter queue: the event, and why as message attributes. */
export type DeadLetter = { body: string; attributes: Record<string, string> };

export type EventBuses = {
  readonly providers: ResourceProvider[];
  readonly service: JsonService;
  /** From now on events go to their targets, those first that were accepted before the last stop. */
  start(): void;
  /** Events that have not reached the end of their way. */
  pending(): number;
  /** Hands over no more. What is left is handed over after the next start. */
  close(): void;
};

/**
 * EventBridge's buses with Lambda functions as targets. An event that was accepted is on disk until the function's asynchronous run has ended, its
 * retries included, or a dead-letter queue has the event: each target gets it at least once, also over a `kill -9` (after which retries count anew).
 */
export function eventBuses(options: EventBusesOptions): EventBuses {
  const { clock, store } = options;
  const buses = new Set<string>([DEFAULT_BUS]);
  const rules = new Map<string, Rule>();
  const waiting = new Map<number, () => void>();
  let isStarted = false;

  const end = (handover: Handover): void => {
    store.remove(handover.id);
    waiting.delete(handover.id);
  };

  const handOver = (handover: Handover, retries = 0): void => {
    waiting.set(handover.id, () => {});
    const target = rules.get(handover.ruleArn)?.targets.find(({ id }) => id === handover.targetId);
    if (target === undefined) {
      options.onLost(`an event of the rule ${handover.ruleArn}, which has no target ${handover.targetId} any more`);
      end(handover);
      return;
    }
    if (!options.mayInvoke(target.functionArn, handover.ruleArn)) {
      const message = `The resource policy of ${target.functionArn} does not let ${handover.ruleArn} call it.`;
      giveUp(handover, target, { ERROR_CODE: 'NO_PERMISSIONS', ERROR_MESSAGE: message });
      return;
    }
    try {
      options.invokeLater(target.functionArn, JSON.parse(handover.event), () => end(handover));
    } catch (error) {
      tryAgain(handover, target, retries, error);
    }
  };

  const tryAgain = (handover: Handover, target: RuleTarget, retries: number, error: unknown): void => {
    const code = error instanceof AwsError ? error.code : 'SDK_CLIENT_ERROR';
    const reason = { ERROR_CODE: code, ERROR_MESSAGE: errorText(error) };
    // A call that can never succeed is not tried again.
    const isFinal = error instanceof AwsError && error.status < 500 && error.status !== 429;
    const waitMs = Math.min(RETRY_WAIT_MS * 2 ** retries, RETRY_WAIT_MAX_MS);
    if (isFinal) {
      giveUp(
        handover,
        target,
        code === 'ResourceNotFoundException' ? { ...reason, ERROR_CODE: 'NO_RESOURCE' } : reason,
      );
    } else if (retries >= target.retriesMax) {
      const spent = { EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts', RETRY_ATTEMPTS: String(retries) };
      giveUp(handover, target, { ...reason, ...spent });
    } else if (clock.now() + waitMs - handover.acceptedAtMs > target.eventAgeMaxMs) {
      const spent = { EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds', RETRY_ATTEMPTS: String(retries) };
      giveUp(handover, target, { ...reason, ...spent });
    } else {
      waiting.set(
        handover.id,
        clock.after(waitMs, () => handOver(handover, retries + 1)),
      );
    }
  };

  const giveUp = (handover: Handover, target: RuleTarget, reason: Record<string, string>): void => {
    const { ruleArn, event } = handover;
    const attributes = { RULE_ARN: ruleArn, TARGET_ARN: target.functionArn, ...reason };
    if (target.deadLetterArn === undefined) {
      options.onLost(`an event of the rule ${ruleArn}: ${reason['ERROR_MESSAGE']}`);
      end(handover);
      return;
    }
    options
      .sendToQueue(target.deadLetterArn, ruleArn, { body: event, attributes })
      .catch((error: unknown) => options.onLost(`an event of the rule ${ruleArn}: ${errorText(error)}`))
      .finally(() => end(handover));
  };

  const putEvents = (input: Record<string, unknown>): Record<string, unknown> => {
    const nowMs = clock.now();
    const entries = readEntries(input, { id: randomUUID, nowMs });
    const matched: Omit<Handover, 'id'>[] = [];
    for (const entry of entries) {
      if (entry.outcome === 'refused') continue;
      if (!buses.has(entry.busName)) {
        // AWS is said to take such an event and drop it; nobody would learn why nothing comes.
        throw new AwsError('ResourceNotFoundException', `Event bus ${entry.busName} does not exist.`);
      }
      const event = JSON.stringify(entry.event);
      for (const [ruleArn, rule] of rules) {
        if (!rule.isEnabled || rule.busName !== entry.busName || !rule.matches(entry.event)) continue;
        for (const { id } of rule.targets) matched.push({ ruleArn, targetId: id, acceptedAtMs: nowMs, event });
      }
    }
    const added = store.add(matched);
    if (isStarted) for (const handover of added) handOver(handover);
    return {
      FailedEntryCount: entries.filter(({ outcome }) => outcome === 'refused').length,
      Entries: entries.map((entry) =>
        entry.outcome === 'event'
          ? { EventId: entry.event.id }
          : { ErrorCode: entry.code, ErrorMessage: entry.message },
      ),
    };
  };

  return {
    providers: [
      {
        type: 'AWS::Events::EventBus',
        honoured: ['Name'],
        ignored: ['Description', 'Tags'],
        create: async ({ properties }) => {
          const name = z.string().regex(BUS_NAME).parse(properties['Name']);
          if (name === DEFAULT_BUS) throw new Error('The bus named default is there without being made.');
          buses.add(name);
          return { ref: name, attributes: { Name: name, Arn: busArn(name) } };
        },
        remove: async ({ ref }) => {
          buses.delete(ref);
        },
      },
      {
        type: 'AWS::Events::Rule',
        honoured: RULE_HONOURED,
        ignored: RULE_IGNORED,
        create: async (resource) => {
          const rule = ruleOf(resource);
          if (!buses.has(rule.busName)) throw new Error(`There is no event bus ${rule.busName}.`);
          const isDefault = rule.busName === DEFAULT_BUS;
          const arn = ruleArnOf(rule);
          rules.set(arn, rule);
          return { ref: isDefault ? rule.name : `${rule.busName}|${rule.name}`, attributes: { Arn: arn } };
        },
        remove: async ({ ref }) => {
          const [name = '', busName = DEFAULT_BUS] = ref.split('|').toReversed();
          rules.delete(ruleArnOf({ name, busName }));
        },
      },
    ],
    service: {
      name: 'events',
      call: async (operation, input) => {
        if (operation === 'PutEvents') return putEvents(input);
        throw new AwsError('UnknownOperationException', `The local cloud does not have events:${operation}`);
      },
    },
    start: () => {
      if (isStarted) return;
      isStarted = true;
      for (const handover of store.all()) handOver(handover);
    },
    pending: () => waiting.size,
    close: () => {
      isStarted = false;
      for (const cancel of waiting.values()) cancel();
    },
  };
}

export const busArn = (name: string): string => `arn:aws:events:${LOCAL_REGION}:${LOCAL_ACCOUNT}:event-bus/${name}`;

const ruleArnOf = ({ name, busName }: Pick<Rule, 'name' | 'busName'>): string =>
  `arn:aws:events:${LOCAL_REGION}:${LOCAL_ACCOUNT}:rule/${busName === DEFAULT_BUS ? '' : `${busName}/`}${name}`;
