import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError, type Clock, LOCAL_ACCOUNT, LOCAL_REGION, type RawService, type ResourceProvider } from '../types.ts';
import { type Mail, mailStore } from './mail-store.ts';

export type SesService = RawService & {
  providers: ResourceProvider[];
  /** What was mailed, newest first. No mail leaves the machine. */
  mails(): Mail[];
};

const PATH = '/v2/email/outbound-emails';
/** SES: recipients of one mail. */
const RECIPIENTS_MAX = 50;

const Content = z.strictObject({ Data: z.string(), Charset: z.literal('UTF-8').optional() });
const SendEmail = z.strictObject({
  FromEmailAddress: z.string().min(3).max(320),
  Destination: z.strictObject({ ToAddresses: z.array(z.email()).min(1).max(RECIPIENTS_MAX) }),
  Content: z.strictObject({
    Simple: z.strictObject({ Subject: Content, Body: z.strictObject({ Text: Content }) }),
  }),
});

/**
 * Amazon SES (v2) on one machine: SendEmail of plain text, by senders whose identity is in the template, into a mailbox that people can look at. Identities
 * count as verified, and the account as out of the sandbox. What else there is of SES is refused.
 */
export function sesService({ directory, clock }: { directory: string; clock: Clock }): SesService {
  const store = mailStore(directory);
  const identities = new Set<string>();

  const parse = (body: Buffer): z.infer<typeof SendEmail> => {
    let input: unknown;
    try {
      input = JSON.parse(body.toString('utf8'));
    } catch {
      throw new AwsError('SerializationException', 'The body is not JSON.');
    }
    const parsed = SendEmail.safeParse(input);
    if (parsed.success) return parsed.data;
    throw new AwsError('BadRequestException', z.prettifyError(parsed.error));
  };

  return {
    name: 'ses',
    identify: ({ method, target, body }) => {
      if (method !== 'POST' || target !== PATH) {
        throw new AwsError('UnknownOperationException', 'The local cloud knows SendEmail of SES v2 alone.', 404);
      }
      const { FromEmailAddress: from } = parse(body);
      const domain = from.slice(from.lastIndexOf('@') + 1);
      const identity = identities.has(from) ? from : domain;
      return {
        operation: 'SendEmail',
        resource: `arn:aws:ses:${LOCAL_REGION}:${LOCAL_ACCOUNT}:identity/${identity}`,
        context: { 'ses:fromaddress': from },
      };
    },
    call: async (_operation, { body }) => {
      const { FromEmailAddress: from, Destination, Content: content } = parse(body);
      if (!identities.has(from) && !identities.has(from.slice(from.lastIndexOf('@') + 1))) {
        throw new AwsError(
          'MessageRejected',
          `Email address is not verified. The following identities failed the check in region ${LOCAL_REGION.toUpperCase()}: ${from}`,
        );
      }
      const { Subject, Body } = content.Simple;
      // Header injection, which SES refuses.
      if (/[\r\n]/.test(Subject.Data)) {
        throw new AwsError('BadRequestException', 'Control character in the subject.');
      }
      const id = randomUUID();
      store.add({
        id,
        at: new Date(clock.now()).toISOString(),
        from,
        to: Destination.ToAddresses,
        subject: Subject.Data,
        text: Body.Text.Data,
      });
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ MessageId: id }),
      };
    },
    mails: () => store.list(),
    providers: [
      {
        type: 'AWS::SES::EmailIdentity',
        honoured: ['EmailIdentity'],
        // Of DNS and of what comes back, of which there is none here.
        ignored: [
          'DkimAttributes',
          'DkimSigningAttributes',
          'ConfigurationSetAttributes',
          'FeedbackAttributes',
          'MailFromAttributes',
          'Tags',
        ],
        create: async ({ properties }) => {
          const identity = String(properties['EmailIdentity']);
          identities.add(identity);
          const dns = [1, 2, 3].flatMap((number) => [
            [`DkimDNSTokenName${number}`, `token${number}._domainkey.${identity}`],
            [`DkimDNSTokenValue${number}`, `token${number}.dkim.local`],
          ]);
          return { ref: identity, attributes: Object.fromEntries(dns) };
        },
      },
    ],
  };
}
