import * as z from 'zod';
import { inParallel } from '../../shared/aws/in-parallel.ts';
import { log, logError } from '../../shared/aws/log.ts';
import { type Alert, alertsOf, areaOf } from '../../shared/domain/alert.ts';
import { AppError } from '../../shared/domain/app-error.ts';
import { AlertId, NotificationId, WorkspaceId } from '../../shared/domain/ids.ts';
import type { Notification } from '../../shared/domain/notification.ts';
import { dayOf } from '../../shared/domain/timestamp.ts';
import { notificationOf } from '../../shared/domain/tell-changes.ts';
import type { ChannelAnswer } from '../../shared/ports/alert-sender.ts';
import type { ControlStore } from '../../shared/ports/control-store.ts';
import type { TestCounts } from '../../shared/ports/alert-marks.ts';
import type { NotificationStore } from '../../shared/ports/notification-store.ts';
import { type MailPeopleDeps, mailPeople } from './mail-people.ts';
import { type MakerDeps, whyNotTold } from './maker-rights.ts';
import { type MarkDeps, markAlert } from './mark-alert.ts';
import { messageOf } from './message-texts.ts';
import { type ChannelDeps, sendChannel } from './send-channel.ts';

/** What is to be sent that one run looks at; the next takes more. */
const WAITING_MAX = 300;
/** Alerts that are written to at once. */
const ALERTS_AT_ONCE = 8;
/** A run that has begun a message has it to itself so long: longer than the function lives. */
const LEASE_MS = 2 * 60_000;
/** Tries of one channel, and the pauses between them, doubled each time: some quarter of an hour in all. */
export const SEND_TRIES_MAX = 5;
const PAUSE_MS = 60_000;
/** What people do is told by one alert at most once a minute, all together: a script that makes a hundred sources is one message. */
export const HAPPENED_EVERY_MS = 60_000;
/** A test button that is pressed again and again. */
const TEST_EVERY_MS = 10_000;
/** Tests a day of all alerts that one person or token has made; of default ones, of all together. */
export const TESTS_PER_DAY_MAX = 100;
/** No more is begun when so little is left of the function's time. */
const END_MS = 15_000;

const SendEvent = z.union([
  z.strictObject({ ask: z.literal('test'), workspaceId: WorkspaceId, alertId: AlertId }),
  z.strictObject({ ask: z.literal('wake') }),
  z.object({ scheduledAt: z.string() }),
]);

export type SendDeps = ChannelDeps &
  MakerDeps &
  MarkDeps &
  MailPeopleDeps & {
    control: Pick<ControlStore, 'listAlerts' | 'getWorkspace'>;
    notifications: NotificationStore;
    testCounts: TestCounts;
    newWriteId: () => string;
    timeoutMs: number;
  };

export type SendAnswer = { sent: number } | { channels: ChannelAnswer[] } | { outcome: 'not-found' };

/**
 * Sends what waits to be sent: woken by who has kept it, and every minute by the clock, for what was not taken the first time. A message goes out at
 * least once, and as a rule once: it is claimed before, and what became of it is kept after. Asked for a test, it sends one at once and answers what each
 * channel said.
 */
export const sendAlerts =
  (deps: SendDeps) =>
  async (event: unknown): Promise<SendAnswer> => {
    const asked = SendEvent.parse(event);
    if ('ask' in asked && asked.ask === 'test') return await test(deps, asked.workspaceId, asked.alertId);
    return await sendWaiting(deps, deps.now().getTime() + deps.timeoutMs - END_MS);
  };

async function sendWaiting(deps: SendDeps, deadlineMs: number): Promise<{ sent: number }> {
  const due = new Map<string, Notification[]>();
  for (const waiting of await deps.notifications.listWaiting(deps.now().toISOString(), WAITING_MAX)) {
    const found = await deps.notifications.get(waiting.workspaceId, waiting.place);
    if (found === undefined) {
      await deps.notifications.forget(waiting);
      continue;
    }
    if (found.nextAt > deps.now().toISOString()) continue;
    const name = `${found.workspaceId} ${found.alertId ?? ''}`;
    due.set(name, [...(due.get(name) ?? []), found]);
  }
  let sent = 0;
  const failed: string[] = [];
  await inParallel([...due], ALERTS_AT_ONCE, async ([name, notifications]) => {
    if (deps.now().getTime() >= deadlineMs) return;
    try {
      sent += await sendTogether(deps, notifications, deadlineMs);
    } catch (error) {
      failed.push(name);
      logError('An alert was not sent; the next run tries again', error, { alert: name });
    }
  });
  if (failed.length > 0) throw new AppError('upstream-unavailable', `Not sent: ${failed.join(', ')}`);
  return { sent };
}

/** All that one alert has to say, in one message for each channel. */
async function sendTogether(deps: SendDeps, waiting: readonly Notification[], deadlineMs: number): Promise<number> {
  const [first] = waiting;
  if (first === undefined) return 0;
  const { workspaceId } = first;
  const alert = await alertOf(deps, workspaceId, first.alertId);
  const now = deps.now();
  const hasChannels = waiting.some(({ sends }) => sends.length > 0);
  if (alert !== undefined && hasChannels && first.transition === 'happened') {
    const { sentAt } = (await deps.marks.of(alert.id).read(workspaceId)).value ?? {};
    if (sentAt !== undefined && now.getTime() - Date.parse(sentAt) < HAPPENED_EVERY_MS) return 0;
  }
  const claimed = await claim(deps, waiting, now);
  if (claimed.length === 0) return 0;
  const workspace = (await deps.control.getWorkspace(workspaceId))?.name ?? workspaceId;
  const channels = [
    ...new Set(claimed.flatMap(({ sends }) => sends.flatMap((send) => (send.state === 'waiting' ? send.channel : [])))),
  ];
  const refusal = alert === undefined ? 'The alert is not there any more.' : await whyNotTold(deps, alert, claimed);
  const results = new Map(
    await Promise.all(
      channels.map(async (index) => {
        const about = claimed.filter(({ sends }) =>
          sends.some((send) => send.channel === index && send.state === 'waiting'),
        );
        const type = about[0]?.sends.find((send) => send.channel === index)?.type;
        const channel = alert?.channels[index];
        if (alert === undefined || refusal !== undefined)
          return [index, { outcome: 'refused', message: refusal ?? '' }] as const;
        if (channel === undefined || channel.type === 'IN_APP' || channel.type !== type) {
          return [index, { outcome: 'refused', message: 'The alert has no such channel any more.' }] as const;
        }
        return [index, await sendChannel(deps, alert, channel, messageOf(alert, about), workspace)] as const;
      }),
    ),
  );
  const at = deps.now().toISOString();
  for (const notification of claimed) await keepResults(deps, notification, results, at);
  if (alert !== undefined) {
    await markAlert(deps, workspaceId, alert.id, {
      triggeredAt:
        claimed
          .map((each) => each.at)
          .toSorted()
          .at(-1) ?? at,
      ...(results.size > 0 && { sentAt: at }),
      results: [...results].flatMap(([channel, { outcome, message }]) => {
        const type = alert.channels[channel]?.type;
        return type === undefined || type === 'IN_APP'
          ? []
          : [{ channel, type, sent: outcome === 'sent', message: cut(message), at }];
      }),
    });
  }
  // Those that have asked for mail get it once, with the first try of the channels; what became of that one is kept by now.
  const isFirst = ({ version }: Notification): boolean => version === 1;
  if (refusal === undefined) await mailPeople(deps, claimed.filter(isFirst), workspace, deadlineMs);
  return claimed.length;
}

/** Of what a channel answered, as it is kept. */
const MESSAGE_CHARS_MAX = 500;
const cut = (text: string): string => text.slice(0, MESSAGE_CHARS_MAX);

async function alertOf(deps: SendDeps, workspaceId: WorkspaceId, id: AlertId | undefined): Promise<Alert | undefined> {
  return alertsOf(workspaceId, await deps.control.listAlerts(workspaceId)).find((one) => one.id === id);
}

/** Those that this run has to itself now, with a try counted for each channel that waits. */
async function claim(deps: SendDeps, waiting: readonly Notification[], now: Date): Promise<Notification[]> {
  const nextAt = new Date(now.getTime() + LEASE_MS).toISOString();
  const claimed: Notification[] = [];
  for (const notification of waiting) {
    const sends = notification.sends.map((send) =>
      send.state === 'waiting' ? { ...send, tries: send.tries + 1 } : send,
    );
    const next = { ...notification, sends, nextAt };
    if (await deps.notifications.save(next, { isDone: false, was: notification.nextAt }, deps.newWriteId())) {
      claimed.push({ ...next, version: next.version + 1 });
    }
  }
  return claimed;
}

type Results = ReadonlyMap<number, { outcome: 'sent' | 'refused' | 'again'; message: string }>;

async function keepResults(deps: SendDeps, notification: Notification, results: Results, at: string): Promise<void> {
  const sends = notification.sends.map((send) => {
    const result = send.state === 'waiting' ? results.get(send.channel) : undefined;
    if (result === undefined) return send;
    const mayTry = result.outcome === 'again' && send.tries < SEND_TRIES_MAX;
    const state = result.outcome === 'sent' ? 'sent' : mayTry ? 'waiting' : 'failed';
    return { ...send, state, message: cut(result.message), at } as const;
  });
  const tries = Math.max(0, ...sends.map((send) => (send.state === 'waiting' ? send.tries : 0)));
  const nextAt = new Date(Date.parse(at) + PAUSE_MS * 2 ** Math.max(0, tries - 1)).toISOString();
  const isDone = tries === 0;
  const how = { isDone, was: notification.nextAt };
  if (!(await deps.notifications.save({ ...notification, sends, nextAt }, how, deps.newWriteId()))) {
    log('WARN', 'What became of an alert was not kept: another run has it', { notificationId: notification.id });
  }
}

/** Why a test is not sent now. Of several that are asked for at once one is sent: the others see, or lose to, what it has noted. */
async function whyNoTest(deps: SendDeps, alert: Alert, at: string): Promise<string | undefined> {
  const { workspaceId, id, createdBy } = alert;
  const notes = deps.marks.of(id);
  const { value: mark, version } = await notes.read(workspaceId);
  const { testedAt } = mark ?? {};
  const soon = `A test was sent a moment ago: wait ${TEST_EVERY_MS / 1_000} s.`;
  if (testedAt !== undefined && Date.parse(at) - Date.parse(testedAt) < TEST_EVERY_MS) return soon;
  const day = dayOf(at);
  const counts = deps.testCounts.of(createdBy?.id ?? 'default');
  const counted = await counts.read(workspaceId);
  const tests = counted.value?.day === day ? counted.value.tests : 0;
  if (tests >= TESTS_PER_DAY_MAX)
    return `${TESTS_PER_DAY_MAX} tests were sent today of alerts of the same maker: wait until tomorrow.`;
  const tested = { channels: [], ...mark, testedAt: at };
  if (!(await notes.save(workspaceId, tested, version, deps.newWriteId()))) return soon;
  const isCounted = await counts.save(workspaceId, { day, tests: tests + 1 }, counted.version, deps.newWriteId());
  return isCounted ? undefined : soon;
}

async function test(deps: SendDeps, workspaceId: WorkspaceId, alertId: AlertId): Promise<SendAnswer> {
  const [alert, workspace] = await Promise.all([
    alertOf(deps, workspaceId, alertId),
    deps.control.getWorkspace(workspaceId),
  ]);
  if (alert === undefined || workspace === undefined) return { outcome: 'not-found' };
  const at = deps.now().toISOString();
  const message = await whyNoTest(deps, alert, at);
  if (message !== undefined) return { channels: alert.channels.map(({ type }) => ({ type, sent: false, message })) };
  const about = notificationOf(NotificationId.parse(`ntf_${deps.newWriteId()}`), alert, {
    workspaceId,
    at,
    area: areaOf(alert),
    transition: 'test',
    title: `Test of the alert ${alert.name}`,
    lines: ['This is what a message of this alert looks like. Nothing has happened.'],
    sourceIds: [],
  });
  const channels = await Promise.all(
    alert.channels.map(async (channel): Promise<ChannelAnswer> => {
      const { type } = channel;
      if (type !== 'IN_APP') {
        const { outcome, message } = await sendChannel(deps, alert, channel, messageOf(alert, [about]), workspace.name);
        return { type, sent: outcome === 'sent', message: cut(message) };
      }
      await deps.notifications.add({ ...about, sends: [] }, deps.newWriteId());
      return { type, sent: true, message: 'It is among the notifications.' };
    }),
  );
  const results = channels.flatMap(({ type, sent, message }, channel) =>
    type === 'IN_APP' ? [] : [{ type: type as 'EMAIL' | 'SLACK' | 'WEBHOOK', channel, sent, message, at }],
  );
  await markAlert(deps, workspaceId, alertId, { results });
  return { channels };
}
