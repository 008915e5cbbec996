import { ActionIcon, Burger, Group } from '@mantine/core';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useMe, mayIn, useWorkspace } from '../api/me.ts';
import { IconSearch } from '@tabler/icons-react';
import { Hint } from '../ui/hint.tsx';
import { AppLink } from '../ui/link.tsx';
import { useWorkspaceSlug } from '../api/calls.ts';
import { AccountMenu } from './account-menu.tsx';
import { Bell } from './bell.tsx';
import { EnvironmentFilter } from './environment-filter.tsx';
import { HelpMenu } from './help-menu.tsx';
import { Mark } from './mark.tsx';
import { navigationFor } from './navigation-for.ts';
import { NAVIGATION } from './navigation.ts';
import { NoWorkspace } from './no-workspace.tsx';
import { LatePalette } from './late-palette.tsx';
import { openPalette } from './open-palette.ts';
import classes from './shell.module.css';
import { useShortcuts } from './shortcuts.ts';
import { Switcher } from './switcher.tsx';

const TraceDrawer = lazy(async () => ({ default: (await import('../features/trace/trace-drawer.tsx')).TraceDrawer }));
const Tour = lazy(async () => ({ default: (await import('../features/tour/tour.tsx')).Tour }));

/** What surrounds every page of a workspace: navigation, search, bell, account; and the drawer with an event's trace over any of them. */
export function Shell() {
  const slug = useWorkspaceSlug() ?? '';
  const me = useMe();
  const workspace = useWorkspace();
  const [isOpen, setOpen] = useState(false);
  const { pathname, search } = useLocation();
  const hasTrace = (search as Record<string, unknown>)['event'] !== undefined;
  useShortcuts(slug);
  // Whoever has gone somewhere wants to see it, not the navigation.
  const [seenPath, setSeenPath] = useState(pathname);
  if (seenPath !== pathname) {
    setSeenPath(pathname);
    setOpen(false);
  }
  if (me.data !== undefined && workspace === undefined) return <NoWorkspace slug={slug} />;
  const groups = navigationFor(NAVIGATION, me.data?.capabilities, (right) => mayIn(workspace, right));
  return (
    <div className={classes.shell}>
      <a href="#content" className={classes.skip}>
        Skip to content
      </a>
      <header className={classes.header}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap" style={{ minWidth: 0 }}>
            <Burger
              opened={isOpen}
              onClick={() => setOpen(!isOpen)}
              hiddenFrom="sm"
              size="sm"
              aria-label={isOpen ? 'Close navigation' : 'Open navigation'}
            />
            {/* A03: from every page to the overview. */}
            <Link
              to="/$workspace/overview"
              params={{ workspace: slug }}
              className={classes.brand}
              aria-label="Tributary: overview"
            >
              <Mark size={24} />
              <span className={classes.name}>Tributary</span>
            </Link>
            <span className={classes.slash} aria-hidden="true">
              /
            </span>
            <Switcher />
          </Group>
          <Group gap={4} wrap="nowrap">
            <EnvironmentFilter />
            <button
              type="button"
              className={classes.search}
              onClick={openPalette}
              data-tour="search"
              aria-keyshortcuts="Control+K Meta+K"
            >
              <IconSearch size={15} aria-hidden="true" />
              <span>Search</span>
              <kbd>Ctrl K</kbd>
            </button>
            <Hint label="Search">
              <ActionIcon hiddenFrom="md" size="lg" onClick={openPalette} aria-label="Search" data-tour="search">
                <IconSearch size={18} />
              </ActionIcon>
            </Hint>
            <Bell />
            <HelpMenu />
            <AccountMenu />
          </Group>
        </Group>
      </header>
      <nav className={classes.navbar} aria-label="Main" data-open={isOpen}>
        {groups.map(({ label, entries }) => (
          <div key={label} className={classes.group}>
            <p className={classes.groupLabel}>{label}</p>
            {entries.map(({ label, path, icon: Icon }) => (
              <AppLink
                key={path}
                to={`/${slug}/${path}`}
                className={classes.entry}
                data-tour={path}
                data-active={pathname.startsWith(`/${slug}/${path.split('/')[0]}`) || undefined}
              >
                <Icon size={17} aria-hidden="true" />
                {label}
              </AppLink>
            ))}
          </div>
        ))}
      </nav>
      <main id="content" tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
      <LatePalette />
      <Suspense fallback={null}>{hasTrace && <TraceDrawer />}</Suspense>
      <Suspense fallback={null}>{me.data?.preferences['tour'] === undefined && <Tour />}</Suspense>
    </div>
  );
}
