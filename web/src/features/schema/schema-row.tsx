import { ActionIcon, Menu, Skeleton, Switch, Table, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { IconArchive, IconArchiveOff, IconBug, IconChevronRight, IconDots } from '@tabler/icons-react';
import { type Limited, useMay } from '../../api/me.ts';
import { useWorkspaceSlug } from '../../api/calls.ts';
import { Count } from '../../ui/count.tsx';
import { Spark } from '../../ui/charts/spark.tsx';
import { compact, counted, localTime, relative } from '../../ui/format.ts';
import { AppLink } from '../../ui/link.tsx';
import { Chip } from '../../ui/status.tsx';
import { Ago, useNow } from '../../ui/time.tsx';
import { termSource } from '../debugger/query.ts';
import { Properties } from './properties.tsx';
import { Receivers } from './receivers.tsx';
import classes from './schema.module.css';
import { countedBy, isArchivable, isMixed, placeOf, type SchemaKey, typesText } from './schema-rows.ts';
import type { KeyChange } from './use-schema.ts';
import type { Trends } from './use-trends.ts';

const INDENT_PX = 18;

export type SchemaRowProps = {
  row: SchemaKey;
  source: Limited;
  isTraits: boolean;
  hasPlan: boolean;
  /** Undefined: lines are not shown. */
  trends: Trends | undefined;
  isOpen: boolean;
  onToggle: () => void;
  onChange: (to: KeyChange, said: string) => void;
};

/** An event or a trait: how often, when last, who gets it, whether it may pass. */
export function SchemaRow(props: SchemaRowProps) {
  const { row, source, isTraits, hasPlan, trends, isOpen, onToggle, onChange } = props;
  const { name, allowed, allowedCount, blockedCount, changeable, planned, withheldFrom } = row;
  const may = useMay('source.edit', source);
  const now = useNow();
  const counts = countedBy(row);
  const values = counts === undefined ? undefined : trends?.of.get(counts);
  const { depth, label } = isTraits ? placeOf(name) : { depth: 0, label: name };
  const noun = isTraits ? 'trait' : 'event';
  return (
    <>
      <Table.Tr data-muted={!allowed}>
        <Table.Td>
          {isTraits ? (
            <span className={classes.name} style={{ paddingLeft: depth * INDENT_PX }} title={name}>
              <span className={classes.nameText}>{label}</span>
            </span>
          ) : (
            <UnstyledButton
              className={classes.name}
              aria-expanded={isOpen}
              aria-label={`${name}: properties`}
              onClick={onToggle}
              title={name}
              data-expand="true"
            >
              <IconChevronRight size={14} className={classes.turn} data-open={isOpen} aria-hidden="true" />
              <span className={classes.nameText}>{name}</span>
              {row.isNew && <Chip tone="info">not seen yet</Chip>}
              {row.archived && <Chip>archived</Chip>}
            </UnstyledButton>
          )}
          <div className={classes.facts}>
            {compact(allowedCount)} allowed
            {blockedCount !== null && blockedCount > 0 ? `, ${compact(blockedCount)} blocked` : ''}
            {row.lastSeenAt === null ? '' : ` · ${relative(row.lastSeenAt, now)}`}
          </div>
        </Table.Td>
        {hasPlan && (
          <Table.Td className={classes.wide}>
            {planned === true ? <Chip tone="good">planned</Chip> : <Chip tone="warn">not planned</Chip>}
          </Table.Td>
        )}
        {isTraits ? (
          <Table.Td className={classes.wide}>
            <Text span size="sm">
              {typesText(row.types)}
            </Text>{' '}
            {isMixed(row.types) && <Chip tone="warn">mixed</Chip>}
          </Table.Td>
        ) : (
          trends !== undefined && (
            <Table.Td className={classes.wide}>
              {values !== undefined ? (
                <Spark values={values} label={`${counted(sum(values), 'event')} by the ${trends.by}`} />
              ) : (
                trends.isLoading && counts !== undefined && <Skeleton height={18} width={72} />
              )}
            </Table.Td>
          )
        )}
        <Table.Td ta="right" className={classes.wide}>
          <Count value={allowedCount} />
        </Table.Td>
        {!isTraits && (
          <Table.Td ta="right" className={classes.wide}>
            <Count value={blockedCount ?? 0} c={blockedCount === 0 ? 'dimmed' : 'var(--mantine-color-error)'} />
          </Table.Td>
        )}
        <Table.Td className={classes.wide}>
          {row.lastSeenPrecision === 'HOUR' && row.lastSeenAt !== null ? (
            <Tooltip label={`In the hour from ${localTime(row.lastSeenAt)}: of what is blocked the hour is known`}>
              <Text size="sm">{relative(row.lastSeenAt, now)}</Text>
            </Tooltip>
          ) : (
            <Ago at={row.lastSeenAt} never="never" />
          )}
        </Table.Td>
        {!isTraits && (
          <Table.Td className={classes.wide}>
            <Receivers
              source={source}
              name={`“${name}”`}
              withheldFrom={withheldFrom}
              onChange={(next, said) => onChange({ withheldFrom: next }, said)}
              isFixed={!changeable}
            />
          </Table.Td>
        )}
        <Table.Td>
          <Tooltip
            label={
              changeable
                ? `${allowed ? 'Block' : 'Allow'} this ${noun}`
                : isTraits && depth > 0
                  ? 'It goes with the trait that it is part of'
                  : 'Its name is shown cut or mended, so no rule can name it'
            }
          >
            <Switch
              size="sm"
              aria-label={`Let ${isTraits ? 'trait ' : ''}“${name}” pass`}
              checked={allowed}
              disabled={!changeable || !may}
              onChange={({ currentTarget: { checked } }) =>
                onChange(
                  { allowed: checked },
                  checked ? `“${name}” may pass again` : `“${name}” is blocked from now on`,
                )
              }
            />
          </Tooltip>
        </Table.Td>
        <Table.Td ta="right">
          <RowMenu {...props} mayChange={may} />
        </Table.Td>
      </Table.Tr>
      {isOpen && !isTraits && (
        <Table.Tr className={classes.inside}>
          <Table.Td colSpan={9}>
            <Properties row={row} />
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function RowMenu({
  row,
  source,
  isTraits,
  onChange,
  mayChange,
}: Pick<SchemaRowProps, 'row' | 'source' | 'isTraits' | 'onChange'> & { mayChange: boolean }) {
  const slug = useWorkspaceSlug() ?? '';
  const { key, name, archived } = row;
  const call =
    key === 'page' || key === 'screen'
      ? { type: key }
      : { q: termSource({ key: 'event', text: name, isExcluded: false }) };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size="sm" aria-label={`More for ${name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {!isTraits && (
          <Menu.Item
            leftSection={<IconBug size={15} aria-hidden="true" />}
            renderRoot={(props: object) => (
              <AppLink to={`/${slug}/sources/${source.id}/debugger`} search={call} {...props} />
            )}
          >
            Show in the debugger
          </Menu.Item>
        )}
        {archived ? (
          <Menu.Item
            disabled={!mayChange}
            leftSection={<IconArchiveOff size={15} aria-hidden="true" />}
            onClick={() => onChange({ archived: false }, `“${name}” is listed again`)}
          >
            Take out of the archive
          </Menu.Item>
        ) : (
          <Menu.Item
            disabled={!mayChange || !isArchivable(row)}
            leftSection={<IconArchive size={15} aria-hidden="true" />}
            onClick={() => onChange({ archived: true }, `“${name}” is archived`)}
          >
            {isArchivable(row) ? 'Archive' : 'Archive: block it first'}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
