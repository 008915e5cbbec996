import { Button, Menu, Text } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import type { CatalogDestination } from '../../../../shared/catalog/catalog-entry.ts';
import type { Limited } from '../../api/me.ts';
import { useMay } from '../../api/me.ts';
import { Action } from '../../ui/locked.tsx';

/** Chooses the action, or the preset, that a new mapping begins with. */
export function NewMappingMenu({
  type,
  source,
  taken,
  isFull,
  onAction,
  onPreset,
}: {
  type: CatalogDestination;
  source: Limited | undefined;
  /** Names of mappings that are there: presets with such a name are. */
  taken: ReadonlySet<string>;
  isFull: boolean;
  onAction: (key: string) => void;
  onPreset: (names: readonly string[]) => void;
}) {
  const may = useMay('destination.edit', source);
  const presets = type.presets.filter(({ name }) => !taken.has(name));
  if (!may) {
    return (
      <Action right="destination.edit" source={source} labels={[]}>
        New mapping
      </Action>
    );
  }
  return (
    <Menu position="bottom-end" withinPortal width={320}>
      <Menu.Target>
        <Button rightSection={<IconChevronDown size={15} aria-hidden="true" />} disabled={isFull}>
          New mapping
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
        <Menu.Label>From an action of {type.name}</Menu.Label>
        {type.actions.map(({ key, title, description }) => (
          <Menu.Item key={key} onClick={() => onAction(key)}>
            {title}
            <Text size="xs" c="dimmed" lineClamp={2}>
              {description}
            </Text>
          </Menu.Item>
        ))}
        {presets.length > 0 && (
          <>
            <Menu.Divider />
            <Menu.Label>Presets, added disabled</Menu.Label>
            {presets.map(({ name }) => (
              <Menu.Item key={name} onClick={() => onPreset([name])}>
                {name}
              </Menu.Item>
            ))}
            {presets.length > 1 && (
              <Menu.Item onClick={() => onPreset(presets.map(({ name }) => name))}>
                All {presets.length} presets
              </Menu.Item>
            )}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
