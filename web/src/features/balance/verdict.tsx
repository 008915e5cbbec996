import { Group, Paper, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import type { SourceBalance } from '../../../../shared/domain/balance.ts';
import { counted, exact, percent } from '../../ui/format.ts';
import { DocLink } from '../../ui/states.tsx';
import classes from './balance.module.css';
import { END_WORDS, SOURCE_ENDS, type SourceEnd, totalOf } from './lines.ts';

/** The sum of it all in a sentence and a bar; whether it adds up, and what to do if it does not. */
export function Verdict({ lines, wrong }: { lines: readonly SourceBalance[]; wrong: number }) {
  const total = totalOf(lines);
  const accepted = total.accepted + total.unreadable;
  const ends = SOURCE_ENDS.filter((end) => total[end] > 0);
  return (
    <Paper withBorder p="lg" component="section" aria-label="In all">
      <Stack gap="md">
        <Group justify="space-between" align="flex-start" gap="sm">
          <div>
            <Text className={classes.sum}>{exact(accepted)}</Text>
            <Text size="sm" c="dimmed">
              {accepted === 1 ? 'event was accepted' : 'events were accepted'}
            </Text>
          </div>
          {wrong === 0 ? (
            <Group gap={6} wrap="nowrap" className={classes.right} role="status">
              <IconCircleCheck size={18} aria-hidden="true" />
              <Text size="sm" fw={600}>
                Adds up: each is in one place
              </Text>
            </Group>
          ) : (
            <Stack gap={2} className={classes.wrong} role="alert">
              <Group gap={6} wrap="nowrap">
                <IconAlertTriangle size={18} aria-hidden="true" />
                <Text size="sm" fw={600}>
                  {counted(wrong, 'line')} {wrong === 1 ? 'does' : 'do'} not add up
                </Text>
              </Group>
              <DocLink page="runbook">What to do about a ledger mismatch</DocLink>
            </Stack>
          )}
        </Group>
        <div className={classes.bar} aria-hidden="true">
          {ends.map((end) => (
            <span key={end} data-end={end} style={{ flexGrow: total[end] }} />
          ))}
        </div>
        <Group gap="lg">
          {ends.map((end) => (
            <Part key={end} end={end} value={total[end]} of={accepted} />
          ))}
        </Group>
      </Stack>
    </Paper>
  );
}

function Part({ end, value, of }: { end: SourceEnd; value: number; of: number }) {
  return (
    <Group gap={8} wrap="nowrap" align="center">
      <span className={classes.key} data-end={end} aria-hidden="true" />
      <Text size="sm">
        <b className="numbers">{exact(value)}</b> {END_WORDS[end].word.toLowerCase()}{' '}
        <Text span c="dimmed" className="numbers">
          {percent(value / of)}
        </Text>
      </Text>
    </Group>
  );
}
