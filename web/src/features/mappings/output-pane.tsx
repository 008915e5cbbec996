import { Code, Group, Loader, Paper, SegmentedControl, Stack, Text } from '@mantine/core';
import { ApiError } from '../../../../shared/api/api-error.ts';
import { counted } from '../../ui/format.ts';
import { Diff } from '../../ui/json/diff-view.tsx';
import { Json } from '../../ui/json/json-view.tsx';
import { Raw } from '../../ui/json/raw.tsx';
import { readJson } from '../../ui/json-text.ts';
import { oneOf, useParam } from '../../ui/search-params.ts';
import { ErrorLine, Waiting } from '../../ui/states.tsx';
import type { Tone } from '../../ui/state.ts';
import { Chip } from '../../ui/status.tsx';
import classes from './mappings.module.css';
import type { Try, usePreview } from './use-preview.ts';

const PARTS = ['output', 'changes', 'request'] as const;
type Part = (typeof PARTS)[number];
const PAYLOAD_PX = 460;

/** What the tool would get of the chosen event, by a dry run of the mapping as it stands. */
export function OutputPane({
  preview,
  event,
  isFielded,
}: {
  preview: ReturnType<typeof usePreview>;
  event: unknown;
  /** The error is told beside the field that it is about. */
  isFielded: boolean;
}) {
  const [part = 'output', setPart] = useParam('part', oneOf(...PARTS), { replace: true });
  const { one, error, isWaiting, isMatch, trial } = preview;
  return (
    <Paper withBorder component="section" aria-label="Output" className={classes.pane} aria-busy={isWaiting}>
      <div className={classes.paneHead}>
        <Group gap={8} wrap="nowrap">
          <Text fw={600} size="sm">
            Output
          </Text>
          {one !== undefined && <Chip tone={toneOf(one, isMatch)}>{wordOf(one, isMatch)}</Chip>}
        </Group>
        {isWaiting && <Loader size={14} role="img" aria-label="Trying it" />}
      </div>
      <Stack gap="sm" className={classes.inside}>
        {error !== null && preview.isError ? (
          isFielded || (error instanceof ApiError && error.status === 422) ? (
            <Text size="sm" c="dimmed" role="status">
              It cannot be tried like this: see what is marked in the mapping.
            </Text>
          ) : (
            <ErrorLine error={error} />
          )
        ) : one === undefined ? (
          <Waiting what="the output" lines={5} height={24} />
        ) : (
          <>
            {!isMatch && (
              <Text size="xs" c="dimmed">
                The trigger does not choose this event, so it is not sent. This is what its fields would be.
              </Text>
            )}
            {one.message !== null && (
              <Text size="sm" c="var(--mantine-color-error)" role="alert" style={{ overflowWrap: 'anywhere' }}>
                {one.message}
              </Text>
            )}
            <SegmentedControl
              size="xs"
              fullWidth
              transitionDuration={0}
              aria-label="What is shown"
              value={part}
              onChange={(value) => setPart(PARTS.find((known) => known === value))}
              data={[
                { value: 'output', label: 'Mapped' },
                { value: 'changes', label: 'Changes' },
                {
                  value: 'request',
                  label: one.exchanges.length === 1 ? 'Request' : `Requests (${one.exchanges.length})`,
                },
              ]}
            />
            <Shown part={part} one={one} event={event} />
            {(trial?.placeholders.length ?? 0) > 0 && (
              <Text size="xs" c="dimmed">
                Nothing is sent: made-up values stand for {trial?.placeholders.join(', ')}.
              </Text>
            )}
          </>
        )}
      </Stack>
    </Paper>
  );
}

function Shown({ part, one, event }: { part: Part; one: Try; event: unknown }) {
  if (part === 'request') {
    if (one.exchanges.length === 0) {
      return (
        <Text size="sm" c="dimmed">
          No request would be made.
        </Text>
      );
    }
    return one.exchanges.map(({ method, url, requestBody }, index) => {
      const body = readJson(requestBody);
      return (
        <Stack gap={6} key={index}>
          <Code className={classes.url}>
            {method} {url}
          </Code>
          {requestBody !== '' &&
            (body.isJson ? (
              <Json value={body.value} label="Request body" maxHeight={PAYLOAD_PX} collapsedDepth={4} />
            ) : (
              <Raw text={requestBody} label="Request body" maxHeight={PAYLOAD_PX} />
            ))}
        </Stack>
      );
    });
  }
  if (one.mapped === null) {
    return (
      <Text size="sm" c="dimmed">
        {one.isShortened ? 'It is too long to be shown.' : 'The mapping makes nothing of this event.'}
      </Text>
    );
  }
  return part === 'changes' ? (
    <Diff before={event} after={one.mapped} label="From the event to what is mapped" maxHeight={PAYLOAD_PX} />
  ) : (
    <Json value={one.mapped} label="What is mapped" maxHeight={PAYLOAD_PX} />
  );
}

const toneOf = ({ outcome }: Try, isMatch: boolean): Tone => {
  if (!isMatch) return 'neutral';
  return outcome === 'WOULD_SEND' ? 'good' : 'bad';
};

function wordOf({ outcome, exchanges }: Try, isMatch: boolean): string {
  if (!isMatch) return 'Not chosen';
  if (outcome === 'WOULD_SEND') {
    return exchanges.length === 0 ? 'Would be kept' : `Would send ${counted(exchanges.length, 'request')}`;
  }
  return outcome === 'DISCARDED' ? 'Would be discarded' : 'Would fail';
}
