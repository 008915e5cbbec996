import type { AuditEntry } from '../domain/audit.ts';
import type { DestinationId, ReplayId, WorkspaceId } from '../domain/ids.ts';
import type { ReplayOrder } from '../domain/replay-order.ts';

/** Orders to replay, in the control table. Reads are strong. */
export type ReplayOrderStore = {
  /**
   * Saves a new order with its audit entry, in one transaction that holds only if nobody else has an open one for the destination (`busy`); those that
   * only count stand beside others.
   */
  start(order: ReplayOrder, entry: AuditEntry): Promise<'saved' | 'busy'>;
  get(workspaceId: WorkspaceId, id: ReplayId): Promise<ReplayOrder | undefined>;
  /** Newest first; those older than `before`. */
  list(workspaceId: WorkspaceId, page: { before?: string | undefined; limit: number }): Promise<ReplayOrder[]>;
  /** Replaces the order that was read, by its writeId. False where somebody else has saved it. One that has ended is open no more. */
  save(read: ReplayOrder, next: ReplayOrder, entry?: AuditEntry): Promise<boolean>;
  /** Open ones of all workspaces, or of one destination. */
  listOpen(destinationId?: DestinationId): Promise<OpenOrder[]>;
  /** Forgets that one is open: there is none. */
  forgetOpen(open: OpenOrder): Promise<void>;
};

export type OpenOrder = { workspaceId: WorkspaceId; destinationId: DestinationId; id: ReplayId; dryRun: boolean };

/** Names an order to whoever carries it out. */
export type OrderName = { workspaceId: WorkspaceId; id: ReplayId };
/** Tells the runner of an order; it may not hear. Every minute it looks for itself. */
export type ReplayRunner = { tell(order: OrderName): Promise<void> };
