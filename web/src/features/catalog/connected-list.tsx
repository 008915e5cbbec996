import { Skeleton, Text } from '@mantine/core';
import { useWorkspaceSlug } from '../../api/calls.ts';
import { TextLink } from '../../ui/link.tsx';
import { StatusBadge } from '../../ui/status.tsx';
import classes from './catalog.module.css';
import type { ConnectedThing } from './use-connected.ts';

/** Instances that are named before the rest is only counted. */
const NAMED_MAX = 8;

export type ConnectedListProps = {
  things: readonly ConnectedThing[];
  isPending: boolean;
  kind: 'destinations' | 'sources';
};

/** What of this type the workspace has. */
export function ConnectedList({ things, isPending, kind }: ConnectedListProps) {
  const workspace = useWorkspaceSlug() ?? '';
  return (
    <div>
      <h2 className={classes.asideHead}>{things.length === 0 ? 'Connected' : `Connected ${things.length}`}</h2>
      {isPending ? (
        <Skeleton height={20} />
      ) : things.length === 0 ? (
        <Text size="sm" c="dimmed">
          Not connected yet.
        </Text>
      ) : (
        things.slice(0, NAMED_MAX).map(({ id, name, state, sourceName }) => (
          <div key={id} className={classes.instance}>
            <div style={{ minWidth: 0 }}>
              <TextLink to={`/${workspace}/${kind}/${id}/${kind === 'sources' ? 'overview' : 'delivery'}`}>
                {name}
              </TextLink>
              {sourceName !== undefined && (
                <Text size="xs" c="dimmed">
                  of {sourceName}
                </Text>
              )}
            </div>
            <StatusBadge state={state} of={kind === 'sources' ? 'source' : 'destination'} />
          </div>
        ))
      )}
      {things.length > NAMED_MAX && (
        <TextLink to={`/${workspace}/${kind}`} search={{ q: things[0]?.slug }}>
          {`See all ${things.length}`}
        </TextLink>
      )}
    </div>
  );
}
