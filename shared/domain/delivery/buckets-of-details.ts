import type { Step } from '../detail.ts';
import { type Buckets, bucketAt } from './buckets.ts';
import type { Bucketed } from './groups.ts';
import type { Cell } from './steps.ts';

/** Cells of details as they were read, by the buckets in which they lie. */
export const bucketed = <T>(
  steps: readonly Step<T>[],
  buckets: Pick<Buckets, 'starts'>,
  cellsOf: (detail: T) => Cell[],
): Bucketed[] =>
  steps.flatMap(({ from, detail }) => {
    const bucket = bucketAt(buckets, from);
    return bucket === undefined ? [] : [{ bucket, cells: cellsOf(detail) }];
  });
