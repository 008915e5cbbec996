import { useState } from 'react';
import { ApiError } from '../../../../shared/api/api-error.ts';
import { isSame } from './merge-edits.ts';

export type Base<T> = {
  /** What the edit began from; without an edit, what is saved. */
  base: T;
  /** The version to save over, as `ifMatch`. */
  ifMatch: string | undefined;
  /** Something else was saved since the edit began. */
  isOvertaken: boolean;
  /** An edit begins: what comes in from now on is another's. Does nothing in the middle of one. */
  begin: () => void;
  /** The edit goes on from what is saved now. */
  goOn: () => void;
  /** The edit is saved, or given up. */
  end: () => void;
};

/**
 * Holds what an edit began from, while pages ask again what is saved: else another's change would be taken for one's own, and undone. `saved`: what is edited,
 * as it is saved now, without what can be changed beside the edit (whether it is enabled). `isStrict`: a newer version counts even where nothing is seen of what
 * it changed, as of a secret.
 */
export function useBase<T>(saved: T, etag: string | undefined, { isStrict = false } = {}): Base<T> {
  const [begun, setBegun] = useState<{ saved: T; etag: string | undefined }>();
  const isOvertaken = begun !== undefined && (!isSame(begun.saved, saved) || (isStrict && begun.etag !== etag));
  return {
    base: begun === undefined ? saved : begun.saved,
    ifMatch: isOvertaken ? begun.etag : etag,
    isOvertaken,
    begin: () => setBegun((before) => before ?? { saved, etag }),
    goOn: () => setBegun({ saved, etag }),
    end: () => setBegun(undefined),
  };
}

/** Whether a change was refused for what is there: another has saved meanwhile, or a name is taken. What is shown is asked again then. */
export const isConflict = (error: Error): boolean => error instanceof ApiError && error.status === 409;
