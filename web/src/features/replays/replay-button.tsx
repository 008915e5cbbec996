import { Button, Group, Modal, NumberInput, Progress, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { callQuery, type DataOf, type InputOf, useCall, useChange, useWorkspaceSlug } from '../../api/calls.ts';
import type { Label } from '../../api/me.ts';
import { counted, exact } from '../../ui/format.ts';
import { TextLink } from '../../ui/link.tsx';
import { Action } from '../../ui/locked.tsx';
import { ErrorLine } from '../../ui/states.tsx';
import { codeWords } from '../delivery/code-words.ts';
import classes from './replay.module.css';

type Run = DataOf<'createReplay'>['replay'];
type Filter = InputOf<'createReplay'>['body']['filter'];

/** How often a run is asked how far it is. */
const POLL_MS = 1_000;
const RATE = 100;
const RATE_MAX = 5_000;
/** Codes, events and reasons of each list that a run tells of and that are shown. */
const LINES_SHOWN = 6;

export type ReplayButtonProps = {
  destinationId: string;
  /** The source of the destination, for the right and for "in Production". */
  source?: { id: string; labels?: readonly Label[] | undefined } | undefined;
  /** What is sent again; up to now where nothing is said. */
  filter: Omit<Filter, 'to'> & { to?: string };
  /** How many there are, as far as the page knows: the button says so. Nothing is sent before they are counted anew. */
  count?: number;
  /** What it is, in words: "what ended as 503". */
  what: string;
  size?: string;
  variant?: string;
};

/** Sends again what was not delivered: counts first, then sends, shows how far it is, and can be cancelled. */
export function ReplayButton({
  destinationId,
  source,
  filter,
  count,
  what,
  size = 'xs',
  variant = 'filled',
}: ReplayButtonProps) {
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <Action
        right="destination.edit"
        source={source}
        size={size}
        variant={variant}
        disabled={count === 0}
        leftSection={<IconPlayerPlay size={14} aria-hidden="true" />}
        onClick={dialog.open}
      >
        {count === undefined || count === 0 ? 'Replay' : `Replay ${counted(count, 'event')}`}
      </Action>
      {opened && (
        <ReplayDialog
          destinationId={destinationId}
          source={source}
          filter={filter}
          what={what}
          onClose={dialog.close}
        />
      )}
    </>
  );
}

function ReplayDialog({
  destinationId,
  source,
  filter,
  what,
  onClose,
}: Omit<ReplayButtonProps, 'count'> & { onClose: () => void }) {
  const [rate, setRate] = useState(RATE);
  const [whole] = useState<Filter>(() => ({ ...filter, to: filter.to ?? new Date().toISOString() }));
  const count = useRun();
  const run = useRun();
  const { start } = count;
  useEffect(() => {
    start({ body: { destinationId, filter: whole, dryRun: true } });
    // Once, when the dialog opens; the filter stays what it was then.
    // oxlint-disable-next-line react/exhaustive-deps, react/exhaustive-effect-dependencies
  }, []);
  const planned = count.run?.planned ?? undefined;
  const isCounted = count.run?.status === 'FINISHED';
  return (
    <Modal opened onClose={onClose} title={`Replay ${what}`} size="lg">
      <Stack gap="md">
        {run.run === undefined && <Counted run={count.run} error={count.error} />}
        {run.run !== undefined && <RunProgress run={run.run} />}
        <ErrorLine error={run.error} />
        {run.run === undefined ? (
          <Group justify="space-between" align="flex-end">
            <NumberInput
              label="Events a second"
              size="xs"
              w={130}
              min={1}
              max={RATE_MAX}
              value={rate}
              onChange={(value) => setRate(typeof value === 'number' ? Math.round(value) : RATE)}
            />
            <Group gap="xs">
              <Button variant="default" onClick={onClose}>
                Close
              </Button>
              <Action
                right="destination.edit"
                source={source}
                disabled={!isCounted || planned === undefined || planned === 0}
                loading={run.isStarting}
                onClick={() => run.start({ body: { destinationId, filter: whole, rate, dryRun: false } })}
              >
                {planned === undefined ? 'Replay' : `Replay ${counted(planned, 'event')}`}
              </Action>
            </Group>
          </Group>
        ) : (
          <RunButtons run={run.run} onClose={onClose} onChanged={run.refresh} />
        )}
      </Stack>
    </Modal>
  );
}

/** A run from its start on, asked for again until nothing of it changes. */
function useRun() {
  const create = useChange('createReplay', { stale: ['listReplays'] });
  const started = create.data?.replay;
  const workspace = useWorkspaceSlug();
  const input = { path: { replayId: started?.id ?? '' } };
  const known = useQueryClient().getQueryData(callQuery(workspace, 'getReplay', input).queryKey)?.replay ?? started;
  const isAsked = started !== undefined && !isOver(known);
  const asked = useCall('getReplay', input, { enabled: isAsked, everyMs: POLL_MS });
  const run = asked.data?.replay ?? started;
  return {
    run,
    start: create.mutate,
    isStarting: create.isPending,
    error: create.error ?? asked.error,
    refresh: () => void asked.refetch(),
  };
}

/** Nothing of it changes any more: what it has queued has ended, too. */
const isOver = (run: Run | undefined): boolean =>
  run !== undefined &&
  (run.status === 'FAILED' || ((run.status === 'FINISHED' || run.status === 'CANCELLED') && run.waiting === 0));

function Counted({ run, error }: { run: Run | undefined; error: Error | null }) {
  if (error !== null) return <ErrorLine error={error} />;
  if (run === undefined || run.status === 'COUNTING') {
    return (
      <Stack gap="xs" role="status">
        <Text size="sm">Counting what there is to send. Nothing is sent before you say so.</Text>
        <Progress value={100} animated aria-label="Counting" />
      </Stack>
    );
  }
  if (run.status === 'FAILED') return <ErrorLine error={new Error(run.failure ?? 'It could not be counted.')} />;
  const planned = run.planned ?? 0;
  return (
    <Stack gap="sm">
      <div role="status">
        <Text fw={620} size="lg" className="numbers">
          {planned === 0 ? 'Nothing to send' : `${counted(planned, 'event')} would be sent again`}
        </Text>
        <Text size="sm" c="dimmed">
          {planned === 0
            ? 'Nothing of it lies among what was not delivered.'
            : 'By the settings, mappings and filters of now; each keeps its messageId and its times.'}
          {run.hasMore && ' There are more than one replay takes: replay once more afterwards.'}
        </Text>
      </div>
      <div className={classes['lists']}>
        <Counts title="By code" counted={run.byCode} words />
        <Counts title="By event" counted={run.byEvent} />
        <Counts title="Left out" counted={run.leftOut} words />
      </div>
    </Stack>
  );
}

function Counts({
  title,
  counted: { counts, more },
  words = false,
}: {
  title: string;
  counted: Run['byCode'];
  words?: boolean;
}) {
  if (counts.length === 0) return null;
  const shown = counts.slice(0, LINES_SHOWN);
  const rest = counts.slice(LINES_SHOWN).reduce((sum, { count }) => sum + count, more);
  return (
    <div>
      <Text size="xs" c="dimmed" fw={550} mb={4}>
        {title}
      </Text>
      <ul className={classes['list']}>
        {shown.map(({ name, count }) => (
          <li key={name}>
            <span title={name}>
              {name === '' ? '(no name)' : words && codeWords(name) !== name ? `${name} · ${codeWords(name)}` : name}
            </span>
            <span className="numbers">{exact(count)}</span>
          </li>
        ))}
        {rest > 0 && (
          <li>
            <span>Others</span>
            <span className="numbers">{exact(rest)}</span>
          </li>
        )}
      </ul>
    </div>
  );
}

const TITLES: Readonly<Record<Run['status'], string>> = {
  COUNTING: 'Counting',
  RUNNING: 'Sending',
  FINISHED: 'All is queued',
  CANCELLED: 'Cancelled',
  FAILED: 'Failed',
};

function RunProgress({ run }: { run: Run }) {
  const whole = Math.max(1, run.planned ?? 0);
  const part = (count: number): number => (count / whole) * 100;
  const done = run.delivered + run.failed + run.expired;
  const isDone = run.status === 'FINISHED' && run.waiting === 0;
  return (
    <Stack gap="xs" role="status">
      <Text fw={620} size="lg">
        {isDone ? `Done: ${counted(run.delivered, 'event')} delivered` : TITLES[run.status]}
      </Text>
      <Progress.Root size="lg" aria-label="How far it is">
        <Progress.Section value={part(run.delivered)} color="teal" aria-label="Delivered" />
        <Progress.Section value={part(run.failed + run.expired)} color="red" aria-label="Failed" />
        <Progress.Section value={part(run.waiting)} color="gray" aria-label="Waiting" />
      </Progress.Root>
      <Text size="sm" c="dimmed" className="numbers">
        {exact(done)} of {exact(run.planned ?? 0)} ended: {exact(run.delivered)} delivered, {exact(run.failed)} failed
        {run.waiting > 0 && `, ${exact(run.waiting)} on their way`}
        {run.expired > 0 && `, ${exact(run.expired)} were gone before they were sent`}
      </Text>
      {run.failure !== null && <ErrorLine error={new Error(run.failure)} />}
      {run.failed > 0 && (
        <Text size="sm">What failed lies among the undelivered again: put the cause right, then replay once more.</Text>
      )}
    </Stack>
  );
}

function RunButtons({ run, onClose, onChanged }: { run: Run; onClose: () => void; onChanged: () => void }): ReactNode {
  const workspace = useWorkspaceSlug() ?? '';
  const cancel = useChange('cancelReplay', { stale: ['listReplays', 'getReplay'], onDone: onChanged });
  const isGoingOn = run.status === 'RUNNING' || run.status === 'COUNTING';
  return (
    <>
      <ErrorLine error={cancel.error} />
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          It goes on when you close this; it is listed in{' '}
          <TextLink to={`/${workspace}/settings/replays`} size="xs">
            Replays
          </TextLink>
          .
        </Text>
        <Group gap="xs">
          {isGoingOn && (
            <Button
              variant="default"
              loading={cancel.isPending}
              onClick={() => cancel.mutate({ path: { replayId: run.id } })}
            >
              Cancel replay
            </Button>
          )}
          <Button onClick={onClose}>Close</Button>
        </Group>
      </Group>
    </>
  );
}
