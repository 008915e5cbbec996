export type Place = { left: number; top: number; beside: 'right' | 'below' | 'none' };

const WIDTH = 320;
const GAP = 14;
/** About as tall as a note is. */
const HEIGHT = 190;

/** Where a note stands: beside what it is about; where that is not seen (a phone's closed navigation), in the corner. */
export function placeBeside(
  box: Pick<DOMRect, 'left' | 'right' | 'top' | 'bottom' | 'width'> | undefined,
  view: { width: number; height: number },
): Place {
  const corner: Place = {
    left: Math.max(12, (view.width - WIDTH) / 2),
    top: Math.max(12, view.height - HEIGHT - 24),
    beside: 'none',
  };
  if (box === undefined || box.width === 0 || box.right <= 0) return corner;
  if (box.right + GAP + WIDTH <= view.width) {
    return { left: box.right + GAP, top: Math.min(Math.max(12, box.top - 12), view.height - HEIGHT), beside: 'right' };
  }
  if (box.bottom + GAP + HEIGHT > view.height) return corner;
  const left = Math.min(Math.max(12, box.left), view.width - WIDTH - 12);
  return { left, top: box.bottom + GAP, beside: 'below' };
}
