import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { apiOf, useChange, useWorkspaceSlug } from '../../api/calls.ts';
import { counted } from '../../ui/format.ts';
import { ErrorLine } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { nameOf, type Trace, type TraceTarget } from './outcome.ts';

/** Clocks differ, and a letter may have ended a moment ago. */
const SLACK_MS = 60_000;
/** How often a count that takes longer is asked for. */
const COUNT_POLL_MS = 1_000;

/** Destinations that still keep what they did not take of an event. */
export const replayable = ({ destinations }: Trace): TraceTarget[] =>
  destinations.filter(({ name, sends }) => name !== null && sends.some(({ deadLetterKept }) => deadLetterKept));

/** Sends an event again to where it was not delivered: counts first, and sends when that is confirmed. */
export function ReplayEvent({ trace, opened, onClose }: { trace: Trace; opened: boolean; onClose: () => void }) {
  const workspace = useWorkspaceSlug();
  const targets = replayable(trace);
  const filter = () => ({
    of: 'DEAD_LETTERS' as const,
    from: new Date(Date.parse(trace.receivedAt) - SLACK_MS).toISOString(),
    to: new Date(Date.now() + SLACK_MS).toISOString(),
    messageIds: [trace.messageId],
  });
  const counts = useQueries({
    queries: targets.map(({ destinationId }) => ({
      queryKey: [workspace ?? '', 'count of a replay', destinationId, trace.messageId],
      queryFn: () => countOf(workspace, destinationId, filter()),
      enabled: opened,
      staleTime: 0,
      retry: false,
    })),
  });
  const start = useChange('createReplay', {
    stale: ['getEventTrace', 'listReplays'],
    onDone: ({ replay }) => toast(`${counted(replay.planned ?? 1, 'send')} queued`),
  });
  return (
    <Modal opened={opened} onClose={onClose} title="Replay this event">
      <Stack gap="md">
        <Text size="sm">It goes out again as it was queued, with the same messageId.</Text>
        {targets.map((target, index) => {
          const { destinationId } = target;
          const { data, error, isFetching } = counts[index] ?? {};
          const isDone = start.isSuccess && start.variables.body.destinationId === destinationId;
          return (
            <Group key={destinationId} justify="space-between" wrap="nowrap">
              <div style={{ minWidth: 0 }}>
                <Text size="sm" fw={600} truncate>
                  {nameOf(target)}
                </Text>
                <Text size="xs" c="dimmed" role="status">
                  {isFetching === true ? 'Counting…' : data === undefined ? '' : counted(data, 'send')}
                </Text>
                <ErrorLine
                  error={error ?? (start.variables?.body.destinationId === destinationId ? start.error : null)}
                />
              </div>
              <Button
                size="xs"
                disabled={data === undefined || data === 0 || isDone}
                loading={start.isPending && start.variables.body.destinationId === destinationId}
                onClick={() => start.mutate({ body: { destinationId, filter: filter(), dryRun: false } })}
              >
                {isDone ? 'Queued' : data === undefined ? 'Replay' : `Replay ${counted(data, 'send')}`}
              </Button>
            </Group>
          );
        })}
      </Stack>
    </Modal>
  );
}

type Filter = {
  of: 'DEAD_LETTERS';
  from: string;
  to: string;
  messageIds: string[];
};

/** How many sends a replay would be: a dry run, waited for where it counts for longer. */
async function countOf(workspace: string | undefined, destinationId: string, filter: Filter): Promise<number> {
  const api = apiOf(workspace);
  let { replay } = await api.call('createReplay', { body: { destinationId, filter, dryRun: true } });
  while (replay.status === 'COUNTING') {
    await new Promise((resolve) => setTimeout(resolve, COUNT_POLL_MS));
    ({ replay } = await api.call('getReplay', { path: { replayId: replay.id } }));
  }
  if (replay.failure !== null) throw new Error(replay.failure);
  return replay.planned ?? 0;
}
