import { Alert, Button, Group, Text } from '@mantine/core';
import type { Editing } from './use-editing.ts';

/** Where what is being edited was saved elsewhere, by another or in another tab: says so, and asks what holds. */
export function Overtaken({
  what,
  edit,
  canMerge = true,
  onChosen,
}: {
  /** As in "this mapping". */
  what: string;
  edit: Pick<Editing<never>, 'isOvertaken' | 'keepMine' | 'discard'>;
  /** False where theirs cannot be shown here, and so not be put together with mine. */
  canMerge?: boolean;
  onChosen: () => void;
}) {
  if (!edit.isOvertaken) return null;
  const choose = (how: () => void) => () => {
    how();
    onChosen();
  };
  return (
    <Alert color="yellow" role="status" title={`This ${what} was saved elsewhere since you began`}>
      <Text size="sm" mb="sm">
        {canMerge
          ? 'Nothing of either is lost yet. Keep yours, and what you changed is put on top of theirs: look it over, then save.'
          : 'What is saved now cannot be put together with what you changed. Copy what you need of it first.'}
      </Text>
      <Group gap="xs">
        {canMerge && (
          <Button size="xs" onClick={choose(edit.keepMine)}>
            Keep mine
          </Button>
        )}
        <Button size="xs" variant="default" onClick={choose(edit.discard)}>
          Take theirs
        </Button>
      </Group>
    </Alert>
  );
}
