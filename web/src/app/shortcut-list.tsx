import { Kbd, Modal, Table, Text } from '@mantine/core';
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

/** All keys that do something on every page. */
export function ShortcutList({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Keyboard shortcuts">
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
  );
}
