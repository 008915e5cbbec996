import { percent } from '../../ui/format.ts';

type FilterAction = {
  type: 'ALLOW_PROPERTIES' | 'DROP' | 'DROP_PROPERTIES' | 'SAMPLE';
  percent?: number | undefined;
};

const WORDS: Readonly<Record<FilterAction['type'], string>> = {
  DROP: 'Drops events',
  DROP_PROPERTIES: 'Takes properties out',
  ALLOW_PROPERTIES: 'Lets chosen properties through',
  SAMPLE: 'Lets a sample through',
};

/** What a filter does, in a few words. */
export const filterWords = (actions: readonly FilterAction[]): string =>
  actions
    .map(({ type, percent: share }) =>
      type === 'SAMPLE' && share !== undefined ? `Lets ${percent(share)} through` : WORDS[type],
    )
    .join(', ');
