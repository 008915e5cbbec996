import { Alert, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import {
  IconCheck,
  IconChevronLeft,
  IconChevronRight,
  IconInfoCircle,
  IconMinus,
  IconPlayerSkipForward,
  IconX,
} from '@tabler/icons-react';
import { useState } from 'react';
import { ActionIcon } from '@mantine/core';
import { counted } from '../../ui/format.ts';
import { Diff } from '../../ui/json/diff-view.tsx';
import { Chip } from '../../ui/status.tsx';
import { codeWords } from '../delivery/code-words.ts';
import { ExchangeView } from '../delivery/exchange-view.tsx';
import { headline, OUTCOMES, STAGE_WORDS, type Test, type TestStage, type Try, VERDICT_WORDS } from './test-words.ts';
import classes from './tester.module.css';

const ICONS = { PASSED: IconCheck, STOPPED: IconX, SKIPPED: IconPlayerSkipForward, NOT_REACHED: IconMinus } as const;
const ANSWERED = { TOOL: undefined, DRY_RUN: 'Dry run', REHEARSAL: 'Rehearsed outage' } as const;

/** What became of a test: the verdict of each stage, each mapping with its calls, and what they made other. */
export function TestResult({ test, event, isOld }: { test: Test; event: unknown; isOld: boolean }) {
  const { text, tone } = headline(test);
  const matched = test.subscriptions.filter((one) => one.matched);
  const wasAsked = test.stages.every(({ verdict }) => verdict !== 'NOT_REACHED');
  const others = test.subscriptions.filter((one) => !one.matched);
  return (
    <Stack gap="md" data-old={isOld ? 'true' : undefined} className={classes['result']}>
      <div role="status">
        <Group gap="xs">
          <Title order={2} className={classes['headline']}>
            {text}
          </Title>
          <Chip tone={test.dryRun ? 'info' : tone}>{test.dryRun ? 'Dry run: nothing was sent' : 'Really sent'}</Chip>
        </Group>
        <Text size="sm" c="dimmed">
          {test.requests === 0 ? 'No request' : counted(test.requests, 'request')}{' '}
          {test.dryRun ? 'would be made' : 'made'}
          {isOld && '. The event or the settings were changed since: run it again.'}
        </Text>
      </div>
      {(test.notes.length > 0 || test.placeholders.length > 0) && (
        <Alert variant="light" color="blue" icon={<IconInfoCircle size={18} />} p="sm">
          <ul className={classes['notes']}>
            {test.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
            {test.placeholders.length > 0 && <li>Made up for this dry run: {test.placeholders.join(', ')}.</li>}
          </ul>
        </Alert>
      )}
      <Stages stages={test.stages} />
      {matched.map((one) => (
        <TryView key={one.subscriptionId} one={one} test={test} event={event} />
      ))}
      {others.length > 0 && (
        <section aria-label="Mappings that did not match" className={classes['card']}>
          <Text size="sm" fw={600} mb={6}>
            {counted(others.length, 'mapping')}{' '}
            {wasAsked ? 'did not match' : others.length === 1 ? 'was not asked' : 'were not asked'}
          </Text>
          <ul className={classes['others']}>
            {others.map(({ subscriptionId, name, enabled, reason }) => (
              <li key={subscriptionId}>
                <span>{name}</span>
                <span>
                  {reason === null
                    ? 'Not asked'
                    : reason === 'NO_MATCHING_MAPPING'
                      ? 'Its trigger does not choose this event'
                      : codeWords(reason)}
                  {!enabled && ', switched off'}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Stack>
  );
}

function Stages({ stages }: { stages: readonly TestStage[] }) {
  const skipped = stages.filter(({ verdict }) => verdict === 'SKIPPED').length;
  const [all, setAll] = useState(false);
  const shown = all ? stages : stages.filter(({ verdict }) => verdict !== 'SKIPPED');
  return (
    <section aria-label="Stages" className={classes['card']}>
      <ol className={classes['stages']}>
        {shown.map((stage) => {
          const Icon = ICONS[stage.verdict];
          return (
            <li key={stage.stage} data-verdict={stage.verdict}>
              <span className={classes['icon']}>
                <Icon size={13} aria-hidden="true" />
              </span>
              <div className={classes['stageWords']}>
                <span>{STAGE_WORDS[stage.stage]}</span>
                {stage.changes.length > 0 && isFillingIn(stage) && (
                  <span className={classes['filled']}>
                    Filled in: {stage.changes.map(({ path }) => path).join(', ')}
                  </span>
                )}
                {stage.changes.length > 0 && !isFillingIn(stage) && (
                  <ul className={classes['changes']} aria-label="What it changed">
                    {stage.changes.map((change) => (
                      <li key={`${change.kind} ${change.path}`} data-kind={change.kind}>
                        <b>{SIGNS[change.kind]}</b> {change.path}
                        {change.before !== undefined && <s>{change.before}</s>}
                        {change.after !== undefined && <ins>{change.after}</ins>}
                      </li>
                    ))}
                  </ul>
                )}
              </div>
              <span className={classes['verdict']}>
                {stage.verdict === 'STOPPED' && stage.reason !== null
                  ? codeWords(stage.reason)
                  : VERDICT_WORDS[stage.verdict]}
              </span>
            </li>
          );
        })}
      </ol>
      {skipped > 0 && (
        <Button variant="subtle" size="compact-xs" mt={4} onClick={() => setAll(!all)} aria-expanded={all}>
          {all ? 'Hide what was not asked' : `${counted(skipped, 'stage')} not asked`}
        </Button>
      )}
    </section>
  );
}

/** Ids and times that every event gets which lacks them: their values say nothing. */
const isFillingIn = ({ stage, changes }: TestStage): boolean =>
  stage === 'validate' && changes.every(({ kind, path }) => kind === 'added' || path === 'receivedAt');

const SIGNS = { added: '+', removed: '−', changed: '~' } as const;

function TryView({ one, test, event }: { one: Try; test: Test; event: unknown }) {
  const [at, setAt] = useState(0);
  const [isDiff, setDiff] = useState(false);
  const { name, enabled, outcome, code, message, mapped, exchanges, isShortened } = one;
  const { word, tone } = OUTCOMES[outcome];
  const exchange = exchanges[Math.min(at, exchanges.length - 1)];
  return (
    <section aria-label={name} className={classes['card']}>
      <Group justify="space-between" gap="xs" mb="sm">
        <Group gap="xs">
          <Text fw={620}>{name}</Text>
          <Chip tone={tone}>{code === null ? word : `${word}: ${code}`}</Chip>
          {!enabled && <Chip>Switched off</Chip>}
        </Group>
        {exchanges.length > 1 && (
          <Group gap={4}>
            <ActionIcon
              size="sm"
              aria-label="Call before"
              disabled={at === 0}
              onClick={() => setAt(Math.max(0, at - 1))}
            >
              <IconChevronLeft size={14} />
            </ActionIcon>
            <Text size="xs" className="numbers">
              Call {Math.min(at, exchanges.length - 1) + 1} of {exchanges.length}
            </Text>
            <ActionIcon
              size="sm"
              aria-label="Next call"
              disabled={at >= exchanges.length - 1}
              onClick={() => setAt(at + 1)}
            >
              <IconChevronRight size={14} />
            </ActionIcon>
          </Group>
        )}
      </Group>
      {message !== null && message !== '' && (
        <Text size="sm" mb="sm" c={tone === 'bad' ? 'var(--mantine-color-error)' : 'dimmed'}>
          {message}
        </Text>
      )}
      {exchange === undefined ? (
        <Text size="sm" c="dimmed">
          No request was made.
        </Text>
      ) : (
        <ExchangeView
          key={at}
          event={test.event ?? event}
          exchange={exchange}
          answeredBy={ANSWERED[exchange.answeredBy]}
        />
      )}
      {mapped !== null && (
        <>
          <Button
            variant="subtle"
            size="compact-xs"
            mt="xs"
            ml={-8}
            aria-expanded={isDiff}
            onClick={() => setDiff(!isDiff)}
          >
            {isDiff ? 'Hide what the mapping changed' : 'Show what the mapping changed'}
          </Button>
          {isDiff && (
            <Diff before={test.event ?? event} after={mapped} label={`What ${name} changed`} maxHeight={420} />
          )}
        </>
      )}
      {isShortened && (
        <Text size="xs" c="dimmed" mt="xs">
          Some of it was left out: the answer would be too long.
        </Text>
      )}
    </section>
  );
}

/** While a test runs: where its result will be. */
export function TestGhost() {
  return (
    <Stack gap="md" role="status" aria-label="Running the test">
      <Skeleton height={28} width={320} />
      <Skeleton height={260} radius="lg" />
      <Skeleton height={220} radius="lg" />
    </Stack>
  );
}
