import { Group, Stack, Text } from '@mantine/core';
import { Chip } from '../../ui/status.tsx';
import { CopyTextButton } from '../../ui/copy.tsx';
import { duration } from '../../ui/format.ts';
import { Json } from '../../ui/json/json-view.tsx';
import { Raw } from '../../ui/json/raw.tsx';
import { requestAsCurl } from './copy-as.ts';
import { nameOf, type Trace, type TraceSend } from './outcome.ts';
import { jsonOrText } from './stages.ts';
import classes from './trace.module.css';

type Exchange = TraceSend['tries'][number]['exchanges'][number];
/** From which height on a body scrolls. */
const BODY_PX_MAX = 360;

/** All that was sent to tools and answered, as far as samples of it are kept. */
export function ExchangesView({ trace }: { trace: Trace }) {
  const all = exchangesOf(trace);
  const gap = trace.gaps.find(({ what }) => what === 'exchanges');
  return (
    <Stack gap="md">
      {all.map(({ key, title, exchange }) => (
        <ExchangeView key={key} title={title} exchange={exchange} />
      ))}
      {(all.length === 0 || gap !== undefined) && (
        <Text size="sm" c="dimmed">
          {gap?.why ?? 'Nothing was sent to a tool.'}
        </Text>
      )}
    </Stack>
  );
}

export function exchangesOf({ destinations }: Pick<Trace, 'destinations'>): {
  key: string;
  title: string;
  exchange: Exchange;
}[] {
  return destinations.flatMap((target) =>
    target.sends.flatMap(({ subscriptionId, subscriptionName, tries }) =>
      tries.flatMap(({ hop, exchanges }, at) =>
        exchanges.map((exchange, index) => ({
          key: `${target.destinationId} ${subscriptionId} ${hop} ${index}`,
          title: `${nameOf(target)} · ${subscriptionName ?? 'deleted mapping'} · try ${at + 1}`,
          exchange,
        })),
      ),
    ),
  );
}

function ExchangeView({ title, exchange }: { title: string; exchange: Exchange }) {
  const { method, url, headers, body, status, responseHeaders, responseBody, error, tookMs } = exchange;
  const tone = status === null ? 'bad' : status < 300 ? 'good' : status < 500 ? 'bad' : 'warn';
  return (
    <article className={classes.exchange} aria-label={title}>
      <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Group gap={8}>
            <Chip tone={tone}>{status === null ? 'No answer' : String(status)}</Chip>
            <Text size="sm" fw={600}>
              {title}
            </Text>
            <Text size="xs" c="dimmed">
              {duration(tookMs)}
            </Text>
          </Group>
          <div className={classes.url}>
            {method} {url}
          </div>
        </div>
        <CopyTextButton text={requestAsCurl(exchange)}>Copy as cURL</CopyTextButton>
      </Group>
      <div className={classes.sides} style={{ marginTop: 10 }}>
        <Side title="Request" headers={headers} body={body} none="It has no body." />
        <Side title="Response" headers={responseHeaders} body={responseBody} none={error ?? 'It has no body.'} />
      </div>
    </article>
  );
}

function Side({
  title,
  headers,
  body,
  none,
}: {
  title: string;
  headers: Readonly<Record<string, string>>;
  body: string | null;
  none: string;
}) {
  const value = body === null ? undefined : jsonOrText(body);
  const names = Object.entries(headers);
  return (
    <section aria-label={title} style={{ minWidth: 0 }}>
      <Text size="xs" fw={600} mb={4}>
        {title}
      </Text>
      {body === null || body === '' ? (
        <Text size="sm" c="dimmed">
          {none}
        </Text>
      ) : typeof value === 'object' ? (
        <Json value={value} label={`${title} body`} maxHeight={BODY_PX_MAX} collapsedDepth={3} />
      ) : (
        <Raw text={body} label={`${title} body`} maxHeight={BODY_PX_MAX} />
      )}
      {names.length > 0 && (
        <details style={{ marginTop: 6 }}>
          <summary style={{ fontSize: 12, cursor: 'pointer' }}>{names.length} headers</summary>
          <dl className={classes.headers}>
            {names.map(([name, text]) => (
              <div key={name} style={{ display: 'contents' }}>
                <dt>{name}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </section>
  );
}
