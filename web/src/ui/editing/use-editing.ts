import { useRef, useState } from 'react';
import { isSame, mergeEdits } from './merge-edits.ts';

export type Editing<T> = {
  /** What the edit began from; without an edit, what is saved. */
  base: T;
  /** What is being edited: undefined while nothing was. */
  edited: T | undefined;
  /** What the form shows. */
  draft: T;
  /** The version to save over. */
  ifMatch: string | undefined;
  /** Something else was saved since the edit began. */
  isOvertaken: boolean;
  /** An edit begins although nothing is changed yet: what comes in from now on is another's. Does nothing in the middle of one. */
  begin: () => void;
  /** It ends without anything changed. */
  end: () => void;
  put: (next: T) => void;
  discard: () => void;
  /** Puts what was changed on top of what is saved now; the edit goes on from there. */
  keepMine: () => void;
  /** What is shown now goes to be saved … */
  send: () => void;
  /** … and is saved: what was changed meanwhile stays, as an edit of what is saved then. */
  sent: () => void;
};

/**
 * The edit of something that pages ask for again meanwhile: it holds what it began from, else another's change would be taken for one's own, and undone.
 * `saved`: what is edited, as it is saved now, without what can be changed beside the edit (whether it is enabled), and its version. `isStrict`: a newer version
 * counts even where nothing is seen of what it changed, as of a secret.
 */
export function useEditing<T>(
  saved: T,
  etag: string | undefined,
  isStrict: (edited: T) => boolean = () => false,
): Editing<T> {
  const [begun, setBegun] = useState<{ saved: T; etag: string | undefined }>();
  const [edited, setEdited] = useState<T>();
  const under = useRef<T>(undefined);
  const isNewer = begun !== undefined && edited !== undefined && isStrict(edited) && begun.etag !== etag;
  const isOvertaken = isNewer || (begun !== undefined && !isSame(begun.saved, saved));
  const base = begun === undefined ? saved : begun.saved;
  const draft = edited ?? base;
  const begin = (): void => setBegun((before) => before ?? { saved, etag });
  const end = (): void => setBegun(undefined);
  return {
    base,
    edited,
    draft,
    ifMatch: isOvertaken ? begun?.etag : etag,
    isOvertaken,
    begin,
    end,
    put: (next) => {
      begin();
      setEdited(next);
    },
    discard: () => {
      setEdited(undefined);
      end();
    },
    keepMine: () => {
      setEdited(mergeEdits(base, draft, saved));
      setBegun({ saved, etag });
    },
    send: () => {
      under.current = edited;
    },
    sent: () => {
      setEdited((latest) => (latest === under.current ? undefined : latest));
      end();
    },
  };
}
