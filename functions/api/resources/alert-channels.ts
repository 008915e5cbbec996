import { createHash } from 'node:crypto';
import type * as z from 'zod';
import type { AlertChannel as ShownChannel } from '../../../shared/api/operations/alert-shapes.ts';
import {
  type Alert,
  type AlertChannel,
  SLACK_URL_FIELD,
  WEBHOOK_SECRET_FIELD,
  WEBHOOK_URL_FIELD,
} from '../../../shared/domain/alert.ts';
import { isNearlyMasked, MASKED } from '../../../shared/domain/audit.ts';
import type { AlertId } from '../../../shared/domain/ids.ts';
import { Email } from '../../../shared/domain/people.ts';
import type { SealedValue } from '../../../shared/domain/sealed-value.ts';
import { isOwner } from '../../../shared/domain/access.ts';
import { invalid } from '../http/api-fault.ts';
import type { ApiRequest } from '../http/request.ts';

export type Shown = z.output<ReturnType<typeof ShownChannel>>;

/** Channels as people see them: addresses that carry tokens are dots, with the host beside them and the id that the dots are sent back with. */
export const channelShown = (channel: AlertChannel): Shown => {
  if (channel.type === 'SLACK') return { ...channel, id: idOf(channel.webhookUrl), webhookUrl: MASKED };
  if (channel.type !== 'WEBHOOK') return channel;
  const { secret, ...rest } = channel;
  return { ...rest, id: idOf(channel.url), url: MASKED, ...(secret !== undefined && { secret: MASKED }) };
};

/** Names one kept address for as long as it stays: it follows from how the address is sealed, which says nothing of the address. */
const idOf = (address: SealedValue): string =>
  `chn_${createHash('sha256').update(JSON.stringify(address)).digest('base64url').slice(0, ID_CHARS)}`;
/** 96 bits, of five channels. */
const ID_CHARS = 16;

/**
 * Channels as they are kept: what is secret is sealed under the alert. Dots stand for what is kept of the channel whose id comes with them, wherever it
 * stands now: a channel that is taken out or moved leaves the others their own addresses. A secret that stays is never signed for an address that nobody
 * has entered beside it: who changes the address of a webhook enters its secret, too.
 */
export async function keptChannels(
  request: ApiRequest,
  id: AlertId,
  given: readonly Shown[],
  before: Alert['channels'],
): Promise<AlertChannel[]> {
  const sealer = await request.deps.sealer();
  const seal = (plain: string, field: string): Promise<SealedValue> =>
    sealer.seal(plain, { workspaceId: request.workspaceId, alertId: id, field });
  const mailable = await mailableOf(request, given, before);
  const kept: AlertChannel[] = [];
  for (const [index, channel] of given.entries()) {
    const field = (name: string) => `channels.${index}.${name}`;
    if (channel.type === 'IN_APP') kept.push({ type: 'IN_APP' });
    else if (channel.type === 'EMAIL')
      kept.push({ type: 'EMAIL', address: addressIn(channel.address, field('address'), mailable) });
    else if (channel.type === 'SLACK') {
      const own = before.flatMap((was) =>
        was.type === 'SLACK' && idOf(was.webhookUrl) === channel.id ? [was] : [],
      )[0];
      const { webhookUrl, channel: name } = channel;
      const address = await addressOf(
        webhookUrl,
        own && { url: own.webhookUrl, host: own.host },
        SLACK_URL_FIELD,
        field('webhookUrl'),
      );
      kept.push({
        type: 'SLACK',
        webhookUrl: address.url,
        host: address.host,
        ...(name !== undefined && { channel: name }),
      });
    } else {
      const own = before.flatMap((was) => (was.type === 'WEBHOOK' && idOf(was.url) === channel.id ? [was] : []))[0];
      const address = await addressOf(channel.url, own, WEBHOOK_URL_FIELD, field('url'));
      const isKept = channel.secret !== undefined && isMask(channel.secret);
      if (isKept && (own?.secret === undefined || channel.url !== MASKED)) {
        throw invalid({
          field: field('secret'),
          message: 'These dots stand for a secret: enter the secret itself, for this address.',
        });
      }
      const entered = channel.secret === undefined ? undefined : await seal(channel.secret, WEBHOOK_SECRET_FIELD);
      const secret = isKept ? own?.secret : entered;
      kept.push({ type: 'WEBHOOK', url: address.url, host: address.host, ...(secret !== undefined && { secret }) });
    }
  }
  return kept;

  async function addressOf(
    text: string,
    own: { url: SealedValue; host: string } | undefined,
    sealField: string,
    field: string,
  ): Promise<{ url: SealedValue; host: string }> {
    if (isMask(text)) {
      if (own !== undefined && text === MASKED) return { url: own.url, host: own.host };
      throw invalid({
        field,
        message:
          'These dots stand for no address that is kept: send the id of the channel with them, or the address itself.',
      });
    }
    const url = URL.parse(text);
    if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
      throw invalid({
        field,
        message: 'It must be an https address (http only where this deployment allows the host).',
      });
    }
    if (url.username !== '' || url.password !== '') {
      throw invalid({ field, message: 'Name and password in an address are not taken.' });
    }
    return { url: await seal(url.href, sealField), host: url.host.slice(0, HOST_CHARS_MAX) };
  }
}

/** Of a name in DNS, with a port. */
const HOST_CHARS_MAX = 255;
const isMask = (text: string): boolean => text === MASKED || isNearlyMasked(text);

/** Whom the caller may have mailed: owners anybody, others members, and whoever is in the alert already. */
async function mailableOf(
  request: ApiRequest,
  given: readonly Shown[],
  before: Alert['channels'],
): Promise<ReadonlySet<string> | undefined> {
  if (isOwner(request.caller.permissions) || !given.some(({ type }) => type === 'EMAIL')) return undefined;
  const members = await request.control.listMembers(request.workspaceId);
  const kept = before.flatMap((channel) => (channel.type === 'EMAIL' ? [channel.address] : []));
  return new Set([...members.map(({ email }) => email), ...kept]);
}

function addressIn(text: string, field: string, mailable: ReadonlySet<string> | undefined): string {
  const parsed = Email.safeParse(text);
  if (!parsed.success) throw invalid({ field, message: 'It must be one e-mail address.' });
  if (mailable === undefined || mailable.has(parsed.data)) return parsed.data;
  throw invalid({ field, message: 'Only owners have people mailed who are not members of the workspace.' });
}
