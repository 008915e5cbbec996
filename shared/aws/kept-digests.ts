import * as z from 'zod';
import { AppError } from '../domain/app-error.ts';
import { digestOf, noParts } from '../domain/digest-sums.ts';
import { DestinationId, SourceId, type WorkspaceId } from '../domain/ids.ts';
import { hourOf, hourPlus } from '../domain/timestamp.ts';
import type { DigestReader, KeptDigests, KeptParts, MinuteState, Reach, Touched } from '../ports/digest-store.ts';
import type { DocumentItem, Documents } from '../ports/documents.ts';
import { digestOfText } from './digest-text.ts';
import { inParallel } from './in-parallel.ts';
import { ledgerKeys } from './ledger-keys.ts';

/** Pages of 1 MB of one read. */
const PAGES_MAX = 200;
/** Hours that one read of minutes or touches may span: minutes are kept for 48. */
const HOURS_MAX = 72;
const PARTITIONS_AT_ONCE = 8;
/** Sums put together at once; seldom has one more than its item. */
const WHOLES_AT_ONCE = 8;

const DigestItem = z.object({
  pk: z.string(),
  sk: z.string(),
  data: z.string(),
  version: z.int(),
  more: z.int().nonnegative().optional(),
  expiresAtSeconds: z.number(),
});
const FurtherItem = z.object({ data: z.string() });
const TouchItem = z.object({ sk: z.string(), data: z.string() });
/** Subject (`S#<source>`, `D#<destination>`), minute, shards. */
const TouchData = z.record(z.string(), z.record(z.string(), z.int().positive()));
const StateItem = z.object({
  fence: z.int(),
  heldUntilMs: z.number(),
  minute: z.string().optional(),
  since: z.string().optional(),
  behind: z.record(z.string(), z.string()),
  turn: z.string().optional(),
});

/** Sums of minutes and hours in the ledger table, for reading; items are parsed on the way out, a malformed one throws. */
export function keptDigests(
  documents: Pick<Documents, 'get' | 'query'>,
  tableName: string,
  now: () => Date = () => new Date(),
): DigestReader & KeptDigests & { state(): Promise<MinuteState | undefined> } {
  const range = async (pk: string, first: string, last: string): Promise<DocumentItem[]> => {
    const items: DocumentItem[] = [];
    let from: DocumentItem | undefined;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const answer = await documents.query({
        tableName,
        condition: 'pk = :pk AND sk BETWEEN :first AND :last',
        values: { ':pk': pk, ':first': first, ':last': last },
        newestFirst: false,
        from,
      });
      items.push(...answer.items);
      from = answer.next;
      if (from === undefined) return items;
    }
    throw new AppError('malformed-item', `${pk} holds more than ${PAGES_MAX} pages`, { retry: false });
  };
  /** Sums by their span, of whole texts. Items that have expired may still be there, and what belongs to them not any more. */
  const partsOf = async (items: readonly DocumentItem[]): Promise<Map<string, KeptParts>> => {
    const nowSeconds = now().getTime() / 1_000;
    const found = await inParallel(items, WHOLES_AT_ONCE, async (item): Promise<[string, KeptParts][]> => {
      const { pk, sk, data, version, more = 0, expiresAtSeconds } = DigestItem.parse(item);
      if (expiresAtSeconds <= nowSeconds) return [[sk, { parts: noParts(), version }]];
      const texts = [data];
      for (let number = 0; number < more; number += 1) {
        const further = await documents.get(tableName, { pk, sk: furtherSk(sk, version, number) });
        if (further === undefined) throw new AppError('malformed-item', `A further item of ${sk} is missing`);
        texts.push(FurtherItem.parse(further).data);
      }
      return [[sk, { parts: digestOfText(texts.join(''), sk), version }]];
    });
    return new Map(found.flat());
  };
  const ofHours = async (from: string, to: string, partition: (hour: string) => string): Promise<DocumentItem[]> => {
    if (from > to) return [];
    const hours: string[] = [];
    for (let hour = hourOf(from); hour <= hourOf(to) && hours.length < HOURS_MAX; hour = hourPlus(hour, 1)) {
      hours.push(hour);
    }
    // The tilde is behind all that may follow a minute in a key.
    const found = await inParallel(hours, PARTITIONS_AT_ONCE, (hour) => range(partition(hour), from, `${to}~~`));
    return found.flat();
  };
  const minuteParts: KeptDigests['minuteParts'] = async (workspaceId, from, to) =>
    partsOf(await ofHours(from, to, (hour) => ledgerKeys.digestMinutes(workspaceId, hour)));
  const hourParts: KeptDigests['hourParts'] = async (workspaceId, from, to) =>
    from > to ? new Map() : partsOf(await range(ledgerKeys.digestHours(workspaceId), from, `${to}~~`));
  const state = async (): Promise<MinuteState | undefined> => {
    const item = await documents.get(tableName, ledgerKeys.minuteState());
    return item && StateItem.parse(item);
  };
  return {
    minuteParts,
    hourParts,
    minutes: async (workspaceId, from, to) => digests(await minuteParts(workspaceId, from, to)),
    hours: async (workspaceId, from, to) => digests(await hourParts(workspaceId, from, to)),
    touched: async (workspaceId, from, to) => {
      const items = await ofHours(from, to, (hour) => ledgerKeys.touches(workspaceId, hour));
      const found = new Map<string, Touched[]>();
      for (const item of items) {
        const { sk, data } = TouchItem.parse(item);
        const minute = sk.slice(0, sk.indexOf('#'));
        found.set(minute, [...(found.get(minute) ?? []), ...touchesOf(data, sk)]);
      }
      return found;
    },
    state,
    asOf: async (workspaceId) => asOfState(await state(), workspaceId),
    reach: async (workspaceId) => reachOf(await state(), workspaceId),
  };
}

/** Times by what the run of each minute has left; see Reach. */
export const reachOf = (state: MinuteState | undefined, workspaceId: WorkspaceId): Reach => ({
  asOf: asOfState(state, workspaceId),
  since: state?.since === undefined ? undefined : `${state.since}:00.000Z`,
});

/** The moment before which all is summed up. */
export function asOfState(state: MinuteState | undefined, workspaceId: WorkspaceId): string | undefined {
  const minute = state?.behind[workspaceId] ?? state?.minute;
  return minute && `${minute}:00.000Z`;
}

const digests = (kept: Map<string, KeptParts>) =>
  new Map([...kept].map(([span, { parts }]) => [span, digestOf(parts)]));

/** What did not fit into a sum's item. In front of all spans by its key: no range of them reads what belongs to versions of before. */
export const furtherSk = (span: string, version: number, number: number): string => ` ${span} ${version} ${number}`;

function touchesOf(data: string, sk: string): Touched[] {
  const parsed = TouchData.safeParse(JSON.parse(data));
  if (!parsed.success) throw new AppError('malformed-item', `Touches ${sk} are malformed`, { retry: false });
  return Object.entries(parsed.data).flatMap(([name, minutes]) =>
    Object.entries(minutes).map(([minute, shards]) => ({ subject: subjectOf(name), minute, shards })),
  );
}

function subjectOf(name: string): Touched['subject'] {
  const id = name.slice(2);
  return name.startsWith('S#') ? { sourceId: SourceId.parse(id) } : { destinationId: DestinationId.parse(id) };
}
