import { Skeleton, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { IconPlus } from '@tabler/icons-react';
import type { CatalogSourceKind, CatalogStatus } from '../../../../shared/catalog/catalog-entry.ts';
import { fillInstallText, type InstallText, ranSentence } from '../../../../shared/catalog/install/install-text.ts';
import { useCall, useWorkspaceSlug } from '../../api/calls.ts';
import { appConfig } from '../../app/config.ts';
import { Snippet } from '../../ui/copy.tsx';
import { Action } from '../../ui/locked.tsx';
import { Logo } from '../../ui/logo.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { DocLink, Failed, Waiting } from '../../ui/states.tsx';
import { Chip } from '../../ui/status.tsx';
import { kindWord, useCatalog } from './catalog.ts';
import classes from './catalog.module.css';
import { ConnectedList } from './connected-list.tsx';
import { useConnected } from './use-connected.ts';

type SourceEntry = {
  slug: string;
  name: string;
  description: string;
  kind: CatalogSourceKind;
  categories: readonly string[];
  status: CatalogStatus;
  install: readonly InstallText[];
};

/** Stand for what a source gets when it is added. */
const YOUR_KEY = 'YOUR_WRITE_KEY';
const YOUR_SOURCE = 'YOUR_SOURCE_ID';

/** A type of source, with the text that one puts into a site, an app or a server. */
export function SourceItem({ slug }: { slug: string }) {
  const workspace = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  const asked = useCall('getCatalogSource', { path: { idOrSlug: slug } });
  const catalog = useCatalog();
  const connected = useConnected(catalog.data);
  const crumbs = [{ label: 'Catalog', to: `/${workspace}/catalog` }];
  if (asked.isPending) {
    return (
      <Page title="Source" crumbs={crumbs} logo={<Skeleton height={40} width={40} radius="md" />}>
        <Waiting what="this type of source" />
      </Page>
    );
  }
  if (asked.isError) {
    return (
      <Page title="Source" crumbs={crumbs}>
        <Failed what={`A source called “${slug}”`} error={asked.error} onRetry={() => void asked.refetch()} />
      </Page>
    );
  }
  const type = asked.data.source as unknown as SourceEntry;
  const { ingestUrl, cdnUrl } = appConfig();
  const places = { writeKey: YOUR_KEY, trackingUrl: ingestUrl, cdnUrl, sourceId: YOUR_SOURCE };
  return (
    <Page
      title={type.name}
      crumbs={crumbs}
      logo={<Logo slug={type.slug} name={type.name} size={40} />}
      badges={type.status === 'PUBLIC_BETA' && <Chip>Beta</Chip>}
      about={type.description}
      actions={
        <Action
          right="source.create"
          leftSection={<IconPlus size={16} aria-hidden="true" />}
          onClick={() => void navigate({ to: `/${workspace}/sources/new`, search: { type: type.slug } as never })}
        >
          Add source
        </Action>
      }
    >
      <div className={classes.item}>
        <div>
          {type.install.map(({ title, text, library, ran }) => (
            <Section key={title} title={title} about={ranSentence({ ran, ...(library !== undefined && { library }) })}>
              <Snippet code={fillInstallText({ text }, places)} what={title} />
            </Section>
          ))}
          <Text size="sm" c="dimmed">
            Once the source is added, its install page has this text with its own key, and turns green at the first
            event.
          </Text>
        </div>
        <aside className={classes.aside} aria-label="Facts">
          <ConnectedList
            things={connected.sources.filter((one) => one.slug === type.slug)}
            isPending={connected.isPending}
            kind="sources"
          />
          <div>
            <h2 className={classes.asideHead}>Facts</h2>
            <dl className={classes.facts}>
              <dt>Kind</dt>
              <dd>{kindWord(type.kind)}</dd>
              <dt>Category</dt>
              <dd>{type.categories.join(', ')}</dd>
            </dl>
          </div>
          <DocLink page="tracking-tests">What each library was tested with</DocLink>
        </aside>
      </div>
    </Page>
  );
}
