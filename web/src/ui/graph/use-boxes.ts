import { type RefObject, useLayoutEffect, useState } from 'react';
import type { Side } from './flow.ts';
import type { Box } from './geometry.ts';

/** Where the cards are within the graph: the inner edges of both columns, and each card by its row. */
export type Boxes = {
  left: number;
  right: number;
  width: number;
  height: number;
  source: ReadonlyMap<string, Box>;
  destination: ReadonlyMap<string, Box>;
};

/**
 * Reads all places in one pass when the graph's size or its rows change, and never in between. Cards are found by `data-side` and `data-row`;
 * they must be placed within `area`, which is what their offsets count from.
 */
export function useBoxes(area: RefObject<HTMLElement | null>, rows: unknown): Boxes | undefined {
  const [boxes, setBoxes] = useState<Boxes>();
  useLayoutEffect(() => {
    const element = area.current;
    if (element === null) return undefined;
    const measure = () => {
      const next = boxesIn(element);
      setBoxes((now) => (now !== undefined && sameBoxes(now, next) ? now : next));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    for (const list of element.querySelectorAll('ul')) observer.observe(list);
    return () => observer.disconnect();
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- other rows have other places, at the same size too
  }, [area, rows]);
  return boxes;
}

function boxesIn(area: HTMLElement): Boxes {
  const sides: Record<Side, Map<string, Box>> = { source: new Map(), destination: new Map() };
  let left = 0;
  let right = area.offsetWidth;
  for (const card of area.querySelectorAll<HTMLElement>('[data-row]')) {
    const side = card.dataset['side'] === 'source' ? 'source' : 'destination';
    const { offsetTop, offsetHeight, offsetLeft, offsetWidth } = card;
    sides[side].set(card.dataset['row'] ?? '', { middle: offsetTop + offsetHeight / 2, height: offsetHeight });
    if (side === 'source') left = Math.max(left, offsetLeft + offsetWidth);
    else right = Math.min(right, offsetLeft);
  }
  return { left, right, width: area.offsetWidth, height: area.offsetHeight, ...sides };
}

function sameBoxes(one: Boxes, other: Boxes): boolean {
  const same = (a: ReadonlyMap<string, Box>, b: ReadonlyMap<string, Box>) =>
    a.size === b.size &&
    [...a].every(([row, box]) => b.get(row)?.middle === box.middle && b.get(row)?.height === box.height);
  return (
    one.left === other.left &&
    one.right === other.right &&
    one.width === other.width &&
    one.height === other.height &&
    same(one.source, other.source) &&
    same(one.destination, other.destination)
  );
}
