import { Alert, Button, Checkbox, Group, Modal, ScrollArea, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { forget, useApi, useWorkspaceSlug } from '../../api/calls.ts';
import { useWork } from '../../api/use-work.ts';
import { counted } from '../../ui/format.ts';
import { toast } from '../../ui/toast.tsx';
import { withLabel } from './label-change.ts';
import { type LabelPair, labelText } from './permissions.ts';

type Labelled = { id: string; name?: string | undefined; slug: string; labels: readonly LabelPair[] };

const hasLabel = (source: Labelled, label: LabelPair): boolean =>
  source.labels.some(({ key, value }) => key === label.key && value === label.value);

/** Puts a label on many sources at once, and takes it off others. */
export function LabelAssign({
  label,
  sources,
  onClose,
}: {
  label: LabelPair;
  sources: readonly Labelled[];
  onClose: () => void;
}) {
  const api = useApi();
  const slug = useWorkspaceSlug();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState(() => sources.filter((one) => hasLabel(one, label)).map(({ id }) => id));
  const changed = sources.filter((one) => hasLabel(one, label) !== chosen.includes(one.id));
  const save = useWork({
    mutationFn: async () => {
      for (const { id, labels } of changed) {
        await api.call('replaceLabelsInSource', {
          path: { sourceId: id },
          body: { labels: withLabel(labels, label, chosen.includes(id)) },
        });
      }
    },
    onSuccess: () => {
      toast(`${counted(changed.length, 'source')} changed`);
      onClose();
    },
    // What went before a failure is done, too.
    onSettled: async () =>
      await forget(queries, slug, ['listSources', 'listLabels', 'listEnvironments', 'listSourceStats', 'getSource']),
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Sources with ${labelText(label)}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="md">
        {sources.length === 0 ? (
          <Text size="sm" c="dimmed">
            There are no sources yet.
          </Text>
        ) : (
          <Checkbox.Group value={chosen} onChange={setChosen} aria-label={`Sources with ${labelText(label)}`}>
            <ScrollArea.Autosize mah={340}>
              <Stack gap="sm" py={4}>
                {sources.map(({ id, name, slug: ofSource, labels }) => {
                  const other = labels.find(({ key, value }) => key === label.key && value !== label.value);
                  return (
                    <Checkbox
                      key={id}
                      value={id}
                      label={name ?? ofSource}
                      description={other === undefined ? undefined : `Now ${labelText(other)}, which it replaces`}
                    />
                  );
                })}
              </Stack>
            </ScrollArea.Autosize>
          </Checkbox.Group>
        )}
        {save.isError && (
          <Alert color="red" title="Not all were changed">
            {save.error.message}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={save.isPending} disabled={changed.length === 0} onClick={() => save.mutate()}>
            {changed.length === 0 ? 'Save' : `Change ${counted(changed.length, 'source')}`}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
