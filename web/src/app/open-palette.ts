import { createSpotlight } from '@mantine/spotlight';

/** The palette's own store: opened from the header, by Ctrl K or ⌘ K, and from pages that find nothing. */
export const [paletteStore, palette] = createSpotlight();
export const openPalette = (): void => palette.open();
