import { Group, Skeleton } from '@mantine/core';
import { useWorkspaceSlug } from '../../api/calls.ts';
import { TextLink } from '../../ui/link.tsx';
import { Action } from '../../ui/locked.tsx';
import { DocLink, Empty } from '../../ui/states.tsx';
import classes from './schema.module.css';

/** Nothing was seen of a call yet. */
export function NothingSeen({ isTraits, sourceId, onNew }: { isTraits: boolean; sourceId: string; onNew: () => void }) {
  const slug = useWorkspaceSlug() ?? '';
  return (
    <Empty
      title={isTraits ? 'No traits were seen yet' : 'No events were seen yet'}
      action={
        <Group justify="center">
          {!isTraits && (
            <Action right="source.edit" source={{ id: sourceId }} onClick={onNew}>
              New event
            </Action>
          )}
          <TextLink to={`/${slug}/sources/${sourceId}/debugger`}>Watch the debugger</TextLink>
          <DocLink page="schema">How the schema works</DocLink>
        </Group>
      }
    >
      {isTraits
        ? 'Each trait is listed here once the first call with it has come.'
        : 'Each event is listed here by its name once the first one has come. You can list one before that, to block it or to choose who gets it.'}
    </Empty>
  );
}

/** The table while its rows are awaited. */
export function GhostRows() {
  return (
    <div className={classes.frame} role="status" aria-label="Loading the schema" data-face="loading">
      {Array.from({ length: 8 }, (_, index) => (
        <Group key={index} px="md" h={44} wrap="nowrap" gap="lg">
          <Skeleton height={12} width={`${22 + ((index * 7) % 15)}%`} />
          <Skeleton height={18} width={80} ml="auto" />
          <Skeleton height={12} width="7%" />
          <Skeleton height={12} width="9%" />
          <Skeleton height={18} width={36} radius="xl" />
        </Group>
      ))}
    </div>
  );
}
