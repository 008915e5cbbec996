import { Button, Group, Select, Stack, Tabs, Text, Title } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { fillInstallText, ranSentence } from '../../../../../shared/catalog/install/install-text.ts';
import { appConfig } from '../../../app/config.ts';
import { Snippet } from '../../../ui/copy.tsx';
import { Logo } from '../../../ui/logo.tsx';
import { text, useParam } from '../../../ui/search-params.ts';
import { Failed, Waiting } from '../../../ui/states.tsx';
import { type SourceKind, useCatalog, useKind } from '../source-kinds.ts';
import type { AppSource } from '../use-source.ts';
import { BrowserHints } from './browser-hints.tsx';
import classes from './install.module.css';
import { mailTo } from './install-mail.ts';

/** Where the key stands for who may not see it. */
const NO_KEY = 'YOUR_WRITE_KEY';

/** How a source is made to send, in every language that the catalog has a text for; `?with=` is the one that is open. */
export function InstallTexts({ source, own, writeKey }: { source: AppSource; own: SourceKind; writeKey?: string }) {
  const { kinds = [] } = useCatalog();
  const [chosen, setChosen] = useParam('with', text, { replace: true });
  const others = kinds.filter(({ kind, slug }) => kind !== 'webhook' && slug !== own.slug);
  const slug = others.some((one) => one.slug === chosen) ? (chosen ?? own.slug) : own.slug;
  const choose = (value: string | null): void => setChosen(value === own.slug || value === null ? undefined : value);
  const groups = (['website', 'mobile', 'server'] as const).map((kind) => ({
    title: { website: 'Website', mobile: 'Mobile', server: 'Server' }[kind],
    kinds: others.filter((one) => one.kind === kind),
  }));

  return (
    <Tabs
      orientation="vertical"
      variant="none"
      value={slug}
      onChange={choose}
      keepMounted={false}
      className={classes['layout']}
    >
      <div>
        <Select
          hiddenFrom="md"
          label="Install with"
          data={[own, ...others].map((one) => ({ value: one.slug, label: one.name }))}
          value={slug}
          allowDeselect={false}
          onChange={choose}
        />
        <Tabs.List visibleFrom="md" className={classes['rail']} aria-label="Install with">
          <Way kind={own} />
          {groups.map(({ title, kinds }) =>
            kinds.length === 0 ? null : (
              <div key={title} role="presentation">
                <div className={classes['railLabel']} role="presentation">
                  {title}
                </div>
                {kinds.map((kind) => (
                  <Way key={kind.slug} kind={kind} />
                ))}
              </div>
            ),
          )}
        </Tabs.List>
      </div>
      <Tabs.Panel value={slug}>
        <KindTexts slug={slug} source={source} writeKey={writeKey ?? NO_KEY} />
      </Tabs.Panel>
    </Tabs>
  );
}

function Way({ kind: { slug, name } }: { kind: SourceKind }) {
  return (
    <Tabs.Tab value={slug} className={classes['way']} leftSection={<Logo slug={slug} name={name} size={20} />}>
      {name}
    </Tabs.Tab>
  );
}

function KindTexts({ slug, source, writeKey }: { slug: string; source: AppSource; writeKey: string }) {
  const { kind, isError, error, refetch } = useKind(slug);
  if (isError) return <Failed what="The install text" error={error} onRetry={() => void refetch()} />;
  if (kind === undefined) return <Waiting what="the install text" lines={3} height={110} />;
  const { ingestUrl, cdnUrl } = appConfig();
  const places = { writeKey, trackingUrl: ingestUrl, cdnUrl, sourceId: source.id };
  const texts = kind.install.map((one) => ({ ...one, code: fillInstallText(one, places) }));
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="center">
        <Title order={2}>Install with {kind.name}</Title>
        <Button
          component="a"
          href={mailTo({ sourceName: source.name, kindName: kind.name, texts, url: location.href })}
          variant="default"
          size="xs"
          leftSection={<IconMail size={14} aria-hidden />}
        >
          E-mail to a developer
        </Button>
      </Group>
      {texts.map((one) => (
        <div key={one.title}>
          <Text size="sm" fw={600} mb={6}>
            {one.title}
          </Text>
          <Snippet code={one.code} what={one.title} maxHeight={520} />
          <Text size="xs" c="dimmed" mt={4}>
            {ranSentence(one)}
          </Text>
        </div>
      ))}
      {kind.kind === 'website' && <BrowserHints />}
    </Stack>
  );
}
