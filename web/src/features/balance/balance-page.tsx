import { Anchor, SegmentedControl, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { DestinationBalance, SourceBalance } from '../../../../shared/domain/balance.ts';
import { useAll, useCall, useWorkspaceSlug } from '../../api/calls.ts';
import { isIn, useEnvironment } from '../../app/environment-filter.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { oneOf, text, useParam } from '../../ui/search-params.ts';
import { DocLink, Empty, Failed, Waiting } from '../../ui/states.tsx';
import { AsOf, useNow } from '../../ui/time.tsx';
import { EndDrawer } from './end-drawer.tsx';
import { DestinationLedger, Ledger } from './ledger.tsx';
import { booksOf, destinationRest, hoursOf, SPANS, type Span, sourceRest } from './lines.ts';
import { Verdict } from './verdict.tsx';

/** Books move by the second; a page that is looked at is right to about this. */
const POLL_MS = 10_000;
const SPAN_NAMES = Object.keys(SPANS) as Span[];
const MINUTE_MS = 60_000;

/** "Where are my 10,482 events?": the books of the workspace, to one. */
export function BalancePage() {
  const workspace = useWorkspaceSlug() ?? '';
  const [span = 'all', setSpan] = useParam('span', oneOf(...SPAN_NAMES));
  const [opened, setOpened] = useParam('end', text);
  const now = useNow();
  // The hours of a span change once an hour: the input stays the same between.
  const hours = hoursOf(span, Math.floor(now / MINUTE_MS) * MINUTE_MS);
  const balance = useCall('getBalance', { query: { ...hours } }, { everyMs: POLL_MS, keep: true });
  const sources = useAll('listSources', 'sources');
  const destinations = useAll('listDestinations', 'destinations');
  const [environment] = useEnvironment();
  const books = useMemo(() => booksOf(balance.data), [balance.data]);
  const names = useMemo(
    () =>
      new Map([
        ...(sources.data ?? []).map(({ id, name, slug }): [string, string] => [id, name ?? slug]),
        ...(destinations.data ?? []).map(({ id, name, metadata }): [string, string] => [id, name ?? metadata.name]),
      ]),
    [sources.data, destinations.data],
  );
  const labelled = useMemo(
    () => new Set((sources.data ?? []).filter(({ labels }) => isIn(environment, labels)).map(({ id }) => id)),
    [sources.data, environment],
  );
  const isShown = ({ source }: { source: string }): boolean => environment === undefined || labelled.has(source);
  const lines = { sources: books.sources.filter(isShown), destinations: books.destinations.filter(isShown) };
  const wrong = [
    ...lines.sources.filter((line) => sourceRest(line) !== 0),
    ...lines.destinations.filter((line) => destinationRest(line) !== 0),
  ];
  const failed = [balance, sources, destinations].find(({ isError }) => isError);
  const isEmpty = lines.sources.every(({ accepted, unreadable }) => accepted + unreadable === 0);
  return (
    <Page
      title="Balance"
      about={
        <>
          Where every event is that was accepted, counted to one.{' '}
          <DocLink page="architecture">How the books work</DocLink>
        </>
      }
      actions={
        <>
          <AsOf at={balance.dataUpdatedAt === 0 ? undefined : balance.dataUpdatedAt} />
          <SegmentedControl
            size="xs"
            aria-label="Span"
            value={span}
            onChange={(value) => setSpan(value)}
            data={SPAN_NAMES.map((value) => ({ value, label: SPANS[value] }))}
            transitionDuration={0}
          />
        </>
      }
    >
      {failed !== undefined && balance.data === undefined ? (
        <Failed what="The balance" error={failed.error} onRetry={() => void failed.refetch()} />
      ) : balance.data === undefined || sources.data === undefined || destinations.data === undefined ? (
        <div data-face="loading">
          <Waiting what="the balance" lines={6} height={64} />
        </div>
      ) : isEmpty ? (
        <Empty
          title={span === 'all' ? 'No event was accepted yet' : `No event was accepted: ${SPANS[span].toLowerCase()}`}
          action={
            <Anchor component={Link} to={`/${workspace}/sources`}>
              See your sources
            </Anchor>
          }
        >
          As soon as a source sends, this page says where each event is.
        </Empty>
      ) : (
        <Stack gap="xl">
          <Verdict lines={lines.sources} wrong={wrong.length} />
          <Section title="Sources" about="Events, by what became of them before any destination">
            <Ledger lines={lines.sources} names={names} onOpen={setOpened} />
          </Section>
          <Section
            title="Destinations"
            about="Sends: one event that two mappings want is two. What was kept back for a destination counts as one"
          >
            {lines.destinations.length === 0 ? (
              <Text size="sm" c="dimmed">
                No destination is connected.
              </Text>
            ) : (
              <DestinationLedger lines={lines.destinations} names={names} onOpen={setOpened} />
            )}
          </Section>
        </Stack>
      )}
      <EndDrawer
        opened={opened}
        lines={[...lines.sources, ...lines.destinations] satisfies (SourceBalance | DestinationBalance)[]}
        names={names}
        hours={hours}
        onClose={() => setOpened(undefined)}
      />
    </Page>
  );
}
