import { Group, Text } from '@mantine/core';
import { exact, percent } from '../../ui/format.ts';
import { ErrorLine } from '../../ui/states.tsx';
import type { Estimate, useEstimate } from '../filters/use-estimate.ts';

/** Below the trigger: how many of the last day's events it would choose. */
export function MatchEstimate({
  estimate,
  isBroken,
}: {
  estimate: ReturnType<typeof useEstimate>;
  /** The trigger cannot be read: an older count would be of another one. */
  isBroken: boolean;
}) {
  const { data, isWaiting, error } = estimate;
  if (isBroken) {
    return (
      <Text size="sm" c="dimmed">
        Finish the trigger, and its events of the last 24 hours are counted.
      </Text>
    );
  }
  if (data === undefined && error !== null) return <ErrorLine error={error} />;
  return (
    <Group gap={8} aria-live="polite" aria-busy={isWaiting}>
      <Text size="sm" c={isWaiting ? 'dimmed' : undefined}>
        {data === undefined ? 'Counting what it would choose…' : estimateWords(data)}
      </Text>
    </Group>
  );
}

/** All rules of the destination count, its filters too. Such as `Would send 120 of 2,000 events of the last 24 hours (6%): 20 more than now.` */
export function estimateWords({
  estimated: { examined, matchedNow, matchedAfter, more, fewer },
  sampled,
}: Estimate): string {
  if (examined === 0) return 'The source sent nothing in the last 24 hours.';
  const about = sampled ? 'about ' : '';
  const match = `Would send ${about}${exact(matchedAfter)} of ${exact(examined)} events of the last 24 hours (${percent(matchedAfter / examined)})`;
  if (matchedNow === null) return `${match}.`;
  if (more === 0 && fewer === 0) return `${match}, as now.`;
  const parts = [more > 0 ? `${exact(more)} more` : '', fewer > 0 ? `${exact(fewer)} fewer` : ''];
  return `${match}: ${about}${parts.filter((part) => part !== '').join(' and ')} than now.`;
}
