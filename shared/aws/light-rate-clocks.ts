import * as z from 'zod';
import { RATE_KEY_PREFIX } from '../config/key-prefixes.ts';
import { AppError } from '../domain/app-error.ts';
import type { LimitedId, RateClocks, RateMove } from '../ports/rate-clocks.ts';
import type { LightClient, Patience } from './light-client.ts';

/** An item that nobody has moved for a day is of no use. */
const KEPT_SECONDS = 86_400;
/** A request waits for this; one whose limit cannot be asked passes. */
const PATIENCE: Patience = { attemptsMax: 1, tryTimeoutMs: 500 };

const Moved = z.object({ Attributes: z.object({ atMs: z.object({ N: z.string() }) }) });
const Held = z.object({ atMs: z.object({ N: z.string() }).optional() }).optional();

/** One item for each source in the usage table. One try of 500 ms: the request that waits for it goes before its precision. */
export function lightRateClocks(dynamo: LightClient, tableName: string, patience = PATIENCE): RateClocks {
  const update = async (
    id: LimitedId,
    nowMs: number,
    expression: { set: string; condition: string; values: Record<string, number> },
  ): Promise<RateMove> => {
    const expiresAtSeconds = Math.ceil(nowMs / 1_000) + KEPT_SECONDS;
    const values = { ...expression.values, ':expires': expiresAtSeconds };
    const result = await dynamo.callIf(
      'UpdateItem',
      {
        TableName: tableName,
        Key: { pk: { S: `${RATE_KEY_PREFIX}${id}` }, sk: { S: 'RATE' } },
        UpdateExpression: `SET atMs = ${expression.set}, expiresAtSeconds = :expires`,
        ConditionExpression: expression.condition,
        ExpressionAttributeValues: Object.fromEntries(
          Object.entries(values).map(([name, value]) => [name, { N: numberText(value) }]),
        ),
        ReturnValues: 'UPDATED_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
      patience,
    );
    try {
      if (result.outcome === 'done') {
        return { outcome: 'moved', atMs: Number(Moved.parse(result.answer).Attributes.atMs.N) };
      }
      const at = Held.parse(result.item)?.atMs?.N;
      return { outcome: 'refused', atMs: at === undefined ? undefined : Number(at) };
    } catch (cause) {
      throw new AppError('malformed-item', `The rate item of ${id} is malformed`, { cause, retry: false });
    }
  };
  return {
    set: (id, toMs, ifNotAfterMs) =>
      update(id, toMs, {
        set: ':to',
        condition: 'attribute_not_exists(atMs) OR atMs <= :now',
        values: { ':to': toMs, ':now': ifNotAfterMs },
      }),
    advance: (id, byMs, ifAfterMs, ifNotAfterMs) =>
      update(id, ifNotAfterMs, {
        set: 'atMs + :by',
        condition: 'atMs > :after AND atMs <= :last',
        values: { ':by': byMs, ':after': ifAfterMs, ':last': ifNotAfterMs },
      }),
  };
}

/** Thousandths of a millisecond: at 100,000 requests a second one takes ten of them. Never in the form with an exponent. */
const numberText = (value: number): string => String(Number(value.toFixed(3)));
