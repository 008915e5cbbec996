import { Button, Checkbox, Code, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { forget, useAll, useApi, useChange, useWorkspaceSlug } from '../../api/calls.ts';
import { useWork } from '../../api/use-work.ts';
import { counted } from '../../ui/format.ts';
import { TextLink } from '../../ui/link.tsx';
import { Action } from '../../ui/locked.tsx';
import { ErrorLine, Failed, Waiting } from '../../ui/states.tsx';
import { Chip } from '../../ui/status.tsx';
import { Ago } from '../../ui/time.tsx';
import { isDeviceOnly } from '../catalog/catalog.ts';
import { triedEvent, useLastEvents } from '../catalog/last-event.ts';
import { TrialResult } from '../catalog/trial-result.tsx';
import classes from './add.module.css';
import { applyMappings, type Starting, startingMappings, type Unfinished } from './starting-mappings.ts';
import { StepFrame } from './step-frame.tsx';
import type { Adding } from './use-adding.ts';

/** Step 5: which events become which requests. Presets are on; a preview shows them on a real event. */
export function MappingsStep({ type, go, destination, sourceId }: Adding) {
  const workspace = useWorkspaceSlug() ?? '';
  const api = useApi();
  const queries = useQueryClient();
  const destinationId = destination?.id ?? '';
  const present = useAll('listSubscriptionsFromDestination', 'subscriptions', { path: { destinationId } });
  const starting = startingMappings(type);
  const hasPresets = type.presets.length > 0;
  const [picked, setPicked] = useState<ReadonlySet<string>>();
  const [unfinished, setUnfinished] = useState<readonly Unfinished[]>([]);
  const there = new Map((present.data ?? []).map((one) => [one.name, one]));
  const others = (present.data ?? []).filter(({ name }) => !starting.some((one) => one.name === name));
  const first = (): ReadonlySet<string> => {
    if ((present.data ?? []).length > 0)
      return new Set([...there.values()].filter((one) => one.enabled).map((one) => one.name));
    return new Set(
      hasPresets ? starting.map(({ name }) => name) : starting.length === 1 ? [starting[0]?.name ?? ''] : [],
    );
  };
  const on = picked ?? first();
  const apply = useWork<Unfinished[]>({
    mutationFn: async () => {
      const wanted: Starting[] = [
        ...starting.filter(({ name }) => on.has(name)),
        ...others
          .filter(({ name }) => on.has(name))
          .map(({ name, actionId, actionSlug, trigger }) => ({
            name,
            actionId,
            actionTitle: actionSlug,
            trigger,
            isPreset: false,
          })),
      ];
      return await applyMappings(api, destinationId, wanted, present.data ?? []);
    },
    onSettled: () =>
      void forget(queries, workspace, ['listSubscriptionsFromDestination', 'getSubscriptionFromDestination']),
    onSuccess: (rest) => {
      setUnfinished(rest);
      if (rest.length === 0) go('test');
    },
  });
  const rows = [
    ...starting,
    ...others.map(({ name, actionSlug, actionId, trigger }) => ({
      name,
      actionId,
      actionTitle: actionSlug,
      trigger,
      isPreset: false,
    })),
  ];
  return (
    <StepFrame
      title="Mappings"
      about={
        hasPresets
          ? 'Each mapping makes requests of the events that its trigger matches. The presets suit most; you can change every field later.'
          : `${type.name} has no presets: choose what it shall do. You can change every field later.`
      }
      onBack={() => go('settings')}
      aside={
        unfinished.length > 0 && (
          <Button variant="subtle" onClick={() => go('test')}>
            Continue without them
          </Button>
        )
      }
      next={
        <Action
          right="destination.create"
          loading={apply.isPending}
          disabled={present.data === undefined}
          onClick={() => apply.mutate()}
        >
          {on.size === 0 ? 'Continue without mappings' : `Save ${counted(on.size, 'mapping')} and continue`}
        </Action>
      }
    >
      {present.isError ? (
        <Failed what="Its mappings" error={present.error} onRetry={() => void present.refetch()} />
      ) : present.data === undefined ? (
        <Waiting what="its mappings" lines={4} height={58} />
      ) : (
        <Stack gap="md">
          <ul className={classes.choices} aria-label="Mappings">
            {rows.map(({ name, actionTitle, trigger }) => (
              <li key={name}>
                <label className={classes.choice}>
                  <Checkbox
                    checked={on.has(name)}
                    onChange={() => {
                      const next = new Set(on);
                      if (!next.delete(name)) next.add(name);
                      setPicked(next);
                    }}
                    aria-label={name}
                  />
                  <span className={classes.sourceText}>
                    <span className={classes.sourceName}>{name}</span>
                    <Text span size="xs" c="dimmed">
                      {actionTitle === name ? 'for' : `${actionTitle}, for`}{' '}
                      <Code className={classes.trigger}>{trigger}</Code>
                    </Text>
                  </span>
                  {there.has(name) && <Chip>Saved</Chip>}
                </label>
              </li>
            ))}
          </ul>
          {unfinished.map(({ id, name, why }) => (
            <Text key={id} size="sm" role="alert" c="var(--mantine-color-error)">
              “{name}” is saved, and cannot be enabled yet: it {why}.{' '}
              <TextLink to={`/${workspace}/destinations/${destinationId}/mappings/${id}`}>Fill it in</TextLink>
            </Text>
          ))}
          <ErrorLine error={apply.error} />
          {!isDeviceOnly(type) && <Preview slug={type.slug} types={type.supportedTypes} sourceId={sourceId} />}
        </Stack>
      )}
    </StepFrame>
  );
}

/** What the presets make of the last real event of the source; nothing is sent. */
function Preview({ slug, types, sourceId }: { slug: string; types: readonly string[]; sourceId: string | undefined }) {
  const events = useLastEvents(sourceId, types);
  const tried = triedEvent(events.last);
  const run = useChange('dryRunCatalogDestination', { stale: [] });
  return (
    <div className={classes.preview}>
      <Group gap="sm">
        <Button
          variant="default"
          leftSection={<IconPlayerPlay size={15} aria-hidden="true" />}
          loading={run.isPending}
          disabled={sourceId === undefined || events.isPending}
          onClick={() => {
            if (sourceId !== undefined)
              run.mutate({ path: { idOrSlug: slug }, body: { sourceId, event: { ...tried.event } } });
          }}
        >
          Preview on an event
        </Button>
        <Text size="sm" c="dimmed">
          {tried.receivedAt === undefined ? (
            <>made up: {tried.name}</>
          ) : (
            <>
              <b>{tried.name}</b>, <Ago at={tried.receivedAt} />
            </>
          )}
          . Nothing is sent.
        </Text>
      </Group>
      <ErrorLine error={run.error} />
      {run.data !== undefined && <TrialResult trial={run.data} />}
    </div>
  );
}
