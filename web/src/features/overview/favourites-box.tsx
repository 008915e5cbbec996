import { ActionIcon, SegmentedControl, Title } from '@mantine/core';
import { IconStarFilled } from '@tabler/icons-react';
import { useWorkspaceSlug } from '../../api/calls.ts';
import { AppLink } from '../../ui/link.tsx';
import { Logo } from '../../ui/logo.tsx';
import { oneOf, useParam } from '../../ui/search-params.ts';
import { stateOf } from '../../ui/state.ts';
import { StatusBadge } from '../../ui/status.tsx';
import classes from './overview.module.css';
import type { Overview } from './overview.ts';

const KINDS = ['all', 'sources', 'destinations'] as const;
type Thing = { id: string; name: string };

/** What the reader has starred, with how it does (A08). What was deleted since is left out. */
export function FavouritesBox({
  overview,
  ids,
  onToggle,
}: {
  overview: Overview;
  ids: readonly string[];
  onToggle: (thing: Thing) => void;
}) {
  const workspace = useWorkspaceSlug() ?? '';
  const [kind = 'all', setKind] = useParam('favourites', oneOf(...KINDS), { replace: true });
  const all = [
    ...overview.sources.map((one) => ({ ...one, kind: 'source' as const })),
    ...overview.destinations.map((one) => ({ ...one, kind: 'destination' as const })),
  ].filter(({ id }) => ids.includes(id));
  const shown = all.filter((one) => kind === 'all' || kind === `${one.kind}s`);
  return (
    <section aria-label="Favourites">
      <div className={classes['boxHead']}>
        <Title order={2}>Favourites</Title>
        {all.length > 0 && (
          <SegmentedControl
            size="xs"
            aria-label="Favourites shown"
            value={kind}
            onChange={(next) => setKind(next === 'all' ? undefined : next)}
            data={[
              { value: 'all', label: 'All' },
              { value: 'sources', label: 'Sources' },
              { value: 'destinations', label: 'Destinations' },
            ]}
            transitionDuration={0}
          />
        )}
      </div>
      <div className={classes['box']}>
        {shown.length === 0 ? (
          <div className={classes['none']}>
            {all.length === 0
              ? 'Star a source or a destination above, and it stays in sight here.'
              : `None of your favourites is a ${kind === 'sources' ? 'source' : 'destination'}.`}
          </div>
        ) : (
          <ul className={classes['rows']} aria-label="Favourites">
            {shown.map((one) => (
              <li key={one.id} className={classes['row']}>
                <Logo slug={one.type.slug} name={one.name} size={22} />
                <span className={classes['rowText']}>
                  <AppLink
                    to={`/${workspace}/${one.kind === 'source' ? `sources/${one.id}` : `destinations/${one.id}`}`}
                    className={classes['rowLink']}
                  >
                    {one.name}
                  </AppLink>
                </span>
                <StatusBadge state={stateOf(one.state)} of={one.kind} size="sm" />
                <ActionIcon
                  size="sm"
                  aria-label={`Remove ${one.name} from favourites`}
                  title="Remove from favourites"
                  onClick={() => onToggle(one)}
                >
                  <IconStarFilled size={14} />
                </ActionIcon>
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}
