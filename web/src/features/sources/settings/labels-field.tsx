import { ActionIcon, Badge, Group, Menu, Text } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useCall, useChange } from '../../../api/calls.ts';
import { type Label, useMay } from '../../../api/me.ts';
import { toastError } from '../../../ui/toast.tsx';
import type { AppSource } from '../use-source.ts';

const STALE = ['getAppSource', 'listSources', 'listEnvironments'] as const;
const isLike =
  (one: Label) =>
  ({ key, value }: Label): boolean =>
    one.key === key && one.value === value;
const bare = ({ key, value }: Label): Label => ({ key, value });

/** Labels of a source, the environment among them: each is saved at once. */
export function LabelsField({ source }: { source: AppSource }) {
  const may = useMay('source.label', source);
  const known = useCall('listLabels', undefined, { freshMs: 30_000 });
  const replace = useChange('replaceLabelsInSource', {
    stale: STALE,
    onFailed: (error) => toastError('The labels were not changed', error),
  });
  const labels = replace.isPending ? (replace.variables.body?.labels ?? source.labels) : source.labels;
  const offered = (known.data?.labels ?? []).filter((one) => !labels.some(isLike(one)));
  const set = (next: readonly Label[]): void =>
    replace.mutate({ path: { sourceId: source.id }, body: { labels: next.map(bare) } });
  return (
    <div>
      <Text size="sm" fw={550} mb={4} id="labels-of-source">
        Labels
      </Text>
      <Group gap={6} role="group" aria-labelledby="labels-of-source">
        {labels.map((label) => (
          <Badge
            key={`${label.key}:${label.value}`}
            variant="light"
            color="gray"
            tt="none"
            fw={550}
            size="lg"
            rightSection={
              may && (
                <ActionIcon
                  size={16}
                  aria-label={`Remove label ${label.key}: ${label.value}`}
                  onClick={() => set(labels.filter((one) => !isLike(label)(one)))}
                >
                  <IconX size={12} />
                </ActionIcon>
              )
            }
          >
            {label.key}: {label.value}
          </Badge>
        ))}
        {labels.length === 0 && (
          <Text size="sm" c="dimmed">
            None
          </Text>
        )}
        {may && offered.length > 0 && (
          <Menu position="bottom-start">
            <Menu.Target>
              <ActionIcon variant="default" aria-label="Add label" size={26}>
                <IconPlus size={14} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown mah={300} style={{ overflow: 'auto' }}>
              {offered.map((label) => (
                <Menu.Item key={`${label.key}:${label.value}`} onClick={() => set([...labels, bare(label)])}>
                  {label.key}: {label.value}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
    </div>
  );
}
