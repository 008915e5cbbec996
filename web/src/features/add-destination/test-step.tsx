import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { IconPlayerPlay, IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { useAll, useCall, useChange, useWorkspaceSlug } from '../../api/calls.ts';
import { isProduction } from '../../api/me.ts';
import { relative } from '../../ui/format.ts';
import { TextLink } from '../../ui/link.tsx';
import { Action } from '../../ui/locked.tsx';
import { ErrorLine } from '../../ui/states.tsx';
import { useNow } from '../../ui/time.tsx';
import { toast } from '../../ui/toast.tsx';
import { isDeviceOnly } from '../catalog/catalog.ts';
import { triedEvent, useLastEvents } from '../catalog/last-event.ts';
import { TrialResult } from '../catalog/trial-result.tsx';
import { STALE_WITH_DESTINATION } from '../destinations/use-destination.ts';
import classes from './add.module.css';
import { EstimatePanel } from './estimate.tsx';
import { StepFrame } from './step-frame.tsx';
import type { Adding } from './use-adding.ts';

/** Step 6: how much it would be, one event tried, then the switch. */
export function TestStep(adding: Adding) {
  const { type, go, destination, finish } = adding;
  const workspace = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  const id = destination?.id ?? '';
  const source = useCall('getAppSource', { path: { sourceId: destination?.sourceId ?? '' } }, { enabled: id !== '' });
  const mappings = useAll('listSubscriptionsFromDestination', 'subscriptions', { path: { destinationId: id } });
  const on = (mappings.data ?? []).filter(({ enabled }) => enabled);
  const enable = useChange('updateAppDestination', {
    stale: STALE_WITH_DESTINATION,
    onDone: () => {
      finish();
      toast(`${destination?.name ?? type.name} is enabled: it gets events from now on`);
      void navigate({ to: `/${workspace}/destinations/${id}/delivery` });
    },
  });
  const leave = (): void => {
    finish();
    toast(`${destination?.name ?? type.name} is saved, disabled`);
    void navigate({ to: `/${workspace}/destinations/${id}/delivery` });
  };
  const deviceOnly = isDeviceOnly(type);
  return (
    <StepFrame
      title="Test and enable"
      about={
        <>
          {destination?.name} gets nothing until you enable it.
          {isProduction(source.data?.source.labels) && ' Real users depend on its source.'}
        </>
      }
      onBack={() => go('mappings')}
      aside={
        <Button variant="subtle" onClick={leave}>
          Leave it disabled
        </Button>
      }
      next={
        <Action
          right="destination.edit"
          source={source.data?.source}
          loading={enable.isPending}
          onClick={() => enable.mutate({ path: { destinationId: id }, body: { enabled: true } })}
        >
          Enable
        </Action>
      }
    >
      <Stack gap="xl">
        <ErrorLine error={enable.error} />
        {mappings.data !== undefined && on.length === 0 && (
          <Text size="sm" role="note">
            No mapping is on, so it would send nothing.{' '}
            <TextLink to={`/${workspace}/destinations/${id}/mappings`}>Open its mappings</TextLink>
          </Text>
        )}
        <div>
          <h3 className={classes.partHead}>What it would have got</h3>
          {destination !== undefined && mappings.data !== undefined && (
            <EstimatePanel
              sourceId={destination.sourceId}
              destinationId={id}
              triggers={on.map(({ trigger }) => trigger)}
            />
          )}
        </div>
        <div>
          <h3 className={classes.partHead}>Try one event</h3>
          {deviceOnly ? (
            <Text size="sm" c="dimmed">
              Browsers send to {type.name} themselves: there is nothing to send from here. Enable it, and open your
              site.
            </Text>
          ) : (
            <TryOne adding={adding} />
          )}
        </div>
      </Stack>
    </StepFrame>
  );
}

/** Choices of the list of events; the first is chosen at first. */
const EVENTS_OFFERED = 12;

function TryOne({ adding: { type, destination } }: { adding: Adding }) {
  const now = useNow();
  const events = useLastEvents(destination?.sourceId, type.supportedTypes);
  const [index, setIndex] = useState('0');
  const offered = events.events.slice(0, EVENTS_OFFERED);
  const tried = triedEvent(offered[Number(index)]);
  const run = useChange('testDestination', { stale: [] });
  const test = (dryRun: boolean): void => {
    if (destination === undefined) return;
    run.mutate({
      path: { destinationId: destination.id },
      body: { event: { ...tried.event }, applyFilters: true, dryRun },
    });
  };
  const isBusy = run.isPending;
  const isDry = run.variables?.body.dryRun;
  return (
    <Stack gap="md">
      <Group gap="sm" align="flex-end">
        <Select
          label="Event"
          w={{ base: '100%', xs: 300 }}
          value={offered.length === 0 ? 'made-up' : index}
          onChange={(value) => {
            setIndex(value ?? '0');
            run.reset();
          }}
          allowDeselect={false}
          data={
            offered.length === 0
              ? [{ value: 'made-up', label: `Made up: ${tried.name}` }]
              : offered.map((one, at) => ({
                  value: String(at),
                  label: `${one.name}, ${relative(one.receivedAt ?? now, now)}`,
                }))
          }
        />
        <Button
          variant="default"
          leftSection={<IconPlayerPlay size={15} aria-hidden="true" />}
          loading={isBusy && isDry === true}
          disabled={isBusy}
          onClick={() => test(true)}
        >
          Dry run
        </Button>
        <Action
          right="destination.edit"
          variant="default"
          leftSection={<IconSend size={15} aria-hidden="true" />}
          loading={isBusy && isDry === false}
          disabled={isBusy}
          onClick={() => test(false)}
        >
          Send for real
        </Action>
      </Group>
      <Text size="xs" c="dimmed">
        A dry run sends nothing. “Send for real” sends this one event to {type.name}; it is in no count, and the audit
        trail tells of it.
      </Text>
      <ErrorLine error={run.error} />
      {run.data !== undefined && <TrialResult trial={run.data} />}
    </Stack>
  );
}
