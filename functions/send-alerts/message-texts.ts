import type { Alert } from '../../shared/domain/alert.ts';
import { linesOf } from '../../shared/domain/tell-changes.ts';
import type { Notification } from '../../shared/domain/notification.ts';

/** What goes out at once through one channel: all that an alert has to say now. */
export type Message = { id: string; title: string; lines: string[]; about: readonly Notification[] };

export function messageOf(alert: Pick<Alert, 'name'>, about: readonly Notification[]): Message {
  const [first] = about;
  const lines = linesOf(about.flatMap((each) => each.lines));
  const title = about.length === 1 ? (first?.title ?? alert.name) : `${alert.name} (${about.length})`;
  return { id: first?.id ?? '', title, lines, about };
}

/** Where the app is, for links; empty: none is given. */
const linkOf = ({ about }: Message, appUrl: string): string => {
  const path = about.find((each) => each.path !== undefined)?.path;
  return appUrl === '' || path === undefined ? '' : `${appUrl}${path}`;
};

/** Slack reads `<`, `>` and `&` as its own; with `mrkdwn` off the rest is plain text. */
const forSlack = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export function slackBody(message: Message, workspace: string, channel: string | undefined, appUrl: string): string {
  const link = linkOf(message, appUrl);
  const text = [`Tributary, ${workspace}: ${message.title}`, ...message.lines].map(forSlack).join('\n');
  return JSON.stringify({
    text: link === '' ? text : `${text}\n${link}`,
    mrkdwn: false,
    ...(channel !== undefined && { channel }),
  });
}

export function webhookBody(message: Message, alert: Alert): string {
  const { id, name, kind } = alert;
  return JSON.stringify({
    type: 'alert',
    messageId: message.id,
    workspaceId: alert.workspaceId,
    alert: { id, name, kind },
    notifications: message.about.map(({ id: notificationId, at, transition, title, lines, path, sourceIds }) => ({
      id: notificationId,
      at,
      transition,
      title,
      lines,
      ...(path !== undefined && { path }),
      sourceIds,
    })),
  });
}

export function mailText(message: Message, workspace: string, appUrl: string): { subject: string; text: string } {
  const link = linkOf(message, appUrl);
  return {
    subject: `Tributary, ${workspace}: ${message.title}`,
    text: [
      message.title,
      '',
      ...message.lines,
      ...(link === '' ? [] : ['', link]),
      '',
      `Workspace ${workspace}. What you are told of is set under Settings, Alerts.`,
      '',
    ].join('\n'),
  };
}
