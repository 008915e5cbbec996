import { Button, Group, Paper, Select, Stack, Text } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import type { CatalogDestination } from '../../../../shared/catalog/catalog-entry.ts';
import { useAll, useChange, useWorkspaceSlug } from '../../api/calls.ts';
import { Section } from '../../ui/page.tsx';
import { TextLink } from '../../ui/link.tsx';
import { text, useParam } from '../../ui/search-params.ts';
import { ErrorLine } from '../../ui/states.tsx';
import { Ago } from '../../ui/time.tsx';
import { kindOfSource } from '../add-destination/compatible.ts';
import type { Catalog } from './catalog.ts';
import { triedEvent, useLastEvents } from './last-event.ts';
import { TrialResult } from './trial-result.tsx';

export type DryRunProps = {
  type: CatalogDestination;
  catalog: Catalog | undefined;
  /** Ids of sources that get events now: they are tried first. */
  receiving: ReadonlySet<string>;
};

/** Shows what the tool would be sent for the last real event of a source: without credentials, and nothing is sent. */
export function DryRun({ type, catalog, receiving }: DryRunProps) {
  const workspace = useWorkspaceSlug() ?? '';
  const sources = useAll('listSources', 'sources');
  const [asked, setSource] = useParam('source', text, { replace: true });
  const fitting = (sources.data ?? []).filter(
    ({ metadata, enabled }) => enabled && type.sourceKinds.includes(kindOfSource(catalog, metadata.slug)),
  );
  const [first, setFirst] = useState<string>();
  const sourceId = fitting.some(({ id }) => id === asked)
    ? asked
    : (first ?? (fitting.find(({ id }) => receiving.has(id)) ?? fitting[0])?.id);
  const events = useLastEvents(sourceId, type.supportedTypes);
  const tried = triedEvent(events.last);
  const run = useChange('dryRunCatalogDestination', { stale: [] });

  if (sources.data !== undefined && fitting.length === 0) {
    return (
      <Section title="Dry run the last event">
        <Paper withBorder p="md">
          <Text size="sm" c="dimmed">
            No source that fits sends events yet.{' '}
            <TextLink underline="always" to={`/${workspace}/sources/new`}>
              Add a source
            </TextLink>
            , send an event, and see here what {type.name} would get.
          </Text>
        </Paper>
      </Section>
    );
  }
  return (
    <Section
      title="Dry run the last event"
      about={`See what ${type.name} would be sent. It takes no account and no key, and nothing leaves.`}
    >
      <Paper withBorder p="md">
        <Stack gap="md">
          <Group align="flex-end" gap="sm">
            <Select
              label="Source"
              w={{ base: '100%', xs: 240 }}
              data={fitting.map(({ id, name, slug }) => ({ value: id, label: name ?? slug }))}
              value={sourceId ?? null}
              onChange={(id) => {
                setSource(id ?? undefined);
                setFirst(id ?? undefined);
                run.reset();
              }}
              allowDeselect={false}
            />
            <Button
              leftSection={<IconPlayerPlay size={15} aria-hidden="true" />}
              loading={run.isPending}
              disabled={sourceId === undefined || events.isPending}
              onClick={() => {
                if (sourceId === undefined) return;
                run.mutate({ path: { idOrSlug: type.slug }, body: { sourceId, event: { ...tried.event } } });
              }}
            >
              Dry run
            </Button>
            <Text size="sm" c="dimmed" py={8}>
              {events.isPending ? (
                'Looking for its last event…'
              ) : tried.receivedAt === undefined ? (
                <>It has sent nothing lately: tries a made-up {tried.name}</>
              ) : (
                <>
                  with <b>{tried.name}</b>, <Ago at={tried.receivedAt} />
                </>
              )}
            </Text>
          </Group>
          <ErrorLine error={run.error} />
          {run.data !== undefined && <TrialResult trial={run.data} />}
        </Stack>
      </Paper>
    </Section>
  );
}
