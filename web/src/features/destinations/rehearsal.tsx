import { Button, Checkbox, Group, Modal, NumberInput, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { environmentOf } from '../../../../shared/domain/environment.ts';
import { useChange } from '../../api/calls.ts';
import { Action } from '../../ui/locked.tsx';
import { ErrorLine } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { type AppDestination, type AppSource, STALE_WITH_DESTINATION } from './use-destination.ts';

/** The API's bound. */
const MINUTES_MAX = 60;
const STATUSES = [
  { value: '503', label: '503: the tool is down, tried again' },
  { value: '429', label: '429: too many requests, tried again' },
  { value: '401', label: '401: wrong credentials, sending stops' },
  { value: '400', label: '400: the request is refused, not tried again' },
];

/** Rehearses an outage of the tool, so that a team sees what an alert and a retry look like before they need them. Never in production. */
export function Rehearsal({ destination, source }: { destination: AppDestination; source: AppSource | undefined }) {
  const [isOpen, setOpen] = useState(false);
  const environment = environmentOf(source?.labels ?? []);
  const end = useChange('endRehearsal', {
    stale: STALE_WITH_DESTINATION,
    onDone: () => toast('The rehearsal is over: events are sent again'),
    onFailed: (error) => toast(`The rehearsal goes on: ${error.message}`, { bad: true }),
  });
  if (destination.rehearsal !== undefined) {
    return (
      <Action
        right="destination.edit"
        source={source}
        variant="default"
        size="xs"
        loading={end.isPending}
        onClick={() => end.mutate({ path: { destinationId: destination.id } })}
      >
        End the rehearsal
      </Action>
    );
  }
  return (
    <>
      <Action
        right="destination.edit"
        variant="default"
        size="xs"
        disabled={source === undefined || environment === 'production'}
        onClick={() => setOpen(true)}
      >
        Rehearse an outage
      </Action>
      {isOpen && (
        <StartRehearsal id={destination.id} mustConfirm={environment !== 'other'} onClose={() => setOpen(false)} />
      )}
    </>
  );
}

/** Why it cannot be rehearsed here, if it cannot. */
export const whyNoRehearsal = (source: AppSource | undefined): string | undefined =>
  environmentOf(source?.labels ?? []) === 'production'
    ? 'Its source is in production: an outage is never rehearsed on real users.'
    : undefined;

function StartRehearsal({ id, mustConfirm, onClose }: { id: string; mustConfirm: boolean; onClose: () => void }) {
  const [status, setStatus] = useState('503');
  const [minutes, setMinutes] = useState<number | string>(5);
  const [isSure, setSure] = useState(false);
  const start = useChange('startRehearsal', {
    stale: STALE_WITH_DESTINATION,
    onDone: () => {
      toast('The outage is rehearsed');
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title="Rehearse an outage">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typeof minutes !== 'number') return;
          start.mutate({
            path: { destinationId: id },
            body: { status: Number(status), minutes, ...(mustConfirm && { confirm: isSure }) },
          });
        }}
      >
        <Stack gap="md">
          <Text size="sm">
            For some minutes Tributary answers in the tool’s place, and nothing is sent. See what alerts, retries and
            replay do then. What was not sent is tried again afterwards, or kept.
          </Text>
          <Select
            label="The tool seems to answer"
            value={status}
            onChange={(value) => setStatus(value ?? '503')}
            allowDeselect={false}
            data={STATUSES}
          />
          <NumberInput
            label="For so many minutes"
            value={minutes}
            onChange={setMinutes}
            min={1}
            max={MINUTES_MAX}
            allowDecimal={false}
          />
          {mustConfirm && (
            <Checkbox
              label="No label says that its source is not production. Real users do not depend on it."
              checked={isSure}
              onChange={({ currentTarget }) => setSure(currentTarget.checked)}
            />
          )}
          <ErrorLine error={start.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={start.isPending}
              disabled={typeof minutes !== 'number' || (mustConfirm && !isSure)}
            >
              Start the rehearsal
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
