import { type ComponentType, cloneElement, type ReactElement, useState } from 'react';
import { toastError } from '../ui/toast.tsx';

/** What a menu that comes late is given: the button that it opens from. */
export type LatePart = ComponentType<{ target: ReactElement }>;
type Button = ReactElement<Record<string, unknown>>;

/**
 * A button whose menu is loaded when somebody points at it or focuses it: what places menus and holds the focus in them weighs more than all of the first
 * page, and few open one.
 */
export function LateMenu({
  target,
  load,
  popup = 'menu',
}: {
  target: Button;
  load: () => Promise<LatePart>;
  popup?: 'menu' | 'dialog';
}) {
  const [Part, setPart] = useState<LatePart>();
  if (Part !== undefined) return <Part target={target} />;
  const near = (): void => void load().catch(() => undefined);
  return cloneElement(target, {
    'aria-haspopup': popup,
    'aria-expanded': false,
    onPointerEnter: near,
    onFocus: near,
    onClick: () => {
      load().then(
        (part) => setPart(() => part),
        (error: Error) => toastError('This could not be loaded', error),
      );
    },
  });
}
