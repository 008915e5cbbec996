import { Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { CopyTextButton } from '../../ui/copy.tsx';
import { duration } from '../../ui/format.ts';
import { Diff } from '../../ui/json/diff-view.tsx';
import { Json } from '../../ui/json/json-view.tsx';
import { Raw } from '../../ui/json/raw.tsx';
import type { Tone } from '../../ui/state.ts';
import { Chip } from '../../ui/status.tsx';
import { bodyValue, curlOf, type Sent } from './curl.ts';
import classes from './delivery.module.css';

/** One call to a tool, with what it answered. */
export type ExchangeFacts = Sent & {
  status: number | null;
  responseHeaders: Readonly<Record<string, string>>;
  responseBody: string;
  latencyMs: number;
  error?: string | null;
};

const PARTS = ['request', 'response', 'changes', 'sent'] as const;
type Part = (typeof PARTS)[number];
const TITLES: Readonly<Record<Part, string>> = {
  sent: 'You sent',
  request: 'Request',
  response: 'Response',
  changes: 'Changes',
};
/** The height from which on a payload scrolls, in px. */
const PAYLOAD_PX = 420;

export const statusTone = (status: number | null): Tone => {
  if (status === null) return 'bad';
  if (status < 300) return 'good';
  return status < 400 ? 'warn' : 'bad';
};

/** What was sent to us, what was sent to the tool, what it answered, and what became other between the first two. */
export function ExchangeView({
  event,
  exchange,
  answeredBy,
}: {
  event: unknown;
  exchange: ExchangeFacts;
  /** Why the tool was not asked, in words: its answer is then made up. */
  answeredBy?: string | undefined;
}) {
  const [part, setPart] = useState<Part>('request');
  const request = bodyValue(exchange.requestBody);
  const parts = PARTS.filter((one) => one !== 'changes' || (request !== undefined && typeof request === 'object'));
  const shown = parts.includes(part) ? part : 'request';
  return (
    <Stack gap="xs">
      <Group gap="xs" wrap="wrap">
        {answeredBy === undefined ? (
          <Chip tone={statusTone(exchange.status)}>
            {exchange.status === null ? 'No answer' : String(exchange.status)}
          </Chip>
        ) : (
          <Chip tone="info">{answeredBy}</Chip>
        )}
        <Text size="sm" ff="monospace" className={classes['url']} title={exchange.url}>
          {exchange.method} {exchange.url}
        </Text>
        <Text size="xs" c="dimmed" className="numbers">
          {answeredBy === undefined ? duration(exchange.latencyMs) : 'not sent'}
        </Text>
      </Group>
      <Group justify="space-between" gap="xs">
        <SegmentedControl
          size="xs"
          aria-label="Part of the call"
          value={shown}
          onChange={(next) => setPart(next)}
          data={parts.map((one) => ({ value: one, label: TITLES[one] }))}
          transitionDuration={0}
        />
        <CopyTextButton text={curlOf(exchange)}>Copy as cURL</CopyTextButton>
      </Group>
      {shown === 'sent' && <Json value={event} label="What was sent to Tributary" maxHeight={PAYLOAD_PX} />}
      {shown === 'changes' && (
        <Diff before={event} after={request} label="From what you sent to the request" maxHeight={PAYLOAD_PX} />
      )}
      {shown === 'request' && (
        <>
          <Headers label="Headers of the request" headers={exchange.requestHeaders} />
          <Body label="Body of the request" body={exchange.requestBody} value={request} />
        </>
      )}
      {shown === 'response' && (
        <>
          {answeredBy !== undefined && (
            <Text size="sm" c="dimmed">
              Nobody was asked: this answer is made up, so that the tool’s code can go on.
            </Text>
          )}
          {exchange.error !== undefined && exchange.error !== null && (
            <Text size="sm" c="var(--mantine-color-error)">
              {exchange.error}
            </Text>
          )}
          <Headers label="Headers of the response" headers={exchange.responseHeaders} />
          <Body label="Body of the response" body={exchange.responseBody} value={bodyValue(exchange.responseBody)} />
        </>
      )}
    </Stack>
  );
}

function Headers({ label, headers }: { label: string; headers: Readonly<Record<string, string>> }) {
  const entries = Object.entries(headers);
  if (entries.length === 0) return null;
  return (
    <details className={classes['headers']}>
      <summary>
        {entries.length} {entries.length === 1 ? 'header' : 'headers'}
      </summary>
      <dl aria-label={label}>
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function Body({ label, body, value }: { label: string; body: string; value: unknown }) {
  if (body === '') {
    return (
      <Text size="sm" c="dimmed">
        The body is empty.
      </Text>
    );
  }
  if (value === undefined || value === null || typeof value !== 'object') {
    return <Raw text={body} label={label} maxHeight={PAYLOAD_PX} />;
  }
  return <Json value={value} label={label} maxHeight={PAYLOAD_PX} />;
}
