import { Button, Group, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useChange } from '../../api/calls.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { counted, exact, localTime } from '../../ui/format.ts';
import { Action } from '../../ui/locked.tsx';
import { Section } from '../../ui/page.tsx';
import { ErrorLine } from '../../ui/states.tsx';
import { Chip } from '../../ui/status.tsx';
import { toast, toastError } from '../../ui/toast.tsx';
import { SideDrawer } from '../settings/side-drawer.tsx';
import { filterText, isCancellable, type Run, spanText, stateText } from './replay-words.ts';
import { RunBar } from './run-progress.tsx';

type DrawerProps = {
  run: Run;
  /** Of the destination. */
  name: string;
  source?: { id: string; labels?: readonly { key: string; value: string }[] } | undefined;
  onClose: () => void;
  onOpen: (id: string) => void;
};

/** A replay: what it sends, how far it is; cancel it, count it again, and send what was counted. */
export function ReplayDrawer({ run, name, source, onClose, onOpen }: DrawerProps) {
  const { id, destinationId, filter, rate, dryRun, status, planned, failure } = run;
  const [isCancelling, cancelling] = useDisclosure(false);
  const cancel = useChange('cancelReplay', {
    stale: ['listReplays', 'getReplay'],
    onDone: () => {
      cancelling.close();
      toast('Cancelled: nothing more is queued');
    },
  });
  const create = useChange('createReplay', {
    stale: ['listReplays'],
    onDone: ({ replay }) => onOpen(replay.id),
    onFailed: (error) => toastError('No replay began', error),
  });
  const again = (isDry: boolean): void => create.mutate({ body: { destinationId, filter, rate, dryRun: isDry } });
  const { text, tone } = stateText(run);
  return (
    <SideDrawer title={`Replay to ${name}`} onClose={onClose}>
      <Group gap="xs" mb="md">
        <Chip tone={tone}>{text}</Chip>
        {dryRun && <Chip>Dry run</Chip>}
      </Group>
      <Text size="sm" mb="md" style={{ overflowWrap: 'anywhere' }}>
        {filterText(filter)}, {spanText(filter)}
      </Text>
      {!dryRun && <RunBar run={run} size="lg" />}
      <ErrorLine error={failure === null ? null : new Error(failure)} />
      <SimpleGrid cols={{ base: 2, xs: 3 }} my="lg" spacing="md">
        <Fact label="To send">{planned === null ? 'Counting' : exact(planned)}</Fact>
        {!dryRun && (
          <>
            <Fact label="Delivered">{exact(run.delivered)}</Fact>
            <Fact label="Failed">{exact(run.failed)}</Fact>
            <Fact label="On their way">{exact(run.waiting)}</Fact>
          </>
        )}
        <Fact label="Begun">{localTime(run.createdAt)}</Fact>
        <Fact label="By">{run.createdBy}</Fact>
        <Fact label="Rate">{exact(rate)} a second</Fact>
        {run.finishedAt !== null && <Fact label="Ended">{localTime(run.finishedAt)}</Fact>}
      </SimpleGrid>
      <Counts title="By code" counted={run.byCode} />
      <Counts title="By event" counted={run.byEvent} />
      <Counts title="Left out" counted={run.leftOut} />
      {run.hasMore && (
        <Text size="sm" c="dimmed" mb="md">
          There is more than one replay takes: the same once more takes the next.
        </Text>
      )}
      <Group gap="xs">
        {dryRun && status === 'FINISHED' && planned !== null && planned > 0 && (
          <Action right="destination.edit" source={source} loading={create.isPending} onClick={() => again(false)}>
            {`Replay ${counted(planned, 'event')}`}
          </Action>
        )}
        {isCancellable(run) && (
          <Action right="destination.edit" source={source} color="red" variant="outline" onClick={cancelling.open}>
            Cancel replay
          </Action>
        )}
        {!isCancellable(run) && (
          <Action
            right="destination.edit"
            source={source}
            variant="default"
            loading={create.isPending}
            onClick={() => again(true)}
          >
            Count it again
          </Action>
        )}
        <Button variant="subtle" color="gray" onClick={onClose}>
          Close
        </Button>
      </Group>
      <Confirm
        opened={isCancelling}
        onClose={cancelling.close}
        title="Cancel this replay"
        button="Cancel replay"
        isPending={cancel.isPending}
        error={cancel.error}
        onConfirm={() => cancel.mutate({ path: { replayId: id } })}
      >
        Nothing more is queued. What is queued already is still sent; what is not, another replay can take.
      </Confirm>
    </SideDrawer>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Stack gap={0} style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text size="sm" fw={550} className="numbers">
        {children}
      </Text>
    </Stack>
  );
}

function Counts({ title, counted: { counts, more } }: { title: string; counted: Run['byCode'] }) {
  if (counts.length === 0) return null;
  return (
    <Section title={title}>
      <Table verticalSpacing={5} horizontalSpacing={0} aria-label={title}>
        <Table.Tbody>
          {counts.map(({ name, count }) => (
            <Table.Tr key={name}>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{name}</Table.Td>
              <Table.Td ta="right" className="numbers" w={90}>
                {exact(count)}
              </Table.Td>
            </Table.Tr>
          ))}
          {more > 0 && (
            <Table.Tr>
              <Table.Td c="dimmed">Others</Table.Td>
              <Table.Td ta="right" className="numbers">
                {exact(more)}
              </Table.Td>
            </Table.Tr>
          )}
        </Table.Tbody>
      </Table>
    </Section>
  );
}
