import { Button, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { forget, useApi, useWorkspaceSlug } from '../../api/calls.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { counted } from '../../ui/format.ts';
import { Action } from '../../ui/locked.tsx';
import { toast } from '../../ui/toast.tsx';
import type { DestinationRow } from './destination-rows.ts';
import classes from './destinations.module.css';
import { STALE_WITH_DESTINATION } from './use-destination.ts';

type Order = { rows: readonly Pick<DestinationRow, 'id' | 'name'>[]; enabled: boolean; isBack?: boolean };
type Outcome = {
  done: readonly Pick<DestinationRow, 'id' | 'name'>[];
  failed: readonly { name: string; why: string }[];
};

/** Switches many destinations at once; what refuses is named, and the rest can be taken back. */
function useBulk(onDone: () => void) {
  const api = useApi();
  const workspace = useWorkspaceSlug();
  const queries = useQueryClient();
  const change = useMutation<Outcome, Error, Order>({
    mutationFn: async ({ rows, enabled }) => {
      const done: Order['rows'][number][] = [];
      const failed: { name: string; why: string }[] = [];
      // One by one: each is a commit to the same configuration.
      for (const row of rows) {
        try {
          await api.call('updateAppDestination', { path: { destinationId: row.id }, body: { enabled } });
          done.push(row);
        } catch (error) {
          failed.push({ name: row.name, why: error instanceof Error ? error.message : String(error) });
        }
      }
      return { done, failed };
    },
    onSettled: () => void forget(queries, workspace, [...STALE_WITH_DESTINATION]),
    onSuccess: ({ done, failed }, { enabled, isBack }) => {
      const word = enabled ? 'enabled' : 'disabled';
      if (done.length > 0) {
        toast(
          `${counted(done.length, 'destination')} ${word}`,
          isBack === true ? {} : { undo: () => change.mutate({ rows: done, enabled: !enabled, isBack: true }) },
        );
      }
      for (const { name, why } of failed) toast(`${name} was not ${word}: ${why}`, { bad: true });
      onDone();
    },
  });
  return change;
}

/** What can be done with the rows that are chosen. */
export function BulkBar({ rows, onDone }: { rows: readonly DestinationRow[]; onDone: () => void }) {
  const bulk = useBulk(onDone);
  const [isAsking, setAsking] = useState(false);
  if (rows.length === 0) return null;
  const on = rows.filter(({ enabled }) => enabled);
  const off = rows.filter(({ enabled }) => !enabled);
  return (
    <div className={classes.bulk} role="toolbar" aria-label="Chosen destinations">
      <Text size="sm" fw={600}>
        {counted(rows.length, 'destination')} chosen
      </Text>
      {off.length > 0 && (
        <Action
          right="destination.edit"
          size="xs"
          labels={off.flatMap(({ source }) => source.labels)}
          loading={bulk.isPending}
          onClick={() => bulk.mutate({ rows: off, enabled: true })}
        >
          {`Enable ${off.length}`}
        </Action>
      )}
      {on.length > 0 && (
        <Action
          right="destination.edit"
          size="xs"
          variant="default"
          labels={on.flatMap(({ source }) => source.labels)}
          loading={bulk.isPending}
          onClick={() => setAsking(true)}
        >
          {`Disable ${on.length}`}
        </Action>
      )}
      <Button variant="subtle" size="xs" onClick={onDone}>
        Choose none
      </Button>
      <Confirm
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={`Disable ${counted(on.length, 'destination')}`}
        button="Disable"
        onConfirm={() => {
          setAsking(false);
          bulk.mutate({ rows: on, enabled: false });
        }}
      >
        They stop at once: {on.map(({ name, source }) => `${source.name} to ${name}`).join(', ')}. Events that come
        meanwhile are not kept for them.
      </Confirm>
    </div>
  );
}
