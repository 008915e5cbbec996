import { Button, Group, Text } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useState } from 'react';
import { useApi, useCall, forget, useWorkspaceSlug } from '../../api/calls.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Diff } from '../../ui/json/diff-view.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Action } from '../../ui/locked.tsx';
import { Failed, Waiting } from '../../ui/states.tsx';
import { Ago } from '../../ui/time.tsx';
import { toast } from '../../ui/toast.tsx';
import classes from './health.module.css';
import type { Line, Thing } from './health-words.ts';
import { type AuditEntry, type Revert, revertOf } from './revert.ts';

type Change = NonNullable<Line['changes']>[number];
/** The entry of a change is looked for so long around its time. */
const AROUND_MS = 1_000;

/** What was changed about a thing just before a line began: who, what, the difference, and the way back. */
export function Changes({ changes, thing, sourceId }: { changes: readonly Change[]; thing: Thing; sourceId: string }) {
  return (
    <ol className={classes['changes']} aria-label="What changed just before">
      {changes.map((change) => (
        <ChangeView key={change.id} change={change} thing={thing} sourceId={sourceId} />
      ))}
    </ol>
  );
}

function ChangeView({ change, thing, sourceId }: { change: Change; thing: Thing; sourceId: string }) {
  const [isOpen, setOpen] = useState(false);
  const { resource, event, actor, at } = change;
  return (
    <li>
      <Group gap="xs" wrap="wrap">
        <Text size="sm">
          <b>{event}</b>
          {resource.name !== null && ` “${resource.name}”`} by {actor}, <Ago at={at} inherit />
        </Text>
        <Button variant="subtle" size="compact-xs" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Hide what changed' : 'Show what changed'}
        </Button>
      </Group>
      {isOpen && <ChangeDetail change={change} thing={thing} sourceId={sourceId} />}
    </li>
  );
}

function ChangeDetail({ change, thing, sourceId }: { change: Change; thing: Thing; sourceId: string }) {
  const asked = useCall('listAppAuditEvents', {
    query: {
      resourceId: change.resource.id,
      from: new Date(Date.parse(change.at) - AROUND_MS).toISOString(),
      pagination: { count: 100 },
    },
  });
  if (asked.isPending) return <Waiting what="the change" lines={1} />;
  if (asked.isError) return <Failed what="The change" error={asked.error} onRetry={() => void asked.refetch()} />;
  const entry = asked.data.events.find(({ id }) => id === change.id);
  if (entry === undefined) {
    return (
      <Text size="sm" c="dimmed">
        The audit trail has no more of it.
      </Text>
    );
  }
  const later = asked.data.events.filter(({ at, id }) => at > entry.at && id !== entry.id);
  const destinationId = thing.sourceId === null ? undefined : thing.id;
  const revert = revertOf(entry, destinationId, later);
  return (
    <div className={classes['change']}>
      <Diff
        before={entry.before ?? {}}
        after={entry.after ?? {}}
        label={`What ${entry.event} changed`}
        maxHeight={280}
      />
      {revert.can ? (
        <RevertButton revert={revert} entry={entry} sourceId={sourceId} />
      ) : (
        <Text size="xs" c="dimmed">
          Not taken back from here. {revert.why}
        </Text>
      )}
    </div>
  );
}

/** Asks the operation that takes it back; each has an input of its own. */
async function applyRevert(api: ReturnType<typeof useApi>, revert: Revert & { can: true }): Promise<void> {
  switch (revert.operation) {
    case 'updateAppDestination':
      await api.call(revert.operation, revert.input);
      break;
    case 'updateSubscriptionForDestination':
      await api.call(revert.operation, revert.input);
      break;
    case 'updateFilterForDestination':
      await api.call(revert.operation, revert.input);
      break;
    case 'updateAppSource':
      await api.call(revert.operation, revert.input);
      break;
  }
}

function RevertButton({
  revert,
  entry,
  sourceId,
}: {
  revert: Revert & { can: true };
  entry: AuditEntry;
  sourceId: string;
}) {
  const api = useApi();
  const workspace = useWorkspaceSlug();
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const isSource = revert.operation === 'updateAppSource';
  const apply = async () => {
    setPending(true);
    setError(null);
    try {
      await applyRevert(api, revert);
      setAsking(false);
      toast(`Taken back: ${entry.resource.name ?? entry.event} is as it was`);
      await forget(queries, workspace);
    } catch (failed) {
      setError(failed instanceof Error ? failed : new Error(String(failed)));
    } finally {
      setPending(false);
    }
  };
  return (
    <>
      <Action
        right={isSource ? 'source.edit' : 'destination.edit'}
        source={{ id: sourceId }}
        size="xs"
        variant="default"
        leftSection={<IconArrowBackUp size={14} aria-hidden="true" />}
        onClick={() => setAsking(true)}
      >
        Revert
      </Action>
      <Confirm
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={`Revert ${entry.event.toLowerCase()}`}
        button="Revert change"
        colour="indigo"
        onConfirm={() => void apply()}
        isPending={isPending}
        error={error}
      >
        <b>{entry.resource.name ?? entry.resource.id}</b> gets back what it had:{' '}
        {Object.keys(entry.before ?? {}).join(', ')}. It takes effect within seconds, and is in the audit trail like any
        change.
      </Confirm>
    </>
  );
}
