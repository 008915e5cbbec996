import { Button, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useAll, useCall, useChange, useWorkspaceSlug } from '../../api/calls.ts';
import { type Label, useMe } from '../../api/me.ts';
import { isIn, useEnvironment } from '../../app/environment-filter.tsx';
import { counted, minuteTime, shortTime } from '../../ui/format.ts';
import { Can } from '../../ui/locked.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { DocLink, Failed } from '../../ui/states.tsx';
import { AsOf, useNow } from '../../ui/time.tsx';
import { toast, toastError } from '../../ui/toast.tsx';
import { byKind, GROUP_WORDS, type Health, type Line, lineKey, type Thing } from './health-words.ts';
import classes from './health.module.css';
import { isMuted, mutesIn, withMute, withoutMute } from './mutes.ts';
import { ThingCard } from './thing-card.tsx';

const POLL_MS = 30_000;
const PREFERENCE = 'healthMuted';
/** Sums that are older are said to be behind. */
const BEHIND_MS_MAX = 10 * 60_000;

/** Everything that is not well, by what it is, with its likely cause and what can be done; green where there is nothing. */
export function HealthPage() {
  const health = useCall('getHealth', undefined, { everyMs: POLL_MS });
  return (
    <Page
      title="Health"
      about="What fails, repeats, got worse or went silent, counted over the last 24 hours."
      actions={
        <Group gap="sm">
          <DocLink page="health">What each word means</DocLink>
          <AsOf at={health.data?.asOf} />
        </Group>
      }
    >
      <Can right="source.read" what="health">
        {health.isError && health.data === undefined && (
          <Failed what="Health" error={health.error} onRetry={() => void health.refetch()} />
        )}
        {health.isPending && <Ghost />}
        {health.data !== undefined && <HealthList health={health.data} />}
      </Can>
    </Page>
  );
}

type Shown = { group: Health['groups'][number]['group']; things: Thing[] };

function HealthList({ health }: { health: Health }) {
  const workspace = useWorkspaceSlug() ?? '';
  const now = useNow();
  const [environment] = useEnvironment();
  const sources = useAll('listSources', 'sources');
  const me = useMe();
  const [showMuted, setShowMuted] = useState(false);
  const save = useChange('updateMyPreferences', {
    stale: [],
    onDone: () => void me.refetch(),
    onFailed: (error) => toastError('It was not muted', error),
  });
  const mutes = mutesIn(me.data?.preferences[PREFERENCE], now);
  const labelsOf = (thing: Thing): readonly Label[] =>
    sources.data?.find(({ id }) => id === (thing.sourceId ?? thing.id))?.labels ?? [];
  const lines = (isMutedList: boolean): Shown[] =>
    health.groups.map(({ group, things }) => ({
      group,
      things: byKind(
        things
          .filter((thing) => group === 'PLATFORM' || isIn(environment, labelsOf(thing)))
          .map((thing) => ({
            ...thing,
            lines: thing.lines.filter((line) => isMuted(mutes, lineKey(thing.id, line)) === isMutedList),
          }))
          .filter((thing) => thing.lines.length > 0),
      ),
    }));
  const shown = lines(false);
  const muted = lines(true);
  const mutedCount = muted.flatMap(({ things }) => things.flatMap((thing) => thing.lines)).length;
  const ill = shown.reduce((sum, { things }) => sum + things.length, 0);

  const mute = (thing: Thing, line: Line, until: string | undefined) => {
    const key = lineKey(thing.id, line);
    const put = (next: ReturnType<typeof withMute>) => save.mutate({ body: { preferences: { [PREFERENCE]: next } } });
    if (until === undefined) return put(withoutMute(mutes, key));
    put(withMute(mutes, key, until));
    toast(`Muted until ${shortTime(until)}, for you alone`, { undo: () => put(withoutMute(mutes, key)) });
  };
  const view = (groups: readonly Shown[], isMutedList: boolean) =>
    groups
      .filter(({ things }) => things.length > 0)
      .map(({ group, things }) => (
        <Section key={group} title={`${GROUP_WORDS[group]} (${things.length})`}>
          <Stack gap="sm">
            {things.map((thing) => (
              <ThingCard
                key={thing.id}
                thing={thing}
                group={group}
                workspace={workspace}
                labels={labelsOf(thing)}
                isMutedList={isMutedList}
                onMute={(line, until) => mute(thing, line, until)}
              />
            ))}
          </Stack>
        </Section>
      ));

  return (
    <>
      {ill === 0 && <AllWell health={health} environment={environment} mutedCount={mutedCount} />}
      {ill > 0 && (
        <p className={classes['summary']} role="status">
          <b>{ill}</b> of {counted(health.looked.sources + health.looked.destinations, 'connection')}{' '}
          {ill === 1 ? 'is' : 'are'} not well
          {environment !== undefined && ` in ${environment}`}
        </p>
      )}
      <Behind health={health} now={now} />
      {view(shown, false)}
      {mutedCount > 0 && (
        <div>
          <Button
            variant="subtle"
            size="xs"
            ml={-12}
            aria-expanded={showMuted}
            onClick={() => setShowMuted(!showMuted)}
          >
            {showMuted ? 'Hide' : 'Show'} {counted(mutedCount, 'muted line')}
          </Button>
          {showMuted && view(muted, true)}
        </div>
      )}
    </>
  );
}

function AllWell({
  health: { looked, asOf },
  environment,
  mutedCount,
}: {
  health: Health;
  environment: string | undefined;
  mutedCount: number;
}) {
  const all = looked.sources + looked.destinations;
  const clock = minuteTime(asOf);
  return (
    <Paper withBorder p="xl" data-face="empty" className={classes['well']}>
      <Group gap="md" justify="center" wrap="nowrap" py="lg">
        <IconCircleCheck size={30} aria-hidden="true" />
        <div>
          <Title order={2}>
            {environment === undefined
              ? `All ${counted(all, 'connection')} are well, checked ${clock}`
              : `Everything in ${environment} is well, checked ${clock}`}
          </Title>
          <Text size="sm">
            {counted(looked.sources, 'source')} and {counted(looked.destinations, 'destination')} that are switched on
            were looked at{mutedCount > 0 ? '; what you have muted is below' : ''}.
          </Text>
        </div>
      </Group>
    </Paper>
  );
}

function Behind({ health: { countedTo }, now }: { health: Health; now: number }) {
  if (countedTo !== null && now - Date.parse(countedTo) < BEHIND_MS_MAX) return null;
  return (
    <Text size="sm" c="dimmed" mb="md">
      {countedTo === null
        ? 'Events are not counted yet: the first minute is still on its way.'
        : `Events are counted up to ${shortTime(countedTo)}; what is silent since cannot be told.`}
    </Text>
  );
}

function Ghost() {
  return (
    <Stack gap="sm" role="status" aria-label="Loading health" data-face="loading">
      <Skeleton height={22} width={260} mb="xs" />
      {Array.from({ length: 3 }, (_, index) => (
        <Skeleton key={index} height={168} radius="lg" />
      ))}
    </Stack>
  );
}
