import { Group, Popover, Stack, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useWorkspaceSlug } from '../../api/calls.ts';
import { counted } from '../../ui/format.ts';
import { AppLink } from '../../ui/link.tsx';
import { Logo } from '../../ui/logo.tsx';
import { StatusBadge } from '../../ui/status.tsx';
import type { Fed } from './source-rows.ts';
import classes from './sources.module.css';

const LOGOS_SHOWN = 4;

/** What a source feeds: logos, and by a click their names with state (A12). */
export function FedLogos({ fed, of }: { fed: readonly Fed[]; of: string }) {
  const slug = useWorkspaceSlug() ?? '';
  if (fed.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        None
      </Text>
    );
  }
  return (
    <Popover position="bottom-start" width={300} trapFocus>
      <Popover.Target>
        <UnstyledButton className={classes['stack']}>
          <VisuallyHidden>{`${counted(fed.length, 'destination')} of ${of}`}</VisuallyHidden>
          {fed.slice(0, LOGOS_SHOWN).map(({ id, name, slug: mark }) => (
            <Logo key={id} slug={mark} name={name} size={22} />
          ))}
          {fed.length > LOGOS_SHOWN && (
            <Text component="span" size="xs" c="dimmed" ml={6} aria-hidden="true">
              +{fed.length - LOGOS_SHOWN}
            </Text>
          )}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p={6}>
        <Stack gap={0} mah={320} style={{ overflow: 'auto' }}>
          {fed.map(({ id, name, slug: mark, state }) => (
            <AppLink key={id} to={`/${slug}/destinations/${id}`} className={classes['fed']}>
              <Group gap="xs" wrap="nowrap" style={{ minWidth: 0 }}>
                <Logo slug={mark} name={name} size={20} />
                <Text size="sm" truncate>
                  {name}
                </Text>
              </Group>
              <StatusBadge state={state} of="destination" size="sm" />
            </AppLink>
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
