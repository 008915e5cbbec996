import { Button, Group, Text, Tooltip } from '@mantine/core';
import { useChange } from '../../api/calls.ts';
import type { Limited } from '../../api/me.ts';
import { clockTime, counted, exact, localTime, percent } from '../../ui/format.ts';
import { Action } from '../../ui/locked.tsx';
import { toastError } from '../../ui/toast.tsx';
import { useNow } from '../../ui/time.tsx';
import type { LiveEvents } from './use-live-events.ts';

/** What the list rests on, in words; and the way to have all of it for a while. */
export function CoverageLine({
  coverage,
  keepAllUntil,
  source,
  onChanged,
}: Pick<LiveEvents, 'coverage' | 'keepAllUntil'> & { source: Limited; onChanged: (until: string | null) => void }) {
  const now = useNow();
  const keep = useChange('keepAllSourceEvents', {
    stale: ['getAppSource'],
    onDone: ({ keepAllUntil }) => onChanged(keepAllUntil),
    onFailed: (error) => toastError('That was not changed', error),
  });
  const set = (on: boolean): void => keep.mutate({ path: { sourceId: source.id }, body: { on } });
  const isKept = keepAllUntil !== null && Date.parse(keepAllUntil) > now;
  return (
    <Group gap={6}>
      {coverage !== undefined && coverage.received > 0 && (
        <Tooltip label={`From ${localTime(coverage.from)} to ${localTime(coverage.to)}`}>
          <Text size="xs" c="dimmed" className="numbers">
            {coverageText(coverage)}
          </Text>
        </Tooltip>
      )}
      {isKept ? (
        <Group gap={6}>
          <Text size="xs" fw={600}>
            Keeping every event until {clockTime(keepAllUntil)}
          </Text>
          <Button variant="subtle" size="compact-xs" loading={keep.isPending} onClick={() => set(false)}>
            Stop
          </Button>
        </Group>
      ) : (
        <Action
          right="source.edit"
          source={source}
          labels={[]}
          variant="subtle"
          size="compact-xs"
          loading={keep.isPending}
          onClick={() => set(true)}
        >
          Keep every event for 15 minutes
        </Action>
      )}
    </Group>
  );
}

/** "from 14:03, covers 38 %": how much of what came is kept here. */
export function coverageText({ from, kept, received, share, isWhole }: NonNullable<LiveEvents['coverage']>): string {
  const since = isWhole ? 'of the last 24 hours' : `since ${clockTime(from)}`;
  return share >= 1
    ? `All ${counted(kept, 'event')} ${since}`
    : `A sample: ${exact(kept)} of ${counted(received, 'event')} ${since} (${percent(share)}), test events always`;
}
