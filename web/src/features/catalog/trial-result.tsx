import { Code, Group, Stack, Tabs, Text } from '@mantine/core';
import type { DataOf } from '../../api/calls.ts';
import { counted, duration } from '../../ui/format.ts';
import { Diff } from '../../ui/json/diff-view.tsx';
import { Json } from '../../ui/json/json-view.tsx';
import { Raw } from '../../ui/json/raw.tsx';
import type { Tone } from '../../ui/state.ts';
import { Chip } from '../../ui/status.tsx';
import classes from './trial.module.css';

export type Trial = DataOf<'testDestination'>;
type Try = Trial['subscriptions'][number];
type Exchange = Try['exchanges'][number];

const OUTCOMES: Readonly<Record<Try['outcome'], { word: string; tone: Tone }>> = {
  DELIVERED: { word: 'Delivered', tone: 'good' },
  WOULD_SEND: { word: 'Would send', tone: 'good' },
  DISCARDED: { word: 'Discarded', tone: 'bad' },
  FAILED: { word: 'Failed', tone: 'bad' },
  FILTERED: { word: 'Not matched', tone: 'neutral' },
  NOT_TRIED: { word: 'Not tried', tone: 'warn' },
};

const STAGE_WORDS: Readonly<Record<string, string>> = {
  validate: 'the event’s own shape',
  suppression: 'the list of suppressed users',
  'source-schema': 'the schema of the source',
  'supported-type': 'the calls that this tool takes',
  'device-mode': 'device mode',
  'integrations-object': 'the integrations object of the event',
  'schema-filter': 'the schema’s switch for this destination',
  consent: 'the user’s consent',
  'device-only': 'device mode',
  filters: 'a filter',
  mappings: 'the triggers of its mappings',
};

/** What became of a test event, or would: a sentence first, then each mapping with its requests. */
export function TrialResult({ trial }: { trial: Trial }) {
  const stopped = trial.stages.find(({ verdict }) => verdict === 'STOPPED');
  const seen = trial.subscriptions.toSorted((a, b) => Number(b.matched) - Number(a.matched));
  return (
    <Stack gap="sm" role="region" aria-label="Result of the test" aria-live="polite">
      <Group gap={8}>
        <Text fw={600} size="sm">
          {headline(trial)}
        </Text>
      </Group>
      {stopped !== undefined && (
        <Text size="sm" c="dimmed">
          It was stopped by {STAGE_WORDS[stopped.stage] ?? stopped.stage}
          {stopped.reason === null ? '' : ` (${stopped.reason})`}.
        </Text>
      )}
      {trial.placeholders.length > 0 && (
        <Text size="xs" c="dimmed">
          Nothing was sent. Made-up values stand for {trial.placeholders.join(', ')}.
        </Text>
      )}
      {trial.notes.map((note) => (
        <Text key={note} size="xs" c="dimmed">
          {note}
        </Text>
      ))}
      <Stack gap={8}>
        {seen.map((one) => (
          <MappingTry
            key={one.subscriptionId}
            one={one}
            event={trial.event}
            isOpen={seen.length === 1 || one === seen[0]}
          />
        ))}
      </Stack>
    </Stack>
  );
}

/** The sentence that says it all: how many mappings matched, how many requests follow. */
export function headline({ matched, mappings, requests, dryRun, subscriptions }: Trial): string {
  const of = `${matched} of ${counted(mappings, 'mapping')} matched`;
  if (mappings === 0) return 'There are no mappings to try';
  if (matched === 0) return `${of}: nothing would be sent`;
  const bad = subscriptions.filter(({ outcome }) => outcome === 'FAILED' || outcome === 'DISCARDED').length;
  if (dryRun && bad > 0) return `${of}: ${bad} would be discarded`;
  if (dryRun) return `${of}: ${counted(requests, 'request')} would be sent`;
  return bad === 0 ? `${of}: delivered with ${counted(requests, 'request')}` : `${of}: ${bad} not delivered`;
}

function MappingTry({ one, event, isOpen }: { one: Try; event: Trial['event']; isOpen: boolean }) {
  const { word, tone } = OUTCOMES[one.outcome];
  const head = (
    <Group gap={8} component="span" wrap="nowrap">
      <span className={classes.name}>{one.name}</span>
      <Chip tone={tone}>{word}</Chip>
      {one.exchanges.length > 0 && (
        <Text span size="xs" c="dimmed">
          {counted(one.exchanges.length, 'request')}
        </Text>
      )}
    </Group>
  );
  if (!one.matched) return <div className={classes.quiet}>{head}</div>;
  return (
    <details className={classes.mapping} open={isOpen}>
      <summary>{head}</summary>
      <div className={classes.inside}>
        {one.message !== null && (
          <Text size="sm" c="var(--mantine-color-error)" mb="xs">
            {one.code === null ? '' : `${one.code}: `}
            {one.message}
          </Text>
        )}
        {one.isShortened && (
          <Text size="xs" c="dimmed">
            Too long to be shown whole.
          </Text>
        )}
        <Tabs defaultValue={one.exchanges.length > 0 ? 'requests' : 'changes'} keepMounted={false}>
          <Tabs.List>
            {one.exchanges.length > 0 && <Tabs.Tab value="requests">Requests</Tabs.Tab>}
            {one.mapped !== null && <Tabs.Tab value="changes">Changes</Tabs.Tab>}
            {one.mapped !== null && <Tabs.Tab value="mapped">Mapped</Tabs.Tab>}
          </Tabs.List>
          <Tabs.Panel value="requests" pt="sm">
            <Stack gap="md">
              {one.exchanges.map((exchange, index) => (
                <ExchangeView key={index} exchange={exchange} />
              ))}
            </Stack>
          </Tabs.Panel>
          <Tabs.Panel value="changes" pt="sm">
            <Diff before={event} after={one.mapped} label="From the event to what is mapped" maxHeight={360} />
          </Tabs.Panel>
          <Tabs.Panel value="mapped" pt="sm">
            <Json value={one.mapped} label="Mapped" maxHeight={360} />
          </Tabs.Panel>
        </Tabs>
      </div>
    </details>
  );
}

function ExchangeView({ exchange }: { exchange: Exchange }) {
  const { method, url, status, answeredBy, requestBody, responseBody, latencyMs, error } = exchange;
  const body = jsonOf(requestBody);
  const isReal = answeredBy === 'TOOL';
  return (
    <Stack gap={6}>
      <Group gap={6} wrap="nowrap" align="flex-start">
        <Code fw={600}>{method}</Code>
        <Code className={classes.url}>{url}</Code>
        {isReal && (
          <Chip tone={status !== null && status < 400 ? 'good' : 'bad'}>
            {status === null ? 'No answer' : `${status} in ${duration(latencyMs)}`}
          </Chip>
        )}
      </Group>
      {error !== null && (
        <Text size="sm" c="var(--mantine-color-error)">
          {error}
        </Text>
      )}
      {requestBody !== '' &&
        (body === undefined ? (
          <Raw text={requestBody} label="Request body" maxHeight={320} />
        ) : (
          <Json value={body} label="Request body" maxHeight={320} collapsedDepth={4} />
        ))}
      {isReal && responseBody !== '' && (
        <>
          <Text size="xs" c="dimmed">
            It answered
          </Text>
          <Raw text={responseBody} label="Response body" maxHeight={200} />
        </>
      )}
    </Stack>
  );
}

function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
