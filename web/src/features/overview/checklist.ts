import type { Overview } from './overview.ts';

export type StepId = 'source' | 'event' | 'destination' | 'delivery';
export type Step = {
  id: StepId;
  title: string;
  about: string;
  isDone: boolean;
  button: string;
  /** Undefined while what it needs is missing. */
  to: string | undefined;
  /** A shorter way. */
  shortcut?: { button: string; to: string; search: Readonly<Record<string, string>> };
};

/** The way from nothing to a delivered event: what is done, and where each next step is. Paths are below the workspace. */
export function stepsOf(
  { sources, destinations, connections }: Pick<Overview, 'sources' | 'destinations' | 'connections'>,
  wasDelivered: boolean,
): Step[] {
  const source = sources[0];
  const destination = destinations[0];
  const sends = sources.some(({ lastSeenAt }) => lastSeenAt !== null);
  return [
    {
      id: 'source',
      title: 'Add a source',
      about: 'A website, an app or a server that sends events.',
      isDone: source !== undefined,
      button: 'Add source',
      to: '/sources/new',
    },
    {
      id: 'event',
      title: 'Send an event',
      about: 'Copy the snippet, or send a test event from its page.',
      isDone: sends,
      button: 'Install',
      to: source && `/sources/${source.id}/install`,
    },
    {
      id: 'destination',
      title: 'Add a destination',
      about: 'The tool that gets the events. The inbox needs no account.',
      isDone: destination !== undefined,
      button: 'Add destination',
      to: source && '/destinations/new',
      // Needs no account and has no settings: the last steps are all that is left.
      ...(source !== undefined && {
        shortcut: {
          button: 'Add the Inbox',
          to: '/destinations/new/inbox',
          search: { step: 'confirm', source: source.id },
        },
      }),
    },
    {
      id: 'delivery',
      title: 'See it delivered',
      about: 'The first event that its tool has taken turns this green.',
      isDone: wasDelivered || connections.some(({ delivered }) => delivered > 0),
      button: 'See delivery',
      to: destination && `/destinations/${destination.id}/delivery`,
    },
  ];
}
