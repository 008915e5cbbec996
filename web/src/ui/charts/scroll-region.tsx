import type { CSSProperties, ReactNode } from 'react';

/** A part that scrolls within itself. It takes the focus, so that the arrow keys can scroll it. */
export function ScrollRegion({
  label,
  className,
  style,
  children,
}: {
  label: string;
  className: string | undefined;
  style?: CSSProperties;
  children: ReactNode;
}) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- without focus it cannot be scrolled by keys
    <div role="region" aria-label={label} tabIndex={0} className={className} style={style}>
      {children}
    </div>
  );
}
