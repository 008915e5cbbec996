import { Chip } from '../../ui/status.tsx';
import { Group, Stack, Table, Text } from '@mantine/core';
import { useAll } from '../../api/calls.ts';
import { abilitiesOf } from './abilities.ts';
import { type Permission, whereText } from './permissions.ts';

type Given = Permission & { roleName: string };

/** Names of sources by their ids; an id where the source is gone, or not seen. */
export function useSourceName(): (id: string) => string {
  const sources = useAll('listSources', 'sources');
  return (id) => {
    const found = sources.data?.find((one) => one.id === id);
    return found?.name ?? found?.slug ?? id;
  };
}

/** Roles of somebody, short: each a word with where it holds. */
export function RoleList({ permissions, none }: { permissions: readonly Given[]; none: string }) {
  const nameOf = useSourceName();
  if (permissions.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {none}
      </Text>
    );
  }
  return (
    <Stack gap={2}>
      {permissions.map((one, index) => (
        <Text key={`${one.roleId}-${index}`} size="sm">
          {one.roleName}
          {one.resources.every(({ type, labels = [] }) => type === 'WORKSPACE' && labels.length === 0) ? null : (
            <Text component="span" size="xs" c="dimmed">
              {' '}
              · {whereText(one, nameOf)}
            </Text>
          )}
        </Text>
      ))}
    </Stack>
  );
}

/** What somebody can do, by part of the app, and where. */
export function Abilities({ permissions, piiAccess }: { permissions: readonly Permission[]; piiAccess: boolean }) {
  const nameOf = useSourceName();
  const lines = abilitiesOf(permissions, nameOf);
  return (
    <Stack gap="xs">
      <Group gap={6}>
        <Chip tone={piiAccess ? 'info' : 'neutral'}>
          {piiAccess ? 'Sees personal data' : 'Personal data shown as dots'}
        </Chip>
      </Group>
      {lines.length === 0 ? (
        <Text size="sm" c="dimmed">
          Belongs to the workspace and sees its name, labels and catalog; nothing else.
        </Text>
      ) : (
        <Table verticalSpacing={6} horizontalSpacing={0} aria-label="What this person can do">
          <Table.Tbody>
            {lines.map(({ area, verbs, where }) => (
              <Table.Tr key={`${area}-${where}`}>
                <Table.Th fw={550} w={150} style={{ verticalAlign: 'top' }}>
                  {area}
                </Table.Th>
                <Table.Td>
                  <Text size="sm">{verbs}</Text>
                  {where !== 'the whole workspace' && (
                    <Text size="xs" c="dimmed">
                      {where}
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
}
