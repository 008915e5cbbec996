import { Progress, Text } from '@mantine/core';
import { exact } from '../../ui/format.ts';
import type { Run } from './replay-words.ts';

/** How far a replay is: delivered, failed and on the way, of what it sends. */
export function RunBar({ run, size = 'sm' }: { run: Run; size?: 'sm' | 'lg' }) {
  const { planned, delivered, failed, expired, waiting, dryRun, status } = run;
  if (dryRun || planned === null || planned === 0) {
    return (
      <Text size="sm" c="dimmed">
        {status === 'COUNTING' ? 'Counting…' : dryRun ? 'Nothing was sent' : 'Nothing to send'}
      </Text>
    );
  }
  const part = (count: number): number => (count / planned) * 100;
  const done = delivered + failed + expired;
  return (
    <div>
      <Progress.Root
        size={size}
        role="img"
        aria-label={`${exact(delivered)} delivered, ${exact(failed)} failed, ${exact(waiting)} on their way, of ${exact(planned)}`}
      >
        <Progress.Section value={part(delivered)} color="teal" withAria={false} />
        <Progress.Section value={part(failed + expired)} color="red" withAria={false} />
        <Progress.Section value={part(waiting)} color="gray" withAria={false} />
      </Progress.Root>
      <Text size="xs" c="dimmed" mt={3} className="numbers">
        {exact(done)} of {exact(planned)}
        {failed > 0 && ` · ${exact(failed)} failed`}
      </Text>
    </div>
  );
}
