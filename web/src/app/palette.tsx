import { Group, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { Right } from '../../../shared/domain/roles.ts';
import { useCall, useWorkspaceSlug } from '../api/calls.ts';
import { mayIn, useMe, useWorkspace } from '../api/me.ts';
import {
  IconBell,
  IconKey,
  IconPlugConnected,
  IconRoute,
  IconSearch,
  IconSend,
  IconUserOff,
  IconUserPlus,
} from '@tabler/icons-react';
import { navigationFor } from './navigation-for.ts';
import { NAVIGATION } from './navigation.ts';
import { onOpenPalette } from './open-palette.ts';
import classes from './palette.module.css';

const [store, palette] = createSpotlight();

/** Typing pauses so long before the API is asked. */
const PAUSE_MS = 180;
const QUERY_CHARS_MAX = 256;
/** What a message id looks like: long, without spaces. Its trace opens. */
const MESSAGE_ID = /^[\w.:~-]{12,100}$/;
const KIND_WORDS: Readonly<Record<string, string>> = {
  source: 'Source',
  destination: 'Destination',
  mapping: 'Mapping',
  filter: 'Filter',
  'tracking-plan': 'Tracking plan',
  person: 'Person',
  page: 'Page',
};
/** Pages of the navigation are listed as such, and not once more as found. */
const NAVIGATED = new Set(NAVIGATION.flatMap(({ entries }) => entries.map(({ path }) => `/${path}`)));
const NOT_BUILT = /^\/(protocols|personas|functions)/;

/** What can be begun from anywhere. */
const ACTIONS: readonly {
  label: string;
  path: string;
  search?: Readonly<Record<string, string>>;
  right?: Right;
  icon: typeof IconSend;
}[] = [
  { label: 'Add source', path: '/sources/new', icon: IconSend },
  { label: 'Add destination', path: '/destinations/new', icon: IconPlugConnected },
  {
    label: 'Invite people',
    path: '/settings/team',
    search: { new: 'invite' },
    right: 'member.edit',
    icon: IconUserPlus,
  },
  {
    label: 'Create API token',
    path: '/settings/tokens',
    search: { new: 'token' },
    right: 'token.edit',
    icon: IconKey,
  },
  {
    label: 'Suppress users',
    path: '/privacy/suppressions',
    search: { new: 'suppression' },
    right: 'suppression.edit',
    icon: IconUserOff,
  },
  { label: 'Notifications that I get', path: '/me/notifications', icon: IconBell },
];

/** Ctrl K: pages, things by name or id, an event by its message id, actions. Open as soon as it is there. */
export function Palette() {
  useEffect(() => {
    palette.open();
    return onOpenPalette(palette.toggle);
  }, []);
  const slug = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  const me = useMe();
  const workspace = useWorkspace();
  const [query, setQuery] = useState('');
  const [asked] = useDebouncedValue(query.trim().slice(0, QUERY_CHARS_MAX), PAUSE_MS);
  const found = useCall('search', { query: { q: asked } }, { enabled: asked !== '', keep: true, freshMs: 30_000 });
  const go = (path: string, search?: Readonly<Record<string, string>>): void =>
    void navigate({
      to: path.startsWith('/me') ? path : `/${slug}${path}`,
      ...(search !== undefined && { search: search as never }),
    });
  const words = query.trim().toLowerCase();
  const pages = navigationFor(NAVIGATION, me.data?.capabilities, (right) => mayIn(workspace, right))
    .flatMap(({ entries }) => entries)
    .filter(({ label }) => label.toLowerCase().includes(words));
  const actions = ACTIONS.filter(
    ({ label, right }) => label.toLowerCase().includes(words) && (right === undefined || mayIn(workspace, right)),
  );
  const results =
    asked === ''
      ? []
      : (found.data?.results ?? []).filter(
          ({ kind, path }) => !NOT_BUILT.test(path) && !(kind === 'page' && NAVIGATED.has(path)),
        );
  const isId = MESSAGE_ID.test(query.trim());
  useEffect(chooseFirst, [found.data]);
  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      title="Search"
      classNames={{ header: classes.head, actionsGroup: classes.group }}
      centered={false}
      yOffset="11vh"
      overlayProps={{ blur: 0 }}
      transitionProps={{ duration: 0 }}
      shortcut={null}
      scrollable
      maxHeight={420}
    >
      <Spotlight.Search
        placeholder="Search sources, destinations, people, pages or a message id"
        aria-label="Search"
        leftSection={<IconSearch size={17} aria-hidden="true" />}
      />
      <Spotlight.ActionsList>
        {isId && (
          <Spotlight.ActionsGroup label="Event">
            <Spotlight.Action
              onClick={() =>
                void navigate({ to: '.', search: (before: object) => ({ ...before, event: query.trim() }) } as never)
              }
              leftSection={<IconRoute size={17} aria-hidden="true" />}
              label={`Trace the event ${query.trim()}`}
            />
          </Spotlight.ActionsGroup>
        )}
        {results.length > 0 && (
          <Spotlight.ActionsGroup label="Found">
            {results.map(({ kind, id, name, detail, path }) => (
              <Spotlight.Action key={`${kind}:${id}:${path}`} onClick={() => go(path)}>
                <Group justify="space-between" wrap="nowrap" w="100%">
                  <Text size="sm" truncate>
                    {name}
                  </Text>
                  <Text size="xs" inherit={false} style={{ opacity: 0.85 }} truncate>
                    {KIND_WORDS[kind]}
                    {detail === '' || detail === KIND_WORDS[kind] ? '' : ` · ${detail}`}
                  </Text>
                </Group>
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        )}
        {pages.length > 0 && (
          <Spotlight.ActionsGroup label="Go to">
            {pages.map(({ label, path, icon: Icon }) => (
              <Spotlight.Action
                key={path}
                label={label}
                leftSection={<Icon size={17} aria-hidden="true" />}
                onClick={() => go(`/${path}`)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {actions.length > 0 && (
          <Spotlight.ActionsGroup label="Do">
            {actions.map(({ label, path, search, icon: Icon }) => (
              <Spotlight.Action
                key={label}
                label={label}
                leftSection={<Icon size={17} aria-hidden="true" />}
                onClick={() => go(path, search)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {!isId && results.length === 0 && pages.length === 0 && actions.length === 0 && (
          <Spotlight.Empty>{found.isFetching ? 'Searching…' : `Nothing is called “${query.trim()}”`}</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

/** What is found comes after the key that asked for it: Enter goes to the first, where nothing is chosen yet. */
function chooseFirst(): void {
  const state = store.getState();
  const list = document.getElementById(state.listId);
  const first = list?.querySelector('[data-action]');
  if (first === undefined || first === null || list?.querySelector('[data-selected]') !== null) return;
  first.setAttribute('data-selected', 'true');
  store.setState({ ...state, selected: 0 });
}
