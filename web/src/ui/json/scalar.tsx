import { useState } from 'react';
import styles from './json.module.css';
import { kindOf, scalarText } from './values.ts';

/** Characters of a string that are shown before the rest is asked for. */
const STRING_SHOWN = 300;
/** Occurrences of a searched text that are marked within one text. */
const MARKED_MAX = 50;

/** A text with the searched part marked. Plain text always: what a payload holds is never markup. */
export function Marked({ text, search }: { text: string; search: string | undefined }) {
  const wanted = search?.trim().toLowerCase() ?? '';
  if (wanted === '') return text;
  const lower = text.toLowerCase();
  const parts: React.ReactNode[] = [];
  let done = 0;
  for (let at = lower.indexOf(wanted); at !== -1 && parts.length < 2 * MARKED_MAX; at = lower.indexOf(wanted, done)) {
    parts.push(text.slice(done, at));
    parts.push(
      <mark key={at} className={styles['match']}>
        {text.slice(at, at + wanted.length)}
      </mark>,
    );
    done = at + wanted.length;
  }
  return (
    <>
      {parts}
      {text.slice(done)}
    </>
  );
}

/** A value without parts in the colour of its kind; a long string is cut, with a button for the rest. */
export function Scalar({ value, search, tabbable = true }: { value: unknown; search?: string; tabbable?: boolean }) {
  const [all, setAll] = useState(false);
  const text = scalarText(value);
  const cut = !all && text.length > STRING_SHOWN;
  return (
    <>
      <span className={styles[kindOf(value)]}>
        <Marked text={cut ? `${text.slice(0, STRING_SHOWN)}…` : text} search={search} />
      </span>
      {text.length > STRING_SHOWN && (
        <button
          type="button"
          tabIndex={tabbable ? 0 : -1}
          className={`${styles['more']} ${styles['inline']}`}
          onClick={(event) => {
            event.stopPropagation();
            setAll(!all);
          }}
        >
          {all ? 'Show less' : `Show all ${text.length.toLocaleString('en-GB')} characters`}
        </button>
      )}
    </>
  );
}
