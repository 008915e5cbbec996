import { type RefObject, useEffect, useRef, useState } from 'react';

/** Opens what has just been loaded for its button. The button, which is a new element by now, has the focus first: closing gives it back there. */
export function useOpenedAtOnce(): {
  opened: boolean;
  onChange: (opened: boolean) => void;
  ref: RefObject<HTMLButtonElement | null>;
} {
  const ref = useRef<HTMLButtonElement>(null);
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    ref.current?.focus();
    const frame = requestAnimationFrame(() => setOpened(true));
    return () => cancelAnimationFrame(frame);
  }, []);
  return { opened, onChange: setOpened, ref };
}
