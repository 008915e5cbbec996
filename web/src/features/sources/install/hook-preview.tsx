import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { ApiError } from '../../../../../shared/api/api-error.ts';
import { useApi, useWorkspaceSlug } from '../../../api/calls.ts';
import { useMay } from '../../../api/me.ts';
import { counted } from '../../../ui/format.ts';
import { Json } from '../../../ui/json/json-view.tsx';
import { Ago } from '../../../ui/time.tsx';
import type { AppSource } from '../use-source.ts';
import type { HookBody } from './hook-draft.ts';

/** Typing is let rest so long before it is tried. */
const REST_MS = 500;
const HEIGHT_PX = 300;

/** What was posted last, or something like it, would become by these rules. Nothing is sent or kept. */
export function HookPreview({ source, rules }: { source: AppSource; rules: Omit<HookBody, 'signature'> | undefined }) {
  const api = useApi();
  const workspace = useWorkspaceSlug();
  const mayEdit = useMay('source.edit', source);
  const [tried] = useDebouncedValue(rules, REST_MS);
  const preview = useQuery({
    queryKey: [workspace ?? '', 'previewSourceHook', source.id, tried],
    queryFn: () => api.call('previewSourceHook', { path: { sourceId: source.id }, body: { hook: tried } }),
    enabled: tried !== undefined && mayEdit,
    retry: false,
  });
  const isNoPost = preview.error instanceof ApiError && preview.error.status === 404;
  return (
    <Paper withBorder p="md" aria-label="Preview" component="section">
      <Group justify="space-between" mb="xs">
        <Text size="sm" fw={600}>
          Preview
        </Text>
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<IconRefresh size={13} aria-hidden />}
          loading={preview.isFetching}
          onClick={() => void preview.refetch()}
        >
          Look again
        </Button>
      </Group>
      {!mayEdit && (
        <Text size="sm" c="dimmed">
          Who may change the source sees what its last post becomes.
        </Text>
      )}
      {isNoPost && (
        <Text size="sm" c="dimmed">
          Nothing was posted yet. Run the curl above, or let the tool send a test, then look again.
        </Text>
      )}
      {preview.isError && !isNoPost && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {preview.error.message}
        </Text>
      )}
      {preview.data !== undefined && !preview.isError && (
        <Stack gap="sm">
          <div>
            <Text size="xs" c="dimmed" mb={4} component="div">
              The last post, <Ago at={preview.data.receivedAt} size="xs" />
              {preview.data.isShortened === true && ', cut to what is kept of it'}
            </Text>
            <Json value={preview.data.request} label="The last post" maxHeight={HEIGHT_PX / 1.5} collapsedDepth={2} />
          </div>
          <div>
            <Text size="xs" c="dimmed" mb={4}>
              becomes {counted(preview.data.count, 'event')}
            </Text>
            <Json
              value={preview.data.items.length === 1 ? preview.data.items[0] : preview.data.items}
              label="Events"
              maxHeight={HEIGHT_PX}
              collapsedDepth={3}
            />
          </div>
        </Stack>
      )}
    </Paper>
  );
}
