import { Box, Button, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useCall } from '../../api/calls.ts';
import { BarList } from '../../ui/charts/bar-list.tsx';
import { exact, percent } from '../../ui/format.ts';
import { Failed, Waiting } from '../../ui/states.tsx';
import { Chip } from '../../ui/status.tsx';
import { Ago } from '../../ui/time.tsx';
import { AdviceText } from './advice-text.tsx';
import { codeWords } from './code-words.ts';
import classes from './delivery.module.css';
import { Samples } from './issue-drawer.tsx';
import type { Period } from './period.tsx';
import { BREAKDOWNS, type BreakdownBy, breakdownOf, changeWords, type Delivery, type Stage } from './stages.ts';
import type { Destination, Mapping } from './use-destination.ts';

const BY_WORDS: Readonly<Record<BreakdownBy | 'mapping', string>> = {
  event: 'Event',
  type: 'Call',
  version: 'App version',
  mapping: 'Mapping',
};
/** The API gives minutes for four hours at most. */
const MINUTES_MS_MAX = 4 * 3_600_000;

/** What is in a stage: by event, call, app version or mapping; and why things ended there, with samples. */
export function StageDetail({
  data,
  stage,
  destination,
  mappings,
  period,
}: {
  data: Delivery;
  stage: Stage;
  destination: Destination;
  mappings: readonly Mapping[];
  period: Period;
}) {
  if (stage.step === undefined) return null;
  const reasons = stage.step.discards;
  return (
    <div className={reasons.length > 0 ? classes['columns'] : undefined}>
      {reasons.length > 0 && (
        <Reasons stage={stage} destination={destination} period={period} leftOut={stage.step.discardsLeftOut} />
      )}
      <Breakdown data={data} stage={stage} destination={destination} mappings={mappings} />
    </div>
  );
}

function Breakdown({
  data,
  stage,
  destination,
  mappings,
}: {
  data: Delivery;
  stage: Stage;
  destination: Destination;
  mappings: readonly Mapping[];
}) {
  const [by, setBy] = useState<BreakdownBy | 'mapping'>('event');
  const hasMappings = stage.unit === 'sends' && mappings.length > 0;
  const choices = hasMappings ? ([...BREAKDOWNS, 'mapping'] as const) : BREAKDOWNS;
  const shown = by === 'mapping' && !hasMappings ? 'event' : by;
  const { breakdown = [], breakdownLeftOut = 0 } = stage.step ?? {};
  return (
    <section className={classes['panel']} aria-label={`${stage.title}: breakdown`}>
      <Group justify="space-between" mb="sm" gap="xs">
        <Title order={2}>Breakdown</Title>
        <SegmentedControl
          size="xs"
          aria-label="Breakdown by"
          value={shown}
          onChange={(next) => setBy(next)}
          data={choices.map((one) => ({ value: one, label: BY_WORDS[one] }))}
          transitionDuration={0}
        />
      </Group>
      {shown === 'mapping' ? (
        <ByMapping data={data} stage={stage} destination={destination} mappings={mappings} />
      ) : (
        <BarList
          label={`${stage.title} by ${BY_WORDS[shown].toLowerCase()}`}
          bars={breakdownOf(breakdown, shown).map((bar) => ({ ...bar, tone: stage.tone }))}
          total={stage.count}
        />
      )}
      {shown !== 'mapping' && breakdownLeftOut > 0 && (
        <Text size="xs" c="dimmed" mt="xs">
          {exact(breakdownLeftOut)} more of rarer kinds
        </Text>
      )}
    </section>
  );
}

function ByMapping({
  data: { from, to },
  stage,
  destination,
  mappings,
}: {
  data: Delivery;
  stage: Stage;
  destination: Destination;
  mappings: readonly Mapping[];
}) {
  const isShort = Date.parse(to) - Date.parse(from) <= MINUTES_MS_MAX;
  const id =
    stage.id === 'failed'
      ? 'getEgressFailedMetricsFromDeliveryOverview'
      : 'getEgressSuccessMetricsFromDeliveryOverview';
  const asked = useCall(
    id,
    {
      query: {
        sourceId: destination.sourceId,
        destinationConfigId: destination.id,
        startTime: from,
        endTime: to,
        granularity: isShort ? 'MINUTE' : 'HOUR',
        groupBy: ['subscriptionId'],
      },
    },
    { keep: true },
  );
  if (asked.isPending) return <Waiting what="mappings" lines={3} height={28} />;
  if (asked.isError) return <Failed what="Mappings" error={asked.error} onRetry={() => void asked.refetch()} />;
  const bars = asked.data.dataset.map(({ subscriptionId = '', total }) => ({
    id: subscriptionId,
    label: mappings.find((one) => one.id === subscriptionId)?.name ?? 'A mapping that was deleted',
    value: total,
    tone: stage.tone,
  }));
  return <BarList label={`${stage.title} by mapping`} bars={bars} />;
}

function Reasons({
  stage,
  destination,
  period,
  leftOut,
}: {
  stage: Stage;
  destination: Destination;
  period: Period;
  leftOut: number;
}) {
  // Of the only reason there are samples at once.
  const only = stage.step?.discards.length === 1 ? stage.step.discards[0]?.reason : undefined;
  const [chosen, setChosen] = useState<string>();
  const open = chosen ?? only;
  const setOpen = (reason: string | undefined): void => setChosen(reason ?? '');
  return (
    <section className={classes['panel']} aria-label={`${stage.title}: reasons`}>
      <Title order={2} mb="sm">
        Why
      </Title>
      <ul className={classes['reasons']}>
        {stage.step?.discards.map(({ reason, count, share, change, firstSeenAt, lastSeenAt, advice }) => (
          <li key={reason} className={classes['reason']}>
            <Group justify="space-between" wrap="nowrap" gap="sm" align="flex-start">
              <div>
                <Group gap={6}>
                  <Text size="sm" fw={600}>
                    {codeWords(reason)}
                  </Text>
                  <Chip>{reason}</Chip>
                </Group>
                <Text size="sm" c="dimmed" mt={2}>
                  <AdviceText text={advice} />
                </Text>
                <Text size="xs" c="dimmed" mt={4}>
                  First <Ago at={firstSeenAt} size="xs" inherit /> · last <Ago at={lastSeenAt} size="xs" inherit />
                </Text>
              </div>
              <Stack gap={0} ta="right" className="numbers" style={{ flexShrink: 0 }}>
                <Text fw={620}>{exact(count)}</Text>
                <Text size="xs" c="dimmed">
                  {share === null ? '' : percent(share / 100)}
                </Text>
                <Text size="xs" c="dimmed">
                  {changeWords(change) ?? ''}
                </Text>
              </Stack>
            </Group>
            {stage.id !== 'failed' && (
              <Button
                variant="subtle"
                size="compact-xs"
                mt={4}
                ml={-8}
                aria-expanded={open === reason}
                onClick={() => setOpen(open === reason ? undefined : reason)}
              >
                {open === reason ? 'Hide samples' : 'Show samples'}
              </Button>
            )}
            {open === reason && (
              <ReasonSamples
                sourceId={destination.sourceId}
                destinationId={stage.id === 'destination' ? destination.id : undefined}
                reason={reason}
                period={period}
              />
            )}
          </li>
        ))}
      </ul>
      {leftOut > 0 && (
        <Text size="xs" c="dimmed" mt="xs">
          {exact(leftOut)} more for rarer reasons
        </Text>
      )}
    </section>
  );
}

function ReasonSamples({
  sourceId,
  destinationId,
  reason,
  period,
}: {
  sourceId: string;
  destinationId: string | undefined;
  reason: string;
  period: Period;
}) {
  const asked = useCall(
    'listReasonSamples',
    {
      path: { sourceId },
      query: { reason, ...(destinationId !== undefined && { destinationId }), ...period.query },
    },
    { freshMs: 15_000 },
  );
  if (asked.isPending) return <Waiting what="samples" lines={2} />;
  if (asked.isError) return <Failed what="Samples" error={asked.error} onRetry={() => void asked.refetch()} />;
  return (
    <Box mt="xs">
      <Samples
        samples={asked.data.samples}
        kept={`At least one a minute of each reason, kept for ${asked.data.keptHours} hours.`}
      />
    </Box>
  );
}
