import { Alert, Button, Group, Text } from '@mantine/core';

/** Says that what is being edited was saved elsewhere, by another or in another tab, and asks what holds. */
export function Overtaken({
  what,
  onMine,
  onTheirs,
}: {
  /** As in "this mapping". */
  what: string;
  /** Left out where theirs cannot be shown here, and so not be put together with mine. */
  onMine?: (() => void) | undefined;
  onTheirs: () => void;
}) {
  return (
    <Alert color="yellow" role="status" title={`This ${what} was saved elsewhere since you began`}>
      <Text size="sm" mb="sm">
        {onMine === undefined
          ? 'What is saved now cannot be put together with what you changed. Copy what you need of it first.'
          : 'Nothing of either is lost yet. Keep yours, and what you changed is put on top of theirs: look it over, then save.'}
      </Text>
      <Group gap="xs">
        {onMine !== undefined && (
          <Button size="xs" onClick={onMine}>
            Keep mine
          </Button>
        )}
        <Button size="xs" variant="default" onClick={onTheirs}>
          Take theirs
        </Button>
      </Group>
    </Alert>
  );
}
