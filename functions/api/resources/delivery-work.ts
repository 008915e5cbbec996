import type { Destination } from '../../../shared/domain/workspace.ts';
import type { ReasonSamples, SampleStore } from '../../../shared/ports/delivery-stores.ts';
import type { DigestReader } from '../../../shared/ports/digest-store.ts';
import type { DetailReader } from '../../../shared/ports/detail-reader.ts';

/** What pages and routes about delivery read. */
export type DeliveryWork = {
  details: DetailReader;
  /** Sends of a destination that have failed and wait for their next try, now. */
  waiting(destination: Pick<Destination, 'id' | 'createdAt'>): Promise<number>;
  samples: Pick<SampleStore, 'ofCode'>;
  reasonSamples: ReasonSamples;
  digests: DigestReader;
};
