import * as z from 'zod';
import { LEDGER_SHARDS } from '../config/limits.ts';
import { AppError } from '../domain/app-error.ts';
import { DoneRow, PlannedDestination, PlanRow } from '../domain/ledger-rows.ts';
import { hourOf } from '../domain/timestamp.ts';
import type { DocumentItem, Documents } from '../ports/documents.ts';
import type { SpanRead, SpanRows } from '../ports/ledger.ts';
import { inParallel } from './in-parallel.ts';
import { ledgerKeys } from './ledger-keys.ts';
import { destinationsOfText, doneOfText, planOfText } from './row-text.ts';

/** Pages of one partition: an hour of 1,000 writes/s has fewer. */
const PAGES_MAX = 5_000;

const Item = z.object({ pk: z.string(), sk: z.string(), data: z.string(), more: z.int().nonnegative().default(0) });
type Item = z.infer<typeof Item>;

/** Rows of a minute or an hour, over the port that needs no SDK. Rows are parsed on the way out: a malformed one throws, it is never summed. */
export function spanRows(documents: Pick<Documents, 'get' | 'query'>, tableName: string): SpanRows {
  const partition = async (pk: string, prefix: string, how: SpanRead): Promise<Item[]> => {
    const items: Item[] = [];
    let from: DocumentItem | undefined;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const answer = await documents.query({
        tableName,
        condition: 'pk = :pk AND begins_with(sk, :prefix)',
        values: { ':pk': pk, ':prefix': prefix },
        newestFirst: false,
        from,
        eventually: how === 'eventually' ? true : undefined,
      });
      items.push(...answer.items.map((item) => parsed(Item, item, pk)));
      from = answer.next;
      if (from === undefined) return items;
    }
    throw new AppError('upstream-unavailable', `Partition ${pk} has more than ${PAGES_MAX} pages`, { retry: false });
  };
  const ofShards = async (
    partitions: readonly string[],
    shards: number,
    prefix: string,
    how: SpanRead,
  ): Promise<Item[]> => {
    const chosen = partitions.filter((_, shard) => (shards & (1 << shard)) !== 0);
    const found = await inParallel(chosen, LEDGER_SHARDS, (pk) => partition(pk, prefix, how));
    return found.flat();
  };
  const planOf = async (item: Item): Promise<PlanRow> => {
    const row = parsed(PlanRow, jsonOf(item, planOfText), item.sk);
    const destinations = [...row.destinations];
    for (let number = 0; number < item.more; number += 1) {
      const found = await documents.get(tableName, ledgerKeys.planOverflow(row, row.writeId, number));
      if (found === undefined) throw new AppError('malformed-item', `A further item of ${item.sk} is missing`);
      const further = parsed(Item, found, item.sk);
      destinations.push(...parsed(z.array(PlannedDestination), jsonOf(further, destinationsOfText), item.sk));
    }
    return { ...row, destinations };
  };
  return {
    plansOfSpan: async (sourceId, span, shards, how) => {
      const partitions = ledgerKeys.plansOfHour(sourceId, hourOf(span));
      const items = await ofShards(partitions, shards, prefixOf('plan', span), how);
      return await inParallel(items, LEDGER_SHARDS, planOf);
    },
    donesOfSpan: async (destinationId, span, shards, how) => {
      const partitions = ledgerKeys.donesOfHour(destinationId, hourOf(span));
      const items = await ofShards(partitions, shards, prefixOf('done', span), how);
      return items.map((item) => parsed(DoneRow, jsonOf(item, doneOfText), item.sk));
    },
  };
}

/** A minute is followed by what names the row, an hour by the minute. */
const prefixOf = (kind: 'plan' | 'done', span: string): string => `${kind}#${span}${span.length === 13 ? ':' : '#'}`;

function jsonOf(item: Item, read: (text: string, key: Item) => unknown): unknown {
  try {
    return read(item.data, item);
  } catch (cause) {
    throw new AppError('malformed-item', `Item ${item.sk} is malformed`, { cause, retry: false });
  }
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new AppError('malformed-item', `Item ${name} is malformed`, { cause: result.error, retry: false });
}
