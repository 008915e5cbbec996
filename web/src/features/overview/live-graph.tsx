import { IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { useWorkspaceSlug } from '../../api/calls.ts';
import type { FlowConnection, FlowNode, Side } from '../../ui/graph/flow.ts';
import { FlowGraph, type FlowGraphProps } from '../../ui/graph/flow-graph.tsx';
import { AppLink } from '../../ui/link.tsx';
import { Action } from '../../ui/locked.tsx';
import { text, useParam } from '../../ui/search-params.ts';
import type { Range } from '../../ui/time-range.tsx';
import { CardContent, FailsBadge, Star } from './cards.tsx';
import type { useFavourites } from './favourites.ts';
import { flowOf, type Shown } from './flow.ts';
import classes from './overview.module.css';
import type { Overview } from './overview.ts';
import { useNodes } from './use-overview.ts';

/** The graph with what each thing does; a line or a count opens its connection. */
export function LiveGraph({
  overview,
  range,
  shown,
  favourites,
}: {
  overview: Overview;
  range: Range;
  shown: Shown;
  favourites: ReturnType<typeof useFavourites>;
}) {
  const slug = useWorkspaceSlug() ?? '';
  const [open, setOpen] = useParam('connection', text);
  const nodes = useNodes(overview);
  const { sources, destinations, connections } = overview;
  const flow = useMemo(
    () => flowOf({ sources, destinations, connections }, shown),
    [sources, destinations, connections, shown],
  );
  const byDestination = useMemo(() => new Map(connections.map((one) => [one.destinationId, one])), [connections]);
  const selected = byDestination.get(open ?? '');
  const renderCard = useCallback(
    (node: FlowNode, side: Side) => (
      <CardContent
        node={node}
        side={side}
        source={side === 'source' ? nodes.sources.get(node.id) : undefined}
        destination={side === 'destination' ? nodes.destinations.get(node.id) : undefined}
        connection={side === 'destination' ? byDestination.get(node.id) : undefined}
      />
    ),
    [nodes, byDestination],
  );
  const renderLink: FlowGraphProps['renderLink'] = (node, side, link) => {
    const path = `/${slug}/${side}s/${node.id}`;
    return (
      <>
        <AppLink to={path} {...link} />
        {side === 'destination' && (
          <FailsBadge connection={byDestination.get(node.id)} to={`${path}/delivery`} range={range} />
        )}
        <Star
          name={node.name}
          side={side}
          isOn={favourites.ids.includes(node.id)}
          onToggle={() => favourites.toggle(node)}
        />
      </>
    );
  };
  if (shown !== 'all' && flow.destinations.length + flow.sources.length === 0) {
    return (
      <div className={`${classes['box']} ${classes['none']}`}>
        {shown === 'problems' ? 'Everything that is connected works.' : 'Nothing flows in this range.'}
      </div>
    );
  }
  return (
    <FlowGraph
      {...flow}
      {...(selected !== undefined && { selected })}
      onSelectConnection={({ destinationId }: FlowConnection) => setOpen(destinationId)}
      renderCard={renderCard}
      renderLink={renderLink}
      sourcesAction={<Add what="source" />}
      destinationsAction={<Add what="destination" />}
    />
  );
}

function Add({ what }: { what: Side }) {
  const slug = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  return (
    <Action
      right={`${what}.create`}
      size="xs"
      variant="light"
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={() => void navigate({ to: `/${slug}/${what}s/new` })}
    >
      {`Add ${what}`}
    </Action>
  );
}
