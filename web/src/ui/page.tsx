import { Box, Breadcrumbs, Group, Text, Title } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import classes from './page.module.css';

export type Crumb = { label: string; to: string };
export type Tab = { label: string; to: string; count?: number | undefined };

export type PageProps = {
  title: string;
  /** What leads to this page; the title follows. */
  crumbs?: readonly Crumb[];
  /** Before the title: a logo. */
  logo?: ReactNode;
  /** After the title: a state, an environment. */
  badges?: ReactNode;
  /** Right of the title: buttons, a time range. */
  actions?: ReactNode;
  /** A sentence below the title. */
  about?: ReactNode;
  tabs?: readonly Tab[];
  children?: ReactNode;
};

/** What every page begins with: where it is, its title, what can be done, its tabs. Names the browser's tab. */
export function Page({ title, crumbs = [], logo, badges, actions, about, tabs, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Tributary`;
  }, [title]);
  const list = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // On phones the tabs are wider than the page: the open one is to be seen. Its document's height stays where it is.
  useEffect(() => {
    const open = list.current?.querySelector('[aria-current="page"]');
    open?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- the path says that another one is open
  }, [pathname]);
  return (
    <Box className={classes.page}>
      {crumbs.length > 0 && (
        <Breadcrumbs separatorMargin={6} mb={6} aria-label="Breadcrumbs">
          {crumbs.map(({ label, to }) => (
            <Link key={to} to={to} className={classes.crumb}>
              {label}
            </Link>
          ))}
          <Text size="xs" c="dimmed" span>
            {title}
          </Text>
        </Breadcrumbs>
      )}
      <Group justify="space-between" align="flex-start" gap="sm" mb={tabs === undefined ? 'lg' : 'sm'}>
        <div className={classes.heading}>
          <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
            {logo}
            <Title order={1} className={classes.title} title={title}>
              {title}
            </Title>
            {badges !== undefined && (
              <Group gap={6} wrap="nowrap" style={{ flexShrink: 0 }}>
                {badges}
              </Group>
            )}
          </Group>
          {about !== undefined && (
            <Text size="sm" c="dimmed" mt={4} component="div">
              {about}
            </Text>
          )}
        </div>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {tabs !== undefined && (
        <Box mb="lg" className={classes.tabs}>
          <nav ref={list} aria-label={`${title}: parts`} className={classes.tabList}>
            {tabs.map(({ label, to, count }) => (
              <Link
                key={to}
                to={to}
                className={classes.tab}
                activeProps={{ 'aria-current': 'page' }}
                activeOptions={{ includeSearch: false }}
              >
                {label}
                {count !== undefined && count > 0 && <span className={classes.count}>{count}</span>}
              </Link>
            ))}
          </nav>
        </Box>
      )}
      {children}
    </Box>
  );
}

/** A part of a page under a heading of its own. */
export function Section({
  title,
  about,
  actions,
  children,
}: {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Box component="section" aria-label={title} mb="xl">
      <Group justify="space-between" align="flex-end" mb="sm" gap="xs">
        <div style={{ flex: '1 1 280px', minWidth: 0 }}>
          <Title order={2}>{title}</Title>
          {about !== undefined && (
            <Text size="sm" c="dimmed" component="div">
              {about}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      {children}
    </Box>
  );
}
