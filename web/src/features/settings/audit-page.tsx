import { Button, Group, Select, Text, TextInput } from '@mantine/core';
import { IconDownload, IconHistory, IconX } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useApi, useCall, useWorkspaceSlug } from '../../api/calls.ts';
import { useWorkspace } from '../../api/me.ts';
import { useWork } from '../../api/use-work.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { bothTimes, shortTime } from '../../ui/format.ts';
import { dayBounds } from '../../ui/time-zone.ts';
import { TextLink } from '../../ui/link.tsx';
import { Can } from '../../ui/locked.tsx';
import { Section } from '../../ui/page.tsx';
import { text, useParam } from '../../ui/search-params.ts';
import { DocLink, Empty, Failed } from '../../ui/states.tsx';
import { toastError } from '../../ui/toast.tsx';
import { actorName, AuditDrawer, type AuditEvent } from './audit-drawer.tsx';
import { AUDIT_EVENTS } from './audit-events.ts';
import { saveFile } from '../../ui/save-file.ts';
import { NameButton } from './name-button.tsx';
import { ResourceLink } from './resource-link.tsx';

const PAGE = 50;

/** The audit trail (H14): who changed what, from what to what. Filters stand in the address. */
export function AuditPage() {
  return (
    <Can right="audit.read" what="the audit trail">
      <Audit />
    </Can>
  );
}

function Audit() {
  const slug = useWorkspaceSlug() ?? '';
  const api = useApi();
  const workspace = useWorkspace();
  const [event, setEvent] = useParam('type', text);
  const [actorId, setActor] = useParam('actor', text);
  const [resourceId] = useParam('resource', text);
  const [from, setFrom] = useParam('from', text, { replace: true });
  const [to, setTo] = useParam('to', text, { replace: true });
  const [opened, open] = useParam('entry', text);
  const members = useCall('listMembers');
  const filter = {
    ...(event !== undefined && { event }),
    ...(actorId !== undefined && { actorId }),
    ...(resourceId !== undefined && { resourceId }),
    ...dayBounds(from, to),
  };
  const isFiltered = Object.keys(filter).length > 0;
  const found = useInfiniteQuery({
    queryKey: [slug, 'listAppAuditEvents', 'pages', filter],
    queryFn: async ({ pageParam }) =>
      await api.call('listAppAuditEvents', {
        query: { ...filter, pagination: { count: PAGE, ...(pageParam !== '' && { cursor: pageParam }) } },
      }),
    initialPageParam: '',
    getNextPageParam: ({ pagination }) => pagination.next ?? undefined,
  });
  const download = useWork({
    mutationFn: async () => await api.call('exportAuditEvents', { query: filter }),
    onSuccess: (csv) => saveFile(`${workspace?.slug ?? 'workspace'}-audit.csv`, csv),
    onError: (error) => toastError('The file was not made', error),
  });
  const rows = found.data?.pages.flatMap(({ events }) => events);
  const entry = rows?.find(({ id }) => id === opened);
  const navigate = useNavigate();
  const clear = (): void => void navigate({ to: '.', search: {} } as never);
  const actors = (members.data?.members ?? []).map(({ id, name, email }) => ({
    value: id,
    label: name === '' ? email : name,
  }));
  const knownActor = actorId === undefined || actors.some(({ value }) => value === actorId);
  return (
    <Section
      title="Audit trail"
      about={
        <>
          Every change of the last 90 days, with what was before and after; secrets are masked. It can be{' '}
          <TextLink underline="always" to={`/${slug}/settings/general`}>
            forwarded to a source
          </TextLink>
          . <DocLink page="people">What it tells</DocLink>
        </>
      }
      actions={
        <Button
          variant="default"
          leftSection={<IconDownload size={15} aria-hidden="true" />}
          loading={download.isPending}
          onClick={() => download.mutate()}
        >
          Download CSV
        </Button>
      }
    >
      <Group gap="xs" mb="sm">
        <Select
          aria-label="Event"
          placeholder="All events"
          data={AUDIT_EVENTS.map(({ group, items }) => ({ group, items: [...items] }))}
          value={event ?? null}
          onChange={(value) => setEvent(value ?? undefined)}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': 'All events' }}
          nothingFoundMessage="No such event"
          w={230}
        />
        <Select
          aria-label="Person"
          placeholder="Everybody"
          data={knownActor ? actors : [...actors, { value: actorId, label: actorId }]}
          value={actorId ?? null}
          onChange={(value) => setActor(value ?? undefined)}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': 'Everybody' }}
          nothingFoundMessage="Nobody of that name"
          w={210}
        />
        <TextInput
          type="date"
          aria-label="From day"
          value={from ?? ''}
          onChange={({ currentTarget }) => setFrom(currentTarget.value === '' ? undefined : currentTarget.value)}
        />
        <Text size="sm" c="dimmed">
          to
        </Text>
        <TextInput
          type="date"
          aria-label="To day"
          value={to ?? ''}
          onChange={({ currentTarget }) => setTo(currentTarget.value === '' ? undefined : currentTarget.value)}
        />
        {isFiltered && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconX size={13} aria-hidden="true" />}
            onClick={clear}
          >
            {resourceId === undefined ? 'Clear filters' : 'Clear filters, one resource included'}
          </Button>
        )}
      </Group>
      {found.isError ? (
        <Failed what="The audit trail" error={found.error} onRetry={() => void found.refetch()} />
      ) : rows !== undefined && rows.length === 0 && !found.hasNextPage ? (
        <Empty
          title={isFiltered ? 'No change fits these filters' : 'Nothing was changed yet'}
          icon={<IconHistory size={26} aria-hidden="true" />}
          action={
            isFiltered && (
              <Button variant="default" onClick={clear}>
                Clear filters
              </Button>
            )
          }
        >
          Changes stand here for 90 days.
        </Empty>
      ) : (
        <DataTable<AuditEvent>
          label="changes"
          rows={rows}
          keyOf={({ id }) => id}
          onOpen={({ id }) => open(id)}
          more={
            found.hasNextPage
              ? { onMore: () => void found.fetchNextPage(), isLoading: found.isFetchingNextPage }
              : undefined
          }
          columns={[
            {
              id: 'event',
              title: 'Change',
              isMain: true,
              cell: ({ id, event: name }) => <NameButton onClick={() => open(id)}>{name}</NameButton>,
            },
            {
              id: 'resource',
              title: 'Of',
              cell: (one) => <ResourceLink slug={slug} entry={one} />,
            },
            {
              id: 'actor',
              title: 'By',
              cell: ({ actor }) => (
                <Text size="sm" truncate maw={240}>
                  {actorName(actor)}
                </Text>
              ),
            },
            {
              id: 'at',
              title: 'When',
              width: 150,
              cell: ({ at }) => (
                <Text size="sm" component="time" dateTime={at} title={bothTimes(at)} className="numbers">
                  {shortTime(at)}
                </Text>
              ),
            },
          ]}
        />
      )}
      {entry !== undefined && (
        <AuditDrawer
          entry={entry}
          slug={slug}
          onClose={() => open(undefined)}
          onSame={(id) => void navigate({ to: '.', search: { resource: id } } as never)}
        />
      )}
    </Section>
  );
}
