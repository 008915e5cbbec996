import { Button, Group, Paper, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { exact, percent } from '../../ui/format.ts';
import { ErrorLine } from '../../ui/states.tsx';
import { TextLink } from '../../ui/link.tsx';
import { Ago } from '../../ui/time.tsx';
import type { Estimate, useEstimate } from './use-estimate.ts';

/** Names that are listed before the rest is asked for. */
const NAMES_SHOWN = 6;

/** What the rule would have done in the last 24 hours: how many, which, and some of them. */
export function Simulation({
  estimate,
  isBlocked,
}: {
  estimate: ReturnType<typeof useEstimate>;
  /** The rule is not finished: an older answer would be of another one. */
  isBlocked: boolean;
}) {
  const { data, isWaiting, error } = estimate;
  return (
    <Paper withBorder p="md" component="section" aria-label="In the last 24 hours" aria-busy={isWaiting}>
      <Group justify="space-between" mb={4} gap="xs">
        <Text fw={600} size="sm">
          In the last 24 hours
        </Text>
        {isWaiting && (
          <Text size="xs" c="dimmed" role="status">
            Looking…
          </Text>
        )}
      </Group>
      {data === undefined || isBlocked ? (
        error === null || isBlocked ? (
          <Text size="sm" c="dimmed">
            Once the rule is finished, it is tried on every event of the last 24 hours.
          </Text>
        ) : (
          <ErrorLine error={error} />
        )
      ) : (
        <Found estimate={data} />
      )}
    </Paper>
  );
}

function Found({ estimate }: { estimate: Estimate }) {
  const [isWhole, setWhole] = useState(false);
  const { estimated: counts, changed, sampled, basis, byEvent, samples } = estimate;
  const names = byEvent.filter(({ now, after }) => now !== after);
  const shown = isWhole ? names : names.slice(0, NAMES_SHOWN);
  return (
    <>
      <Text size="sm">{sentenceOf(estimate)}</Text>
      {changed > 0 && (
        <Text size="sm">
          Of <b>{exact(changed)}</b> other fields are sent.
        </Text>
      )}
      {shown.length > 0 && (
        <Table mt="xs" verticalSpacing={5} horizontalSpacing={8} aria-label="Events by name">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Event</Table.Th>
              <Table.Th ta="right">Now</Table.Th>
              <Table.Th ta="right">After</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map(({ type, name, now, after }) => (
              <Table.Tr key={`${type} ${name ?? ''}`}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{name === null || name === '' ? type : name}</Table.Td>
                <Table.Td ta="right" className="numbers">
                  {now === null ? '—' : exact(now)}
                </Table.Td>
                <Table.Td ta="right" className="numbers" fw={600}>
                  {exact(after)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {names.length > NAMES_SHOWN && (
        <Button variant="subtle" size="compact-xs" mt={4} onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Show fewer' : `Show all ${names.length} events`}
        </Button>
      )}
      {samples.length > 0 && (
        <Group gap={10} mt="xs">
          <Text size="xs" c="dimmed">
            Samples:
          </Text>
          {samples.slice(0, 4).map(({ messageId, name, type, receivedAt }) => (
            <TextLink key={messageId} size="xs" to="." search={{ event: messageId }}>
              {name ?? type}, <Ago at={receivedAt} size="xs" inherit />
            </TextLink>
          ))}
        </Group>
      )}
      {(sampled || counts.examined === 0) && (
        <Text size="xs" c="dimmed" mt="xs">
          {basis}
        </Text>
      )}
    </>
  );
}

/** The estimate in one sentence. */
export function sentenceOf({
  estimated: { examined, matchedNow, matchedAfter, more, fewer },
  sampled,
}: Estimate): string {
  const about = sampled ? 'about ' : '';
  if (examined === 0) return 'The source sent nothing in the last 24 hours.';
  const share = percent(matchedAfter / examined);
  const after = `${about}${exact(matchedAfter)} of ${exact(examined)} events (${share}) would be sent`;
  if (matchedNow === null) return `${capital(after)}.`;
  if (more === 0 && fewer === 0) return `${capital(after)}, as now.`;
  const change = [fewer > 0 ? `${exact(fewer)} fewer` : '', more > 0 ? `${exact(more)} more` : ''].filter(
    (part) => part !== '',
  );
  return `${capital(after)}: ${about}${change.join(' and ')} than now.`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
