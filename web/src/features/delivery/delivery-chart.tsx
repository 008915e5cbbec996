import { Group, SegmentedControl, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { toneColor } from '../../ui/charts/palette.ts';
import { TimeSeries } from '../../ui/charts/time-series.tsx';
import { duration } from '../../ui/format.ts';
import { oneOf, useParam } from '../../ui/search-params.ts';
import classes from './delivery.module.css';
import type { Span } from './span.ts';
import type { Delivery, Stage } from './stages.ts';

const CHARTS = ['delivery', 'latency'] as const;

/** Delivery over time, how long it takes, or the course of one stage. */
export function DeliveryChart({
  data,
  stage,
  onSelectSpan,
}: {
  data: Delivery;
  stage: Stage | undefined;
  onSelectSpan: (span: Span) => void;
}) {
  const [chart = 'delivery', setChart] = useParam('chart', oneOf(...CHARTS));
  const isLatency = stage === undefined && chart === 'latency';
  const series = useMemo(() => seriesOf(data, stage, isLatency), [data, stage, isLatency]);
  const p95 = data.delivery?.p95Ms ?? null;
  const title = stage === undefined ? (isLatency ? 'Latency' : 'Delivery') : stage.title;
  return (
    <section className={classes['panel']} aria-label={`${title} over time`}>
      <Group justify="space-between" mb="xs" gap="xs">
        <Group gap="sm" align="baseline">
          <Title order={2}>{title}</Title>
          {stage === undefined && p95 !== null && (
            <Text size="sm" c="dimmed" className="numbers">
              P95 {duration(p95)} from receipt to the tool’s answer
            </Text>
          )}
        </Group>
        {stage === undefined && (
          <SegmentedControl
            size="xs"
            aria-label="Chart"
            value={chart}
            onChange={(next) => setChart(next === 'delivery' ? undefined : next)}
            data={[
              { value: 'delivery', label: 'Delivery' },
              { value: 'latency', label: 'Latency' },
            ]}
            transitionDuration={0}
          />
        )}
      </Group>
      <TimeSeries
        label={`${title} over time`}
        series={series}
        kind={isLatency ? 'line' : 'bars'}
        height={220}
        {...(isLatency ? { format: duration } : { unit: stage?.unit ?? 'sends' })}
        asOf={data.asOf}
        onSelectRange={(from, to) => onSelectSpan({ from, to })}
      />
    </section>
  );
}

function seriesOf({ starts, delivery, steps }: Delivery, stage: Stage | undefined, isLatency: boolean) {
  const points = (values: readonly (number | null)[]) =>
    starts.flatMap((at, index) => {
      const value = values[index] ?? null;
      return value === null ? [] : [{ at, value }];
    });
  if (stage !== undefined) {
    return [{ id: stage.id, label: stage.title, color: toneColor(stage.tone), points: points(stage.series) }];
  }
  if (delivery === undefined) return [];
  if (isLatency) {
    return [{ id: 'p95', label: 'P95', color: toneColor('neutral'), points: points(delivery.p95Series) }];
  }
  const failed = steps.find(({ step }) => step === 'FAILED_DELIVERY')?.series ?? [];
  return [
    { id: 'first', label: 'First try', color: toneColor('good'), points: points(delivery.firstTrySeries) },
    { id: 'retry', label: 'On a retry', color: toneColor('warn'), points: points(delivery.onRetrySeries) },
    { id: 'failed', label: 'Failed', color: toneColor('bad'), points: points(failed) },
  ];
}
