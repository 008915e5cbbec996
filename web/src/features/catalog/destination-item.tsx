import { Anchor, Code, Group, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { IconExternalLink, IconSettings } from '@tabler/icons-react';
import type { CatalogDestination } from '../../../../shared/catalog/catalog-entry.ts';
import { useWorkspaceSlug } from '../../api/calls.ts';
import { Action } from '../../ui/locked.tsx';
import { Logo } from '../../ui/logo.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { HelpText } from '../../ui/schema-form/help-text.tsx';
import { DocLink, Failed, Waiting } from '../../ui/states.tsx';
import { Chip } from '../../ui/status.tsx';
import { isDeviceOnly, kindWord, modeOf, useCatalog, useDestinationType } from './catalog.ts';
import classes from './catalog.module.css';
import { ConnectedList } from './connected-list.tsx';
import { CredentialsList } from './credentials-list.tsx';
import { DryRun } from './dry-run.tsx';
import { useConnected } from './use-connected.ts';

/** A type of destination. */
export function DestinationItem({ slug }: { slug: string }) {
  const workspace = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  const asked = useDestinationType(slug);
  const catalog = useCatalog();
  const connected = useConnected(catalog.data);
  const crumbs = [{ label: 'Catalog', to: `/${workspace}/catalog` }];
  if (asked.isPending) {
    return (
      <Page title="Destination" crumbs={crumbs} logo={<Skeleton height={40} width={40} radius="md" />}>
        <Waiting what="this type of destination" />
      </Page>
    );
  }
  if (asked.data === undefined) {
    return (
      <Page title="Destination" crumbs={crumbs}>
        <Failed what={`A destination called “${slug}”`} error={asked.error} onRetry={() => void asked.refetch()} />
      </Page>
    );
  }
  const type = asked.data;
  return (
    <Page
      title={type.name}
      crumbs={crumbs}
      logo={<Logo slug={type.slug} name={type.name} size={40} />}
      badges={
        <>
          {type.status === 'PUBLIC_BETA' && <Chip>Beta</Chip>}
          {type.status === 'DEPRECATED' && <Chip tone="warn">Closing: its maker has said so</Chip>}
        </>
      }
      about={type.description}
      actions={
        <Action
          right="destination.create"
          leftSection={<IconSettings size={16} aria-hidden="true" />}
          onClick={() =>
            void navigate({ to: `/${workspace}/destinations/new/${type.slug}`, search: { step: 'source' } as never })
          }
        >
          Configure
        </Action>
      }
    >
      <div className={classes.item}>
        <div>
          <Section title="What you need">
            <CredentialsList type={type} />
          </Section>
          {isDeviceOnly(type) ? (
            <Section title="Dry run">
              <Text size="sm" c="dimmed">
                Browsers send to {type.name} themselves, by its own library: there is no request of ours to show.
              </Text>
            </Section>
          ) : (
            <DryRun
              type={type}
              catalog={catalog.data}
              receiving={new Set(connected.sources.filter(({ state }) => state !== 'idle').map(({ id }) => id))}
            />
          )}
          <Actions type={type} />
          <Settings type={type} />
        </div>
        <aside className={classes.aside} aria-label="Facts">
          <ConnectedList
            things={connected.destinations.filter((one) => one.slug === type.slug)}
            isPending={connected.isPending}
            kind="destinations"
          />
          <Facts type={type} />
          <Stack gap={6}>
            {type.website !== undefined && (
              <Anchor href={type.website} target="_blank" rel="noreferrer" size="sm">
                <Group gap={4} component="span">
                  {new URL(type.website).hostname.replace(/^www\./, '')}
                  <IconExternalLink size={14} aria-hidden="true" />
                </Group>
              </Anchor>
            )}
            <DocLink page="destinations">Destinations in the manual</DocLink>
          </Stack>
        </aside>
      </div>
    </Page>
  );
}

function Facts({ type }: { type: CatalogDestination }) {
  return (
    <div>
      <h2 className={classes.asideHead}>Facts</h2>
      <dl className={classes.facts}>
        <dt>Category</dt>
        <dd>{type.categories.join(', ')}</dd>
        <dt>Mode</dt>
        <dd>{modeOf(type)}</dd>
        <dt>Sources</dt>
        <dd>{type.sourceKinds.map(kindWord).join(', ')}</dd>
        <dt>Calls</dt>
        <dd>{type.supportedTypes.join(', ')}</dd>
        {type.previousNames.length > 0 && (
          <>
            <dt>Once called</dt>
            <dd>{type.previousNames.join(', ')}</dd>
          </>
        )}
      </dl>
    </div>
  );
}

function Actions({ type }: { type: CatalogDestination }) {
  if (type.actions.length === 0) return null;
  const presetsOf = (key: string) => type.presets.filter(({ action }) => action === key);
  return (
    <Section
      title="What it can do"
      about="Each action makes requests of its own; presets are mappings that are ready to use."
    >
      <ul className={classes.needs}>
        {type.actions.map((action) => (
          <li key={action.key}>
            <Group gap={8} mb={2}>
              <Text size="sm" fw={600}>
                {action.title}
              </Text>
              {action.batches && <Chip>Sends batches</Chip>}
            </Group>
            <Text size="sm" c="dimmed" component="div">
              <HelpText text={action.description} />
            </Text>
            {presetsOf(action.key).map((preset) => (
              <Text key={preset.name} size="xs" c="dimmed" mt={4} component="div">
                Preset “{preset.name}” for <Code>{preset.trigger}</Code>
              </Text>
            ))}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Settings({ type }: { type: CatalogDestination }) {
  const shown = type.settings.filter(({ hidden }) => hidden !== true);
  if (shown.length === 0) return null;
  return (
    <Section title="Settings">
      <div className={classes.needs}>
        <Table.ScrollContainer minWidth={420} type="native">
          <Table aria-label="Settings" horizontalSpacing="md" verticalSpacing={9}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Setting</Table.Th>
                <Table.Th w={90}>Required</Table.Th>
                <Table.Th>What it is for</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map(({ key, label, required, description }) => (
                <Table.Tr key={key}>
                  <Table.Td fw={560}>{label}</Table.Td>
                  <Table.Td>{required ? 'Yes' : 'No'}</Table.Td>
                  <Table.Td c="dimmed">
                    <HelpText text={description} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </div>
    </Section>
  );
}
