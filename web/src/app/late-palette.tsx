import { useHotkeys } from '@mantine/hooks';
import { lazy, Suspense, useEffect, useState } from 'react';
import { onOpenPalette, openPalette } from './open-palette.ts';

const load = async () => ({ default: (await import('./palette.tsx')).Palette });
const Palette = lazy(load);
/** The palette is fetched so long after the page has come: whoever types at once after Ctrl K loses no letter. */
const AHEAD_MS = 3_000;

/** The palette, loaded after the page and shown when it is first asked for. */
export function LatePalette() {
  const [isAsked, setAsked] = useState(false);
  useHotkeys([['mod+K', openPalette]], []);
  useEffect(() => onOpenPalette(() => setAsked(true)), []);
  useEffect(() => {
    const timer = setTimeout(() => void load().catch(() => undefined), AHEAD_MS);
    return () => clearTimeout(timer);
  }, []);
  return <Suspense fallback={null}>{isAsked && <Palette />}</Suspense>;
}
