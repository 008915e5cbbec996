import type { DataOf } from '../../../api/calls.ts';

export type ArrivedEvent = DataOf<'listSourceEvents'>['events'][number];

export type Arrivals = {
  /** The newest event of the reader's own code that is one. */
  real: ArrivedEvent | undefined;
  /** The newest that came and was refused, where it is newer than that. */
  refused: ArrivedEvent | undefined;
  /** The newest test event. */
  test: ArrivedEvent | undefined;
};

/** What the newest events of a source, newest first, say of its installation. A test event proves the way from here on, not the reader's code. */
export function arrivalsOf(events: readonly ArrivedEvent[]): Arrivals {
  const own = events.filter(({ isTest }) => !isTest);
  const realAt = own.findIndex(({ verdict }) => verdict !== 'INVALID');
  const refusedAt = own.findIndex(({ verdict }) => verdict === 'INVALID');
  return {
    real: own[realAt],
    refused: refusedAt >= 0 && (realAt < 0 || refusedAt < realAt) ? own[refusedAt] : undefined,
    test: events.find(({ isTest }) => isTest),
  };
}

/** An event in words: "track Order Completed". */
export const eventText = ({ type, name }: Pick<ArrivedEvent, 'type' | 'name'>): string =>
  [type ?? 'event', name].filter((part) => part !== null && part !== '').join(' ');
