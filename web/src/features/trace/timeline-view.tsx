import { Group, Stack, Text, Title, Tooltip, UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useWorkspaceSlug } from '../../api/calls.ts';
import { bothTimes, duration, fineTime } from '../../ui/format.ts';
import { TextLink } from '../../ui/link.tsx';
import { Logo } from '../../ui/logo.tsx';
import { Chip } from '../../ui/status.tsx';
import { outcomeAt, type Trace, type TraceTarget } from './outcome.ts';
import { type Step, sourceSteps, targetSteps } from './timeline.ts';
import { isReplayable, ReplayTarget } from './replay-target.tsx';
import { ToneDot } from './tone-dot.tsx';
import classes from './trace.module.css';
import type { Names } from './use-names.ts';
import type { DecidingFilter } from './use-trace.ts';

/** Up to so many destinations all are open at first; of more, those where something is the matter. */
const OPEN_MAX = 2;

export type TimelineProps = {
  trace: Trace;
  names: Names;
  filters: ReadonlyMap<string, DecidingFilter>;
  /** What the headline has said to do: it is not said again. */
  said: string | undefined;
  /** Opens what was exchanged at a try. */
  onExchange: () => void;
};

/** The way of an event from the request to the answer of each tool. */
export function TimelineView({ trace, names, filters, said, onExchange }: TimelineProps) {
  const { destinations, gaps, config } = trace;
  return (
    <Stack gap="lg">
      <section aria-label="At the source">
        <Title order={3} mb="xs">
          At the source
        </Title>
        <Steps steps={sourceSteps(trace)} since={trace.receivedAt} said={said} onExchange={onExchange} />
      </section>
      {destinations.length > 0 && (
        <section aria-label="Destinations">
          <Title order={3} mb="xs">
            {destinations.length === 1 ? 'Destination' : `${destinations.length} destinations`}
          </Title>
          <Stack gap={8}>
            {bySeverity(destinations).map((target) => (
              <Target
                key={target.destinationId}
                target={target}
                trace={trace}
                logo={names.destinations.get(target.destinationId)?.logo}
                filter={filters.get(target.destinationId)}
                isFew={destinations.length <= OPEN_MAX}
                said={said}
                onExchange={onExchange}
              />
            ))}
          </Stack>
        </section>
      )}
      {!config.isSame && config.decidedBy !== null && (
        <Text size="xs" c="dimmed">
          It was decided by version {config.decidedBy} of the configuration; today’s is {config.present}. What filters
          take out is worked out by today’s.
        </Text>
      )}
      {gaps.length > 0 && (
        <section aria-label="What cannot be shown">
          <Title order={3} mb="xs">
            What cannot be shown
          </Title>
          <ul className={classes.gaps}>
            {gaps.map(({ what, why }) => (
              <li key={`${what} ${why}`}>{why}</li>
            ))}
          </ul>
        </section>
      )}
    </Stack>
  );
}

const RANK = { bad: 0, warn: 1, info: 2, neutral: 3, good: 4 } as const;
const bySeverity = (targets: readonly TraceTarget[]): TraceTarget[] =>
  targets.toSorted((a, b) => RANK[outcomeAt(a).tone] - RANK[outcomeAt(b).tone]);

function Target({
  target,
  trace,
  logo,
  filter,
  isFew,
  said,
  onExchange,
}: {
  target: TraceTarget;
  trace: Trace;
  logo: string | undefined;
  filter: DecidingFilter | undefined;
  isFew: boolean;
  said: string | undefined;
  onExchange: () => void;
}) {
  const slug = useWorkspaceSlug() ?? '';
  const outcome = outcomeAt(target, filter?.title);
  const [isOpen, setOpen] = useState(isFew || outcome.tone !== 'good');
  const name = target.name ?? 'A destination that is gone';
  return (
    <div className={classes.target}>
      <UnstyledButton className={classes.targetHead} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <IconChevronRight size={14} className={classes.turn} data-open={isOpen} aria-hidden="true" />
        <Logo slug={logo} name={name} size={20} />
        <span className={classes.targetName}>{name}</span>
        <Chip tone={outcome.tone}>{outcome.word}</Chip>
      </UnstyledButton>
      {isOpen && (
        <div className={classes.targetBody}>
          <Steps
            steps={targetSteps(target, trace, filter)}
            since={trace.receivedAt}
            said={said}
            onExchange={onExchange}
          />
          {target.name !== null && (
            <Group gap="sm" mt="xs">
              {/* A single one stands at the top. */}
              {isReplayable(target) && trace.destinations.filter(isReplayable).length > 1 && (
                <ReplayTarget trace={trace} target={target} />
              )}
              <TextLink to={`/${slug}/destinations/${target.destinationId}/delivery`} size="xs">
                Open destination
              </TextLink>
            </Group>
          )}
        </div>
      )}
    </div>
  );
}

function Steps({
  steps,
  since,
  said,
  onExchange,
}: {
  steps: readonly Step[];
  since: string;
  said: string | undefined;
  onExchange: () => void;
}) {
  const slug = useWorkspaceSlug() ?? '';
  return (
    <ol className={classes.steps}>
      {steps.map(({ id, title, tone, detail, advice, at, tookMs, link, exchange }) => (
        <li key={id} className={classes.step}>
          <ToneDot tone={tone} />
          <div className={classes.stepText}>
            <Text component="span" size="sm" fw={550}>
              {title}
            </Text>
            {detail !== undefined && detail !== '' && <span className={classes.detail}> {detail}</span>}
            {advice !== undefined && advice !== said && <span className={classes.advice}>{advice}</span>}
            {(link !== undefined || exchange !== undefined) && (
              <Group gap="sm" mt={2}>
                {link !== undefined && (
                  <TextLink to={`/${slug}/${link.path}`} size="xs">
                    {link.label}
                  </TextLink>
                )}
                {exchange !== undefined && (
                  <UnstyledButton onClick={onExchange} fz="xs" c="var(--mantine-color-anchor)">
                    Request and response
                  </UnstyledButton>
                )}
              </Group>
            )}
          </div>
          <Moment at={at} tookMs={tookMs} since={since} />
        </li>
      ))}
    </ol>
  );
}

/** When, as time since the event came; the whole time on hover. */
function Moment({ at, tookMs, since }: { at: string | undefined; tookMs: number | undefined; since: string }) {
  if (at === undefined && tookMs === undefined) return <span />;
  const passed = at === undefined ? 0 : Date.parse(at) - Date.parse(since);
  return (
    <span className={classes.when}>
      {at !== undefined && (
        <Tooltip label={bothTimes(at)}>
          <time dateTime={at}>{passed <= 0 ? fineTime(at) : `after ${duration(passed)}`}</time>
        </Tooltip>
      )}
      {tookMs !== undefined && <div>took {duration(tookMs)}</div>}
    </span>
  );
}
