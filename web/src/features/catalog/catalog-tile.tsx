import { Text } from '@mantine/core';
import { AppLink } from '../../ui/link.tsx';
import { Logo } from '../../ui/logo.tsx';
import { Chip } from '../../ui/status.tsx';
import classes from './catalog.module.css';
import type { Tile } from './search-catalog.ts';

/** One thing of the catalog: what it is, what it does, how often it is connected. */
export function CatalogTile({
  tile,
  to,
  search,
  withKind,
}: {
  tile: Tile;
  to: string;
  search?: Readonly<Record<string, string | undefined>> | undefined;
  withKind: boolean;
}) {
  const { of, kind, connected } = tile;
  return (
    <AppLink to={to} {...(search !== undefined && { search })} className={classes.tile}>
      <span className={classes.tileHead}>
        <Logo slug={of.slug} name={of.name} size={34} />
        <span className={classes.tileNames}>
          <span className={classes.tileName}>{of.name}</span>
          <Text span size="xs" c="dimmed" truncate>
            {[
              ...(withKind && kind === 'sources' ? ['Source'] : []),
              ...(of.status === 'PUBLIC_BETA' ? ['Beta'] : []),
              of.categories.join(', '),
            ].join(' · ')}
          </Text>
        </span>
      </span>
      <span className={classes.tileText}>{of.description}</span>
      {(connected > 0 || of.status === 'DEPRECATED') && (
        <span className={classes.tileChips}>
          {connected > 0 && <Chip tone="good">{`Connected ${connected}`}</Chip>}
          {of.status === 'DEPRECATED' && <Chip tone="warn">Closing</Chip>}
        </span>
      )}
    </AppLink>
  );
}
