import type { DeviceLedger } from '../../shared/aws/device-claims.ts';
import type { EventClaim } from '../../shared/aws/dynamo-event-claims.ts';
import type { LedgerChunk, LedgerHead } from '../../shared/domain/device-ledger.ts';

const HOUR_MS = 3_600_000;

/** How a call reaches the table: `work` is what happens there, at one moment. It may happen again, when its answer was lost. */
export type TableCall = <T>(what: string, work: () => T) => Promise<T>;

type Owned = { owner: string; receivedAtMs: number };

/**
 * The `seen` table in memory: an item for each messageId that is claimed by event, heads and chunks of devices. Conditions are those of the
 * adapters; test/contract/sim-rows holds both to one description.
 */
export class MemorySeenTable {
  readonly heads = new Map<string, LedgerHead>();
  readonly chunks = new Map<string, LedgerChunk>();
  readonly owners = new Map<string, Owned>();

  ports(call: TableCall): {
    ledger: DeviceLedger;
    claimEvents: <T extends EventClaim>(claims: readonly T[]) => Promise<readonly T[]>;
  } {
    return {
      claimEvents: (claims) => call(`claims ${claims.length} messageIds`, () => this.#ownEvents(claims)),
      ledger: {
        heads: (keys) => call('reads heads', () => new Map([...this.heads].filter(([key]) => keys.includes(key)))),
        chunks: (key, epoch, before, limit) =>
          call(`reads chunks of ${key}`, () =>
            Array.from({ length: before }, (_, index) => before - 1 - index)
              .flatMap((number) => this.chunks.get(`${key} ${epoch} ${number}`) ?? [])
              .slice(0, limit),
          ),
        putChunk: (key, chunk) =>
          call(`puts chunk ${chunk.number} of ${key}`, () => {
            this.chunks.set(`${key} ${chunk.epoch} ${chunk.number}`, chunk);
          }),
        putHead: (key, head, over) =>
          call(`puts the head of ${key}`, () => {
            if (this.heads.get(key)?.version !== over) return false;
            this.heads.set(key, head);
            return true;
          }),
        close: (key, epoch, version) =>
          call(`closes ${key}`, () => this.#change(key, epoch, (head) => ({ ...head, isClosed: true, version }))),
        keep: (key, epoch, expiresAtSeconds) =>
          call(`keeps ${key}`, () =>
            this.#change(key, epoch, (head) =>
              head.expiresAtSeconds < expiresAtSeconds ? { ...head, expiresAtSeconds } : undefined,
            ),
          ),
      },
    };
  }

  #change(key: string, epoch: string, next: (head: LedgerHead) => LedgerHead | undefined): boolean {
    const head = this.heads.get(key);
    const changed = head?.epoch === epoch ? next(head) : undefined;
    if (changed !== undefined) this.heads.set(key, changed);
    return changed !== undefined;
  }

  /** The duplicates. Absent, own, or expired by the message's own times: never by a clock. */
  #ownEvents<T extends EventClaim>(claims: readonly T[]): readonly T[] {
    return claims.filter(({ scope, messageId, request: { intakeId, receivedAt, dedupHours } }) => {
      const receivedAtMs = Date.parse(receivedAt);
      const name = `${scope}#${messageId}`;
      const there = this.owners.get(name);
      if (there?.owner === intakeId) return false;
      if (there !== undefined && there.receivedAtMs + dedupHours * HOUR_MS >= receivedAtMs) return true;
      this.owners.set(name, { owner: intakeId, receivedAtMs });
      return false;
    });
  }
}
