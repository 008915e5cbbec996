import { Button, Group, Popover, Stack, Switch, Text } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useAll } from '../../api/calls.ts';
import { type Limited, useMay } from '../../api/me.ts';
import { Logo } from '../../ui/logo.tsx';
import { receivingText } from './schema-rows.ts';

export type ReceiversProps = {
  source: Limited;
  /** What is withheld: an event, or a call. */
  name: string;
  withheldFrom: readonly string[];
  onChange: (withheldFrom: string[], said: string) => void;
  isFixed?: boolean;
};

/** Which destinations of the source get an event: a button with their number, behind it a switch for each. */
export function Receivers({ source, name, withheldFrom, onChange, isFixed = false }: ReceiversProps) {
  const may = useMay('source.edit', source);
  const all = useAll('listDestinations', 'destinations');
  const own = (all.data ?? []).filter(({ sourceId }) => sourceId === source.id);
  const withheld = new Set(withheldFrom);
  const count = own.filter(({ id }) => withheld.has(id)).length;
  const text = receivingText(count, own.length);
  return (
    <Popover position="bottom-end" width={300} trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          size="compact-xs"
          rightSection={<IconChevronDown size={12} aria-hidden="true" />}
          c={count > 0 ? 'var(--mantine-color-yellow-light-color)' : undefined}
          aria-label={`Destinations that get ${name}: ${text}`}
          disabled={own.length === 0}
        >
          {text}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={`Destinations that get ${name}`}>
        <Stack gap="xs">
          <Text size="xs" c="dimmed">
            What is off gets none of these, unless an event names it in its own integrations object.
          </Text>
          {own.map(({ id, name: title, metadata, enabled }) => {
            const label = title ?? metadata.name;
            return (
              <Group key={id} wrap="nowrap" justify="space-between">
                <Group gap={8} wrap="nowrap" style={{ minWidth: 0 }}>
                  <Logo slug={metadata.slug} name={label} size={20} />
                  <Text size="sm" truncate>
                    {label}
                    {!enabled && (
                      <Text span size="xs" c="dimmed">
                        {' '}
                        (disabled)
                      </Text>
                    )}
                  </Text>
                </Group>
                <Switch
                  size="xs"
                  aria-label={`Send to ${label}`}
                  checked={!withheld.has(id)}
                  disabled={!may || isFixed}
                  onChange={({ currentTarget }) => {
                    const next = withheldFrom.filter((one) => one !== id);
                    onChange(
                      currentTarget.checked ? next : [...next, id],
                      currentTarget.checked ? `${label} gets ${name} again` : `${label} no longer gets ${name}`,
                    );
                  }}
                />
              </Group>
            );
          })}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
