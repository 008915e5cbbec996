/** Kept by browser; colour-scheme.js reads it before anything is painted. */
const KEY = 'tributary-density';
const COMPACT = 'compact';

/** Whether rows of tables stand close together. */
export const isCompact = (): boolean => document.documentElement.dataset['density'] === COMPACT;

/** Has rows of tables stand close together, or apart, from now on. */
export function chooseCompact(isWanted: boolean): void {
  const { dataset } = document.documentElement;
  if (isWanted) dataset['density'] = COMPACT;
  else delete dataset['density'];
  try {
    if (isWanted) localStorage.setItem(KEY, COMPACT);
    else localStorage.removeItem(KEY);
  } catch {
    // Without storage it is so until the page is left.
  }
}
