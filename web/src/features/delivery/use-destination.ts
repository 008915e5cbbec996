import { useParams } from '@tanstack/react-router';
import { type DataOf, useAll, useCall } from '../../api/calls.ts';

export type Destination = DataOf<'getAppDestination'>['destination'];
export type Source = DataOf<'getAppSource'>['source'];
export type Mapping = DataOf<'listSubscriptionsFromDestination'>['subscriptions'][number];

/** The destination that the address names, with its source and its mappings. */
export function useDestination() {
  const { destinationId = '', workspace = '' } = useParams({ strict: false });
  const destination = useCall('getAppDestination', { path: { destinationId } }, { freshMs: 15_000 });
  const sourceId = destination.data?.destination.sourceId ?? '';
  const source = useCall('getAppSource', { path: { sourceId } }, { enabled: sourceId !== '', freshMs: 15_000 });
  const mappings = useAll('listSubscriptionsFromDestination', 'subscriptions', { path: { destinationId } });
  return {
    destinationId,
    /** The path of its pages, without a slash at the end. */
    base: `/${workspace}/destinations/${destinationId}`,
    workspace,
    asked: destination,
    destination: destination.data?.destination,
    source: source.data?.source,
    mappings: mappings.data,
  };
}
