import type { WorkspaceId } from '../domain/ids.ts';
import type { SeenUsers } from '../domain/tracked-users.ts';
import type { UsageMonth } from '../usage/usage-month.ts';

/** Who was seen in a month: in a whole workspace, or by one of its sources. What is put replaces what was there. */
export type SeenUsersStore = {
  get(place: SeenPlace): Promise<SeenUsers | undefined>;
  put(place: SeenPlace, seen: SeenUsers): Promise<void>;
};
export type SeenPlace = { workspaceId: WorkspaceId; month: string; sourceId?: string };

export type UsageMonths = {
  /** Strongly consistent. `version` grows with every put. */
  get(workspaceId: WorkspaceId, month: string): Promise<{ month: UsageMonth; version: number } | undefined>;
  /** From one month to another, both included, in order: those that there are. */
  between(workspaceId: WorkspaceId, from: string, to: string): Promise<UsageMonth[]>;
  /** Puts over the version that was read, 0 where there was none; false where something else stands there by now. `writeId` names the put. */
  put(month: UsageMonth, over: { version: number; writeId: string }): Promise<boolean>;
};
