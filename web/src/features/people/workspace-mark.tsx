import { Avatar } from '@mantine/core';

/** The first letter of a workspace's name on a tint. */
export function WorkspaceMark({ name, size = 34 }: { name: string; size?: number }) {
  return (
    <Avatar size={size} radius="md" color="indigo" variant="light" aria-hidden="true">
      {name.trim().slice(0, 1).toUpperCase()}
    </Avatar>
  );
}
