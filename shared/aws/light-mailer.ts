import { inOneLine } from '../domain/notification.ts';
import type { Mailer, Sent } from '../ports/mailer.ts';
import type { LightSetting } from './light-client.ts';
import { type Posted, signedPost } from './signed-post.ts';

/** A message id, or an error's text. */
const ANSWER_BYTES_MAX = 100_000;
const TIMEOUT_MS = 5_000;
/** A line of a header has 998 characters at most (RFC 5322); people read far less. */
const SUBJECT_CHARS_MAX = 200;
const TEXT_CHARS_MAX = 20_000;
const PATH = '/v2/email/outbound-emails';

const NOT_SET_UP: Sent = {
  outcome: 'refused',
  message:
    'E-mail is not set up: this deployment has no sender. Deploy it with the context alertSender, an address or a domain of yours (docs/alerts.md). Nothing was sent.',
};

/** Mail by Amazon SES, without its SDK: one kind of call. `sender`: an address, or a domain, whose `alerts@` then sends; empty: not set up. */
export function lightMailer(endpoint: string, setting: LightSetting, sender: string): Mailer {
  const post = signedPost('ses', new URL(setting.endpointUrl ?? endpoint), setting, ANSWER_BYTES_MAX);
  const from = sender.includes('@') ? sender : `alerts@${sender}`;
  return {
    send: async ({ to, subject, text }) => {
      if (sender === '') return NOT_SET_UP;
      const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });
      const body = JSON.stringify({
        FromEmailAddress: from,
        Destination: { ToAddresses: [inOneLine(to)] },
        Content: {
          Simple: {
            Subject: utf8(inOneLine(subject, SUBJECT_CHARS_MAX)),
            Body: { Text: utf8(text.slice(0, TEXT_CHARS_MAX)) },
          },
        },
      });
      try {
        const headers = { 'content-type': 'application/json' };
        return answered(await post({ path: PATH, headers, body, timeoutMs: TIMEOUT_MS }), from);
      } catch {
        return { outcome: 'again', message: 'Amazon SES did not answer.' };
      }
    },
  };
}

/** Errors that pass by themselves. */
const PASSING = /TooManyRequests|LimitExceeded|Throttl|ServiceUnavailable|InternalFailure/;

function answered({ status, headers, text }: Posted, from: string): Sent {
  if (status === 200) return { outcome: 'sent', message: 'Amazon SES took it.' };
  const type = String(headers['x-amzn-errortype'] ?? '').split(':')[0] ?? '';
  const said = inOneLine(messageIn(text), 200);
  if (status >= 500 || status === 429 || PASSING.test(type)) {
    return { outcome: 'again', message: `Amazon SES answered ${status} ${type}.` };
  }
  if (type === 'MessageRejected' && said.includes('not verified')) {
    const isSender = said.includes(from);
    const todo = isSender
      ? `The sender ${from} is not verified yet: open the link in the mail that SES has sent to it, or set the DNS entries of its domain (SES console, Verified identities).`
      : 'Its SES account is in the sandbox, where each recipient must be verified (SES console, Verified identities) until production access is asked for and given.';
    return { outcome: 'refused', message: `Amazon SES refused it. ${todo} It said: ${said}` };
  }
  return { outcome: 'refused', message: `Amazon SES refused it: ${type} ${said}` };
}

function messageIn(text: string): string {
  try {
    const { message, Message } = JSON.parse(text) as { message?: unknown; Message?: unknown };
    const said = message ?? Message;
    return typeof said === 'string' ? said : '';
  } catch {
    return '';
  }
}
