import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import type { ChartLayout } from './layout.ts';
import { nearestIndex } from './scale.ts';

/** Pointer moves shorter than this, in px, are a click and not a choice of a range. */
const DRAG_MIN_PX = 6;
/** How far PageUp and PageDown go. */
const PAGE = 10;

/** Which points a range goes from and to, in the order they were chosen. */
export type Chosen = { start: number; end: number };

/**
 * The point that is read, by pointer, touch and keys, and the range that is being chosen. Arrows, Page, Home and End move the point; with
 * Shift they choose a range, which Enter takes and Escape drops.
 */
export function useCursor(layout: ChartLayout, onChoose: ((chosen: Chosen) => void) | undefined) {
  const [at, setAt] = useState<number>();
  const [chosen, setChosen] = useState<Chosen>();
  const pressed = useRef<{ x: number; at: number } | undefined>(undefined);
  const last = layout.centres.length - 1;
  const here = at === undefined ? undefined : Math.min(at, last);

  const placeOf = (event: PointerEvent<HTMLElement>): number =>
    nearestIndex(layout.centres, event.clientX - event.currentTarget.getBoundingClientRect().left);
  const take = (range: Chosen | undefined) => {
    setChosen(undefined);
    if (range !== undefined && onChoose !== undefined) onChoose(range);
  };

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (onChoose === undefined || event.button !== 0 || event.pointerType === 'touch') return;
    pressed.current = { x: event.clientX, at: placeOf(event) };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const place = placeOf(event);
    setAt(place);
    const from = pressed.current;
    if (from !== undefined && Math.abs(event.clientX - from.x) >= DRAG_MIN_PX)
      setChosen({ start: from.at, end: place });
  };
  const onPointerUp = () => {
    pressed.current = undefined;
    take(chosen);
  };
  const leave = () => {
    pressed.current = undefined;
    setAt(undefined);
    setChosen(undefined);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === 'Enter' && chosen !== undefined) {
      event.preventDefault();
      take(chosen);
      return;
    }
    if (event.key === 'Escape' && chosen !== undefined) {
      event.stopPropagation();
      setChosen(undefined);
      return;
    }
    const next = movedBy(event.key, here ?? last, last);
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    setAt(next);
    setChosen(
      event.shiftKey && onChoose !== undefined ? { start: chosen?.start ?? here ?? last, end: next } : undefined,
    );
  };

  const handlers = {
    onPointerDown,
    onPointerMove,
    onPointerUp,
    onPointerLeave: () => pressed.current === undefined && leave(),
    onPointerCancel: leave,
    onKeyDown,
    onFocus: () => setAt((now) => now ?? last),
    onBlur: leave,
  };
  return { at: here, chosen, handlers };
}

function movedBy(key: string, from: number, last: number): number | undefined {
  const clamp = (to: number) => Math.min(last, Math.max(0, to));
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return clamp(from - 1);
    case 'ArrowRight':
    case 'ArrowUp':
      return clamp(from + 1);
    case 'PageDown':
      return clamp(from - PAGE);
    case 'PageUp':
      return clamp(from + PAGE);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
