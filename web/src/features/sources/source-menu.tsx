import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useWorkspaceSlug } from '../../api/calls.ts';
import { useMay } from '../../api/me.ts';
import { toast } from '../../ui/toast.tsx';
import { DeleteSource } from './delete-source.tsx';
import { useEnable } from './enable-source.tsx';
import type { SourceRow } from './source-rows.ts';

/** What can be done with a source from the list. */
export function SourceMenu({ row: { source, name, fed } }: { row: SourceRow }) {
  const slug = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  const enable = useEnable();
  const mayEdit = useMay('source.edit', source);
  const mayDelete = useMay('source.delete', source);
  const [isDeleting, setDeleting] = useState(false);
  const [writeKey] = source.writeKeys;
  const go = (path: string) => () => void navigate({ to: `/${slug}/sources/${source.id}/${path}` });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={`Actions of ${name}`}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={go('debugger')}>Debugger</Menu.Item>
          <Menu.Item onClick={go('install')}>Install</Menu.Item>
          {writeKey !== undefined && (
            <Menu.Item
              onClick={() => {
                void navigator.clipboard.writeText(writeKey).then(
                  () => toast('Write key copied'),
                  () => toast('The browser did not let it be copied', { bad: true }),
                );
              }}
            >
              Copy write key
            </Menu.Item>
          )}
          <Menu.Item onClick={go('settings')}>Settings</Menu.Item>
          <Menu.Divider />
          <Menu.Item disabled={!mayEdit} onClick={() => enable({ id: source.id, name }, !source.enabled)}>
            {source.enabled ? 'Disable' : 'Enable'}
          </Menu.Item>
          <Menu.Item color="var(--mantine-color-error)" disabled={!mayDelete} onClick={() => setDeleting(true)}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <DeleteSource
        source={{ id: source.id, name }}
        feeds={fed.map(({ name: one }) => one)}
        opened={isDeleting}
        onClose={() => setDeleting(false)}
      />
    </>
  );
}
