import { redactor } from '../../shared/destinations/redact.ts';
import { signatureHeaders } from '../../shared/destinations/webhook-signature.ts';
import {
  type Alert,
  type AlertChannel,
  SLACK_URL_FIELD,
  WEBHOOK_SECRET_FIELD,
  WEBHOOK_URL_FIELD,
} from '../../shared/domain/alert.ts';
import { AppError } from '../../shared/domain/app-error.ts';
import { inOneLine } from '../../shared/domain/notification.ts';
import type { SealedValue } from '../../shared/domain/sealed-value.ts';
import type { Mailer, Sent } from '../../shared/ports/mailer.ts';
import type { Sealer } from '../../shared/ports/sealer.ts';
import { type Message, mailText, slackBody, webhookBody } from './message-texts.ts';
import type { Poster } from './poster.ts';

export type ChannelDeps = {
  sealer: Pick<Sealer, 'open'>;
  mailer: Mailer;
  post: Poster;
  /** Where the app is; empty where it has no address that is known here. */
  appUrl: string;
  now: () => Date;
};

type Outside = Exclude<AlertChannel, { type: 'IN_APP' }>;
/** Of what the other side said. */
const SAID_CHARS_MAX = 200;
/** Of these is looked for secrets, whatever comes behind. */
const READ_CHARS_MAX = 4_096;
/** A part of an address that is longer may be a token; what is shorter is a word. */
const TOKEN_CHARS_MIN = 12;

/** Sends one message through one channel, once. Never throws for what the other side does; what it says comes without the address and the key that signs, which are secrets. */
export async function sendChannel(
  deps: ChannelDeps,
  alert: Alert,
  channel: Outside,
  message: Message,
  workspace: string,
): Promise<Sent> {
  if (channel.type === 'EMAIL') {
    return await deps.mailer.send({ to: channel.address, ...mailText(message, workspace, deps.appUrl) });
  }
  const { workspaceId, id: alertId } = alert;
  const open = (value: SealedValue, field: string) => deps.sealer.open(value, { workspaceId, alertId, field });
  try {
    if (channel.type === 'SLACK') {
      const url = await open(channel.webhookUrl, SLACK_URL_FIELD);
      return await posted(
        deps,
        { url, headers: {}, secrets: [] },
        slackBody(message, workspace, channel.channel, deps.appUrl),
      );
    }
    const url = await open(channel.url, WEBHOOK_URL_FIELD);
    const body = webhookBody(message, alert);
    const secret = channel.secret && (await open(channel.secret, WEBHOOK_SECRET_FIELD));
    const headers = secret === undefined ? {} : signed(deps, message.id, body, secret);
    return await posted(deps, { url, headers, secrets: secret === undefined ? [] : [secret] }, body);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'secret-unreadable') throw error;
    if (error.retry) return { outcome: 'again', message: 'The key service did not open the address.' };
    return { outcome: 'refused', message: 'The address cannot be read any more: enter it again.' };
  }
}

const signed = ({ now }: ChannelDeps, id: string, body: string, secret: string): Record<string, string> =>
  signatureHeaders({
    id: `msg_${id}`,
    timestampSeconds: Math.floor(now().getTime() / 1_000),
    body: Buffer.from(body),
    secrets: [secret],
  });

async function posted(
  { post }: ChannelDeps,
  { url, headers, secrets }: { url: string; headers: Record<string, string>; secrets: readonly string[] },
  body: string,
): Promise<Sent> {
  const answer = await post(url, { 'content-type': 'application/json', ...headers }, body);
  if (answer.outcome !== 'answered') return { outcome: answer.outcome, message: answer.message };
  const { status } = answer;
  const read = withoutAddress(answer.text.slice(0, READ_CHARS_MAX), url);
  const said = inOneLine(redactor([...secrets, ...tokensOf(url)]).text(read), SAID_CHARS_MAX).trim();
  const told = `It answered ${status}${said === '' ? '' : `: ${said}`}`;
  if (status >= 200 && status < 300) return { outcome: 'sent', message: told };
  const mayPass = status >= 500 || status === 408 || status === 429;
  return { outcome: mayPass ? 'again' : 'refused', message: told };
}

/** A page that repeats what was asked for repeats the token in it. */
function withoutAddress(text: string, address: string): string {
  const { href, pathname, search } = new URL(address);
  return [href, pathname + search, pathname]
    .filter((part) => part.length > 1)
    .reduce((said, part) => said.replaceAll(part, '…'), text);
}

/** What of an address may be a token by itself. */
function tokensOf(address: string): string[] {
  const { pathname, searchParams, href } = new URL(address);
  const parts = [...pathname.split('/'), ...searchParams.values()].filter(({ length }) => length >= TOKEN_CHARS_MIN);
  return [href, ...parts];
}
