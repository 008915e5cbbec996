import { Button, Group, Stack, Text, Tooltip } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconDownload, IconPlayerPause, IconPlayerPlay, IconSend } from '@tabler/icons-react';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { useCall } from '../../api/calls.ts';
import { ColumnChooser } from '../../ui/data-table/column-chooser.tsx';
import { Action } from '../../ui/locked.tsx';
import { oneOf, text, useParam } from '../../ui/search-params.ts';
import { Failed } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { useNames } from '../trace/use-names.ts';
import { COLUMNS, keepHidden, layoutOf, readHidden } from './columns.ts';
import { CoverageLine } from './coverage-line.tsx';
import classes from './debugger.module.css';
import { EventDetail } from './event-detail.tsx';
import { EventList, GhostList } from './event-list.tsx';
import { FilterBar, NothingFits } from './filter-bar.tsx';
import type { Row } from './live-rows.ts';
import { NothingYet } from './nothing-yet.tsx';
import { isNarrowed, type Narrowed, STATUSES, termsIn, typesIn } from './query.ts';
import { saveJson } from '../../ui/save-file.ts';
import { SendTestEvent } from './send-test-event.tsx';
import { useLiveEvents } from './use-live-events.ts';
import { useSpace } from './use-space.ts';

const PHONE = '(max-width: 48em)';
const statusIn = oneOf(...STATUSES);
/** Columns that give way while an event is open beside the list. */
const NARROW_HIDES = ['user', 'to'];

/** Events of a source as they come, and what became of each. */
export function DebuggerPage() {
  const { sourceId = '' } = useParams({ strict: false });
  const source = useCall('getAppSource', { path: { sourceId } });
  if (source.isError && source.data === undefined) {
    return <Failed what="The source" error={source.error} onRetry={() => void source.refetch()} />;
  }
  return <Debugger key={sourceId} sourceId={sourceId} source={source.data?.source} />;
}

function Debugger({
  sourceId,
  source,
}: {
  sourceId: string;
  source: Parameters<typeof NothingYet>[0]['source'] | undefined;
}) {
  const navigate = useNavigate();
  const isPhone = useMediaQuery(PHONE) ?? false;
  const [q] = useParam('q', text, { replace: true });
  const [type] = useParam('type', text, { replace: true });
  const [status] = useParam('status', statusIn, { replace: true });
  const [destinationId] = useParam('destination', text, { replace: true });
  const [reason] = useParam('reason', text, { replace: true });
  const [openKey, setOpenKey] = useParam('open', text, { replace: true });
  const [isPaused, setPaused] = useState(false);
  const [isSending, sending] = useDisclosure(false);
  const [hidden, setHidden] = useState(readHidden);
  const names = useNames();
  const narrowed = useMemo(
    (): Narrowed => ({ q, types: typesIn(type), status, destinationId, reason }),
    [q, type, status, destinationId, reason],
  );
  const live = useLiveEvents(sourceId, narrowed, isPaused);
  useSpace(useCallback(() => setPaused((now) => !now), []));

  const narrow = useCallback(
    (change: Record<string, string | undefined>) => {
      void navigate({
        to: '.',
        replace: true,
        search: (before: Record<string, unknown>) => ({ ...before, ...change }),
      } as never);
    },
    [navigate],
  );
  const onQuery = useCallback((next: string | undefined) => narrow({ q: next }), [narrow]);
  const clear = (): void =>
    narrow({ q: undefined, type: undefined, status: undefined, destination: undefined, reason: undefined });
  const onOpen = useCallback((row: Row | undefined) => setOpenKey(row?.key), [setOpenKey]);
  const open = [...live.shown, ...live.waiting].find(({ key }) => key === openKey);
  const isSplit = open !== undefined && !isPhone;
  const layout = useMemo(() => layoutOf(isSplit ? new Set([...hidden, ...NARROW_HIDES]) : hidden), [hidden, isSplit]);
  const plain = termsIn(q).find(({ key, isExcluded }) => key === undefined && !isExcluded)?.text;
  const detail = open !== undefined && (
    <EventDetail row={open} sourceId={sourceId} names={names} search={plain} onClose={() => onOpen(undefined)} />
  );
  const isEmpty = live.isReady && live.shown.length === 0;

  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Button
            variant={isPaused ? 'filled' : 'default'}
            size="xs"
            onClick={() => setPaused(!isPaused)}
            aria-keyshortcuts="Space"
            leftSection={isPaused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
          >
            {isPaused ? 'Resume' : 'Pause'}
          </Button>
          <Group gap={6} role="status" aria-label="State of the list">
            <span className={classes.live} data-live={!isPaused && live.error === undefined} aria-hidden="true" />
            <Text size="xs" c="dimmed">
              {isPaused
                ? 'Paused: events are still taken'
                : live.error === undefined
                  ? 'Live'
                  : 'Not live: trying again'}
            </Text>
          </Group>
          <CoverageLine
            coverage={live.coverage}
            keepAllUntil={live.keepAllUntil}
            source={source ?? { id: sourceId }}
            onChanged={live.tellKeepAll}
          />
        </Group>
        <Group gap="xs">
          {!isPhone && (
            <ColumnChooser
              columns={COLUMNS}
              hidden={hidden}
              onChange={(next) => {
                keepHidden(next);
                setHidden(next);
              }}
            />
          )}
          <Tooltip label="The events of the list, as JSON">
            <Button
              variant="default"
              size="xs"
              disabled={live.shown.length === 0}
              leftSection={<IconDownload size={14} aria-hidden="true" />}
              onClick={() =>
                saveJson(
                  `${source?.slug ?? 'events'}.json`,
                  live.shown.map(({ key: _key, ...event }) => event),
                )
              }
            >
              Export
            </Button>
          </Tooltip>
          <Action
            right="source.edit"
            source={source}
            size="xs"
            disabled={source?.kind === 'webhook'}
            leftSection={<IconSend size={14} aria-hidden="true" />}
            onClick={sending.open}
          >
            Send a test event
          </Action>
        </Group>
      </Group>
      <FilterBar
        narrowed={narrowed}
        onQuery={onQuery}
        onTypes={(types) => narrow({ type: types.length === 0 ? undefined : types.join(',') })}
        onStatus={(next) => narrow({ status: next })}
      />
      {live.error !== undefined && <Failed what="New events" error={live.error} onRetry={live.retry} />}
      {isEmpty && !isNarrowed(narrowed) && source !== undefined ? (
        <NothingYet source={source} onSend={sending.open} />
      ) : (
        <div className={classes.panes} data-open={isSplit}>
          <div className={classes.pane}>
            {live.isReady ? (
              <EventList
                rows={live.shown}
                waiting={live.waiting.length}
                layout={layout}
                isPhone={isPhone}
                openKey={openKey}
                onOpen={onOpen}
                onHeld={live.hold}
                onRelease={live.release}
                inline={detail}
                older={{ isThere: live.hasOlder, isLoading: live.isLoadingOlder, onMore: live.loadOlder }}
                nothing={<NothingFits onClear={clear} />}
              />
            ) : (
              <GhostList />
            )}
          </div>
          {isSplit && (
            <section className={classes.pane} aria-label="Event">
              <div className={classes.detail}>{detail}</div>
            </section>
          )}
        </div>
      )}
      <SendTestEvent
        sourceId={sourceId}
        opened={isSending}
        onClose={sending.close}
        onSent={(intakeId) => {
          toast('Sent. It is opened as soon as it is here');
          setPaused(false);
          // It is shown as soon as it comes.
          setOpenKey(`${intakeId}.0`);
        }}
      />
    </Stack>
  );
}
