import { ActionIcon, Menu } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import {
  IconChartHistogram,
  IconCopyPlus,
  IconDots,
  IconPlayerPause,
  IconPlayerPlay,
  IconPower,
  IconSettings,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useWorkspaceSlug } from '../../api/calls.ts';
import { isProduction, useMay } from '../../api/me.ts';
import { DeleteDestination } from './delete-destination.tsx';
import type { DestinationRow } from './destination-rows.ts';
import { DuplicateDestination } from './duplicate-destination.tsx';
import { useEnable } from './enable-button.tsx';
import { usePause } from './pause.ts';

const ICON = 15;

/** What can be done with a destination from its row. */
export function RowMenu({ row }: { row: DestinationRow }) {
  const workspace = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  const enable = useEnable();
  const pause = usePause();
  const mayEdit = useMay('destination.edit', row.source);
  const mayCreate = useMay('destination.create');
  const mayDelete = useMay('destination.delete', row.source);
  const [open, setOpen] = useState<'duplicate' | 'delete'>();
  const inProduction = isProduction(row.source.labels) ? ' in Production' : '';
  const go = (part: string): void => void navigate({ to: `/${workspace}/destinations/${row.id}/${part}` });
  return (
    <>
      <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <ActionIcon aria-label={`More of ${row.name} of ${row.source.name}`}>
            <IconDots size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconChartHistogram size={ICON} />} onClick={() => go('delivery')}>
            See its delivery
          </Menu.Item>
          <Menu.Item leftSection={<IconSettings size={ICON} />} onClick={() => go('settings')}>
            Open settings
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconPower size={ICON} />}
            disabled={!mayEdit}
            onClick={() => enable.set(row, !row.enabled)}
          >
            {row.enabled ? 'Disable' : 'Enable'}
            {inProduction}
          </Menu.Item>
          <Menu.Item
            leftSection={row.paused ? <IconPlayerPlay size={ICON} /> : <IconPlayerPause size={ICON} />}
            disabled={!mayEdit}
            onClick={() => pause.set(row, !row.paused)}
          >
            {row.paused ? 'Resume' : 'Pause'}
            {inProduction}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconCopyPlus size={ICON} />}
            disabled={!mayCreate}
            onClick={() => setOpen('duplicate')}
          >
            Duplicate to a source…
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            c="var(--mantine-color-error)"
            leftSection={<IconTrash size={ICON} />}
            disabled={!mayDelete}
            onClick={() => setOpen('delete')}
          >
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {open === 'duplicate' && (
        <DuplicateDestination
          from={{ id: row.id, name: row.name, type: row.type.slug, sourceId: row.source.id }}
          onClose={() => setOpen(undefined)}
        />
      )}
      {open === 'delete' && (
        <DeleteDestination
          one={{ id: row.id, name: row.name, enabled: row.enabled, source: row.source, typeName: row.type.name }}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  );
}
