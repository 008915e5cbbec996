import {
  ActionIcon,
  Alert,
  Button,
  Group,
  Menu,
  SegmentedControl,
  Select,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconEraser, IconPlus, IconSearch, IconX } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import type { KeyboardEvent } from 'react';
import { useCall } from '../../api/calls.ts';
import { useMay } from '../../api/me.ts';
import { exact } from '../../ui/format.ts';
import { Action } from '../../ui/locked.tsx';
import { oneOf, text, useParam } from '../../ui/search-params.ts';
import { Failed } from '../../ui/states.tsx';
import { AsOf } from '../../ui/time.tsx';
import { ExportButton } from './export-button.tsx';
import { Receivers } from './receivers.tsx';
import classes from './schema.module.css';
import { GhostRows, NothingSeen } from './schema-faces.tsx';
import { ClearHistory, NewEvent } from './schema-dialogs.tsx';
import { SchemaRow } from './schema-row.tsx';
import { isYoungAt, PERIODS, SHOWS, TABS } from './schema-rows.ts';
import { useKeyChange, useSchema } from './use-schema.ts';
import { useTrends } from './use-trends.ts';

const tabIn = oneOf(...TABS);
const periodIn = oneOf(...PERIODS);
const showIn = oneOf(...SHOWS);
const SHOW_WORDS = {
  ALL: 'All',
  ALLOWED: 'Allowed',
  BLOCKED: 'Blocked',
  PLANNED: 'Planned',
  UNPLANNED: 'Not planned',
  WITHHELD: 'Withheld from some',
  ARCHIVED: 'Archived',
} as const;

/** What a source has sent, by name, and what of it may pass (F06 to F14). */
export function SchemaPage() {
  const { sourceId = '' } = useParams({ strict: false });
  const [type = 'TRACK', setType] = useParam('call', tabIn, { replace: true });
  const [period = '7d', setPeriod] = useParam('period', periodIn, { replace: true });
  const [show, setShow] = useParam('show', showIn, { replace: true });
  const [q, setQuery] = useParam('q', text, { replace: true });
  const [openKey, setOpenKey] = useParam('open', text, { replace: true });
  const [isAdding, adding] = useDisclosure(false);
  const [isClearing, clearing] = useDisclosure(false);
  const asked = { sourceId, type, period, q, show };
  const schema = useSchema(asked);
  const change = useKeyChange(asked);
  const source = useCall('getAppSource', { path: { sourceId } }).data?.source ?? { id: sourceId };
  const may = useMay('source.edit', source);
  const isTraits = type !== 'TRACK';
  const noun = isTraits ? 'traits' : 'events';

  const pages = schema.data?.pages ?? [];
  const rows = pages.flatMap(({ keys }) => keys);
  const [first] = pages;
  const trends = useTrends(sourceId, period, isYoungAt(rows, first?.to));
  const hasPlan = rows.some(({ planned }) => planned !== null);
  const isSearched = (q ?? '') !== '' || (show !== undefined && show !== 'ALL');
  const call = type === 'IDENTIFY' ? 'identify' : 'group';

  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label="Calls"
            transitionDuration={0}
            value={type}
            onChange={setType}
            data={[
              { value: 'TRACK', label: 'Track' },
              { value: 'IDENTIFY', label: 'Identify' },
              { value: 'GROUP', label: 'Group' },
            ]}
          />
          <SegmentedControl
            size="xs"
            aria-label="Period of the counts"
            transitionDuration={0}
            value={period}
            onChange={setPeriod}
            data={[
              { value: '7d', label: '7 days' },
              { value: '30d', label: '30 days' },
            ]}
          />
          <AsOf at={first?.to} />
        </Group>
        <Group gap="xs">
          <ExportButton sourceId={sourceId} type={type} period={period} />
          {!isTraits && (
            <Action
              right="source.edit"
              source={source}
              labels={[]}
              size="xs"
              leftSection={<IconPlus size={14} aria-hidden="true" />}
              onClick={adding.open}
            >
              New event
            </Action>
          )}
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon size="md" variant="default" aria-label="More for this schema">
                <IconDots size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                disabled={!may || (isTraits && hasPlan)}
                leftSection={<IconEraser size={15} aria-hidden="true" />}
                onClick={clearing.open}
              >
                {isTraits && hasPlan ? 'Clear history: not while a plan is connected' : 'Clear history'}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Group>
      <Group gap="xs">
        <TextInput
          data-search="true"
          aria-label={`Search ${noun}`}
          placeholder={`Search ${noun}`}
          w={{ base: '100%', xs: 280 }}
          value={q ?? ''}
          onChange={({ currentTarget }) => setQuery(currentTarget.value === '' ? undefined : currentTarget.value)}
          leftSection={<IconSearch size={15} aria-hidden="true" />}
          rightSection={
            (q ?? '') !== '' && (
              <ActionIcon size="sm" aria-label="Clear search" onClick={() => setQuery(undefined)}>
                <IconX size={14} />
              </ActionIcon>
            )
          }
        />
        <Select
          aria-label="Show"
          w={190}
          allowDeselect={false}
          value={show ?? 'ALL'}
          onChange={(value) => setShow(value === 'ALL' ? undefined : showIn(value))}
          data={SHOWS.filter((one) => hasPlan || (one !== 'PLANNED' && one !== 'UNPLANNED')).map((value) => ({
            value,
            label: SHOW_WORDS[value],
          }))}
        />
        {isTraits && first !== undefined && first.destinations > 0 && rows[0] !== undefined && (
          <Group gap={4}>
            <Text size="sm" c="dimmed">
              Destinations that get {call} calls
            </Text>
            <Receivers
              source={source}
              name={`${call} calls`}
              withheldFrom={rows[0].withheldFrom}
              onChange={(withheldFrom, said) =>
                change({ ...(rows[0] as (typeof rows)[number]), key: call, name: call }, { withheldFrom }, said)
              }
            />
          </Group>
        )}
      </Group>
      {first !== undefined && first.notListed > 0 && (
        <Alert color="yellow">
          {exact(first.notListed)} more {noun} are not listed: a list has room for{' '}
          {isTraits ? '300 traits' : '4,000 events'}. They flow all the same.
        </Alert>
      )}
      {schema.isPending && <GhostRows />}
      {schema.isError && first === undefined && (
        <Failed what="The schema" error={schema.error} onRetry={() => void schema.refetch()} />
      )}
      {first !== undefined &&
        (rows.length === 0 && !isSearched ? (
          <NothingSeen isTraits={isTraits} sourceId={sourceId} onNew={adding.open} />
        ) : (
          <div className={classes.frame}>
            <Table verticalSpacing={8} horizontalSpacing="md" aria-label={`Schema: ${noun}`}>
              <Table.Thead className={classes.head}>
                <Table.Tr>
                  <Table.Th>{isTraits ? 'Trait' : 'Event'}</Table.Th>
                  {hasPlan && <Table.Th className={classes.wide}>Plan</Table.Th>}
                  {isTraits ? (
                    <Table.Th className={classes.wide}>Type</Table.Th>
                  ) : (
                    trends !== undefined && (
                      <Table.Th className={classes.wide}>
                        {trends.by === 'hour' ? 'By hour, 24 hours' : 'By day'}
                      </Table.Th>
                    )
                  )}
                  <Table.Th ta="right" className={classes.wide}>
                    {isTraits ? 'In calls' : 'Allowed'}
                  </Table.Th>
                  {!isTraits && (
                    <Table.Th ta="right" className={classes.wide}>
                      Blocked
                    </Table.Th>
                  )}
                  <Table.Th className={classes.wide}>Last seen</Table.Th>
                  {!isTraits && <Table.Th className={classes.wide}>Destinations</Table.Th>}
                  <Table.Th w={70}>Pass</Table.Th>
                  <Table.Th w={44} aria-label="Actions" />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody onKeyDown={onRowKey}>
                {rows.map((row) => (
                  <SchemaRow
                    key={row.key}
                    row={row}
                    source={source}
                    isTraits={isTraits}
                    hasPlan={hasPlan}
                    trends={trends}
                    isOpen={openKey === row.key}
                    onToggle={() => setOpenKey(openKey === row.key ? undefined : row.key)}
                    onChange={(to, said) => change(row, to, said)}
                  />
                ))}
              </Table.Tbody>
            </Table>
            {rows.length === 0 && (
              <Text ta="center" c="dimmed" size="sm" py="lg" role="status">
                Nothing fits this search
              </Text>
            )}
          </div>
        ))}
      {schema.hasNextPage && (
        <Group justify="center">
          <Button
            variant="default"
            size="xs"
            loading={schema.isFetchingNextPage}
            onClick={() => void schema.fetchNextPage()}
          >
            Load more
          </Button>
        </Group>
      )}
      <NewEvent sourceId={sourceId} opened={isAdding} onClose={adding.close} />
      <ClearHistory sourceId={sourceId} type={type} opened={isClearing} onClose={clearing.close} />
    </Stack>
  );
}

/** `j` and `k` go through the events. */
function onRowKey(event: KeyboardEvent<HTMLElement>): void {
  if ((event.key !== 'j' && event.key !== 'k') || event.target instanceof HTMLInputElement) return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-expand]')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  buttons[at + (event.key === 'j' ? 1 : -1)]?.focus();
  event.preventDefault();
}
