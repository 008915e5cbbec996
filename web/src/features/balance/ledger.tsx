import { Anchor, Group, Table, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { DestinationBalance, SourceBalance } from '../../../../shared/domain/balance.ts';
import { useWorkspaceSlug } from '../../api/calls.ts';
import { exact } from '../../ui/format.ts';
import { Chip } from '../../ui/status.tsx';
import classes from './balance.module.css';
import {
  DESTINATION_ENDS,
  type DestinationEnd,
  destinationRest,
  END_WORDS,
  SOURCE_ENDS,
  type SourceEnd,
  sourceRest,
} from './lines.ts';

type LedgerProps<Line> = {
  lines: readonly Line[];
  names: ReadonlyMap<string, string>;
  /** Opens what is behind a number: `<id>:<end>`. */
  onOpen: (end: string) => void;
};

/** A line a source: accepted = what became of its events. Each number opens what is in it. */
export function Ledger({ lines, names, onOpen }: LedgerProps<SourceBalance>) {
  const workspace = useWorkspaceSlug() ?? '';
  const shown = SOURCE_ENDS.filter((end) => end !== 'unreadable' || lines.some((line) => line.unreadable > 0));
  return (
    <Frame label="Balance of sources" ends={shown} total="Accepted">
      {lines
        .toSorted((a, b) => b.accepted - a.accepted)
        .map((line) => (
          <Table.Tr key={line.source}>
            <Table.Th scope="row" className={classes.name}>
              <Name
                name={names.get(line.source)}
                to={`/${workspace}/sources/${line.source}/overview`}
                unknown="Unknown source"
              />
            </Table.Th>
            <Table.Td ta="right" className="numbers" fw={600}>
              {exact(line.accepted)}
            </Table.Td>
            {shown.map((end) => (
              <Cell key={end} end={end} value={line[end]} onOpen={() => onOpen(`${line.source}:${end}`)} />
            ))}
            <Sum rest={sourceRest(line)} />
          </Table.Tr>
        ))}
    </Frame>
  );
}

/** A line a destination, under its source: brought forward + accepted = what became of its sends. */
export function DestinationLedger({ lines, names, onOpen }: LedgerProps<DestinationBalance>) {
  const workspace = useWorkspaceSlug() ?? '';
  const hasForward = lines.some(({ broughtForward = 0 }) => broughtForward !== 0);
  const shown = DESTINATION_ENDS.filter((end) => end !== 'blocked' || lines.some(({ blocked }) => blocked > 0));
  return (
    <Frame label="Balance of destinations" ends={shown} total="Accepted" forward={hasForward}>
      {lines
        .toSorted((a, b) => b.accepted - a.accepted)
        .map((line) => (
          <Table.Tr key={line.destination}>
            <Table.Th scope="row" className={classes.name}>
              <Name
                name={names.get(line.destination)}
                to={line.deleted === true ? undefined : `/${workspace}/destinations/${line.destination}/delivery`}
                unknown="Deleted destination"
              />
              <Text size="xs" c="dimmed" truncate>
                from {names.get(line.source) ?? 'a deleted source'}
              </Text>
            </Table.Th>
            {hasForward && (
              <Table.Td ta="right" className="numbers">
                {exact(line.broughtForward ?? 0)}
              </Table.Td>
            )}
            <Table.Td ta="right" className="numbers" fw={600}>
              {exact(line.accepted)}
            </Table.Td>
            {shown.map((end) => (
              <Cell
                key={end}
                end={end}
                value={line[end]}
                note={end === 'dlq' && line.recovered > 0 ? `${exact(line.recovered)} delivered since` : undefined}
                onOpen={() => onOpen(`${line.destination}:${end}`)}
              />
            ))}
            <Sum rest={destinationRest(line)} />
          </Table.Tr>
        ))}
    </Frame>
  );
}

function Frame({
  label,
  ends,
  total,
  forward = false,
  children,
}: {
  label: string;
  ends: readonly (SourceEnd | DestinationEnd)[];
  total: string;
  forward?: boolean;
  children: React.ReactNode;
}) {
  return (
    <div className={classes.frame}>
      <Table.ScrollContainer minWidth={720} type="native">
        <Table verticalSpacing={9} horizontalSpacing="sm" aria-label={label}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th className={classes.name}>Name</Table.Th>
              {forward && <Table.Th ta="right">Brought forward</Table.Th>}
              <Table.Th ta="right">
                {forward ? '+ ' : ''}
                {total}
              </Table.Th>
              {ends.map((end, index) => (
                <Table.Th key={end} ta="right">
                  <Tooltip label={END_WORDS[end].means} multiline maw={280}>
                    <Text span inherit tabIndex={0} className={classes.explained}>
                      {index === 0 ? '= ' : '+ '}
                      {END_WORDS[end].word}
                    </Text>
                  </Tooltip>
                </Table.Th>
              ))}
              <Table.Th ta="right">Check</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>{children}</Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  );
}

function Name({ name, to, unknown }: { name: string | undefined; to: string | undefined; unknown: string }) {
  if (name === undefined || to === undefined) {
    return (
      <Group gap={6} wrap="nowrap">
        <Text size="sm" truncate>
          {name ?? unknown}
        </Text>
        <Chip>Deleted</Chip>
      </Group>
    );
  }
  return (
    <Anchor component={Link} to={to} size="sm" fw={600} truncate title={name} className={classes.link}>
      {name}
    </Anchor>
  );
}

function Cell({
  end,
  value,
  note,
  onOpen,
}: {
  end: SourceEnd | DestinationEnd;
  value: number;
  note?: string | undefined;
  onOpen: () => void;
}) {
  return (
    <Table.Td ta="right" className="numbers">
      {value === 0 ? (
        <Text span size="sm" c="dimmed">
          0
        </Text>
      ) : (
        <UnstyledButton
          className={classes.number}
          data-end={end}
          onClick={onOpen}
          aria-label={`${exact(value)} ${END_WORDS[end].word.toLowerCase()}: see which`}
        >
          {exact(value)}
        </UnstyledButton>
      )}
      {note !== undefined && (
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      )}
    </Table.Td>
  );
}

function Sum({ rest }: { rest: number }) {
  return (
    <Table.Td ta="right">
      {rest === 0 ? <Chip tone="good">0 left</Chip> : <Chip tone="bad">{`${exact(rest)} missing`}</Chip>}
    </Table.Td>
  );
}
