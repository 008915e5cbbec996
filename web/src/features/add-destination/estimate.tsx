import { Button, Group, Progress, Text } from '@mantine/core';
import { useEffect } from 'react';
import { type DataOf, useChange } from '../../api/calls.ts';
import { exact } from '../../ui/format.ts';
import { ErrorLine } from '../../ui/states.tsx';
import classes from './add.module.css';
import { anyOf } from './any-of.ts';

/** Names of events that are listed. */
const NAMES_SHOWN = 6;

export type EstimateProps = { sourceId: string; destinationId: string; triggers: readonly string[] };

/** How many events of the last day would have gone there: all rules of the destination count. */
export function EstimatePanel({ sourceId, destinationId, triggers }: EstimateProps) {
  const estimate = useChange('createEstimate', { stale: [] });
  const trigger = anyOf(triggers);
  const { mutate } = estimate;
  useEffect(() => {
    if (trigger !== undefined) mutate({ body: { sourceId, destinationId, trigger, range: '24h' } });
  }, [mutate, sourceId, destinationId, trigger]);
  if (trigger === undefined) {
    return (
      <Text size="sm" c="dimmed">
        No mapping is on: nothing would be sent.
      </Text>
    );
  }
  const answer = estimate.data;
  return (
    <div role="region" aria-label="Estimate" aria-live="polite">
      {estimate.isPending && (
        <Text size="sm" c="dimmed">
          Counting the events of the last 24 hours…
        </Text>
      )}
      {estimate.isError && (
        <Group gap="sm">
          <ErrorLine error={estimate.error} />
          <Button
            variant="default"
            size="xs"
            onClick={() => mutate({ body: { sourceId, destinationId, trigger, range: '24h' } })}
          >
            Retry
          </Button>
        </Group>
      )}
      {answer !== undefined && <Answer answer={answer} />}
    </div>
  );
}

function Answer({ answer }: { answer: DataOf<'createEstimate'> }) {
  const { examined, matchedAfter } = answer.sampled ? answer.estimated : answer;
  const about = answer.sampled ? 'about ' : '';
  if (examined === 0) {
    return (
      <Text size="sm" c="dimmed">
        The source has sent nothing in the last 24 hours: there is nothing to estimate by.
      </Text>
    );
  }
  const names = answer.byEvent.filter(({ after }) => after > 0).slice(0, NAMES_SHOWN);
  return (
    <>
      <Text size="sm">
        It would have matched{' '}
        <b className="numbers">
          {about}
          {exact(matchedAfter)}
        </b>{' '}
        of <b className="numbers">{exact(examined)}</b> events in the last 24 hours.
      </Text>
      <Progress
        value={(matchedAfter / examined) * 100}
        size="sm"
        mt={8}
        mb={10}
        aria-label="Share of events that match"
      />
      <ul className={classes.names}>
        {names.map(({ type, name, after }) => (
          <li key={`${type} ${name ?? ''}`}>
            <span>{name ?? type}</span>
            <span className="numbers">{exact(after)}</span>
          </li>
        ))}
      </ul>
      <Text size="xs" c="dimmed" mt={6}>
        {answer.basis}
      </Text>
    </>
  );
}
