import { Button, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { forget, useApi, useWorkspaceSlug } from '../../api/calls.ts';
import { useWork } from '../../api/use-work.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { counted } from '../../ui/format.ts';
import { Action } from '../../ui/locked.tsx';
import { type Changed, oneByOne } from '../../ui/one-by-one.ts';
import { toast } from '../../ui/toast.tsx';
import type { DestinationRow } from './destination-rows.ts';
import classes from './destinations.module.css';
import { STALE_WITH_DESTINATION } from './use-destination.ts';

type Named = Pick<DestinationRow, 'id' | 'name'>;
type Order = { rows: readonly Named[]; enabled: boolean; isBack?: boolean };

/** Switches many destinations at once; what refuses is named, and the rest can be taken back. */
function useBulk(onDone: () => void) {
  const api = useApi();
  const workspace = useWorkspaceSlug();
  const queries = useQueryClient();
  const change = useWork<Changed<Named>, Order>({
    mutationFn: ({ rows, enabled }) =>
      oneByOne(rows, ({ id }) => api.call('updateAppDestination', { path: { destinationId: id }, body: { enabled } })),
    onSettled: () => void forget(queries, workspace, [...STALE_WITH_DESTINATION]),
    onSuccess: ({ done, failed }, { enabled, isBack }) => {
      const word = enabled ? 'enabled' : 'disabled';
      if (done.length > 0) {
        toast(
          `${counted(done.length, 'destination')} ${word}`,
          isBack === true ? {} : { undo: () => change.mutate({ rows: done, enabled: !enabled, isBack: true }) },
        );
      }
      for (const { thing, why } of failed) toast(`${thing.name} was not ${word}: ${why}`, { bad: true });
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
