import { Button, Group, Text, Title } from '@mantine/core';
import { useCall } from '../../../api/calls.ts';
import { counted } from '../../../ui/format.ts';
import { Json } from '../../../ui/json/json-view.tsx';
import { text, useParam } from '../../../ui/search-params.ts';
import { Failed, Waiting } from '../../../ui/states.tsx';
import { Ago } from '../../../ui/time.tsx';
import type { Range } from '../../../ui/time-range.tsx';
import classes from './overview.module.css';

const HEIGHT_PX = 280;

/** Up to ten events that ended for a reason, as they were sent. */
export function ReasonSamples({ sourceId, reason, range }: { sourceId: string; reason: string; range: Range }) {
  const samples = useCall('listReasonSamples', { path: { sourceId }, query: { reason, range } });
  const [, openTrace] = useParam('event', text);
  return (
    <div>
      <Title order={3} size="sm" mb={6}>
        Samples
      </Title>
      {samples.isPending && <Waiting what="samples" lines={3} height={36} />}
      {samples.isError && <Failed what="Samples" error={samples.error} onRetry={() => void samples.refetch()} />}
      {samples.data?.samples.length === 0 && (
        <Text size="sm" c="dimmed">
          No sample is kept: they are, for {counted(samples.data.keptHours, 'hour')}.
        </Text>
      )}
      <ul className={classes['samples']}>
        {samples.data?.samples.map(({ messageId, at, event, message, isMasked }, index) => (
          <li key={messageId}>
            <details className={classes['sample']} open={index === 0}>
              <summary>
                <Text span size="sm" fw={550}>
                  {typeof event['event'] === 'string' ? event['event'] : messageId}
                </Text>{' '}
                <Ago at={at} size="xs" c="dimmed" />
              </summary>
              {message !== null && (
                <Text size="sm" my={4}>
                  {message}
                </Text>
              )}
              <Json value={event} label={`Event ${messageId}`} maxHeight={HEIGHT_PX} />
              <Group gap="xs" mt={6}>
                <Button variant="default" size="compact-xs" onClick={() => openTrace(messageId)}>
                  See its trace
                </Button>
                {isMasked && (
                  <Text size="xs" c="dimmed">
                    Values are hidden: you may not see personal data.
                  </Text>
                )}
              </Group>
            </details>
          </li>
        ))}
      </ul>
    </div>
  );
}
