import { ActionIcon, Alert, Button, Group, Skeleton, Stack, Tabs, Text } from '@mantine/core';
import { IconRoute, IconX } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { adviceFor } from '../../../../shared/domain/delivery/advice.ts';
import { Diff } from '../../ui/json/diff-view.tsx';
import { Json } from '../../ui/json/json-view.tsx';
import { Raw } from '../../ui/json/raw.tsx';
import { oneOf, useParam } from '../../ui/search-params.ts';
import { Failed } from '../../ui/states.tsx';
import { Chip } from '../../ui/status.tsx';
import { Ago } from '../../ui/time.tsx';
import { causeOf } from '../trace/causes.ts';
import { titleOf } from '../trace/head.ts';
import { adviceOf, outcomeOf } from '../trace/outcome.ts';
import { OutcomeLine } from '../trace/outcome-line.tsx';
import { TimelineView } from '../trace/timeline-view.tsx';
import { type TraceHints, traceSearch } from '../trace/trace-link.ts';
import type { Names } from '../trace/use-names.ts';
import { useDecidingFilters, useTrace } from '../trace/use-trace.ts';
import type { Row } from './live-rows.ts';
import { verdictTone, verdictWord } from './verdict.ts';

const TABS = ['pretty', 'raw', 'changes', 'trace'] as const;
const tabIn = oneOf(...TABS);

export type EventDetailProps = {
  row: Row;
  sourceId: string;
  names: Names;
  /** What the list is searched for is marked in the payload. */
  search: string | undefined;
  onClose: () => void;
};

/** What came, what was made of it, and what became of it. */
export function EventDetail({ row, sourceId, names, search, onClose }: EventDetailProps) {
  const [tab = 'pretty', setTab] = useParam('view', tabIn, { replace: true });
  const navigate = useNavigate();
  const { messageId, intakeId, receivedAt, verdict, reason, payload, normalised } = row;
  const hints = messageId === null ? undefined : { messageId, sourceId, intakeId, receivedAt };
  const cause = causeOf(reason);
  const openTrace = (): void => {
    void navigate({
      to: '.',
      search: (before: Record<string, unknown>) => ({ ...before, ...traceSearch(hints) }),
    } as never);
  };
  return (
    <Stack gap="sm">
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
        <div style={{ minWidth: 0 }}>
          <Group gap={8}>
            <Text fw={650} style={{ overflowWrap: 'anywhere' }}>
              {titleOf(row)}
            </Text>
            <Chip tone={verdictTone(verdict)}>{verdictWord(verdict)}</Chip>
            {row.isTest && <Chip>Test</Chip>}
          </Group>
          <Ago at={receivedAt} size="xs" c="dimmed" />
        </div>
        <Group gap={4} wrap="nowrap">
          {hints !== undefined && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconRoute size={14} aria-hidden="true" />}
              onClick={openTrace}
            >
              Open trace
            </Button>
          )}
          <ActionIcon aria-label="Close event" onClick={onClose}>
            <IconX size={16} />
          </ActionIcon>
        </Group>
      </Group>
      {cause !== undefined && (
        <Alert color={verdict === 'INVALID' ? 'red' : 'yellow'} title={`${verdictWord(verdict)}: ${cause}`}>
          {reason === null ? '' : adviceFor(reason)}
        </Alert>
      )}
      {row.isMasked && <Alert color="gray">You may not see personal data, so values are dots.</Alert>}
      {row.isShortened && <Alert color="gray">Long texts and lists are cut in what is kept here.</Alert>}
      <Tabs value={tab} onChange={(next) => setTab(tabIn(next))} keepMounted={false}>
        <Tabs.List mb="sm" aria-label="Views of the event">
          <Tabs.Tab value="pretty">Pretty</Tabs.Tab>
          <Tabs.Tab value="raw">Raw</Tabs.Tab>
          <Tabs.Tab value="changes">Changes</Tabs.Tab>
          <Tabs.Tab value="trace">Trace</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="pretty">
          <Json
            key={row.key}
            value={payload}
            label="The event as it was sent"
            {...(search !== undefined && { search })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="raw">
          <Raw value={payload} label="Raw event" />
        </Tabs.Panel>
        <Tabs.Panel value="changes">
          {normalised === null ? (
            <Text size="sm" c="dimmed">
              It was not taken, so nothing was made of it.
            </Text>
          ) : (
            <Diff before={payload} after={normalised} label="Changes by Tributary" />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="trace">
          {hints === undefined ? (
            <Text size="sm" c="dimmed">
              It has no messageId, so its way cannot be followed.
            </Text>
          ) : (
            <InlineTrace key={row.key} hints={hints} names={names} onExchange={openTrace} />
          )}
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function InlineTrace({ hints, names, onExchange }: { hints: TraceHints; names: Names; onExchange: () => void }) {
  const trace = useTrace(hints);
  const filters = useDecidingFilters(trace.data);
  if (trace.isPending) return <Skeleton height={160} radius="lg" />;
  if (trace.data === undefined) {
    return <Failed what="The trace" error={trace.error} onRetry={() => void trace.refetch()} />;
  }
  const titles = new Map([...filters].map(([id, { title }]) => [id, title]));
  const outcome = outcomeOf(trace.data, titles);
  return (
    <Stack gap="md">
      <OutcomeLine outcome={outcome} />
      <TimelineView
        trace={trace.data}
        names={names}
        filters={filters}
        said={adviceOf(outcome.code)}
        onExchange={onExchange}
      />
    </Stack>
  );
}
