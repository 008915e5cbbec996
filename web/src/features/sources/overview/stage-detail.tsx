import { Code, Group, Text, Title, UnstyledButton } from '@mantine/core';
import { useMemo } from 'react';
import { BarList } from '../../../ui/charts/bar-list.tsx';
import { toneColor } from '../../../ui/charts/palette.ts';
import { TimeSeries } from '../../../ui/charts/time-series.tsx';
import { Count, Share } from '../../../ui/count.tsx';
import { counted } from '../../../ui/format.ts';
import { text, useParam } from '../../../ui/search-params.ts';
import { Ago } from '../../../ui/time.tsx';
import type { Range } from '../../../ui/time-range.tsx';
import classes from './overview.module.css';
import { ReasonSamples } from './reason-samples.tsx';
import type { Delivery, Stage } from './stages.ts';

const CHART_PX = 200;
const BARS_SHOWN = 8;
const TONES = { received: 'neutral', failed: 'bad', filtered: 'warn', eligible: 'good' } as const;

/** What is known of one stage: over time, by event, by reason with what to do, and samples of a reason. */
export function StageDetail({
  stage,
  delivery,
  sourceId,
  range,
}: {
  stage: Stage;
  delivery: Delivery;
  sourceId: string;
  range: Range;
}) {
  const [reason, setReason] = useParam('reason', text);
  const { starts, asOf } = delivery;
  const series = useMemo(
    () => [
      {
        id: stage.id,
        label: stage.title,
        color: toneColor(TONES[stage.id]),
        points: starts.map((at, index) => ({ at, value: stage.series[index] ?? 0 })),
      },
    ],
    [stage, starts],
  );
  const chosen = stage.discards.find((one) => one.reason === reason);
  return (
    <section className={classes['detail']} aria-label={stage.title}>
      <Group justify="space-between" align="flex-start" mb="xs">
        <div>
          <Title order={2} size="h3">
            {stage.title}
          </Title>
          <Text size="sm" c="dimmed">
            {stage.about}
          </Text>
        </div>
      </Group>
      <TimeSeries
        label={`${stage.title}, events over time`}
        series={series}
        kind="bars"
        unit="events"
        height={CHART_PX}
        asOf={asOf}
      />
      <div className={classes['parts']}>
        {stage.discards.length > 0 && (
          <div>
            <Title order={3} size="sm" mb={6}>
              Reasons
            </Title>
            <ul className={classes['reasons']}>
              {stage.discards.map((one) => (
                <li key={one.reason}>
                  <UnstyledButton
                    className={classes['reason']}
                    aria-pressed={one.reason === reason}
                    onClick={() => setReason(one.reason === reason ? undefined : one.reason)}
                  >
                    <Group justify="space-between" wrap="nowrap" gap="xs">
                      <Code>{one.reason}</Code>
                      <Text size="sm" component="span" className="numbers">
                        <b>
                          <Count value={one.count} />
                        </b>
                        {one.share !== null && (
                          <Text span inherit c="dimmed" ml={8}>
                            <Share value={one.share / 100} />
                          </Text>
                        )}
                      </Text>
                    </Group>
                    <Text size="sm" mt={4}>
                      {one.advice.replaceAll('`', '')}
                    </Text>
                    <Text size="xs" c="dimmed">
                      Last seen <Ago at={one.lastSeenAt} size="xs" /> · {one.reason === reason ? 'hide' : 'see'} samples
                    </Text>
                  </UnstyledButton>
                </li>
              ))}
            </ul>
            {stage.discardsLeftOut > 0 && (
              <Text size="xs" c="dimmed" px={10}>
                and {counted(stage.discardsLeftOut, 'reason')} more
              </Text>
            )}
          </div>
        )}
        {chosen === undefined ? (
          <div>
            <Title order={3} size="sm" mb={6}>
              {stage.id === 'eligible' ? 'Taken, by event' : 'By event'}
            </Title>
            <BarList
              label="By event"
              bars={stage.breakdown.map(({ eventType, eventName, appVersion, count }) => ({
                id: `${eventType}\n${eventName}\n${appVersion}`,
                label: barLabel(eventType, eventName, appVersion),
                value: count,
                tone: TONES[stage.id],
              }))}
              empty="Nothing in this time"
              shownMax={BARS_SHOWN}
            />
          </div>
        ) : (
          <ReasonSamples sourceId={sourceId} reason={chosen.reason} range={range} />
        )}
      </div>
    </section>
  );
}

function barLabel(type: string, name: string, version: string): string {
  const event = name === '' ? (type === '' ? 'Could not be read' : type) : name;
  return version === '' ? event : `${event} · app ${version}`;
}
