import { ActionIcon, Menu } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { IconCopy, IconDots, IconFlask, IconPencil, IconTrash } from '@tabler/icons-react';

const ICON = 15;

/** What can be done with a mapping from its row. */
export function MappingMenu({
  name,
  id,
  to,
  tester,
  mayEdit,
  isFull,
  onDuplicate,
  onDelete,
}: {
  name: string;
  id: string;
  to: string;
  /** Address of the event tester. */
  tester: string;
  mayEdit: boolean;
  isFull: boolean;
  onDuplicate: () => void;
  onDelete: () => void;
}) {
  const navigate = useNavigate();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon aria-label={`More of ${name}`}>
          <IconDots size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={ICON} />} onClick={() => void navigate({ to })}>
          {mayEdit ? 'Edit' : 'Open'}
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={ICON} />} disabled={!mayEdit || isFull} onClick={onDuplicate}>
          Duplicate
        </Menu.Item>
        <Menu.Item
          leftSection={<IconFlask size={ICON} />}
          onClick={() => void navigate({ to: tester, search: { mapping: id } as never })}
        >
          Open in the event tester
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          color="var(--mantine-color-error)"
          leftSection={<IconTrash size={ICON} />}
          disabled={!mayEdit}
          onClick={onDelete}
        >
          Delete…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
