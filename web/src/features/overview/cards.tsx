import { IconStar, IconStarFilled } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { compact, percent } from '../../ui/format.ts';
import { FAILING_SHARE, type FlowNode, rateText, type Side } from '../../ui/graph/flow.ts';
import { AppLink } from '../../ui/link.tsx';
import { Logo } from '../../ui/logo.tsx';
import { stateOf } from '../../ui/state.ts';
import { StatusBadge } from '../../ui/status.tsx';
import type { Range } from '../../ui/time-range.tsx';
import classes from './cards.module.css';
import type { Connection, DestinationNode, SourceNode } from './overview.ts';

/** What stands on a card: the tool, its name, how it does and how much goes through it. */
export function CardContent({
  node,
  side,
  source,
  destination,
  connection,
}: {
  node: FlowNode;
  side: Side;
  source: SourceNode | undefined;
  destination: DestinationNode | undefined;
  connection: Connection | undefined;
}) {
  const state = source?.state ?? destination?.state ?? 'IDLE';
  const isPaused = destination?.paused === true;
  return (
    <>
      <Logo slug={node.group} name={node.name} size={30} />
      <span className={classes['cardText']}>
        <span className={classes['cardName']} title={node.name}>
          {node.name}
        </span>
        <span className={classes['cardMeta']}>
          <StatusBadge state={stateOf(state)} of={side} variant="transparent" size="sm" p={0} />
          <span>{isPaused ? 'paused' : amountOf(source, connection)}</span>
        </span>
      </span>
    </>
  );
}

function amountOf(source: SourceNode | undefined, connection: Connection | undefined): string | undefined {
  if (source !== undefined) return source.received === 0 ? undefined : `${rateText(source.perMinute)} per min`;
  // Where much fails that is what is said, in the badge beside it.
  if (connection === undefined || connection.delivered === 0 || connection.failedShare > FAILING_SHARE)
    return undefined;
  return `${compact(connection.delivered)} delivered`;
}

/** Marks something as a favourite (A08). It lies over the card, which is a link of its own. */
export function Star({
  name,
  side,
  isOn,
  onToggle,
}: {
  name: string;
  side: Side;
  isOn: boolean;
  onToggle: () => void;
}) {
  const Icon = isOn ? IconStarFilled : IconStar;
  return (
    <button
      type="button"
      className={classes['star']}
      data-side={side}
      aria-pressed={isOn}
      aria-label={`Favourite: ${name}`}
      title={isOn ? 'Remove from favourites' : 'Add to favourites'}
      onClick={onToggle}
    >
      <Icon size={15} aria-hidden="true" />
    </button>
  );
}

/** How much fails, and the way to what fails. */
export function FailsBadge({
  connection,
  to,
  range,
}: {
  connection: Connection | undefined;
  to: string;
  range: Range;
}): ReactNode {
  if (connection === undefined || connection.failedShare <= FAILING_SHARE) return null;
  const share = percent(connection.failedShare);
  return (
    <AppLink to={to} search={{ range }} className={classes['fails']}>
      {share} failed
    </AppLink>
  );
}
