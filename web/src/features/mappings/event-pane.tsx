import { ActionIcon, Paper, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { Json } from '../../ui/json/json-view.tsx';
import { Failed, Waiting } from '../../ui/states.tsx';
import { Ago } from '../../ui/time.tsx';
import type { EventJson } from '../catalog/last-event.ts';
import type { useRecentEvents } from '../filters/recent-events.ts';
import classes from './mappings.module.css';
import { matches } from './use-preview.ts';

/** The id of the event that is made up. */
export const SAMPLE = 'sample';

export type Tried = { id: string; name: string; event: EventJson };

/** The last real events of the source, with a mark at those that the trigger chooses, and the chosen one whole. */
export function EventPane({
  recent,
  sample,
  trigger,
  chosen,
  onChoose,
}: {
  recent: ReturnType<typeof useRecentEvents>;
  /** Made up; undefined while it is asked. */
  sample: Tried | undefined;
  trigger: string;
  chosen: Tried | undefined;
  onChoose: (id: string) => void;
}) {
  // What the trigger chooses stands first, each part in the order of time.
  const byMatch = recent.events.toSorted(
    (a, b) => Number(matches(trigger, b.event)) - Number(matches(trigger, a.event)),
  );
  return (
    <Paper withBorder component="section" aria-label="Event" className={classes.pane}>
      <div className={classes.paneHead}>
        <Text fw={600} size="sm">
          Event
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
        <div className={classes.inside}>
          <Waiting what="the last events" lines={4} height={22} />
        </div>
      ) : recent.isError && recent.events.length === 0 ? (
        <Failed what="The last events" error={recent.error} onRetry={() => void recent.refetch()} />
      ) : (
        <ul className={classes.events} aria-label="Events to try">
          {sample !== undefined && (
            <Row
              isChosen={chosen?.id === SAMPLE}
              isMatch={matches(trigger, sample.event)}
              name={`Made up: ${sample.name}`}
              onChoose={() => onChoose(SAMPLE)}
            />
          )}
          {byMatch.map(({ messageId, name, receivedAt, event }) => (
            <Row
              key={messageId}
              isChosen={chosen?.id === messageId}
              isMatch={matches(trigger, event)}
              name={name}
              receivedAt={receivedAt}
              onChoose={() => onChoose(messageId)}
            />
          ))}
        </ul>
      )}
      {recent.data !== undefined && recent.events.length === 0 && (
        <Text size="xs" c="dimmed" className={classes.inside}>
          The source has sent nothing lately: a made-up event stands in.
        </Text>
      )}
      {chosen !== undefined && (
        <div className={classes.inside}>
          <Json value={chosen.event} label="The event" maxHeight={420} />
        </div>
      )}
    </Paper>
  );
}

function Row({
  isChosen,
  isMatch,
  name,
  receivedAt,
  onChoose,
}: {
  isChosen: boolean;
  isMatch: boolean;
  name: string;
  receivedAt?: string;
  onChoose: () => void;
}) {
  const said = isMatch ? 'The trigger chooses it' : 'The trigger does not choose it';
  return (
    <li>
      <UnstyledButton className={classes.event} aria-current={isChosen} onClick={onChoose} title={said}>
        <span className={classes.dot} data-on={isMatch} role="img" aria-label={said} />
        <span className={classes.eventName}>{name}</span>
        {receivedAt !== undefined && <Ago at={receivedAt} size="xs" c="dimmed" />}
      </UnstyledButton>
    </li>
  );
}
