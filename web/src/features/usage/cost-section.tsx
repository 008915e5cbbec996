import { Drawer, SegmentedControl, Stack, Table, Text, UnstyledButton } from '@mantine/core';
import type { DataOf } from '../../api/calls.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import type { Column } from '../../ui/data-table/types.ts';
import { compact, dollars, exact, percent } from '../../ui/format.ts';
import { Section } from '../../ui/page.tsx';
import { oneOf, text, useParam } from '../../ui/search-params.ts';
import { DocLink } from '../../ui/states.tsx';
import classes from './usage.module.css';

type Cost = DataOf<'getUsageCost'>;
type CostLine = Cost['sources'][number];
const SIDES = ['sources', 'destinations'] as const;

/** Dollars of a month by source or destination; each opens the units that they come from. */
export function CostSection({ cost, workspace }: { cost: Cost; workspace: string }) {
  const [side = 'sources', setSide] = useParam('cost', oneOf(...SIDES));
  const [opened, setOpened] = useParam('costOf', text);
  const rows = cost[side];
  const line = [...cost.sources, ...cost.destinations].find(({ id }) => id === opened);
  const columns: Column<CostLine>[] = [
    {
      id: 'name',
      title: side === 'sources' ? 'Source' : 'Destination',
      isMain: true,
      sort: ({ name }) => name ?? '',
      cell: ({ id, name }) => (
        <UnstyledButton className={classes.link} onClick={() => setOpened(id)}>
          {name ?? 'Deleted'}
        </UnstyledButton>
      ),
    },
    {
      id: 'dollars',
      title: 'Dollars',
      align: 'right',
      sort: ({ dollars: value }) => value,
      cell: ({ dollars: value }) => dollars(value),
    },
    {
      id: 'costShare',
      title: 'Share of all',
      align: 'right',
      sort: ({ dollars: value }) => value,
      cell: ({ dollars: value }) => (cost.dollars === 0 ? '–' : percent(value / cost.dollars)),
    },
    {
      id: 'units',
      title: 'Counted',
      cell: ({ units }) => (
        <Text size="xs" c="dimmed" lineClamp={1}>
          {Object.entries(units)
            .map(([unit, count]) => `${compact(count)} ${unitWords(unit)}`)
            .join(', ')}
        </Text>
      ),
    },
  ];
  return (
    <Section
      title="Cost"
      about={
        <>
          List prices of {cost.region} times what was counted. Not in it: {cost.notIncluded}{' '}
          <DocLink page="cost">How it is reckoned</DocLink>
        </>
      }
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Cost by"
          value={side}
          onChange={(value) => setSide(value === 'destinations' ? 'destinations' : undefined)}
          data={[
            { value: 'sources', label: 'By source' },
            { value: 'destinations', label: 'By destination' },
          ]}
          transitionDuration={0}
        />
      }
    >
      <DataTable
        label={`cost by ${side === 'sources' ? 'source' : 'destination'}`}
        rows={rows}
        columns={columns}
        keyOf={({ id }) => id}
        onOpen={({ id }) => setOpened(id)}
        sortedBy="-dollars"
        nothing="No dollars are counted of this month yet"
      />
      <Drawer
        opened={line !== undefined}
        onClose={() => setOpened(undefined)}
        position="right"
        size="lg"
        title={`Cost of ${line?.name ?? 'what was deleted'} · ${workspace}`}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {line !== undefined && <Lines line={line} cost={cost} />}
      </Drawer>
    </Section>
  );
}

function Lines({ line, cost }: { line: CostLine; cost: Cost }) {
  return (
    <Stack>
      <Text className={classes.value}>{dollars(line.dollars)}</Text>
      <Table.ScrollContainer minWidth={460} type="native">
        <Table aria-label="Lines of the cost" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>What</Table.Th>
              <Table.Th ta="right">Quantity</Table.Th>
              <Table.Th ta="right">Dollars</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {line.lines.map(({ line: what, price, quantity, dollars: value, basis }) => {
              const list = cost.prices.find((one) => one.price === price);
              return (
                <Table.Tr key={`${what}:${price}`}>
                  <Table.Td>
                    <Text size="sm">{what}</Text>
                    <Text size="xs" c="dimmed">
                      {list === undefined ? price : `$${list.dollars} per ${exact(list.per)} ${list.unit}`} · {basis}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right" className="numbers">
                    {compact(quantity)}
                  </Table.Td>
                  <Table.Td ta="right" className="numbers">
                    {dollars(value)}
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}

/** `bytesSent` as "bytes sent". */
const unitWords = (unit: string): string => unit.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
