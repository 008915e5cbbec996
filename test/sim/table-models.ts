import { claimTogether } from '../../shared/aws/claim-together.ts';
import type { DeviceLedger } from '../../shared/aws/device-claims.ts';
import type { EventClaim } from '../../shared/aws/dynamo-event-claims.ts';
import type { LedgerChunk, LedgerHead } from '../../shared/domain/device-ledger.ts';
import type { ClaimStore } from '../../shared/ports/claim-store.ts';
import type { BreakerStore, OpenBreaker } from '../../shared/ports/breaker-store.ts';
import type { Faults } from './faults.ts';
import { type Host, sdkCall, ServiceError } from './host.ts';
import { rowFate } from './ledger-model.ts';
import type { Random } from './random.ts';

const HOUR_MS = 3_600_000;
/** Whoever claims such a messageId dies. */
export const KILLER_PREFIX = 'killer-';

/** First wait after a write that another was quicker than; doubled each time, with jitter. */
const PAUSE_MS = 25;

type Owned = { owner: string; receivedAtMs: number };

/**
 * The table of seen messageIds: an item for each of those that are claimed by event, and the items of devices, over which the product's own
 * protocol runs.
 */
export class SeenModel {
  readonly #owners = new Map<string, Owned>();
  readonly #heads = new Map<string, LedgerHead>();
  readonly #chunks = new Map<string, LedgerChunk>();
  readonly #faults: Faults;
  readonly #random: Random;

  constructor(faults: Faults, random: Random) {
    this.#faults = faults;
    this.#random = random.fork('pauses of claims');
  }

  /** `plant`: what a planted bug makes of the items of devices. */
  claimStore(host: Host, plant: (ledger: DeviceLedger) => DeviceLedger = (ledger) => ledger): ClaimStore {
    const store = claimTogether({
      ledger: plant(this.deviceLedger(host)),
      claimEvents: (claims) => this.#claimEvents(host, claims),
      pause: (round) => host.wait(this.#random.next() * PAUSE_MS * 2 ** round),
    });
    return {
      claim: async (request) => {
        if (request.events.some(({ messageId }) => messageId.startsWith(KILLER_PREFIX))) host.kill('poisonous request');
        return await store.claim(request);
      },
    };
  }

  async #claimEvents<T extends EventClaim>(host: Host, claims: readonly T[]): Promise<readonly T[]> {
    // A call of many statements that fails may have carried out some of them.
    if (this.#faults.strikes('claims half done')) {
      const half = claims.slice(0, Math.ceil(claims.length / 2));
      await host.call('claims half of the messageIds', () => this.#ownEvents(half));
      throw new ServiceError('claims', 'answer lost');
    }
    const claim = () => this.#ownEvents(claims);
    return await sdkCall(host, `claims ${claims.length} messageIds`, claim, () => rowFate(this.#faults));
  }

  /** The duplicates. Absent, own, or expired by the message's own times: never by a clock. */
  #ownEvents<T extends EventClaim>(claims: readonly T[]): readonly T[] {
    return claims.filter(({ messageId, request: { sourceId, intakeId, receivedAt, dedupHours } }) => {
      const receivedAtMs = Date.parse(receivedAt);
      const name = `${sourceId}#${messageId}`;
      const there = this.#owners.get(name);
      if (there?.owner === intakeId) return false;
      if (there !== undefined && there.receivedAtMs + dedupHours * HOUR_MS >= receivedAtMs) return true;
      this.#owners.set(name, { owner: intakeId, receivedAtMs });
      return false;
    });
  }

  /** Conditions as in shared/aws/dynamo-device-ledger; test/contract/sim-rows holds both to one description. */
  deviceLedger(host: Host): DeviceLedger {
    const call = <T>(what: string, work: () => T): Promise<T> => sdkCall(host, what, work, () => rowFate(this.#faults));
    const change = (key: string, epoch: string, next: (head: LedgerHead) => LedgerHead | undefined): boolean => {
      const head = this.#heads.get(key);
      const changed = head?.epoch === epoch ? next(head) : undefined;
      if (changed !== undefined) this.#heads.set(key, changed);
      return changed !== undefined;
    };
    return {
      heads: (keys) =>
        call('reads heads of devices', () => new Map([...this.#heads].filter(([key]) => keys.includes(key)))),
      chunks: (key, epoch, before, limit) =>
        call(`reads chunks of ${key}`, () => {
          const numbers = Array.from({ length: Math.min(before, limit) }, (_, index) => before - 1 - index);
          return numbers.flatMap((number) => this.#chunks.get(`${key} ${epoch} ${number}`) ?? []);
        }),
      putChunk: (key, chunk) =>
        call(`puts chunk ${chunk.number} of ${key}`, () => {
          this.#chunks.set(`${key} ${chunk.epoch} ${chunk.number}`, chunk);
        }),
      putHead: (key, head, over) =>
        call(`puts the head of ${key}`, () => {
          if (this.#heads.get(key)?.version !== over) return false;
          this.#heads.set(key, head);
          return true;
        }),
      close: (key, epoch, version) =>
        call(`closes ${key}`, () => change(key, epoch, (head) => ({ ...head, isClosed: true, version }))),
      keep: (key, epoch, expiresAtSeconds) =>
        call(`keeps ${key}`, () =>
          change(key, epoch, (head) =>
            head.expiresAtSeconds < expiresAtSeconds ? { ...head, expiresAtSeconds } : undefined,
          ),
        ),
    };
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
