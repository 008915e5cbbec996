import { HookBody, type IntakeMessage } from '../../shared/domain/intake-message.ts';
import type { Json } from '../../shared/domain/json.ts';
import { shortenJson } from '../../shared/domain/shorten-json.ts';
import type { HookSample, HookSamples } from '../../shared/ports/hook-samples.ts';

/**
 * Writes of one environment for one source: so many in WINDOW_MS, on average one in 10 s (cost rule 5). Not one each 10 s: who sets a webhook up posts
 * by hand, a few times within a minute, and wants to see the last one.
 */
const WRITES_IN_WINDOW_MAX = 6;
const WINDOW_MS = 60_000;
/** Sources whose writes are counted. */
const SOURCES_MAX = 1_000;
/** Of a sample's body: 32 KB with its headers. */
const BODY_CHARS_MAX = 28_000;

export type HookSampler = {
  /** Keeps the newest of each webhook source, unless enough was kept lately. Best effort: never rejects. */
  keep(messages: readonly IntakeMessage[]): Promise<void>;
};

export function hookSampler(deps: {
  samples: Pick<HookSamples, 'put'>;
  nowMs: () => number;
  warn: (error: unknown) => void;
}): HookSampler {
  const windows = new Map<string, { fromMs: number; writes: number }>();

  const mayWrite = (sourceId: string): boolean => {
    const nowMs = deps.nowMs();
    const window = windows.get(sourceId);
    if (window !== undefined && nowMs - window.fromMs < WINDOW_MS) {
      window.writes += 1;
      return window.writes <= WRITES_IN_WINDOW_MAX;
    }
    if (windows.size >= SOURCES_MAX) windows.clear();
    windows.set(sourceId, { fromMs: nowMs, writes: 1 });
    return true;
  };

  const keepOne = async (message: IntakeMessage): Promise<void> => {
    try {
      const sample = mayWrite(message.sourceId) ? sampleOf(message) : undefined;
      if (sample !== undefined) await deps.samples.put(message.sourceId, sample);
    } catch (error) {
      deps.warn(error);
    }
  };

  return {
    keep: async (messages) => {
      const newest = new Map<string, IntakeMessage>();
      for (const message of messages) {
        if (message.kind !== 'hook') continue;
        const known = newest.get(message.sourceId);
        if (known === undefined || known.receivedAt <= message.receivedAt) newest.set(message.sourceId, message);
      }
      await Promise.all([...newest.values()].map(keepOne));
    },
  };
}

function sampleOf({ receivedAt, body: sent }: IntakeMessage): HookSample | undefined {
  const found = HookBody.safeParse(sent);
  if (!found.success) return undefined;
  const { headers, body } = found.data;
  const short = shortenJson(body as Json, BODY_CHARS_MAX);
  return short && { receivedAt, request: { headers, body: short.value }, isShortened: short.isShortened };
}
