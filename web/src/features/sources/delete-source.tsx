import { List, Text } from '@mantine/core';
import { useChange } from '../../api/calls.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { counted } from '../../ui/format.ts';
import { toast } from '../../ui/toast.tsx';

const NAMED = 6;

/** Asks before a source goes for good: names what stops with it. */
export function DeleteSource({
  source,
  feeds,
  opened,
  onClose,
  onDone,
}: {
  source: { id: string; name: string };
  /** Names of its destinations. */
  feeds: readonly string[];
  opened: boolean;
  onClose: () => void;
  onDone?: () => void;
}) {
  const remove = useChange('deleteSource', {
    onDone: () => {
      toast(`${source.name} is deleted`);
      onClose();
      onDone?.();
    },
  });
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title={`Delete ${source.name}`}
      typed={source.name}
      button="Delete source"
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ path: { sourceId: source.id } })}
    >
      <Text size="sm" mb={6}>
        This cannot be taken back. To stop events for a while, disable the source instead.
      </Text>
      <List size="sm" spacing={4}>
        <List.Item>Its write keys are refused at once: what still sends with them is lost.</List.Item>
        <List.Item>
          {feeds.length === 0
            ? 'It feeds no destination.'
            : `${counted(feeds.length, 'destination')} ${feeds.length === 1 ? 'is' : 'are'} deleted with it: ${feeds.slice(0, NAMED).join(', ')}${feeds.length > NAMED ? ` and ${feeds.length - NAMED} more` : ''}.`}
        </List.Item>
      </List>
    </Confirm>
  );
}
