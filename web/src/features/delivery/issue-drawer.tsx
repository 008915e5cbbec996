import { Box, Button, Divider, Drawer, Group, Stack, Text, TextInput, Title, UnstyledButton } from '@mantine/core';
import { IconRoute, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { type DataOf, useCall } from '../../api/calls.ts';
import { exact, relative } from '../../ui/format.ts';
import { Json } from '../../ui/json/json-view.tsx';
import { Empty, Failed, Waiting } from '../../ui/states.tsx';
import { text, useParam } from '../../ui/search-params.ts';
import { Chip } from '../../ui/status.tsx';
import { Ago, useNow } from '../../ui/time.tsx';
import { ReplayButton } from '../replays/replay-button.tsx';
import { AdviceText } from './advice-text.tsx';
import { codeWords } from './code-words.ts';
import classes from './delivery.module.css';
import { ExchangeView } from './exchange-view.tsx';
import type { Source } from './use-destination.ts';

export type Issue = DataOf<'listDeliveryIssues'>['issues'][number];
export type Sample = DataOf<'listDeliveryIssueSamples'>['samples'][number];

/** Letters may end a little before the first try that the table knows of was counted. */
const EARLIER_MS = 60_000;

/** An issue: what it is, what to do, its events, and the way to send them again. Its id stands in the address as `issue`. */
export function IssueDrawer({
  issue,
  isLoading,
  source,
  onClose,
}: {
  /** Undefined while it is looked for, or where it is not in this range any more. */
  issue: Issue | undefined;
  isLoading: boolean;
  source: Source | undefined;
  onClose: () => void;
}) {
  return (
    <Drawer.Root opened onClose={onClose} position="right" size={760}>
      <Drawer.Overlay />
      <Drawer.Content aria-label={issue === undefined ? 'Delivery issue' : codeWords(issue.code)}>
        <div className={classes['drawerHead']}>
          <Group gap="xs" wrap="nowrap" style={{ minWidth: 0 }}>
            <Title order={2} className={classes['drawerTitle']}>
              {issue === undefined ? 'Delivery issue' : codeWords(issue.code)}
            </Title>
            {issue !== undefined && (
              <Chip tone="bad" miw="max-content">
                {issue.code}
              </Chip>
            )}
          </Group>
          <Drawer.CloseButton aria-label="Close" />
        </div>
        <Drawer.Body>
          {issue === undefined && isLoading && <Waiting what="the issue" />}
          {issue === undefined && !isLoading && (
            <Empty title="This issue is not in the range that is shown">
              It was not met in that time. Choose a longer range to look for it.
            </Empty>
          )}
          {issue !== undefined && <IssueBody issue={issue} source={source} />}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function IssueBody({ issue, source }: { issue: Issue; source: Source | undefined }) {
  const samples = useCall('listDeliveryIssueSamples', { path: { issueId: issue.id } }, { freshMs: 15_000 });
  const from = new Date(Date.parse(issue.firstSeenAt) - EARLIER_MS).toISOString();
  return (
    <Stack gap="lg">
      {issue.message !== '' && (
        <Text size="sm" className={classes['message']}>
          “{issue.message}”
        </Text>
      )}
      <dl className={classes['facts']}>
        <Fact title="Tries that met it">{exact(issue.count)}</Fact>
        <Fact title="Sends given up">{exact(issue.ended)}</Fact>
        <Fact title="First seen">
          <Ago at={issue.firstSeenAt} />
        </Fact>
        <Fact title="Last seen">
          <Ago at={issue.lastSeenAt} />
        </Fact>
        <Fact title="Tried again">{issue.retried ? 'Yes, by itself' : 'No'}</Fact>
      </dl>
      <Box className={classes['advice']}>
        <Text size="sm" fw={600}>
          What to do
        </Text>
        <Text size="sm">
          <AdviceText text={issue.advice} />
        </Text>
        <Group mt="sm" gap="sm">
          <ReplayButton
            destinationId={issue.destinationId}
            source={source}
            filter={{ of: 'DEAD_LETTERS', from, codes: [issue.code] }}
            count={issue.ended}
            what={`what ended as ${issue.code}`}
          />
          <Text size="xs" c="dimmed" style={{ flex: '1 1 200px' }}>
            {issue.ended === 0
              ? 'Nothing was given up: each is still tried, or was delivered on a later try.'
              : 'Put the cause right first, then send what was not delivered once more.'}
          </Text>
        </Group>
      </Box>
      <Divider />
      {samples.isPending && <Waiting what="samples" lines={3} />}
      {samples.isError && <Failed what="Samples" error={samples.error} onRetry={() => void samples.refetch()} />}
      {samples.data !== undefined && (
        <Samples
          samples={samples.data.samples}
          kept={`Up to 10 of each issue are kept for ${samples.data.keptDays} days.`}
        />
      )}
    </Stack>
  );
}

function Fact({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Events that met an issue, searchable, the chosen one with its calls. */
export function Samples({ samples, kept }: { samples: readonly Sample[]; kept: string }) {
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<string>();
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const newest = samples.toSorted((a, b) => b.at.localeCompare(a.at));
  const found = newest.filter((sample) => {
    const all = JSON.stringify(sample).toLowerCase();
    return words.every((word) => all.includes(word));
  });
  const keyOf = (sample: Sample): string => `${sample.messageId} ${sample.at}`;
  const shown = found.find((one) => keyOf(one) === chosen) ?? found[0];
  const now = useNow();
  return (
    <section aria-label="Samples">
      <Group justify="space-between" mb="xs" gap="xs">
        <div>
          <Title order={3}>Samples</Title>
          <Text size="xs" c="dimmed">
            {kept}
          </Text>
        </div>
        {samples.length > 0 && (
          <TextInput
            aria-label="Search samples"
            placeholder="Search in payloads and answers"
            size="xs"
            w={260}
            value={query}
            onChange={({ currentTarget }) => setQuery(currentTarget.value)}
            leftSection={<IconSearch size={14} aria-hidden="true" />}
          />
        )}
      </Group>
      {samples.length === 0 && (
        <Text size="sm" c="dimmed" py="md">
          None is kept of it. Samples are taken when an event meets an issue, and never of suppressed users.
        </Text>
      )}
      {samples.length > 0 && found.length === 0 && (
        <Text size="sm" c="dimmed" py="md" role="status">
          No sample holds “{query}”.
        </Text>
      )}
      {shown !== undefined && (
        <>
          <ul className={classes['samples']} aria-label="Events">
            {found.map((sample) => (
              <li key={keyOf(sample)}>
                <UnstyledButton
                  className={classes['sample']}
                  aria-pressed={sample === shown}
                  onClick={() => setChosen(keyOf(sample))}
                >
                  <span className={classes['sampleName']}>{nameOf(sample)}</span>
                  <span className={classes['sampleId']}>{sample.messageId}</span>
                  <span className={classes['sampleAt']}>{relative(sample.at, now)}</span>
                </UnstyledButton>
              </li>
            ))}
          </ul>
          <SampleView key={keyOf(shown)} sample={shown} search={query} />
        </>
      )}
    </section>
  );
}

function SampleView({ sample, search }: { sample: Sample; search: string }) {
  const [, openTrace] = useParam('event', text);
  return (
    <Stack gap="sm" mt="sm">
      <Group gap="xs" justify="space-between">
        <Text size="sm" fw={600}>
          {nameOf(sample)}
        </Text>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRoute size={14} aria-hidden="true" />}
          onClick={() => openTrace(sample.messageId)}
        >
          Open trace
        </Button>
      </Group>
      {sample.isMasked && (
        <Text size="xs" c="dimmed">
          Values are dots: you may not see personal data.
        </Text>
      )}
      {sample.exchanges.length === 0 ? (
        <>
          <Text size="sm" c="dimmed">
            No request was made{sample.message === null ? '' : `: ${sample.message}`}. This is what was sent to
            Tributary:
          </Text>
          <Json value={sample.event} label="What was sent to Tributary" search={search} maxHeight={420} />
        </>
      ) : (
        sample.exchanges.map((exchange, index) => <ExchangeView key={index} event={sample.event} exchange={exchange} />)
      )}
    </Stack>
  );
}

function nameOf({ event }: Sample): string {
  const word = (key: string): string | undefined => {
    const value = event[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return word('event') ?? [word('type'), word('name')].filter(Boolean).join(' ') ?? 'Event';
}
