import { Group, Paper, Text, Tooltip } from '@mantine/core';
import { Spark } from '../../ui/charts/spark.tsx';
import classes from './usage.module.css';

export type MonthTileProps = {
  label: string;
  value: string;
  note?: string | undefined;
  /** Where the present month ends, in which span eight of ten do, and how that was reckoned. */
  forecast?: { value: string; span: string; method: string } | undefined;
  /** Months, oldest first. */
  history?: readonly number[];
};

/** A number of a month, with where it is heading. */
export function MonthTile({ label, value, note, forecast, history = [] }: MonthTileProps) {
  const hasHistory = history.filter((one) => one > 0).length > 1;
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text size="sm" c="dimmed" fw={550}>
          {label}
        </Text>
        {hasHistory && <Spark values={history} label={`${label} of the last months`} />}
      </Group>
      <Text className={classes.value}>{value}</Text>
      {note !== undefined && (
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      )}
      {forecast !== undefined && (
        <Tooltip
          label={`Eight of ten months end between ${forecast.span}. Reckoned by: ${forecast.method}`}
          multiline
          maw={300}
        >
          <Text size="sm" mt={8} tabIndex={0} className={classes.forecast}>
            Heading for <b className="numbers">{forecast.value}</b> this month
          </Text>
        </Tooltip>
      )}
    </Paper>
  );
}
