import { ActionIcon, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useWorkspaceSlug } from '../../api/calls.ts';
import { AppLink, TextLink } from '../../ui/link.tsx';
import { Logo } from '../../ui/logo.tsx';
import { text, useParam } from '../../ui/search-params.ts';
import { Empty, Failed, Waiting } from '../../ui/states.tsx';
import { Chip } from '../../ui/status.tsx';
import { type SourceKind, useCatalog } from './source-kinds.ts';
import classes from './sources.module.css';

const GROUPS: readonly { kind: SourceKind['kind']; title: string; about: string }[] = [
  { kind: 'website', title: 'Website', about: 'Pages and visitors, from the browser' },
  { kind: 'mobile', title: 'Mobile', about: 'Screens and events of apps' },
  { kind: 'server', title: 'Server', about: 'Events of your own code, without a browser' },
  { kind: 'webhook', title: 'Tools', about: 'What other tools post about themselves' },
];

/** Types of sources by group, with a search over names and descriptions. */
export function KindChooser() {
  const slug = useWorkspaceSlug() ?? '';
  const { kinds, isPending, isError, error, refetch } = useCatalog();
  const [query = '', setQuery] = useParam('q', text, { replace: true });
  if (isPending) return <Waiting what="types of sources" lines={6} height={64} />;
  if (isError || kinds === undefined) return <Failed what="The catalog" error={error} onRetry={() => void refetch()} />;
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = kinds.filter(({ name, description, kind, slug }) => {
    const all = `${name} ${description} ${kind} ${slug}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
  return (
    <Stack gap="lg">
      <TextInput
        data-search="true"
        aria-label="Search types of sources"
        placeholder="Search types, such as Python or website"
        value={query}
        w={{ base: '100%', xs: 340 }}
        leftSection={<IconSearch size={15} aria-hidden />}
        rightSection={
          query !== '' && (
            <ActionIcon size="sm" aria-label="Clear search" onClick={() => setQuery(undefined)}>
              <IconX size={14} />
            </ActionIcon>
          )
        }
        onChange={({ currentTarget }) => setQuery(currentTarget.value === '' ? undefined : currentTarget.value)}
      />
      {found.length === 0 && (
        <Empty title={`No type is called “${query}”`}>
          Whatever can send an HTTP request is a source:{' '}
          <TextLink to={`/${slug}/sources/new`} search={{ type: 'http-api' }} underline="always">
            use the HTTP API
          </TextLink>
          . A tool that posts webhooks needs no code:{' '}
          <TextLink to={`/${slug}/sources/new`} search={{ type: 'webhook' }} underline="always">
            use a webhook source
          </TextLink>
          .
        </Empty>
      )}
      {GROUPS.map(({ kind, title, about }) => {
        const group = found.filter((one) => one.kind === kind);
        if (group.length === 0) return null;
        return (
          <section key={kind} aria-label={title}>
            <Title order={2} size="h3">
              {title}{' '}
              <Text span size="sm" c="dimmed" fw={400}>
                {about}
              </Text>
            </Title>
            <ul className={classes['kinds']} style={{ marginTop: 10 }}>
              {group.map((one) => (
                <li key={one.slug}>
                  <AppLink to={`/${slug}/sources/new`} search={{ type: one.slug }} className={classes['kind']}>
                    <Logo slug={one.slug} name={one.name} size={32} />
                    <span>
                      <Text component="span" display="block" size="sm" fw={600}>
                        {one.name}{' '}
                        {one.status === 'PUBLIC_BETA' && (
                          <Chip size="xs" tone="info">
                            Beta
                          </Chip>
                        )}
                      </Text>
                      <Text component="span" display="block" size="xs" c="dimmed">
                        {one.description}
                      </Text>
                    </span>
                  </AppLink>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </Stack>
  );
}
