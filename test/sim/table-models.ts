import type { ClaimStore } from '../../shared/ports/claim-store.ts';
import type { BreakerStore, OpenBreaker } from '../../shared/ports/breaker-store.ts';
import type { Faults } from './faults.ts';
import { type Host, sdkCall, ServiceError } from './host.ts';
import { rowFate } from './ledger-model.ts';

const HOUR_MS = 3_600_000;
/** Whoever claims such a messageId dies. */
export const KILLER_PREFIX = 'killer-';

/** The table of seen messageIds: who has one, and since when. */
export class SeenModel {
  readonly #owners = new Map<string, { owner: string; receivedAtMs: number }>();
  readonly #faults: Faults;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  claimStore(host: Host): ClaimStore {
    return {
      claim: async (request) => {
        const { messageIds } = request;
        if (messageIds.some((messageId) => messageId.startsWith(KILLER_PREFIX))) host.kill('poisonous request');
        // A call of many statements that fails may have carried out some of them.
        if (this.#faults.strikes('claims half done')) {
          const half = messageIds.slice(0, Math.ceil(messageIds.length / 2));
          await host.call('claims half of the messageIds', () => this.#claim(request, half));
          throw new ServiceError('claims', 'answer lost');
        }
        const claim = () => this.#claim(request, messageIds);
        return await sdkCall(host, `claims ${messageIds.length} messageIds`, claim, () => rowFate(this.#faults));
      },
    };
  }

  /** Absent, own, or expired by the message's own times: never by a clock. */
  #claim(
    { sourceId, intakeId, receivedAt, dedupHours }: Parameters<ClaimStore['claim']>[0],
    messageIds: readonly string[],
  ): ReadonlySet<string> {
    const receivedAtMs = Date.parse(receivedAt);
    return new Set(
      messageIds.filter((messageId) => {
        const name = `${sourceId}#${messageId}`;
        const there = this.#owners.get(name);
        if (there?.owner === intakeId) return false;
        if (there !== undefined && there.receivedAtMs + dedupHours * HOUR_MS >= receivedAtMs) return true;
        this.#owners.set(name, { owner: intakeId, receivedAtMs });
        return false;
      }),
    );
  }
}

/** Open breakers: conditions are on writeId, so that a write knows itself again. */
export class BreakerModel {
  readonly open = new Map<string, OpenBreaker>();
  /** When somebody last took the lease of a destination's probe, in virtual ms. */
  readonly probedAtMs = new Map<string, number>();
  readonly #faults: Faults;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  store(host: Host): BreakerStore {
    const call = <T>(what: string, work: () => T): Promise<T> => sdkCall(host, what, work, () => rowFate(this.#faults));
    const get: BreakerStore['get'] = (id) => call(`reads breaker ${id}`, () => this.open.get(id));
    return {
      get,
      open: async (breaker) => {
        const isPut = await call(`opens breaker ${breaker.destinationId}`, () => {
          if (this.open.has(breaker.destinationId)) return false;
          this.open.set(breaker.destinationId, breaker);
          return true;
        });
        const there = isPut ? breaker : await get(breaker.destinationId);
        if (there === undefined) throw new Error('a breaker closed while it was opened');
        return there;
      },
      replace: async (read, next) => {
        const isPut = await call(`takes the probe of ${read.destinationId}`, () => {
          if (this.open.get(read.destinationId)?.writeId !== read.writeId) return false;
          this.open.set(read.destinationId, next);
          // A lease moves the count on; what a failed probe puts does not.
          if (next.probes > read.probes) this.probedAtMs.set(read.destinationId, host.trueMs());
          return true;
        });
        return isPut || (await get(read.destinationId))?.writeId === next.writeId;
      },
      close: (read) =>
        call(`closes breaker ${read.destinationId}`, () => {
          if (this.open.get(read.destinationId)?.writeId === read.writeId) this.open.delete(read.destinationId);
        }),
    };
  }
}
