import { Text } from '@mantine/core';
import { useCall } from '../../api/calls.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { counted } from '../../ui/format.ts';
import { Section } from '../../ui/page.tsx';
import { Failed } from '../../ui/states.tsx';
import { Chip } from '../../ui/status.tsx';
import { Ago } from '../../ui/time.tsx';

const SHOWN = 50;
const IDS_SHOWN = 3;

/** Who was suppressed, or not any more, and when: the newest of what was asked for. */
export function Regulations() {
  const found = useCall('listWorkspaceRegulations', { query: { pagination: { count: SHOWN } } });
  if (found.isError) {
    return <Failed what="The history" error={found.error} onRetry={() => void found.refetch()} />;
  }
  const rows = found.data?.regulations;
  if (rows === undefined || rows.length === 0) return null;
  return (
    <Section title="History" about="What was asked for, newest first. Who asked is in the audit trail.">
      <DataTable
        label="regulations"
        rows={rows}
        keyOf={({ id }) => id}
        columns={[
          {
            id: 'what',
            title: 'Users',
            isMain: true,
            cell: ({ subjects }) => (
              <>
                <Text size="sm" fw={550}>
                  {counted(subjects.length, 'user')}
                </Text>
                <Text size="xs" c="dimmed" lineClamp={1} style={{ overflowWrap: 'anywhere' }}>
                  {subjects.slice(0, IDS_SHOWN).join(', ')}
                  {subjects.length > IDS_SHOWN && ` and ${subjects.length - IDS_SHOWN} more`}
                </Text>
              </>
            ),
          },
          {
            id: 'kind',
            title: 'Asked for',
            cell: ({ regulationType }) =>
              regulationType === 'UNSUPPRESS' ? (
                <Chip tone="good">Take events again</Chip>
              ) : (
                <Chip tone="warn">Suppress</Chip>
              ),
          },
          { id: 'at', title: 'In force since', cell: ({ createdAt }) => <Ago at={createdAt} /> },
        ]}
      />
    </Section>
  );
}
