import { Anchor, type AnchorProps } from '@mantine/core';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';

export type AppLinkProps = {
  /** A path of the app, such as `/acme/sources/…`; parameters stand in it already. */
  to: string;
  search?: Readonly<Record<string, string | undefined>>;
  children?: ReactNode;
  className?: string | undefined;
  onClick?: () => void;
} & Pick<LinkProps, 'activeProps' | 'activeOptions'>;

/** A link whose path is put together at run time; where it is fixed, the router's own `Link` checks it. */
export function AppLink({ to, search, ...link }: AppLinkProps) {
  return <Link to={to} {...(search !== undefined && { search: search as never })} {...link} />;
}

/** A link in text. */
export function TextLink({
  to,
  search,
  children,
  ...anchor
}: Pick<AppLinkProps, 'to' | 'search' | 'children'> & AnchorProps) {
  return (
    <Anchor
      size="sm"
      {...anchor}
      renderRoot={(props: object) => (
        <AppLink to={to} {...(search !== undefined && { search })} {...props}>
          {children}
        </AppLink>
      )}
    />
  );
}
