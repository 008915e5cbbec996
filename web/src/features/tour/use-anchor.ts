import { useEffect, useState } from 'react';
import { type Place, placeBeside } from './place-beside.ts';

/** The place for a note beside the element that `data-tour` names; follows it as the window changes. */
export function useAnchor(name: string | undefined): Place | undefined {
  const [place, setPlace] = useState<Place>();
  useEffect(() => {
    const measure = (): void => {
      const elements = [...document.querySelectorAll<HTMLElement>(`[data-tour="${name ?? ''}"]`)];
      const shown = elements.find((element) => element.getBoundingClientRect().width > 0);
      setPlace(
        placeBeside(shown?.getBoundingClientRect(), {
          width: document.documentElement.clientWidth,
          height: window.innerHeight,
        }),
      );
    };
    measure();
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, [name]);
  return place;
}
