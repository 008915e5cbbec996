import type { WorkspaceId } from '../domain/ids.ts';
import type { Notification, ReadMark } from '../domain/notification.ts';
import type { Noted } from './notes.ts';

/** Where one stands in its workspace: `<time>#<id>`. */
export const placeOf = ({ at, id }: Pick<Notification, 'at' | 'id'>): string => `${at}#${id}`;

/** That something is to be sent from a moment on. */
type Waiting = { workspaceId: WorkspaceId; place: string; nextAt: string };

/** Notifications with what is still to be sent of them. Reads are strong. */
export type NotificationStore = {
  /** Keeps one, and notes that it is to be sent. `false`: it is there already, and nothing is changed. */
  add(notification: Notification, writeId: string): Promise<boolean>;
  get(workspaceId: WorkspaceId, place: string): Promise<Notification | undefined>;
  /** Newest first, from before a place on. */
  list(
    workspaceId: WorkspaceId,
    page: { before?: string | undefined; limit: number },
  ): Promise<{ notifications: Notification[]; hasMore: boolean }>;
  /**
   * Over the version that it carries, and over the `nextAt` that it had. `isDone`: nothing of it is to be sent any more. `false`: somebody saved in
   * between.
   */
  save(notification: Notification, how: { isDone: boolean; was: string }, writeId: string): Promise<boolean>;
  /** What is due to be sent now, over all workspaces: what is due longest first, and of none so much that another's has to wait for it. */
  listWaiting(now: string, limit: number): Promise<Waiting[]>;
  /** Takes the note away of one that is gone. */
  forget(waiting: Waiting): Promise<void>;

  getReadMark(workspaceId: WorkspaceId, readerId: string): Promise<Noted<ReadMark>>;
  /** Over the version that was read. `false`: another window of the same reader saved in between. */
  saveReadMark(
    workspaceId: WorkspaceId,
    readerId: string,
    mark: ReadMark,
    version: number,
    writeId: string,
  ): Promise<boolean>;
};
