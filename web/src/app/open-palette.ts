const OPEN = 'tributary-palette';

/** Opens the palette: from the header, by Ctrl K or ⌘ K, and from pages that find nothing. */
export const openPalette = (): void => void window.dispatchEvent(new Event(OPEN));

/** Hears of `openPalette`; returns what ends that. */
export function onOpenPalette(listener: () => void): () => void {
  window.addEventListener(OPEN, listener);
  return () => window.removeEventListener(OPEN, listener);
}
