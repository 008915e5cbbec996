import { touchesOfDone, touchOfPlan } from '../../shared/pipeline/touch-of.ts';
import type { Touch, Touches } from '../../shared/ports/digest-store.ts';
import { ledgerKeys } from '../../shared/aws/ledger-keys.ts';
import type { DoneRow, PlanRow, UnreadableRow } from '../../shared/domain/ledger-rows.ts';
import type { DoneKey, DoneStore, PlanKey, PlanStore, TryStore } from '../../shared/ports/ledger.ts';
import type { Faults } from './faults.ts';
import { type Fate, type Host, sdkCall } from './host.ts';

type ItemKey = { pk: string; sk: string };
const nameOf = ({ pk, sk }: ItemKey): string => `${pk}|${sk}`;

/** Who keeps the books is told of each row at the moment when it is there. */
export type LedgerWatch = {
  onPlan(row: PlanRow, host: Host): void;
  onDone(row: DoneRow, host: Host): void;
  onUnreadable(row: UnreadableRow): void;
};

/**
 * The ledger table: rows under the keys of the real adapter, put if absent, read strongly. What a lost answer does to a conditional put, and
 * how the adapter knows its own write again, is as in shared/aws/dynamo-ledger; test/contract/sim-rows holds both to one description.
 */
export class LedgerModel {
  readonly plans = new Map<string, PlanRow>();
  readonly dones = new Map<string, DoneRow>();
  readonly unreadable = new Map<string, UnreadableRow>();
  readonly #touched = new Set<string>();
  readonly #marks = new Map<string, Set<string>>();
  readonly #faults: Faults;
  readonly #watch: LedgerWatch;

  constructor(faults: Faults, watch: LedgerWatch) {
    this.#faults = faults;
    this.#watch = watch;
  }

  planStore(host: Host): PlanStore {
    const getPlan: PlanStore['getPlan'] = (key: PlanKey) =>
      this.#call(host, 'reads a plan', () => this.plans.get(nameOf(ledgerKeys.plan(key))));
    return {
      getPlan,
      putPlan: async (row) => {
        const name = nameOf(ledgerKeys.plan(row));
        const isPut = await this.#call(host, `puts plan ${row.intakeId}`, () => {
          if (this.plans.has(name)) return false;
          this.#requireTouch(touchOfPlan(row));
          this.plans.set(name, row);
          this.#watch.onPlan(row, host);
          return true;
        });
        if (isPut) return { outcome: 'saved' };
        const there = await getPlan(row);
        if (there === undefined) throw new Error('a plan row went');
        return there.writeId === row.writeId ? { outcome: 'saved' } : { outcome: 'exists', row: there };
      },
      findDone: (keys) => this.#findDone(host, keys),
      putRefusals: (notice) => this.#call(host, `puts notice ${notice.noticeId}`, () => undefined),
      putUnreadable: (row) =>
        this.#call(host, `puts unreadable ${row.unreadableId}`, () => {
          if (!this.unreadable.has(row.unreadableId)) this.#watch.onUnreadable(row);
          this.unreadable.set(row.unreadableId, row);
        }),
    };
  }

  doneStore(host: Host): DoneStore {
    const getDone: DoneStore['getDone'] = (key) =>
      this.#call(host, 'reads a done row', () => this.dones.get(nameOf(ledgerKeys.done(key))));
    return {
      getDone,
      findDone: (keys) => this.#findDone(host, keys),
      putDone: async (row) => {
        const name = nameOf(ledgerKeys.done(row));
        const isPut = await this.#call(
          host,
          `puts done ${row.destinationId} ${row.intakeId} ${row.slice} hop ${row.hop}`,
          () => {
            if (this.dones.has(name)) return false;
            for (const touch of touchesOfDone({ destinationId: row.destinationId, part: row }))
              this.#requireTouch(touch);
            this.dones.set(name, row);
            this.#watch.onDone(row, host);
            return true;
          },
        );
        if (isPut) return { outcome: 'saved' };
        const there = await getDone(row);
        if (there === undefined) throw new Error('a done row went');
        return there.writeId === row.writeId ? { outcome: 'saved' } : { outcome: 'exists', row: there };
      },
    };
  }

  /** Of those that stand, none is ever taken away: what a row is put without is a fault of who puts it. */
  touches(host: Host): Touches {
    return {
      touch: (touches) =>
        this.#call(host, 'touches', () => {
          for (const touch of touches) this.#touched.add(JSON.stringify(touch));
        }),
    };
  }

  #requireTouch(touch: Touch): void {
    if (!this.#touched.has(JSON.stringify(touch))) throw new Error(`A row without a touch: ${JSON.stringify(touch)}`);
  }

  tryStore(host: Host): TryStore {
    const standing = (name: string): Set<string> => this.#marks.get(name) ?? new Set();
    return {
      unended: (name) => this.#call(host, 'reads marks', () => standing(name).size),
      begin: (name, receive) =>
        this.#call(host, `marks ${name}`, () => {
          this.#marks.set(name, standing(name).add(receive));
        }),
      end: (name, receive) =>
        this.#call(host, `unmarks ${name}`, () => {
          const marks = standing(name);
          marks.delete(receive);
          if (marks.size === 0) this.#marks.delete(name);
        }),
    };
  }

  #findDone(host: Host, keys: readonly DoneKey[]): Promise<readonly DoneRow[]> {
    return this.#call(host, 'reads done rows', () =>
      keys.flatMap((key) => this.dones.get(nameOf(ledgerKeys.done(key))) ?? []),
    );
  }

  #call<T>(host: Host, what: string, work: () => T): Promise<T> {
    return sdkCall(host, what, work, () => rowFate(this.#faults));
  }
}

/** What becomes of one try at the table. */
export function rowFate(faults: Faults): Fate {
  if (faults.strikes('row throttled') || faults.strikes('row refused (5xx)')) return 'refused';
  return faults.strikes('row answered too late') ? 'answer lost' : 'answered';
}
