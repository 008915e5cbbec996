import { Button, Drawer, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { DestinationBalance, SourceBalance } from '../../../../shared/domain/balance.ts';
import { useCall, useWorkspaceSlug } from '../../api/calls.ts';
import { BarList } from '../../ui/charts/bar-list.tsx';
import { counted, exact } from '../../ui/format.ts';
import { Failed, Waiting } from '../../ui/states.tsx';
import { codeWords } from '../delivery/code-words.ts';
import { Samples } from '../delivery/issue-drawer.tsx';
import { type DestinationEnd, END_WORDS, reasonsOf, type SourceEnd } from './lines.ts';

type Line = SourceBalance | DestinationBalance;
type Hours = { from: string; to: string } | undefined;
/** Samples are kept so long at most (docs/debugger.md). */
const SAMPLES_RANGE = '14d';
const SAMPLED: readonly string[] = ['invalid', 'duplicate', 'suppressed', 'blocked', 'filtered'];

/** What is behind a number of the books: its reasons, some of its events, and where the rest can be seen. `opened`: `<id>:<end>`. */
export function EndDrawer({
  opened,
  lines,
  names,
  hours,
  onClose,
}: {
  opened: string | undefined;
  lines: readonly Line[];
  names: ReadonlyMap<string, string>;
  hours: Hours;
  onClose: () => void;
}) {
  const [id = '', end = ''] = opened?.split(':') ?? [];
  const line = lines.find((one) => ('destination' in one ? one.destination : one.source) === id);
  const words = END_WORDS[end as SourceEnd | DestinationEnd];
  const isKnown = line !== undefined && words !== undefined;
  return (
    <Drawer
      opened={isKnown}
      onClose={onClose}
      position="right"
      size="lg"
      title={isKnown ? `${words.word}: ${names.get(id) ?? 'deleted'}` : ''}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {isKnown && <Content line={line} end={end} hours={hours} />}
    </Drawer>
  );
}

function Content({ line, end, hours }: { line: Line; end: string; hours: Hours }) {
  const workspace = useWorkspaceSlug() ?? '';
  const reasons = reasonsOf(
    end === 'duplicate' || end === 'suppressed'
      ? { [end]: line[end as keyof Line] as unknown as number }
      : (line.reasons as Record<string, Record<string, number>>)[end],
  );
  const [chosen, choose] = useState<string>();
  const reason = chosen ?? reasons[0]?.[0];
  const value = line[end as keyof Line] as unknown as number;
  const destinationId = 'destination' in line ? line.destination : undefined;
  return (
    <Stack gap="lg">
      <div>
        <Text size="xl" fw={650} className="numbers">
          {exact(value)}
        </Text>
        <Text size="sm" c="dimmed">
          {END_WORDS[end as SourceEnd].means}
          {hours === undefined ? '' : `, in hours from ${hours.from.replace('T', ' ')}:00 UTC`}.
        </Text>
      </div>
      {reasons.length > 0 && end !== 'duplicate' && end !== 'suppressed' && (
        <BarList
          label="Reasons"
          bars={reasons.map(([code, count]) => ({ id: code, label: codeWords(code), value: count }))}
          linkTo={(bar, content, className) => (
            <button type="button" className={className} onClick={() => choose(bar.id)} aria-pressed={bar.id === reason}>
              {content}
            </button>
          )}
        />
      )}
      {SAMPLED.includes(end) && reason !== undefined && (
        <ReasonSamples sourceId={line.source} destinationId={destinationId} reason={reason} />
      )}
      <Group>
        {destinationId !== undefined && end !== 'filtered' && end !== 'blocked' && (
          <Button component={Link} to={`/${workspace}/destinations/${destinationId}/delivery`} variant="default">
            {end === 'discarded' || end === 'dlq' ? 'See the issues, and replay' : 'See its delivery'}
          </Button>
        )}
        {destinationId !== undefined && (end === 'filtered' || end === 'blocked') && (
          <Button component={Link} to={`/${workspace}/destinations/${destinationId}/way`} variant="default">
            See what is on the way
          </Button>
        )}
        {destinationId === undefined && (
          <Button component={Link} to={`/${workspace}/sources/${line.source}/debugger`} variant="default">
            See its events live
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function ReasonSamples({
  sourceId,
  destinationId,
  reason,
}: {
  sourceId: string;
  destinationId: string | undefined;
  reason: string;
}) {
  const found = useCall('listReasonSamples', {
    path: { sourceId },
    query: { reason, range: SAMPLES_RANGE, ...(destinationId !== undefined && { destinationId }) },
  });
  if (found.isPending) return <Waiting what="samples" lines={3} />;
  if (found.isError) return <Failed what="Samples" error={found.error} onRetry={() => void found.refetch()} />;
  return (
    <Samples samples={found.data.samples} kept={`Samples are kept for ${counted(found.data.keptHours, 'hour')}.`} />
  );
}
