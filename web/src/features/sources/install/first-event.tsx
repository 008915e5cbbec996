import { Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconFlask } from '@tabler/icons-react';
import { useState } from 'react';
import { useCall, useChange, useWorkspaceSlug } from '../../../api/calls.ts';
import { TextLink } from '../../../ui/link.tsx';
import { Action } from '../../../ui/locked.tsx';
import { text, useParam } from '../../../ui/search-params.ts';
import { ErrorLine } from '../../../ui/states.tsx';
import { Ago } from '../../../ui/time.tsx';
import type { AppSource } from '../use-source.ts';
import { arrivalsOf, eventText } from './arrivals.ts';
import classes from './install.module.css';

/** While nothing has come, and once something has. */
const WAITING_POLL_MS = 1_500;
const ARRIVED_POLL_MS = 6_000;
const LOOKED_AT = 50;

/** Whether events arrive: waits for the first one of the reader's own code, shows it, and leads to its trace. */
export function FirstEvent({ source }: { source: AppSource }) {
  const slug = useWorkspaceSlug() ?? '';
  const [hasReal, setHasReal] = useState(false);
  const [, openTrace] = useParam('event', text);
  const path = { sourceId: source.id };
  const events = useCall(
    'listSourceEvents',
    { path, query: { count: LOOKED_AT } },
    { everyMs: hasReal ? ARRIVED_POLL_MS : WAITING_POLL_MS },
  );
  const stats = useCall('listSourceStats', { query: { sourceIds: [source.id] } });
  const send = useChange('createTestEvent', { stale: ['listSourceEvents'] });
  const { real, refused, test } = arrivalsOf(events.data?.events ?? []);
  // It is asked less often from then on.
  if (hasReal !== (real !== undefined)) setHasReal(real !== undefined);

  const sentId = send.data?.messageId;
  const sent = test !== undefined && test.messageId === sentId ? test : undefined;
  const lastSeenAt = stats.data?.stats[0]?.lastSeenAt ?? null;
  const isGreen = real !== undefined;
  const traceOf = (messageId: string | null) => () => openTrace(messageId ?? undefined);

  return (
    <section aria-label="First event" className={classes['arrival']} data-arrived={isGreen}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <Group gap="sm" align="flex-start" wrap="nowrap" style={{ flex: '1 1 300px', minWidth: 0 }}>
          {isGreen ? (
            <IconCircleCheck size={22} color="var(--mantine-color-teal-text)" aria-hidden style={{ flexShrink: 0 }} />
          ) : (
            <span className={classes['pulse']} aria-hidden="true" />
          )}
          <Stack gap={4} style={{ minWidth: 0 }} role="status">
            <Text fw={600}>{isGreen ? 'Events arrive' : headOf(source, lastSeenAt !== null)}</Text>
            {isGreen ? (
              <Text size="sm" component="div">
                Newest: <b className={classes['event']}>{eventText(real)}</b> <Ago at={real.receivedAt} c="dimmed" />
              </Text>
            ) : (
              <Text size="sm" c="dimmed" component="div">
                {lastSeenAt === null ? (
                  'Paste the code below and run it. This turns green by itself.'
                ) : (
                  <>
                    The last event came <Ago at={lastSeenAt} />; of it nothing is kept here any more.
                  </>
                )}
              </Text>
            )}
            {refused !== undefined && (
              <Group gap={6} wrap="nowrap" align="flex-start">
                <IconAlertTriangle
                  size={16}
                  color="var(--mantine-color-error)"
                  aria-hidden
                  style={{ flexShrink: 0, marginTop: 2 }}
                />
                <Text size="sm" component="div">
                  An event came that is none: {refused.reason ?? 'it could not be read'}{' '}
                  <Ago at={refused.receivedAt} c="dimmed" />.{' '}
                  <TextLink to={`/${slug}/sources/${source.id}/debugger`} underline="always">
                    See what was sent
                  </TextLink>
                </Text>
              </Group>
            )}
            {sentId !== undefined && (
              <Group gap={6} wrap="nowrap">
                <IconFlask size={16} aria-hidden style={{ flexShrink: 0 }} />
                <Text size="sm" component="div">
                  {sent === undefined ? 'The test event is on its way …' : 'The test event went through.'}{' '}
                  {sent !== undefined && (
                    <Button variant="transparent" size="compact-sm" px={0} onClick={traceOf(sentId)}>
                      See its trace
                    </Button>
                  )}
                </Text>
              </Group>
            )}
            <ErrorLine error={send.error ?? events.error} />
          </Stack>
        </Group>
        <Group gap="xs">
          {real?.messageId !== null && real !== undefined && (
            <Button variant="default" size="xs" onClick={traceOf(real.messageId)}>
              See its trace
            </Button>
          )}
          {source.enabled && source.kind !== 'webhook' && (
            <Action
              right="source.edit"
              source={source}
              labels={[]}
              size="xs"
              variant="default"
              loading={send.isPending}
              onClick={() => send.mutate({ path, body: { event: TEST_EVENT } })}
            >
              Send a test event
            </Action>
          )}
        </Group>
      </Group>
    </section>
  );
}

const headOf = (source: AppSource, wasSeen: boolean): string => {
  if (!source.enabled) return 'This source is disabled: it takes no events';
  return wasSeen ? 'Waiting for the next event' : 'Waiting for the first event';
};

/** Judged, delivered and counted like any other. */
const TEST_EVENT = {
  type: 'track',
  event: 'Test Event',
  userId: 'test-user',
  properties: { sentFrom: 'install page' },
};
