import { Alert, Button, Group, Text } from '@mantine/core';

/** Says that another has saved what is being edited, and asks what holds. */
export function Overtaken({
  what,
  onMine,
  onTheirs,
}: {
  /** As in "this mapping". */
  what: string;
  onMine: () => void;
  onTheirs: () => void;
}) {
  return (
    <Alert color="yellow" role="status" title={`Somebody else has saved this ${what} since you began`}>
      <Text size="sm" mb="sm">
        Nothing of either is lost yet. Keep yours, and what you changed is put on top of theirs: look it over, then
        save.
      </Text>
      <Group gap="xs">
        <Button size="xs" onClick={onMine}>
          Keep mine
        </Button>
        <Button size="xs" variant="default" onClick={onTheirs}>
          Take theirs
        </Button>
      </Group>
    </Alert>
  );
}
