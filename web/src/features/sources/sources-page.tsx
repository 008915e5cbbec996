import { Select } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { isIn, useEnvironment } from '../../app/environment-filter.tsx';
import { useWorkspaceSlug } from '../../api/calls.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { Action } from '../../ui/locked.tsx';
import { Page } from '../../ui/page.tsx';
import { oneOf, useParam } from '../../ui/search-params.ts';
import { Failed } from '../../ui/states.tsx';
import { AsOf } from '../../ui/time.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { NoSources } from './no-sources.tsx';
import { sourceColumns } from './source-columns.tsx';
import { SourceMenu } from './source-menu.tsx';
import { type SourceRow, useSourceRows } from './source-rows.ts';

const stateIn = oneOf('receiving', 'idle', 'setting-up', 'degraded', 'failing', 'disabled');
const groupIn = oneOf('type', 'environment');

const STATES = [
  { value: '', label: 'Any state' },
  { value: 'receiving', label: 'Receiving' },
  { value: 'idle', label: 'Idle' },
  { value: 'setting-up', label: 'Setting up' },
  { value: 'degraded', label: 'Degraded' },
  { value: 'failing', label: 'Failing' },
  { value: 'disabled', label: 'Disabled' },
];
const GROUPS = [
  { value: '', label: 'No groups' },
  { value: 'type', label: 'Group by type' },
  { value: 'environment', label: 'Group by environment' },
];
const GROUP_OF: Readonly<Record<string, (row: SourceRow) => string>> = {
  type: ({ category }) => category,
  environment: ({ environments }) => environments.join(', ') || 'No environment',
};

const menuOf = (row: SourceRow) => <SourceMenu row={row} />;

/** What a search finds a source by (A15: also by a write key of it). */
const searchText = ({ name, source, category, labels, environments, fed }: SourceRow): string =>
  [
    name,
    source.slug,
    source.id,
    source.metadata.name,
    category,
    ...labels,
    ...environments,
    ...fed.map((one) => one.name),
    ...source.writeKeys,
  ].join(' ');

/** All sources with what they send and where it goes (A10 to A13). */
export function SourcesPage() {
  const slug = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  const { rows, asOf, isError, error, refetch } = useSourceRows();
  const [environment] = useEnvironment();
  const [group, setGroup] = useParam('group', groupIn);
  const [state, setState] = useParam('state', stateIn);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const columns = useMemo(() => sourceColumns(slug), [slug]);
  const shown = useMemo(
    () => rows?.filter((row) => isIn(environment, row.source.labels) && (state === undefined || row.state === state)),
    [rows, environment, state],
  );
  const picked = (rows ?? []).filter(({ source }) => chosen.has(source.id)).map(({ source }) => source);

  return (
    <Page
      title="Sources"
      about={
        <>
          Websites, apps, servers and tools that send events
          {asOf !== undefined && (
            <>
              {' · '}
              <AsOf at={asOf} />
            </>
          )}
        </>
      }
      actions={
        rows !== undefined &&
        rows.length > 0 && (
          <Action
            right="source.create"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => void navigate({ to: `/${slug}/sources/new` })}
          >
            Add source
          </Action>
        )
      }
    >
      {isError && rows === undefined ? (
        <Failed what="Sources" error={error} onRetry={() => void refetch()} />
      ) : rows?.length === 0 ? (
        <NoSources />
      ) : (
        <>
          {picked.length > 0 && <BulkBar chosen={picked} onClear={() => setChosen(new Set())} />}
          <DataTable
            label="sources"
            rows={shown}
            columns={columns}
            keyOf={({ source }) => source.id}
            onOpen={({ source }) => void navigate({ to: `/${slug}/sources/${source.id}` })}
            searchText={searchText}
            groupOf={group === undefined ? undefined : GROUP_OF[group]}
            chosen={chosen}
            onChoose={setChosen}
            sortedBy="name"
            menu={menuOf}
            nothing={
              environment === undefined
                ? 'No source is in that state'
                : `No source is in the environment ${environment}`
            }
            tools={
              <>
                <Select
                  aria-label="State"
                  size="sm"
                  w={130}
                  data={STATES}
                  value={state ?? ''}
                  allowDeselect={false}
                  onChange={(value) => setState(stateIn(value))}
                />
                <Select
                  aria-label="Group by"
                  size="sm"
                  w={185}
                  data={GROUPS}
                  value={group ?? ''}
                  allowDeselect={false}
                  onChange={(value) => setGroup(groupIn(value))}
                />
              </>
            }
          />
        </>
      )}
    </Page>
  );
}
