import { Button, Text } from '@mantine/core';
import { IconPlayerRecord } from '@tabler/icons-react';
import { useChange } from '../../../api/calls.ts';
import { Action } from '../../../ui/locked.tsx';
import { relative } from '../../../ui/format.ts';
import { useNow } from '../../../ui/time.tsx';
import { toast, toastError } from '../../../ui/toast.tsx';
import type { AppSource } from '../use-source.ts';

/** Lets the debugger keep every event for 15 minutes, and says until when it does. */
export function KeepAllButton({ source }: { source: AppSource }) {
  const now = useNow();
  const keep = useChange('keepAllSourceEvents', {
    stale: ['getAppSource', 'listSourceEvents'],
    onDone: ({ keepAllUntil }) =>
      toast(keepAllUntil === null ? 'The debugger keeps a sample again' : 'Every event is kept for 15 minutes'),
    onFailed: (error) => toastError('Nothing was changed', error),
  });
  const until = source.keepAllUntil;
  const isOn = until !== undefined && Date.parse(until) > now;
  const set = (on: boolean) => () => keep.mutate({ path: { sourceId: source.id }, body: { on } });
  if (isOn) {
    return (
      <>
        <Text size="xs" c="dimmed">
          Every event is kept, ends {relative(until, now)}
        </Text>
        <Button size="xs" variant="default" loading={keep.isPending} onClick={set(false)}>
          Stop
        </Button>
      </>
    );
  }
  return (
    <Action
      right="source.edit"
      source={source}
      labels={[]}
      size="xs"
      variant="default"
      leftSection={<IconPlayerRecord size={14} aria-hidden />}
      loading={keep.isPending}
      onClick={set(true)}
    >
      Keep all for 15 minutes
    </Action>
  );
}
