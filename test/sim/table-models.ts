import { claimTogether } from '../../shared/aws/claim-together.ts';
import type { DeviceLedger } from '../../shared/aws/device-claims.ts';
import type { ClaimStore } from '../../shared/ports/claim-store.ts';
import type { BreakerStore, OpenBreaker } from '../../shared/ports/breaker-store.ts';
import { MemorySeenTable, type TableCall } from '../builders/memory-seen-table.ts';
import type { Faults } from './faults.ts';
import { type Host, sdkCall, ServiceError } from './host.ts';
import { rowFate } from './ledger-model.ts';
import type { Random } from './random.ts';

/** Whoever claims such a messageId dies. */
export const KILLER_PREFIX = 'killer-';

/** First wait after a write that another was quicker than; doubled each time, with jitter. */
const PAUSE_MS = 25;

/** The table of seen messageIds, over which the product's own protocol runs. */
export class SeenModel {
  readonly #table = new MemorySeenTable();
  readonly #faults: Faults;
  readonly #random: Random;

  constructor(faults: Faults, random: Random) {
    this.#faults = faults;
    this.#random = random.fork('pauses of claims');
  }

  /** `plant`: what a planted bug makes of the items of devices. */
  claimStore(host: Host, plant: (ledger: DeviceLedger) => DeviceLedger = (ledger) => ledger): ClaimStore {
    const { claimEvents } = this.#table.ports(this.#caller(host));
    const store = claimTogether({
      ledger: plant(this.deviceLedger(host)),
      claimEvents: async (claims) => {
        // A call of many statements that fails may have carried out some of them.
        if (!this.#faults.strikes('claims half done')) return await claimEvents(claims);
        await claimEvents(claims.slice(0, Math.ceil(claims.length / 2)));
        throw new ServiceError('claims', 'answer lost');
      },
      pause: (round) => host.wait(this.#random.next() * PAUSE_MS * 2 ** round),
    });
    return {
      claim: async (request) => {
        if (request.events.some(({ messageId }) => messageId.startsWith(KILLER_PREFIX))) host.kill('poisonous request');
        return await store.claim(request);
      },
    };
  }

  deviceLedger(host: Host): DeviceLedger {
    return this.#table.ports(this.#caller(host)).ledger;
  }

  #caller(host: Host): TableCall {
    return (what, work) => sdkCall(host, what, work, () => rowFate(this.#faults));
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
