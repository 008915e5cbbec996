import { cloneElement, type FocusEvent, type PointerEvent, type ReactElement, useEffect, useId, useState } from 'react';
import { createPortal } from 'react-dom';
import classes from './hint.module.css';

/** Who only passes over something is told nothing. */
const PAUSE_MS = 250;
/** Between a hint, what it is about and the window's edge, in px. */
const GAP = 7;

type Handlers = {
  onPointerEnter?: (event: PointerEvent<HTMLElement>) => void;
  onPointerLeave?: (event: PointerEvent<HTMLElement>) => void;
  onFocus?: (event: FocusEvent<HTMLElement>) => void;
  onBlur?: (event: FocusEvent<HTMLElement>) => void;
  'aria-describedby'?: string | undefined;
};

/** Says a few words more about `children`, one element, to who points at it, touches it or focuses it. A twentieth of the weight of the library's. */
export function Hint({ label, children }: { label: string; children: ReactElement }) {
  const child = children as ReactElement<Handlers>;
  const [about, setAbout] = useState<DOMRect>();
  const [near, setNear] = useState<{ element: HTMLElement; pauseMs: number }>();
  const id = useId();
  const hide = (): void => {
    setNear(undefined);
    setAbout(undefined);
  };
  useEffect(() => {
    if (near === undefined) return undefined;
    const timer = setTimeout(() => {
      // It may have gone meanwhile.
      if (near.element.isConnected) setAbout(near.element.getBoundingClientRect());
    }, near.pauseMs);
    return () => clearTimeout(timer);
  }, [near]);
  useEffect(() => {
    if (about === undefined) return undefined;
    const onKey = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') setAbout(undefined);
    };
    const gone = (): void => setAbout(undefined);
    document.addEventListener('keydown', onKey);
    window.addEventListener('scroll', gone, true);
    return () => {
      document.removeEventListener('keydown', onKey);
      window.removeEventListener('scroll', gone, true);
    };
  }, [about]);
  return (
    <>
      {cloneElement(child, {
        onPointerEnter: (event) => {
          child.props.onPointerEnter?.(event);
          setNear({ element: event.currentTarget, pauseMs: PAUSE_MS });
        },
        onPointerLeave: (event) => {
          child.props.onPointerLeave?.(event);
          hide();
        },
        onFocus: (event) => {
          child.props.onFocus?.(event);
          if (event.currentTarget.matches(':focus-visible')) setNear({ element: event.currentTarget, pauseMs: 0 });
        },
        onBlur: (event) => {
          child.props.onBlur?.(event);
          hide();
        },
        ...(about !== undefined && { 'aria-describedby': id }),
      })}
      {about !== undefined &&
        createPortal(
          <div role="tooltip" id={id} ref={(box) => place(box, about)} className={classes.hint}>
            {label}
          </div>,
          document.body,
        )}
    </>
  );
}

/** Above what it is about, or below where there is no room; within the window. */
function place(box: HTMLElement | null, about: DOMRect): void {
  if (box === null) return;
  const { width, height } = box.getBoundingClientRect();
  const above = about.top - height - GAP;
  const left = about.left + about.width / 2 - width / 2;
  box.style.top = `${above < GAP ? about.bottom + GAP : above}px`;
  box.style.left = `${Math.max(GAP, Math.min(left, document.documentElement.clientWidth - width - GAP))}px`;
}
