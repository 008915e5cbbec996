import { Skeleton } from '@mantine/core';
import { Outlet } from '@tanstack/react-router';
import { useCall, useWorkspaceSlug } from '../../api/calls.ts';
import { environmentsOf } from '../../api/me.ts';
import { Logo } from '../../ui/logo.tsx';
import { Page } from '../../ui/page.tsx';
import { Failed, Waiting } from '../../ui/states.tsx';
import { Chip, StatusBadge } from '../../ui/status.tsx';
import { EnableButton } from './enable-source.tsx';
import { sourceState } from './source-state.ts';
import { FALLBACK_KINDS, useKind } from './source-kinds.ts';
import { useSource, useSourceId } from './use-source.ts';

/** What the state beside the title is asked again by. */
const POLL_MS = 15_000;

/** What the pages of a source share: its name, state, environment, and the way between them. */
export function SourceLayout() {
  const slug = useWorkspaceSlug() ?? '';
  const sourceId = useSourceId();
  const { source, isPending, isError, error, refetch } = useSource();
  const stats = useCall('listSourceStats', { query: { sourceIds: [sourceId] } }, { everyMs: POLL_MS });
  const { kind, ...asked } = useKind(
    source === undefined ? undefined : (source.metadataId ?? FALLBACK_KINDS[source.kind]),
  );
  const below = `/${slug}/sources/${sourceId}`;
  const crumbs = [{ label: 'Sources', to: `/${slug}/sources` }];

  const tabs = [
    ['Overview', 'overview'],
    ['Debugger', 'debugger'],
    ['Schema', 'schema'],
    ['Install', 'install'],
    ['Alerts', 'alerts'],
    ['Settings', 'settings'],
  ].map(([label = '', path = '']) => ({ label, to: `${below}/${path}` }));

  if (isPending)
    return (
      <Page title="Source" crumbs={crumbs} tabs={tabs}>
        <div data-face="loading">
          <Waiting what="the source" lines={4} height={72} />
        </div>
      </Page>
    );
  if (isError || source === undefined)
    return (
      <Page title="Source" crumbs={crumbs}>
        <Failed what="This source" error={error} onRetry={() => void refetch()} />
      </Page>
    );

  const stat = stats.data?.stats[0];
  return (
    <Page
      title={source.name}
      crumbs={crumbs}
      logo={
        kind === undefined && !asked.isError ? (
          <Skeleton width={32} height={32} />
        ) : (
          <Logo slug={kind?.slug} name={source.name} size={32} />
        )
      }
      badges={
        <>
          {(stat !== undefined || !source.enabled) && <StatusBadge state={sourceState(source.enabled, stat)} />}
          {environmentsOf(source.labels).map((value) => (
            <Chip key={value}>{value}</Chip>
          ))}
        </>
      }
      actions={source.enabled ? undefined : <EnableButton source={source} />}
      tabs={tabs}
    >
      <Outlet />
    </Page>
  );
}
