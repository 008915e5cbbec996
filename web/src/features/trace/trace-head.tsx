import { Group, Text } from '@mantine/core';
import { useWorkspaceSlug } from '../../api/calls.ts';
import { CopyIcon } from '../../ui/copy.tsx';
import { TextLink } from '../../ui/link.tsx';
import { Ago } from '../../ui/time.tsx';
import { headOf } from './head.ts';
import type { Trace } from './outcome.ts';
import classes from './trace.module.css';
import type { Names } from './use-names.ts';

/** Where and when an event came in, and what it is found by. */
export function TraceHead({ trace, names }: { trace: Trace; names: Names }) {
  const slug = useWorkspaceSlug() ?? '';
  const { sourceId, receivedAt, messageId, intakeId } = trace;
  const { userId, anonymousId, groupId } = headOf(trace.normalised ?? trace.payload);
  const ids: [string, string | undefined][] = [
    ['Message', messageId],
    ['User', userId],
    ['Anonymous', anonymousId],
    ['Group', groupId],
    ['Request', intakeId],
  ];
  return (
    <div>
      <Group gap={6} mb={6}>
        <Text size="sm" c="dimmed" span>
          from
        </Text>
        <TextLink to={`/${slug}/sources/${sourceId}/debugger`} fw={550}>
          {names.sources.get(sourceId)?.name ?? sourceId}
        </TextLink>
        <Text size="sm" c="dimmed" span>
          ·
        </Text>
        <Ago at={receivedAt} c="dimmed" />
      </Group>
      <dl className={classes.ids}>
        {ids.map(
          ([label, id]) =>
            id !== undefined && (
              <div key={label} style={{ display: 'contents' }}>
                <dt>{label}</dt>
                <dd>
                  <code title={id}>{id}</code>
                  <CopyIcon text={id} what={`${label.toLowerCase()} id`} />
                </dd>
              </div>
            ),
        )}
      </dl>
    </div>
  );
}
