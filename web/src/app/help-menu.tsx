import { ActionIcon, Kbd, Menu, Modal, Table, Text } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useChange } from '../api/calls.ts';
import { IconBook, IconBug, IconCode, IconHelp, IconKeyboard, IconRoute } from '@tabler/icons-react';
import { docUrl } from '../ui/states.tsx';
import { toastError } from '../ui/toast.tsx';
import { appConfig } from './config.ts';
import { NAVIGATION } from './navigation.ts';

const KEYS: readonly [string, string][] = [
  ['Ctrl K / ⌘ K', 'Search everything'],
  ['/', 'Search this page'],
  ['?', 'These shortcuts'],
  ['j, k, Enter', 'Next row, row before, open it'],
  ['Space', 'Pause or resume the debugger'],
  ['Esc', 'Close what is on top'],
  ...NAVIGATION.flatMap(({ entries }) => entries)
    .filter(({ key }) => key !== undefined)
    .map(({ key, label }): [string, string] => [`g ${key}`, `Go to ${label}`]),
];

/** The question mark: manual, API reference, shortcuts, tour, feedback. */
export function HelpMenu() {
  const [isListed, list] = useDisclosure(false);
  const restart = useChange('updateMyPreferences', {
    stale: [],
    onDone: () => location.reload(),
    onFailed: (error) => toastError('The tour could not start', error),
  });
  useHotkeys([['shift+?', list.open]]);
  return (
    <>
      <Menu position="bottom-end" width={230}>
        <Menu.Target>
          <ActionIcon size="lg" aria-label="Help">
            <IconHelp size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            component="a"
            href={docUrl('index')}
            target="_blank"
            rel="noreferrer"
            leftSection={<IconBook size={15} aria-hidden="true" />}
          >
            Manual
          </Menu.Item>
          <Menu.Item
            component="a"
            href={`${appConfig().apiUrl}/docs`}
            target="_blank"
            rel="noreferrer"
            leftSection={<IconCode size={15} aria-hidden="true" />}
          >
            API reference
          </Menu.Item>
          <Menu.Item
            onClick={list.open}
            leftSection={<IconKeyboard size={15} aria-hidden="true" />}
            rightSection={<Kbd size="xs">?</Kbd>}
          >
            Keyboard shortcuts
          </Menu.Item>
          <Menu.Item
            onClick={() => restart.mutate({ body: { preferences: { tour: null } } })}
            leftSection={<IconRoute size={15} aria-hidden="true" />}
          >
            Take the tour
          </Menu.Item>
          <Menu.Item
            component="a"
            href={docUrl('feedback')}
            target="_blank"
            rel="noreferrer"
            leftSection={<IconBug size={15} aria-hidden="true" />}
          >
            Give feedback
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={isListed} onClose={list.close} title="Keyboard shortcuts">
        <Table aria-label="Keyboard shortcuts">
          <Table.Tbody>
            {KEYS.map(([keys, what]) => (
              <Table.Tr key={keys}>
                <Table.Td w={140}>
                  <Kbd>{keys}</Kbd>
                </Table.Td>
                <Table.Td>
                  <Text size="sm">{what}</Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Modal>
    </>
  );
}
