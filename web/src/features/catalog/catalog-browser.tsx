import { ActionIcon, Button, Group, SegmentedControl, Select, Skeleton, TextInput } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo } from 'react';
import { EVENT_TYPES } from '../../../../shared/domain/event.ts';
import { useWorkspaceSlug } from '../../api/calls.ts';
import { counted } from '../../ui/format.ts';
import { TextLink } from '../../ui/link.tsx';
import { Section } from '../../ui/page.tsx';
import { oneOf, text, useParam } from '../../ui/search-params.ts';
import { Empty, Failed } from '../../ui/states.tsx';
import { useCatalog } from './catalog.ts';
import classes from './catalog.module.css';
import { CategoryList } from './category-list.tsx';
import {
  countsOf,
  inCategory,
  type Kind,
  KINDS,
  MODES,
  noteworthy,
  searched,
  type Tile,
  tilesOf,
} from './search-catalog.ts';
import { focusFirstTile, TileGrid } from './tile-grid.tsx';
import { useConnected } from './use-connected.ts';

export type CatalogBrowserProps = {
  /** Only these; without it the reader chooses. */
  only?: Exclude<Kind, 'all'>;
  pathOf: (tile: Tile) => string;
  /** Goes with each tile's path. */
  search?: Readonly<Record<string, string | undefined>>;
};

const KIND_LABELS: Readonly<Record<Kind, string>> = { all: 'All', destinations: 'Destinations', sources: 'Sources' };

/** Search, categories, filters and tiles of what can be connected; all of it in the address. */
export function CatalogBrowser({ only, pathOf, search }: CatalogBrowserProps) {
  const workspace = useWorkspaceSlug() ?? '';
  const catalog = useCatalog();
  const connected = useConnected(catalog.data);
  const [query = '', setQuery] = useParam('q', text, { replace: true });
  const [asked = 'all', setKind] = useParam('kind', oneOf(...KINDS));
  const [category, setCategory] = useParam('category', text);
  const [method, setMethod] = useParam('method', oneOf(...EVENT_TYPES));
  const [mode, setMode] = useParam('mode', oneOf(...MODES));
  const kind = only ?? asked;

  const tiles = useMemo(
    () => (catalog.data === undefined ? [] : tilesOf(catalog.data, connected.counts)),
    [catalog.data, connected.counts],
  );
  const found = useMemo(() => searched(tiles, { query, kind, method, mode }), [tiles, query, kind, method, mode]);
  const counts = useMemo(() => countsOf(found), [found]);
  const shown = inCategory(found, category);
  const isPlain = query === '' && category === undefined && method === undefined && mode === undefined;
  const clear = (): void => {
    setQuery(undefined);
    setCategory(undefined);
    setMethod(undefined);
    setMode(undefined);
  };
  const onSearchKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
    event.preventDefault();
    focusFirstTile();
  };

  if (catalog.isError)
    return <Failed what="The catalog" error={catalog.error} onRetry={() => void catalog.refetch()} />;
  return (
    <>
      <Group gap="xs" mb="lg" className={classes.filters}>
        <TextInput
          data-search="true"
          aria-label="Search the catalog"
          placeholder={
            only === 'destinations' ? 'Search destinations by name or category' : 'Search by name or category'
          }
          value={query}
          onChange={({ currentTarget }) => setQuery(currentTarget.value === '' ? undefined : currentTarget.value)}
          onKeyDown={onSearchKey}
          leftSection={<IconSearch size={16} aria-hidden="true" />}
          rightSection={
            query !== '' && (
              <ActionIcon size="sm" aria-label="Clear search" onClick={() => setQuery(undefined)}>
                <IconX size={14} />
              </ActionIcon>
            )
          }
          className={classes.search ?? ''}
        />
        {only === undefined && (
          <SegmentedControl
            aria-label="Kind"
            value={kind}
            onChange={(value) => setKind(value === 'all' ? undefined : value)}
            data={KINDS.map((value) => ({ value, label: KIND_LABELS[value] }))}
            transitionDuration={0}
          />
        )}
        {kind !== 'sources' && (
          <>
            <Select
              aria-label="Takes the call"
              placeholder="Any call"
              clearable
              w={130}
              value={method ?? null}
              onChange={(value) => setMethod(value === null ? undefined : value)}
              data={EVENT_TYPES.map((value) => ({ value, label: value }))}
            />
            <Select
              aria-label="Connection mode"
              placeholder="Any mode"
              clearable
              w={150}
              value={mode ?? null}
              onChange={(value) => setMode(value === null ? undefined : value)}
              data={[
                { value: 'cloud', label: 'Cloud mode' },
                { value: 'device', label: 'Device mode' },
              ]}
            />
          </>
        )}
      </Group>
      <div className={classes.browser}>
        <CategoryList
          counts={catalog.data && counts}
          total={found.length}
          kind={kind}
          value={category}
          onChange={setCategory}
        />
        <div className={classes.results} aria-live="polite">
          {catalog.data === undefined ? (
            <Ghosts />
          ) : shown.length === 0 ? (
            <Empty
              title={query === '' ? 'Nothing fits these filters' : `Nothing is called “${query}”`}
              action={
                <>
                  <Button onClick={clear}>Show everything</Button>
                  <TextLink to={`/${workspace}/destinations/new/webhook`}>Send events to a webhook of yours</TextLink>
                </>
              }
            >
              A tool that is not here can still get your events: its API by a webhook.
            </Empty>
          ) : (
            <>
              {isPlain && kind !== 'sources' && (
                <Section title="New and noteworthy">
                  <TileGrid label="New and noteworthy" tiles={noteworthy(found)} pathOf={pathOf} search={search} />
                </Section>
              )}
              <Section title={headingOf(category, query, kind)} about={counted(shown.length, 'entry', 'entries')}>
                <TileGrid label="Catalog" tiles={shown} pathOf={pathOf} search={search} withKind={kind === 'all'} />
              </Section>
            </>
          )}
        </div>
      </div>
    </>
  );
}

const headingOf = (category: string | undefined, query: string, kind: Kind): string => {
  if (category !== undefined) return category;
  if (query !== '') return 'Found';
  return kind === 'all' ? 'Everything' : `All ${kind}`;
};

function Ghosts() {
  return (
    <div className={classes.grid} role="status" aria-label="Loading the catalog" data-face="loading">
      {Array.from({ length: 12 }, (_, index) => (
        <div key={index} className={classes.tile}>
          <span className={classes.tileHead}>
            <Skeleton height={34} width={34} radius="md" />
            <Skeleton height={14} width="50%" />
          </span>
          <Skeleton height={10} mt={6} />
          <Skeleton height={10} width="70%" />
        </div>
      ))}
    </div>
  );
}
