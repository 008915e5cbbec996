import { Button, Group, Paper, Table, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type DataOf, useWorkspaceSlug } from '../../../api/calls.ts';
import { Count, Share } from '../../../ui/count.tsx';
import { duration } from '../../../ui/format.ts';
import { AppLink } from '../../../ui/link.tsx';
import { Logo } from '../../../ui/logo.tsx';
import { Section } from '../../../ui/page.tsx';
import { stateOf } from '../../../ui/state.ts';
import { Chip, StatusBadge } from '../../../ui/status.tsx';
import { Waiting } from '../../../ui/states.tsx';
import { useCatalog } from '../source-kinds.ts';
import classes from '../sources.module.css';

type Overview = DataOf<'getOverview'>;

/** What a source feeds, with state and numbers of the time that the page shows. */
export function FedList({ sourceId, overview }: { sourceId: string; overview: Overview | undefined }) {
  const slug = useWorkspaceSlug() ?? '';
  const { destinationKinds } = useCatalog();
  const fed = (overview?.connections ?? []).filter((one) => one.sourceId === sourceId);
  const add = (
    <Button
      component="a"
      size="xs"
      variant="default"
      leftSection={<IconPlus size={14} aria-hidden />}
      renderRoot={(props: object) => (
        <AppLink to={`/${slug}/destinations/new`} search={{ source: sourceId }} {...props} />
      )}
    >
      Add destination
    </Button>
  );
  return (
    <Section title="Destinations" about="Where its events go" actions={add}>
      {overview === undefined && <Waiting what="destinations" lines={2} />}
      {overview !== undefined && fed.length === 0 && (
        <Paper withBorder p="md">
          <Text size="sm" c="dimmed">
            It feeds nothing yet: events are counted, kept and go nowhere until a destination is connected.
          </Text>
        </Paper>
      )}
      {fed.length > 0 && (
        <Paper withBorder style={{ overflow: 'hidden' }}>
          <Table.ScrollContainer minWidth={560} type="native">
            <Table verticalSpacing={9} horizontalSpacing="md" aria-label="Destinations">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>State</Table.Th>
                  <Table.Th ta="right">Delivered</Table.Th>
                  <Table.Th ta="right">Not delivered</Table.Th>
                  <Table.Th ta="right">Tries that failed</Table.Th>
                  <Table.Th ta="right">Time to deliver, P95</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {fed.map(({ destinationId, delivered, failed, failedShare, p95Ms }) => {
                  const one = overview?.destinations.find(({ id }) => id === destinationId);
                  if (one === undefined) return null;
                  return (
                    <Table.Tr key={destinationId}>
                      <Table.Td>
                        <Group gap="sm" wrap="nowrap">
                          <Logo
                            slug={destinationKinds.find(({ id }) => id === one.metadataId)?.slug}
                            name={one.name}
                            size={24}
                          />
                          <AppLink to={`/${slug}/destinations/${destinationId}`} className={classes['name']}>
                            {one.name}
                          </AppLink>
                        </Group>
                      </Table.Td>
                      <Table.Td>
                        <Group gap={6}>
                          <StatusBadge state={stateOf(one.state)} of="destination" />
                          {one.paused && <Chip tone="warn">Paused</Chip>}
                        </Group>
                      </Table.Td>
                      <Table.Td ta="right" className="numbers">
                        <Count value={delivered} />
                      </Table.Td>
                      <Table.Td ta="right" className="numbers">
                        <Count value={failed} />
                      </Table.Td>
                      <Table.Td ta="right">
                        <Share value={failedShare} />
                      </Table.Td>
                      <Table.Td ta="right" className="numbers">
                        {p95Ms === null ? '–' : duration(p95Ms)}
                      </Table.Td>
                    </Table.Tr>
                  );
                })}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Paper>
      )}
    </Section>
  );
}
