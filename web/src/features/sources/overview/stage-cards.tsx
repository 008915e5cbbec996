import { Group, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { Spark } from '../../../ui/charts/spark.tsx';
import { Count, Share } from '../../../ui/count.tsx';
import { exact } from '../../../ui/format.ts';
import { changeText, type Stage, type StageId } from './stages.ts';
import classes from './overview.module.css';

/** The way of events at a source: one card a stage, each opens what is known of it. */
export function StageCards({
  stages,
  open,
  onOpen,
}: {
  stages: readonly Stage[];
  open: StageId;
  onOpen: (stage: StageId) => void;
}) {
  return (
    <ol className={classes['stages']} aria-label="The way of events">
      {stages.map((stage) => (
        <li key={stage.id}>
          <StageCard stage={stage} isOpen={open === stage.id} onOpen={() => onOpen(stage.id)} />
        </li>
      ))}
    </ol>
  );
}

function StageCard({ stage, isOpen, onOpen }: { stage: Stage; isOpen: boolean; onOpen: () => void }) {
  const { id, title, about, count, share, change, series } = stage;
  const isBad = id === 'failed' && count > 0;
  const text = changeText(change);
  return (
    <Tooltip label={about} multiline maw={280}>
      <UnstyledButton className={classes['stage']} aria-pressed={isOpen} onClick={onOpen}>
        <Text size="sm" c="dimmed" fw={550}>
          {title}
        </Text>
        <Group justify="space-between" align="flex-end" wrap="nowrap" gap="xs">
          <Text fz={24} fw={650} lh={1.3} c={isBad ? 'var(--mantine-color-error)' : undefined}>
            <Count value={count} />
          </Text>
          <Spark
            values={series}
            label={`${title}: ${exact(count)} events`}
            tone={isBad ? 'bad' : id === 'filtered' && count > 0 ? 'warn' : 'neutral'}
          />
        </Group>
        <Text size="xs" c="dimmed" className="numbers">
          {share !== undefined && (
            <>
              <Share value={share} /> of what came
            </>
          )}
          {share !== undefined && text !== undefined && ' · '}
          {text}
          {share === undefined && text === undefined && ' '}
        </Text>
      </UnstyledButton>
    </Tooltip>
  );
}
