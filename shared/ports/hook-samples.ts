import type { SourceId } from '../domain/ids.ts';
import type { HookRequest } from '../domain/source-hook.ts';

/** What was posted to a webhook source last, for who writes its mapping. `isShortened`: texts and lists of the body are cut. */
export type HookSample = { receivedAt: string; request: HookRequest; isShortened: boolean };

/** One sample a source; it goes with the other samples. */
export type HookSamples = {
  /** Takes the place of an older one. Throws where the table is away. */
  put(sourceId: SourceId, sample: HookSample): Promise<void>;
  get(sourceId: SourceId): Promise<HookSample | undefined>;
};
