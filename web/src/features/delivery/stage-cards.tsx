import { UnstyledButton } from '@mantine/core';
import { Spark } from '../../ui/charts/spark.tsx';
import { Count } from '../../ui/count.tsx';
import { exact, percent } from '../../ui/format.ts';
import classes from './delivery.module.css';
import { changeWords, type Stage, type StageId } from './stages.ts';

/** The way from the source to the tool as cards: counts or shares, the change against the period before, and their course. A click tells more of one. */
export function StageCards({
  stages,
  chosen,
  onChoose,
  show,
  periodText,
}: {
  stages: readonly Stage[];
  chosen: StageId | undefined;
  onChoose: (id: StageId | undefined) => void;
  show: 'counts' | 'shares';
  periodText: string;
}) {
  return (
    <ol className={classes['stages']} aria-label="Stages from the source to the tool">
      {stages.map((stage) => {
        const { id, title, count, share, note, tone, series, unit, step, isGood } = stage;
        const change = changeWords(stage.change);
        const isBetter = stage.change !== null && stage.change > 0 === isGood;
        return (
          <li key={id}>
            <UnstyledButton
              className={classes['stage']}
              aria-pressed={id === chosen}
              disabled={step === undefined}
              onClick={() => onChoose(id === chosen ? undefined : id)}
            >
              <span className={classes['stageTitle']}>{title}</span>
              <span className={classes['stageCount']} data-bad={id === 'failed' && count > 0}>
                {show === 'shares' && share !== null ? percent(share / 100) : <Count value={count} />}
              </span>
              <span className={classes['stageNote']}>
                {note ?? (share === null ? unit : show === 'shares' ? `${exact(count)} ${unit}` : percent(share / 100))}
                {change !== undefined && id !== 'received' && (
                  <span className={classes['stageChange']} data-tone={isBetter ? 'good' : 'bad'}>
                    {' '}
                    · {change}
                  </span>
                )}
              </span>
              <span className={classes['stageSpark']}>
                <Spark
                  width={110}
                  values={series}
                  tone={count === 0 ? 'idle' : tone}
                  label={`${title}, ${periodText}`}
                />
              </span>
            </UnstyledButton>
          </li>
        );
      })}
    </ol>
  );
}
