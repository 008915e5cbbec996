import type { LabelPair } from './permissions.ts';

/** A source's labels with this one on it, in place of another value of its key (M08), or without it. */
export const withLabel = (labels: readonly LabelPair[], label: LabelPair, isOn: boolean): LabelPair[] => [
  ...labels.filter(({ key }) => key !== label.key).map(({ key, value }) => ({ key, value })),
  ...(isOn ? [{ key: label.key, value: label.value }] : []),
];
