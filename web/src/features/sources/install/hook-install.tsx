import { Box, Stack, Text } from '@mantine/core';
import { fillInstallText } from '../../../../../shared/catalog/install/install-text.ts';
import { appConfig } from '../../../app/config.ts';
import { useCall } from '../../../api/calls.ts';
import { Snippet } from '../../../ui/copy.tsx';
import { Section } from '../../../ui/page.tsx';
import { DocLink, Failed, Waiting } from '../../../ui/states.tsx';
import type { SourceKindWithTexts } from '../source-kinds.ts';
import type { AppSource } from '../use-source.ts';
import { HookForm } from './hook-form.tsx';

/** How a tool is made to post to a webhook source, and what its posts become. */
export function HookInstall({
  source,
  kind,
  writeKey,
}: {
  source: AppSource;
  kind: SourceKindWithTexts;
  writeKey: string | undefined;
}) {
  const hook = useCall('getSourceHook', { path: { sourceId: source.id } });
  const { ingestUrl, cdnUrl } = appConfig();
  const places = { writeKey: writeKey ?? 'YOUR_WRITE_KEY', trackingUrl: ingestUrl, cdnUrl, sourceId: source.id };
  return (
    <>
      <Section
        title="Address"
        about={
          <>
            Give it to the tool as the address to post to.{' '}
            <DocLink page="webhook-source">How webhook sources work</DocLink>
          </>
        }
      >
        <Stack gap="md">
          {kind.install.map((one) => (
            <Box key={one.title}>
              <Text size="sm" fw={600} mb={6}>
                {one.title}
              </Text>
              <Snippet code={fillInstallText(one, places).trimEnd()} what={one.title} />
            </Box>
          ))}
        </Stack>
      </Section>
      {hook.isPending && <Waiting what="the mapping" lines={3} height={80} />}
      {hook.isError && <Failed what="The mapping" error={hook.error} onRetry={() => void hook.refetch()} />}
      {hook.data !== undefined && <HookForm source={source} hook={hook.data.hook} />}
    </>
  );
}
