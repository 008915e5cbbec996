import type { DeadLetter, DeadLetterStore, SampleStore } from '../../shared/ports/delivery-stores.ts';
import type { Faults } from './faults.ts';
import { ABANDONED, type Fate, type Host, sdkCall } from './host.ts';
import { hashOf } from './random.ts';

/** The bucket of undelivered payloads: objects by key, named by what they hold. */
export class DeadLettersModel {
  readonly objects = new Map<string, readonly DeadLetter[]>();
  readonly unreadable = new Map<string, string>();
  readonly #faults: Faults;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  store(host: Host): DeadLetterStore {
    const fate = (): Fate => (this.#faults.strikes('dead-letter store away') ? 'refused' : 'answered');
    return {
      put: (destinationId, letters) => {
        const name = letters.map(({ intakeId, slice, hop, send, settledAt }) =>
          [intakeId, slice, hop, send, settledAt].join(),
        );
        const key = `destination=${destinationId}/${hashOf(name.join())}-${letters.length}`;
        const put = () => {
          this.objects.set(key, [...letters]);
          return key;
        };
        return sdkCall(host, `writes ${letters.length} dead letters`, put, fate);
      },
      putUnreadable: (day, body) => {
        const key = `unreadable/day=${day}/${hashOf(body)}`;
        const put = () => {
          this.unreadable.set(key, body);
          return key;
        };
        return sdkCall(host, 'writes an unreadable message', put, fate);
      },
    };
  }

  samples(host: Host): Pick<SampleStore, 'put'> {
    const fate = (): Fate => (this.#faults.strikes('samples refused') ? 'refused' : 'answered');
    return { put: () => sdkCall(host, ABANDONED, () => undefined, fate) };
  }
}
