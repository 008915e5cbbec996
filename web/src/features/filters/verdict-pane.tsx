import { ActionIcon, Paper, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { Diff } from '../../ui/json/diff-view.tsx';
import { Json } from '../../ui/json/json-view.tsx';
import { Failed, Waiting } from '../../ui/states.tsx';
import type { Tone } from '../../ui/state.ts';
import { Chip } from '../../ui/status.tsx';
import { Ago } from '../../ui/time.tsx';
import { RECENT_EVENTS, type useRecentEvents } from './recent-events.ts';
import classes from './filters.module.css';
import type { Judged, Verdict } from './verdicts.ts';

const WORDS: Readonly<Record<Verdict, { word: string; tone: Tone; said: string }>> = {
  sent: { word: 'Sent', tone: 'good', said: 'This event will be sent, as it is.' },
  partly: { word: 'Sent in part', tone: 'warn', said: 'This event will be sent without the fields marked below.' },
  'not-sent': { word: 'Not sent', tone: 'bad', said: 'This event will not be sent.' },
  unreadable: {
    word: 'Not sent',
    tone: 'bad',
    said: 'The condition cannot be judged for this event, so it will not be sent.',
  },
};
const ORDER: readonly Verdict[] = ['sent', 'partly', 'not-sent', 'unreadable'];

/** What becomes of the last real events of the source by the filter as it stands (C15); one of them is shown with its dropped fields. */
export function VerdictPane({
  recent,
  judged,
  blocked,
}: {
  recent: ReturnType<typeof useRecentEvents>;
  judged: readonly Judged[];
  /** Why nothing can be judged yet. */
  blocked: string | undefined;
}) {
  const [chosen, choose] = useState<string>();
  const shown = judged.find(({ messageId }) => messageId === chosen) ?? judged[0];
  const counts = ORDER.flatMap((verdict) => {
    const count = judged.filter((one) => one.verdict === verdict).length;
    return count === 0 ? [] : [{ verdict, count }];
  });
  return (
    <div className={classes.side}>
      <Paper withBorder component="section" aria-label="What becomes of real events" style={{ overflow: 'hidden' }}>
        <div className={classes.paneHead}>
          <Text fw={600} size="sm">
            The last {judged.length === 0 ? RECENT_EVENTS : judged.length} events
          </Text>
          <Tooltip label="Take the newest events">
            <ActionIcon
              aria-label="Take the newest events"
              loading={recent.isFetching}
              onClick={() => void recent.refetch()}
            >
              <IconRefresh size={15} />
            </ActionIcon>
          </Tooltip>
        </div>
        {recent.isPending ? (
          <div style={{ padding: 12 }}>
            <Waiting what="the last events" lines={6} height={26} />
          </div>
        ) : recent.isError && recent.events.length === 0 ? (
          <Failed what="The last events" error={recent.error} onRetry={() => void recent.refetch()} />
        ) : recent.events.length === 0 ? (
          <Text size="sm" c="dimmed" p="md">
            The source has sent nothing in the last 24 hours. As soon as an event comes, it is judged here.
          </Text>
        ) : blocked !== undefined ? (
          <Text size="sm" c="dimmed" p="md" role="status">
            {blocked}, and each of these events is judged here at once.
          </Text>
        ) : (
          <>
            <div className={classes.tally} role="status">
              {counts.map(({ verdict, count }) => (
                <Text key={verdict} size="sm" component="span">
                  <b className="numbers">{count}</b> {TALLY[verdict]}
                </Text>
              ))}
            </div>
            <ul className={classes.events} aria-label="Events and what becomes of them">
              {judged.map((one) => (
                <li key={one.messageId}>
                  <UnstyledButton
                    className={classes.event}
                    aria-current={one === shown}
                    onClick={() => choose(one.messageId)}
                  >
                    <span className={classes.eventName}>{one.name}</span>
                    <Ago at={one.receivedAt} size="xs" c="dimmed" />
                    <Chip size="sm" tone={WORDS[one.verdict].tone}>
                      {WORDS[one.verdict].word}
                    </Chip>
                  </UnstyledButton>
                </li>
              ))}
            </ul>
          </>
        )}
      </Paper>
      {shown !== undefined && blocked === undefined && (
        <Paper withBorder mt="md" component="section" aria-label="The chosen event" style={{ overflow: 'hidden' }}>
          <div className={classes.paneHead}>
            <Text fw={600} size="sm" truncate>
              {shown.name}
            </Text>
            <Chip tone={WORDS[shown.verdict].tone}>{WORDS[shown.verdict].word}</Chip>
          </div>
          <Text size="sm" px={12} pt={10}>
            {WORDS[shown.verdict].said}
          </Text>
          {shown.isMasked && (
            <Text size="xs" c="dimmed" px={12}>
              Values that you may not see are masked: conditions on them may be judged otherwise.
            </Text>
          )}
          <div style={{ padding: 12 }}>
            {shown.verdict === 'partly' ? (
              <Diff
                before={shown.event}
                after={shown.after}
                label="What the destination does not get"
                maxHeight={360}
              />
            ) : (
              <Json value={shown.event} label="The event" maxHeight={320} />
            )}
          </div>
        </Paper>
      )}
    </div>
  );
}

const TALLY: Readonly<Record<Verdict, string>> = {
  sent: 'will be sent',
  partly: 'will be sent in part',
  'not-sent': 'will not be sent',
  unreadable: 'cannot be judged, and will not be sent',
};
