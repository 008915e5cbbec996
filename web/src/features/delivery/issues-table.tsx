import { Button, Group, Text, UnstyledButton } from '@mantine/core';
import { IconCircleCheck, IconX } from '@tabler/icons-react';
import type { Column } from '../../ui/data-table/types.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { Count } from '../../ui/count.tsx';
import { Section } from '../../ui/page.tsx';
import { Failed } from '../../ui/states.tsx';
import { text, useParam } from '../../ui/search-params.ts';
import { Chip } from '../../ui/status.tsx';
import { Ago } from '../../ui/time.tsx';
import { useCall } from '../../api/calls.ts';
import { codeWords } from './code-words.ts';
import classes from './delivery.module.css';
import { type Issue, IssueDrawer } from './issue-drawer.tsx';
import type { Period } from './period.tsx';
import type { Destination, Source } from './use-destination.ts';

const NO_WRAP = { whiteSpace: 'nowrap' } as const;

const COLUMNS = (onOpen: (issue: Issue) => void): readonly Column<Issue>[] => [
  {
    id: 'issue',
    title: 'Issue',
    isMain: true,
    width: '28%',
    sort: ({ code }) => codeWords(code),
    cell: (issue) => (
      <UnstyledButton className={classes['issueName']} onClick={() => onOpen(issue)}>
        <Text size="sm" fw={600} component="span" display="block">
          {codeWords(issue.code)}
        </Text>
        {issue.message !== '' && (
          <Text size="xs" c="dimmed" component="span" lineClamp={1}>
            {issue.message}
          </Text>
        )}
      </UnstyledButton>
    ),
  },
  {
    id: 'code',
    title: 'Code',
    sort: ({ code }) => code,
    width: 120,
    cell: ({ code }) => (
      <Chip tone="bad" miw="max-content">
        {code}
      </Chip>
    ),
  },
  {
    id: 'count',
    title: 'Tries',
    align: 'right',
    sort: ({ count }) => count,
    cell: ({ count }) => <Count value={count} />,
  },
  {
    id: 'ended',
    title: 'Given up',
    align: 'right',
    sort: ({ ended }) => ended,
    cell: ({ ended }) => <Count value={ended} />,
  },
  {
    id: 'first',
    title: 'First seen',
    width: 116,
    sort: ({ firstSeenAt }) => firstSeenAt,
    cell: ({ firstSeenAt }) => <Ago at={firstSeenAt} style={NO_WRAP} />,
  },
  {
    id: 'last',
    title: 'Last seen',
    width: 116,
    sort: ({ lastSeenAt }) => lastSeenAt,
    cell: ({ lastSeenAt }) => <Ago at={lastSeenAt} style={NO_WRAP} />,
  },
  { id: 'retried', title: 'Tried again', cell: ({ retried }) => (retried ? 'Yes' : 'No'), isHidden: true },
  {
    id: 'advice',
    title: 'What to do',
    width: '30%',
    cell: ({ advice }) => (
      <Text size="sm" c="dimmed" lineClamp={2} title={advice}>
        {advice}
      </Text>
    ),
  },
];

/** What went wrong with delivery, most first; a row opens its drawer, which stands in the address as `issue`. `code` narrows it: health links so. */
export function IssuesTable({
  destination,
  source,
  period,
  mapping,
}: {
  destination: Destination;
  source: Source | undefined;
  period: Period;
  mapping: string | undefined;
}) {
  const [open, setOpen] = useParam('issue', text);
  const [code, setCode] = useParam('code', text);
  const asked = useCall(
    'listDeliveryIssues',
    {
      query: {
        destinationId: destination.id,
        ...(mapping !== undefined && { subscriptionId: mapping }),
        ...period.query,
      },
    },
    { everyMs: period.everyMs, keep: true },
  );
  const all = asked.data?.issues;
  const rows = code === undefined ? all : all?.filter((issue) => issue.code === code);
  return (
    <Section
      title="Delivery issues"
      about="What the tool refused or did not take, most first. Open one for its requests and answers."
    >
      {asked.isError && <Failed what="Delivery issues" error={asked.error} onRetry={() => void asked.refetch()} />}
      {!asked.isError && all?.length === 0 && (
        <Group gap="xs" className={classes['well']} data-face="empty">
          <IconCircleCheck size={18} aria-hidden="true" color="var(--mantine-color-teal-text)" />
          <Text size="sm">No issues in the {period.range === undefined ? 'range that is shown' : period.text}.</Text>
        </Group>
      )}
      {!asked.isError && all?.length !== 0 && (
        <DataTable
          label="delivery issues"
          rows={rows}
          columns={COLUMNS(({ id }) => setOpen(id))}
          keyOf={({ id }) => id}
          onOpen={({ id }) => setOpen(id)}
          searchText={(issue) => `${issue.code} ${codeWords(issue.code)} ${issue.message} ${issue.advice}`}
          nothing={code === undefined ? 'No issues' : `No issue with code ${code} in this range`}
          tools={
            code !== undefined && (
              <Button
                size="xs"
                variant="light"
                rightSection={<IconX size={13} aria-hidden="true" />}
                title="Show all codes"
                onClick={() => setCode(undefined)}
              >
                Code {code}
              </Button>
            )
          }
        />
      )}
      {open !== undefined && (
        <IssueDrawer
          issue={all?.find(({ id }) => id === open)}
          isLoading={asked.isPending}
          source={source}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Section>
  );
}
