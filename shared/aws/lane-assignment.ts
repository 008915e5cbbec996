import * as z from 'zod';
import { LANES_MAX } from '../config/limits.ts';
import { DestinationId, WorkspaceId } from '../domain/ids.ts';
import type { Destination } from '../domain/workspace.ts';
import type { HeldLane } from '../ports/control-store.ts';
import type { Documents, TransactItem } from '../ports/documents.ts';
import { queryItems } from './control-items.ts';
import { parseItem } from './read-items.ts';
import { controlKeys } from './control-keys.ts';

/**
 * How often a save looks for a free lane: each lost race means that another destination has taken one, so the pool has come to its end before. A
 * save that still has none goes without.
 */
export const LANE_TRIES_MAX = LANES_MAX + 1;

const HeldLaneItem = z.object({ lane: z.int().nonnegative(), workspaceId: WorkspaceId, destinationId: DestinationId });

/** Who holds which lane: one strong query over LANES_MAX small items. */
export async function readHeldLanes(documents: Documents, tableName: string): Promise<HeldLane[]> {
  const items = await queryItems(documents, tableName, controlKeys.lanes());
  return items.map((item) => parseItem(item, HeldLaneItem));
}

export type LaneChoice = {
  held: readonly HeldLane[];
  /** Lanes of the deployment; `undefined`: not known here, so none is taken and what is held stays held. */
  lanes: number | undefined;
  /** Races lost so far. */
  tries: number;
  random: () => number;
};

/**
 * The lane that a destination will have, and what its save must do to the pool for it; each item has a condition, which fails where another save was
 * quicker. A lane that the deployment no longer has is given back for another.
 */
export function changeLane(
  tableName: string,
  destination: Destination,
  writeId: string,
  { held, lanes, tries, random }: LaneChoice,
): { lane: number | undefined; items: TransactItem[] } {
  const mine = held.find((one) => one.destinationId === destination.id && one.workspaceId === destination.workspaceId);
  if (mine !== undefined && destination.enabled && mine.lane < (lanes ?? LANES_MAX))
    return { lane: mine.lane, items: [] };
  const items = mine === undefined ? [] : [giveBack(tableName, mine)];
  const lane = destination.enabled && tries < LANE_TRIES_MAX ? freeLane({ held, lanes, tries, random }) : undefined;
  if (lane !== undefined)
    items.push(take(tableName, { lane, workspaceId: destination.workspaceId, destinationId: destination.id }, writeId));
  return { lane, items };
}

/** The lowest free one, so that the pool can shrink. After a lost race any of the next few: of many losers not all run for the same one again. */
function freeLane({ held, lanes = 0, tries, random }: LaneChoice): number | undefined {
  const taken = new Set(held.map(({ lane }) => lane));
  const free = Array.from({ length: lanes }, (_, lane) => lane).filter((lane) => !taken.has(lane));
  return free[Math.floor(random() * Math.min(free.length, 2 ** tries))];
}

const take = (tableName: string, holder: HeldLane, writeId: string): TransactItem => ({
  Put: {
    TableName: tableName,
    Item: {
      ...controlKeys.lane(holder.lane),
      destinationId: holder.destinationId,
      writeId,
      data: JSON.stringify(holder),
    },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

const giveBack = (tableName: string, { lane, destinationId }: HeldLane): TransactItem => ({
  Delete: {
    TableName: tableName,
    Key: controlKeys.lane(lane),
    ConditionExpression: 'destinationId = :holder',
    ExpressionAttributeValues: { ':holder': destinationId },
  },
});
